"""Bringing a register in: made, renewed, and left alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from tellback import clock
from tellback.organisations import catalogue, finder
from tellback.organisations.importing import Outcome, bring_in
from tellback.organisations.models import Organisation, Service
from tellback.organisations.registers import open_register

HEADER = "OrganisationCode,OrganisationName,City,Postcode,ParentODSCode,ParentName\n"
TWO = (
    "RXH01,St Elsewhere,Brighton,BN2 5BE,RXH,Elsewhere Trust\n"
    "RXH02,The Annexe,Hove,BN3 1AA,RXH,Elsewhere Trust\n"
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def brought(tmp_path: Path):
    def bring(lines: str, header: str = HEADER, **options) -> Outcome:
        path = tmp_path / "register.csv"
        path.write_text(header + lines)
        return bring_in(open_register(path), **options)

    return bring


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.created, outcome.changed, outcome.unchanged


def test_services_and_their_organisation_are_made(brought) -> None:
    assert counts(brought(TWO)) == (2, 0, 0)
    service = catalogue.get("RXH01")
    assert (service.name, service.town, service.organisation.name) == (
        "St Elsewhere",
        "Brighton",
        "Elsewhere Trust",
    )
    assert Organisation.select().count() == 1


def test_a_second_time_changes_nothing(brought) -> None:
    brought(TWO)
    clock.pin(clock.now() + timedelta(days=1))
    assert counts(brought(TWO)) == (0, 0, 2)
    assert Service.select().count() == 2
    assert catalogue.get("RXH01").updated_at < clock.now()


def test_changed_names_are_renewed_and_found(brought) -> None:
    brought(TWO)
    told = catalogue.get("RXH01")
    clock.pin(clock.now() + timedelta(days=1))
    outcome = brought(TWO.replace("St Elsewhere", "St Nowhere").replace("Elsewhere Trust", "Nowhere Trust"))
    assert counts(outcome) == (0, 2, 0)
    renewed = catalogue.get("RXH01")
    assert (renewed.id, renewed.name, renewed.created_at) == (told.id, "St Nowhere", told.created_at)
    assert renewed.updated_at == clock.now()
    assert renewed.organisation.name == "Nowhere Trust"
    assert [service.code for service in finder.find("nowhere").items] == ["RXH01", "RXH02"]
    assert finder.find("elsewhere").total == 0


def test_wards_named_here_stay_and_are_found_by_their_hospitals_new_name(brought) -> None:
    brought(TWO)
    ward = catalogue.add("Ward 5", parent="RXH01")
    catalogue.add("Bay 2", parent=ward.code)
    brought(TWO.replace("St Elsewhere", "St Nowhere"))
    assert catalogue.get("RXH01-ward-5").parent.code == "RXH01"
    assert {service.code for service in finder.find("nowhere").items} == {
        "RXH01",
        "RXH01-ward-5",
        "RXH01-ward-5-bay-2",
    }


def test_refused_lines_are_in_the_outcome_and_the_rest_is_made(brought) -> None:
    outcome = brought("?,Broken,,,,\n" + TWO + "RXH01,Again,,,,\n")
    assert counts(outcome) == (2, 0, 0)
    assert [(remark.line, remark.text) for remark in outcome.refused] == [
        (2, "'?' is no ODS code"),
        (5, "RXH01 stands in line 3 already"),
    ]


def test_closed_services_are_not_made_and_standing_ones_stay(brought) -> None:
    header = "ods_code,name,postcode,status\n"
    brought("G81001,ELM SURGERY,BN3 1AA,A\n", header)
    outcome = brought("G81001,ELM SURGERY CLOSED,BN3 1AA,C\nG81002,OAK SURGERY,BN3 1AB,C\n", header)
    assert (outcome.closed, *counts(outcome)) == (2, 0, 0, 0)
    assert [service.name for service in Service.select()] == ["Elm Surgery"]


def test_the_first_of_two_spellings_of_a_trust_stands_and_does_not_take_turns(brought) -> None:
    lines = TWO.replace("Hove,BN3 1AA,RXH,Elsewhere Trust", "Hove,BN3 1AA,RXH,ELSEWHERE")
    brought(lines)
    assert counts(brought(lines)) == (0, 0, 2)
    assert Organisation.get().name == "Elsewhere Trust"


def test_an_organisation_that_someone_belongs_to_keeps_its_row(brought) -> None:
    known = Organisation.create(code="RXH", name="Old Name", created_at=clock.now())
    brought(TWO)
    assert Organisation.get().id == known.id
    assert Organisation.get().name == "Elsewhere Trust"


def test_progress_counts_every_line(brought) -> None:
    done: list[int] = []
    many = "".join(f"A{number:05},Surgery {number},Hove,BN3 1AA,,\n" for number in range(1_234))
    outcome = brought(many + "\n?,Broken,,,,\n", progress=done.append)
    assert counts(outcome) == (1_234, 0, 0)
    assert sum(done) == 1_236
    assert len(done) > 1
