"""An administrator sets by hand what the store says of a service or an organisation."""

from pathlib import Path

import pytest

from tellback import clock
from tellback.audit import acts
from tellback.audit.acts import Act, time_line
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations import catalogue, complaints, editing, finder
from tellback.organisations.catalogue import UnknownService
from tellback.organisations.importing import bring_in
from tellback.organisations.models import Organisation, Service
from tellback.organisations.nations import nation_of
from tellback.organisations.registers import open_register

HEADER = "OrganisationCode,OrganisationName,City,Postcode,ParentODSCode,ParentName\n"
LINES = (
    "RXH01,ST ELSEWHERE,Brighton,BN2 5BE,RXH,ELSEWHERE TRUST\n"
    "RXH02,THE ANNEXE,Hove,BN3 1AA,RXH,ELSEWHERE TRUST\n"
    "RXO01,OTHER HOSPITAL,Lewes,BN7 1AA,RXO,OTHER TRUST\n"
)
PRACTICES = "ods_code,name,postcode,status\n"
ADA = acts.staff(7)


@pytest.fixture
def brought(tmp_path: Path, database: str):
    def bring(lines: str = LINES, header: str = HEADER) -> tuple[int, int, int]:
        path = tmp_path / "register.csv"
        path.write_text(header + lines)
        outcome = bring_in(open_register(path))
        return outcome.created, outcome.changed, outcome.unchanged

    return bring


@pytest.fixture
def hospital(brought) -> Service:
    """St Elsewhere, out of a register, with a ward that no register lists."""
    brought()
    catalogue.add("Ward 5", parent="RXH01")
    return catalogue.get("RXH01")


def facts(code: str, **changes: str) -> dict[str, str]:
    """What the form of a service sends when `changes` were typed over what it showed."""
    service = catalogue.get(code)
    return {
        "name": service.name,
        "kind": service.kind,
        "town": service.town,
        "postcode": service.postcode,
        "organisation": service.organisation.code,
        "parent": service.parent.code if service.parent else "",
        "nation": service.nation or "",
        "owner_name": service.owner_name or "",
        "owner_email": service.owner_email or "",
        "local_codes": " ".join(service.local_codes),
        **changes,
    }


def change(code: str, **changes: str) -> Service:
    return editing.change_service(code, catalogue.get(code).revision, facts(code, **changes), by=ADA)


def test_a_service_is_called_and_found_by_the_name_that_was_set(hospital: Service) -> None:
    change("RXH01", name="The General")
    assert catalogue.get("RXH01").name == "The General"
    assert [one.code for one in finder.find("general").items] == ["RXH01", "RXH01-ward-5"]


def test_what_was_set_by_hand_stays_when_the_register_comes_again(brought, hospital: Service) -> None:
    change("RXH01", name="The General", town="Kemptown", owner_name="Joy Bell, matron")
    complaints.keep(catalogue.get("RXH01"), name="PALS", phone="01632 960001")
    editing.change_organisation("RXH", 1, named("Elsewhere", "Al Roe"), by=ADA)
    assert brought(LINES.replace("ST ELSEWHERE", "ST NOWHERE").replace("BN2 5BE", "BN2 5BF")) == (0, 1, 2)
    service = catalogue.get("RXH01")
    assert (service.name, service.town, service.owner_name) == ("The General", "Kemptown", "Joy Bell, matron")
    assert (service.official_name, service.postcode) == ("ST NOWHERE", "BN2 5BF")
    assert (service.organisation.name, service.organisation.owner_name) == ("Elsewhere", "Al Roe")
    assert complaints.describe(service)["name"] == "PALS"
    assert brought(LINES.replace("ST ELSEWHERE", "ST NOWHERE").replace("BN2 5BE", "BN2 5BF")) == (0, 0, 3)
    assert finder.find("kemptown").total == 2


def test_a_parent_an_organisation_and_codes_stay_too(brought, hospital: Service) -> None:
    change("RXH02", parent="RXH01", organisation="RXO", kind="other", local_codes="W05, 5/A")
    assert brought() == (0, 0, 3)
    annexe = catalogue.get("RXH02")
    assert (annexe.parent.code, annexe.organisation.code, annexe.kind) == ("RXH01", "RXO", "other")
    assert annexe.local_codes == ["W05", "5/A"]
    assert [one.code for one in finder.find("w05").items] == ["RXH02"]
    assert "RXH02" in [one.code for one in finder.find("st elsewhere").items]


def test_what_was_not_set_by_hand_is_renewed(brought, hospital: Service) -> None:
    change("RXH01", town="Kemptown")
    brought(LINES.replace("ST ELSEWHERE", "ST NOWHERE"))
    assert (catalogue.get("RXH01").name, catalogue.get("RXH01").town) == ("St Nowhere", "Kemptown")


