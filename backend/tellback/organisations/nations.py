"""In which nation of the United Kingdom a service is: each has its own NHS, help lines and way to complain.

Sources: codes of GP practices by the NHS Organisation Data Service (W: Wales, S: Scotland, Z: Northern
Ireland, other letters England; of the practices in the register of December 2023 the 402 with W, and no
others, are commissioned by a health board of Wales). Royal Mail's postcode areas, and along the borders
districts or sectors, by where most of their people live. Checked against the 7,984 lines of the two registers
(tests/organisations/test_nations.py).
"""

import re

from tellback.organisations.models import Service

ENGLAND, WALES, SCOTLAND, NORTHERN_IRELAND = NATIONS = ("england", "wales", "scotland", "northern_ireland")

_PRACTICE = re.compile(r"([A-Z])\d{5}")
_BY_PRACTICE = {"W": WALES, "S": SCOTLAND, "Z": NORTHERN_IRELAND}

# The longest beginning that fits decides; what stands in no line is England. "" is no part of the kingdom.
_BY_POSTCODE = {
    beginning: nation
    for nation, beginnings in {
        SCOTLAND: "AB DD DG EH FK G HS IV KA KW KY ML PA PH TD ZE",
        WALES: "CF LD LL NP SA CH4_0 CH5 CH6 CH7 CH8 HR3_5 "
        "SY15 SY16 SY17 SY18 SY19 SY20 SY21 SY22 SY23 SY24 SY25",
        ENGLAND: "NP16_7 TD12 TD15",
        NORTHERN_IRELAND: "BT",
        "": "GY IM JE",
    }.items()
    for beginning in (each.replace("_", " ") for each in beginnings.split())
}


def nation_of(service: Service) -> str | None:
    """One of NATIONS, by what was said here, else by where the service is; None for unknown, or none of them.

    A ward is where its hospital is. A practice's code decides where postcodes cross a border.
    """
    above: Service | None = service
    met: set[int] = set()
    while above is not None and above.id not in met:
        if above.nation:
            return str(above.nation)
        met.add(above.id)
        above = above.parent
    by_postcode = _nation_at(service.postcode) if service.postcode else None
    practice = _PRACTICE.fullmatch(service.code.partition("-")[0])
    if practice and by_postcode != "":
        return _BY_PRACTICE.get(practice[1], ENGLAND)
    return by_postcode or None


def _nation_at(postcode: str) -> str:
    """The nation of a postcode with its one space; empty for an island that is no part of the kingdom."""
    district, _, rest = postcode.partition(" ")
    area = re.match("[A-Z]*", district)
    for beginning in (f"{district} {rest[:1]}", district, area[0] if area else ""):
        if beginning in _BY_POSTCODE:
            return _BY_POSTCODE[beginning]
    return ENGLAND
