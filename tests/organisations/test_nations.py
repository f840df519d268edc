"""In which nation a service is, by its code or its postcode."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tellback.organisations import places
from tellback.organisations.models import Service
from tellback.organisations.nations import nation_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def _nation(code: str, postcode: str) -> str | None:
    return nation_of(Service(code=code, postcode=postcode))


@pytest.mark.parametrize(
    ("code", "postcode", "nation"),
    [
        ("RXH01", "BN2 5BE", "england"),
        ("RXH01-ward-5", "BN2 5BE", "england"),
        ("local-helpline", "CF10 1AA", "wales"),
        ("7A1A1", "LL13 7TD", "wales"),
        ("S314H", "EH16 4SA", "scotland"),
        ("ZE099", "BT9 7AB", "northern_ireland"),
        # Along the borders, by district or sector.
        ("local-a", "CH4 0DQ", "wales"),
        ("local-a", "CH4 7QP", "england"),
        ("local-a", "SY16 2DW", "wales"),
        ("local-a", "SY10 7AG", "england"),
        ("local-a", "TD15 1LT", "england"),
        ("local-a", "TD6 9BS", "scotland"),
        ("local-a", "NP16 7AA", "england"),
        # A practice's code is surer than its postcode.
        ("W91050", "CH4 7QP", "wales"),
        ("W91050", "", "wales"),
        ("S10106", "", "scotland"),
        ("Z00001", "", "northern_ireland"),
        ("A84026", "TD15 1LL", "england"),
        # Islands that are no part of the kingdom, and what has no place at all.
        ("REM95", "IM4 4RJ", None),
        ("J82999", "JE1 3UH", None),
        ("local-helpline", "", None),
    ],
)
def test_a_service_is_placed(code: str, postcode: str, nation: str | None) -> None:
    assert _nation(code, postcode) == nation


@pytest.mark.skipif(not DATA.is_dir(), reason="the registers of ../shared/data are not at hand")
def test_the_registers_fall_where_they_should() -> None:
    practices = _rows("ods_gp_practices.csv")
    counted = Counter(_nation(row["ods_code"], places.postcode(row["postcode"])) for row in practices)
    assert counted == {"england": 6348, "wales": 402}
    welsh = {row["ods_code"] for row in practices if row["commissioner"].startswith("7A")}
    assert {
        row["ods_code"]
        for row in practices
        if _nation(row["ods_code"], places.postcode(row["postcode"])) == "wales"
    } == welsh
    # Without the code, by postcode alone, all but a few on the border still fall right.
    astray = [
        row["postcode"]
        for row in practices
        if (_nation("local-a", places.postcode(row["postcode"])) == "wales") is not (row["ods_code"] in welsh)
    ]
    assert len(astray) <= 5, astray
    hospitals = Counter(
        _nation(row["OrganisationCode"], places.postcode(row["Postcode"]))
        for row in _rows("ods_hospitals.csv")
    )
    assert hospitals == {"england": 1217, "wales": 15, "scotland": 1, None: 1}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
