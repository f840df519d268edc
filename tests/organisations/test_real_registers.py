"""The real registers, where they are at hand: facts beside the repository, never copied into it."""

import time
from pathlib import Path

import pytest

from tellback.organisations import catalogue
from tellback.organisations.finder import find
from tellback.organisations.importing import Outcome, bring_in
from tellback.organisations.models import Organisation, Service
from tellback.organisations.registers import open_register

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = ("ods_gp_practices.csv", "ods_hospitals.csv")

pytestmark = pytest.mark.skipif(
    not all((DATA / name).exists() for name in FILES), reason=f"no registers in {DATA}"
)


def bring_all_in() -> list[Outcome]:
    return [bring_in(open_register(DATA / name)) for name in FILES]


@pytest.mark.by_turns
@pytest.mark.usefixtures("database")
def test_every_line_is_in_seconds_a_service_to_be_found_or_refused_and_none_is_ever_doubled() -> None:
    started = time.perf_counter()
    practices, hospitals = bring_all_in()
    seconds = time.perf_counter() - started
    assert practices.created + hospitals.created + len(practices.refused) + len(hospitals.refused) == 7_984
    # Eight hospital sites are listed twice; the first line of each stands.
    assert (practices.created, hospitals.created) == (6_750, 1_226)
    assert practices.refused == practices.warnings == hospitals.warnings == []
    assert [remark.line for remark in hospitals.refused] == [926, 1046, 1056, 1057, 1084, 1090, 1123, 1191]
    # Two seconds on two quiet cores; the rest is room for busy ones, and not for minutes.
    assert seconds < 60

    again = bring_all_in()
    assert [(outcome.created, outcome.changed) for outcome in again] == [(0, 0), (0, 0)]
    assert (Service.select().count(), Organisation.select().count()) == (7_976, 7_060)

    # Brought in once for both questions: it is the longest part of either.
    the_finder_finds_by_each_way_and_pages_to_the_end()
    assert catalogue.add("Ward 5", parent="RXH01").code == "RXH01-ward-5"


def the_finder_finds_by_each_way_and_pages_to_the_end() -> None:
    for q in (
        "royal sussex county hospital",
        "ROYAL SUSSEX",
        "sussex county royal",
        "bn2 5be county",
        "rxh01",
    ):
        assert find(q).items[0].code == "RXH01", q
    for q in ("The Densham Surgery", "densham", "a81001", "ts181hu densham"):
        assert find(q).items[0].code == "A81001", q
    assert {service.town for service in find("stockton on tees", limit=50).items} >= {"Stockton-on-Tees"}
    assert "RXH01" in {service.code for service in find("BN2", limit=50).items}

    seen: list[str] = []
    cursor = None
    while True:
        page = find("st", cursor, limit=50)
        seen += [service.code for service in page.items]
        if not (cursor := page.next):
            break
    assert len(seen) == len(set(seen)) == page.total > 1_000


def test_names_and_towns_can_be_read() -> None:
    listed = [entry for name in FILES for entry in open_register(DATA / name).entries() if entry]
    assert len(listed) > 7_900
    assert [entry.name for entry in listed if entry.name.isupper() and len(entry.name) > 6] == []
    # The register names none: a street or a county ends these addresses.
    assert len([entry for entry in listed if entry.open and not entry.town]) < 70