def test_the_register_may_say_it_again(brought, hospital: Service) -> None:
    service = change("RXH01", name="The General")
    editing.let_register_say(catalogue.get("RXH01"), service.revision, by=ADA)
    assert catalogue.get("RXH01").name == "The General"
    brought()
    assert catalogue.get("RXH01").name == "St Elsewhere"
    with pytest.raises(InvalidInput, match="Nothing here was set by hand"):
        editing.let_register_say(catalogue.get("RXH01"), service.revision + 1, by=ADA)


def test_who_did_what_is_on_record_without_anybodys_address(hospital: Service) -> None:
    change("RXH01", name="The General", parent="RXH02", owner_name="Joy Bell", owner_email="joy@example.org")
    (event,) = time_line("service", "RXH01")
    assert (event.act, event.actor_kind, event.actor_id) == (Act.SERVICE_CHANGED, "staff", "7")
    assert event.detail == {
        "name": ["St Elsewhere", "The General"],
        "parent": [None, "RXH02"],
        "owner": True,
    }


def test_sending_it_unchanged_changes_and_records_nothing(hospital: Service) -> None:
    change("RXH01")
    assert catalogue.get("RXH01").revision == 1
    assert time_line("service", "RXH01") == []


def test_of_two_who_change_it_the_second_is_told(hospital: Service) -> None:
    typed = facts("RXH01", town="Kemptown")
    change("RXH01", name="The General")
    with pytest.raises(Conflict, match="Somebody else changed this"):
        editing.change_service("RXH01", 1, typed, by=ADA)
    with pytest.raises(Conflict):
        editing.close_service("RXH01", 1, by=ADA)
    with pytest.raises(Conflict):
        editing.name_complaints_contact(
            catalogue.get("RXH01"), 1, {"name": "PALS", "phone": "01632 960001"}, by=ADA
        )
    service = catalogue.get("RXH01")
    assert (service.name, service.town, service.closed_on) == ("The General", "Brighton", None)
    assert complaints.named_for(service) is None


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Give a name"),
        ("kind", "castle", "Must be one of"),
        ("postcode", "Brighton", "Give a full postcode"),
        ("organisation", "NONE", "No organisation here"),
        ("parent", "NONE", "No service here"),
        ("parent", "RXH01", "cannot belong to itself"),
        ("parent", "RXH01-ward-5", "cannot belong to itself"),
        ("nation", "atlantis", "Choose a nation"),
        ("owner_name", "x" * 121, "Use up to 120"),
        ("owner_email", "joy@example.org", ""),
        ("local_codes", "W05 Å", "so not: Å"),
        ("local_codes", " ".join(f"W{n}" for n in range(21)), "Give up to 20"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    hospital: Service, field: str, typed: str, says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        change("RXH01", **{field: typed})
    wrong = refused.value.errors or {}
    if field == "owner_email":
        assert wrong == {"owner_name": ["Say whose address it is."]}
    else:
        assert list(wrong) == [field]
        assert says in wrong[field][0]
    assert catalogue.get("RXH01").revision == 1


def test_an_owners_address_must_look_like_one(hospital: Service) -> None:
    with pytest.raises(InvalidInput) as refused:
        change("RXH01", owner_name="Joy Bell", owner_email="joy")
    assert refused.value.errors == {"owner_email": ["Write the address like name@hospital.example."]}


def test_one_code_means_one_service_of_an_organisation(hospital: Service) -> None:
    change("RXH01", local_codes="W05")
    with pytest.raises(InvalidInput) as refused:
        change("RXH02", local_codes="W05")
    assert refused.value.errors == {"local_codes": ["One code means one service: W05 is St Elsewhere."]}
    change("RXO01", local_codes="W05")


def test_a_service_that_is_not_there_is_unknown(hospital: Service) -> None:
    with pytest.raises(UnknownService):
        editing.change_service("RXH99", 1, facts("RXH01"), by=ADA)
    with pytest.raises(NotFound):
        editing.organisation("RXH99")


def test_a_nation_that_was_said_counts_for_its_wards_too(hospital: Service) -> None:
    assert nation_of(catalogue.get("RXH01-ward-5")) == "england"
    change("RXH01", nation="wales")
    assert nation_of(catalogue.get("RXH01-ward-5")) == "wales"
    change("RXH01", nation="")
    assert nation_of(catalogue.get("RXH01-ward-5")) == "england"


def test_the_owner_of_a_ward_is_its_own_or_its_hospitals_or_its_trusts(hospital: Service) -> None:
    def owner() -> tuple[str, str | None] | None:
        return editing.owner_of(catalogue.get("RXH01-ward-5"))

    assert owner() is None
    editing.change_organisation("RXH", 1, named("Elsewhere Trust", "Al Roe"), by=ADA)
    assert owner() == ("Al Roe", None)
    change("RXH01", owner_name="Joy Bell", owner_email="joy@example.org")
    assert owner() == ("Joy Bell", "joy@example.org")
    change("RXH01-ward-5", owner_name="Bo Day")
    assert owner() == ("Bo Day", None)


def named(name: str, owner: str = "", email: str = "") -> dict[str, str]:
    return {"name": name, "owner_name": owner, "owner_email": email}


def test_services_are_found_by_the_name_that_their_organisation_was_given(hospital: Service) -> None:
    editing.change_organisation("RXH", 1, named("Southern Health"), by=ADA)
    codes = {"RXH01", "RXH01-ward-5", "RXH02"}
    assert {one.code for one in finder.find("southern").items} == codes
    assert finder.find("elsewhere trust").total == 0
    (event,) = time_line("organisation", "RXH")
    assert event.detail == {"name": ["Elsewhere Trust", "Southern Health"]}


def test_an_organisation_needs_a_name_and_is_not_changed_over_anothers_work(hospital: Service) -> None:
    with pytest.raises(InvalidInput) as refused:
        editing.change_organisation("RXH", 1, named(""), by=ADA)
    assert list(refused.value.errors or {}) == ["name"]
    editing.change_organisation("RXH", 1, named("Southern Health"), by=ADA)
    with pytest.raises(Conflict):
        editing.change_organisation("RXH", 1, named("Northern Trust"), by=ADA)
    assert Organisation.get(Organisation.code == "RXH").name == "Southern Health"


def test_a_closed_service_is_found_no_more_and_can_be_opened_again(hospital: Service) -> None:
    editing.close_service("RXH02", 1, by=ADA)
    assert catalogue.get("RXH02").closed_on == clock.today().isoformat()
    assert finder.find("annexe").total == 0
    assert finder.find("annexe", closed=True).total == 1
    assert catalogue.describe(catalogue.get("RXH02"), "")["closed_on"] == "2026-11-23"
    editing.open_service("RXH02", 2, by=ADA)
    assert finder.find("annexe").total == 1
    assert [event.act for event in time_line("service", "RXH02")] == [Act.SERVICE_CLOSED, Act.SERVICE_OPENED]


def test_a_register_closes_and_opens_what_nobody_closed_or_opened_by_hand(brought) -> None:
    def bring(**status: str) -> set[str]:
        lines = "".join(f"{code},SURGERY {code},BN3 1AA,{letter}\n" for code, letter in status.items())
        brought(lines, PRACTICES)
        return {one.code for one in Service.select().where(Service.closed_on.is_null(False))}

    assert bring(G81001="A", G81002="A", G81003="A") == set()
    editing.close_service("G81002", 1, by=ADA)
    assert bring(G81001="C", G81002="A", G81003="A") == {"G81001", "G81002"}
    assert time_line("service", "G81001")[-1].actor_kind == "system"
    assert bring(G81001="A", G81002="A", G81003="C") == {"G81002", "G81003"}
    editing.open_service("G81003", 1, by=ADA)
    assert bring(G81001="A", G81002="A", G81003="C") == {"G81002"}


def test_a_complaints_contact_is_named_and_forgotten_on_record(hospital: Service) -> None:
    contact = {"name": "PALS", "email": "", "phone": "01632 960001", "url": "", "text": ""}
    editing.name_complaints_contact(hospital, 1, contact, by=ADA)
    assert complaints.describe(catalogue.get("RXH01-ward-5"))["phone"] == "01632 960001"
    editing.forget_complaints_contact(hospital, 2, by=ADA)
    assert complaints.describe(catalogue.get("RXH01"))["own"] is False
    assert [event.act for event in time_line("service", "RXH01")] == [
        Act.COMPLAINTS_NAMED,
        Act.COMPLAINTS_FORGOTTEN,
    ]
    with pytest.raises(InvalidInput):
        editing.name_complaints_contact(hospital, 3, {**contact, "phone": ""}, by=ADA)


def test_a_service_that_no_register_lists_is_added_on_record(hospital: Service) -> None:
    added = editing.add_service({"name": "Ward 6", "parent": "RXH01"}, by=ADA)
    assert added.code == "RXH01-ward-6"
    assert time_line("service", "RXH01-ward-6")[0].detail == {"name": "Ward 6"}
