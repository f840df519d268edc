"""Towns and postcodes out of the address lines of a register. Pure."""

import re
from collections.abc import Iterable

from tellback.organisations.naming import readable

# Counties end an address in the registers, as once on envelopes; what people search by is the town before.
# Places that are a county and a town alike (Conwy, Durham, Flint, Wirral) are left to be towns.
_COUNTIES = (
    "ANGLESEY|AVON|BEDFORDSHIRE|BERKSHIRE|BUCKINGHAMSHIRE|CAMBRIDGESHIRE|CAMBS|CARMARTHENSHIRE|"
    "CEREDIGION|CHESHIRE|CLEVELAND|CLWYD|CO DURHAM|CORNWALL|COUNTY DURHAM|CUMBRIA|DENBIGHSHIRE|"
    "DERBYSHIRE|DEVON|DORSET|DYFED|EAST RIDING OF YORKSHIRE|EAST SUSSEX|EAST YORKSHIRE|ESSEX|"
    "FLINTSHIRE|GLAMORGAN|GLOUCESTERSHIRE|GREATER LONDON|GREATER MANCHESTER|GWENT|GWYNEDD|HAMPSHIRE|"
    "HANTS|HEREFORDSHIRE|HERTFORDSHIRE|HERTS|HUMBERSIDE|ISLE OF MAN|ISLE OF WIGHT|ISLES OF SCILLY|"
    "KENT|LANCASHIRE|LANCS|LEICESTERSHIRE|LINCOLNSHIRE|LINCS|MERSEYSIDE|MID GLAMORGAN|MIDDLESEX|"
    "MONMOUTHSHIRE|N E LINCOLNSHIRE|NE LINCOLNSHIRE|NORFOLK|NORTH DEVON|NORTH EAST LINCOLNSHIRE|"
    "NORTH HUMBERSIDE|NORTH LINCOLNSHIRE|NORTH SOMERSET|NORTH YORKSHIRE|NORTHAMPTONSHIRE|NORTHANTS|"
    "NORTHUMBERLAND|NOTTINGHAMSHIRE|NOTTS|OXFORDSHIRE|PEMBROKESHIRE|POWYS|RUTLAND|SHROPSHIRE|"
    "SOMERSET|SOUTH GLAMORGAN|SOUTH GLOUCESTERSHIRE|SOUTH HUMBERSIDE|SOUTH YORKSHIRE|STAFFORDSHIRE|"
    "STAFFS|SUFFOLK|SURREY|SUSSEX|TYNE & WEAR|TYNE AND WEAR|VALE OF GLAMORGAN|WARWICKSHIRE|"
    "WEST GLAMORGAN|WEST MIDLANDS|WEST SUSSEX|WEST YORKSHIRE|WILTS|WILTSHIRE|WORCESTERSHIRE|WORCS|"
    "YNYS MON|YORKSHIRE"
)
_COUNTY_AT_END = re.compile(rf"(?:^|\s)(?:{_COUNTIES})$")
# A last line that is still a street names no town; Chester-le-Street and Street do.
_STREET = re.compile(
    r"\d|(?<=\w )(?<!\bLE )"
    "(ROAD|RD|STREET|LANE|AVENUE|AVE|CLOSE|DRIVE|WAY|TERRACE|CENTRE|CTR|SURGERY|HOSPITAL)$"
)
# BS 7666 part 2 in short: area and district, then sector and unit.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


def town(lines: Iterable[str]) -> str:
    """The town that address lines end in, fit to read; empty when they hold none."""
    parts = [part for line in lines for part in line.split(",")]
    for part in reversed(parts):
        place = re.sub(r"[.\s]+", " ", part).strip().upper()
        place = re.sub(r"^(NR|NEAR) ", "", place)
        while county := _COUNTY_AT_END.search(place):
            place = place[: county.start()].strip()
        if place:
            return "" if _STREET.search(place) else readable(place)
    return ""


def postcode(text: str) -> str:
    """A British postcode with its one space, or empty for what is none."""
    found = _POSTCODE.fullmatch(re.sub(r"\s", "", text).upper())
    return f"{found[1]} {found[2]}" if found else ""
