"""Towns and postcodes out of address lines."""

import pytest

from tellback.organisations.places import postcode, town


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["THE HEALTH CENTRE", "LAWSON STREET", "STOCKTON ON TEES", "CLEVELAND"], "Stockton on Tees"),
        (["20 PAGE STREET", "LONDON", "", ""], "London"),
        (["MILL LANE", "MACCLESFIELD, CHESHIRE"], "Macclesfield"),
        (["HIGH STREET", "CONSETT,CO.DURHAM"], "Consett"),
        (["BHI PARKSIDE", "STOURBRIDGE RD,BROMSGROVE", "WORCESTERSHIRE"], "Bromsgrove"),
        (["THE OLD POLICE STATION", "CHEPSTOW GWENT"], "Chepstow"),
        (["WHITEHILL WAY", "CHESTER-LE-STREET", "COUNTY DURHAM"], "Chester-le-Street"),
        (["HINDHAYES LANE", "STREET", "SOMERSET"], "Street"),
        (["CHURCH LANE", "NR. WIGAN"], "Wigan"),
        (["CHURCH LANE", "CHALFONT ST.PETER", "BUCKINGHAMSHIRE"], "Chalfont St Peter"),
        (["Melton Mowbray", "Leicestershire"], "Melton Mowbray"),
        (["", "Stoke-On-Trent"], "Stoke-on-Trent"),
    ],
)
def test_the_town_is_what_stands_before_the_county(lines: list[str], found: str) -> None:
    assert town(lines) == found


@pytest.mark.parametrize("lines", [[], ["", ""], ["DORSET"], ["UPLYME ROAD", "DORSET"], ["12 ELM COURT"]])
def test_a_street_or_a_county_is_no_town(lines: list[str]) -> None:
    assert town(lines) == ""


@pytest.mark.parametrize("text", ["BN2 5BE", "bn25be", " bn2  5be "])
def test_a_postcode_is_written_one_way(text: str) -> None:
    assert postcode(text) == "BN2 5BE"


@pytest.mark.parametrize("text", ["", "BN2", "5BE BN2", "BN2 5B\x00E", "ZZ99 3VZ x", "BN٢ 5BE"])
def test_what_is_no_postcode_is_none(text: str) -> None:
    assert postcode(text) == ""
