"""Services by their codes: looked up, described, named here."""

import pytest

from tellback.errors import InvalidInput
from tellback.organisations import catalogue
from tellback.organisations.catalogue import UnknownService, add, below, by_codes, describe, get
from tellback.organisations.models import Organisation, Service

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def hospital(database: str) -> Service:
    """A hospital of a trust, as if from a register."""
    return add(
        "St Elsewhere", organisation="Elsewhere Trust", kind="hospital", town="Brighton", postcode="bn25be"
    )


def test_a_charitys_service_gets_a_local_code_and_an_organisation(database: str) -> None:
    service = add("Young Minds' Helpline", organisation="A Charity", kind="charity_service")
    assert service.code == "local-young-minds-helpline"
    assert (service.organisation.code, service.organisation.name) == ("local-a-charity", "A Charity")


def test_a_service_alone_is_its_own_organisation() -> None:
    service = add("Helpline")
    assert (service.kind, service.organisation.name) == ("other", "Helpline")


def test_a_ward_gets_its_hospitals_code_town_and_organisation(hospital: Service) -> None:
    ward = add("Ward 5 (Elderly)", parent=hospital.code.upper())
    assert (ward.code, ward.kind) == ("local-st-elsewhere-ward-5-elderly", "ward")
    assert (ward.parent, ward.organisation, ward.town, ward.postcode) == (
        hospital,
        hospital.organisation,
        "Brighton",
        "BN2 5BE",
    )


def test_a_ward_below_a_registered_code_keeps_its_letters(hospital: Service) -> None:
    Service.update(code="RXH01").where(Service.id == hospital.id).execute()
    assert add("Ward 5", parent="rxh01").code == "RXH01-ward-5"
    assert add("Bay 2", parent="RXH01-WARD-5").code == "RXH01-ward-5-bay-2"


def test_an_organisation_is_found_again_by_name_or_code(hospital: Service) -> None:
    assert add("A", organisation="Elsewhere Trust").organisation == hospital.organisation
    assert add("B", organisation="LOCAL-elsewhere-trust").organisation == hospital.organisation
    assert Organisation.select().count() == 1


def test_a_name_that_is_taken_gets_a_number(hospital: Service) -> None:
    codes = [add("Ward 5", parent=hospital.code).code for _ in range(3)]
    assert codes == [f"local-st-elsewhere-ward-5{tail}" for tail in ("", "-2", "-3")]


def test_a_name_in_another_script_still_gets_a_code() -> None:
    assert [add("خط المساعدة").code, add("帮助热线").code] == ["local-service", "local-service-2"]


def test_codes_never_grow_beyond_their_column(hospital: Service) -> None:
    codes = [
        add("A ward with a name of many words, over and over " * 4, parent=hospital.code).code
        for _ in range(12)
    ]
    assert {len(code) for code in codes} <= {63, 64}
    assert len(set(codes)) == 12


def test_a_code_too_long_to_go_below_is_refused(hospital: Service) -> None:
    Service.update(code=f"local-{'x' * 50}").where(Service.id == hospital.id).execute()
    with pytest.raises(InvalidInput) as refused:
        add("Ward 5", parent=f"local-{'x' * 50}")
    assert "parent" in (refused.value.errors or {})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " \x00 "}),
        ("name", {"name": "x" * 201}),
        ("kind", {"kind": "shop"}),
        ("town", {"town": "x" * 81}),
        ("postcode", {"postcode": "BN2"}),
        ("organisation", {"organisation": "x" * 201}),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(field: str, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(**{"name": "Ward 5", **wrong})
    assert list(refused.value.errors or {}) == [field]
    assert Service.select().count() == Organisation.select().count() == 0


def test_a_parent_that_is_unknown_is_refused() -> None:
    with pytest.raises(UnknownService, match="No service here has the code RXH99"):
        add("Ward 5", parent="RXH99")


def test_a_service_is_looked_up_whatever_the_case_of_its_code(hospital: Service) -> None:
    assert get(" Local-ST-Elsewhere ") == hospital


@pytest.mark.parametrize("code", ["RXH99", "", "\x00", "\ud800", "RXH 01", "%", "x" * 65, "-", "é"])
def test_a_code_that_no_service_has_is_not_found(code: str) -> None:
    with pytest.raises(UnknownService):
        get(code)


def test_several_are_looked_up_in_the_order_asked(hospital: Service) -> None:
    ward = add("Ward 5", parent=hospital.code)
    assert by_codes([ward.code, "RXH99", hospital.code.upper(), ward.code]) == [ward, hospital]


def test_a_tree_is_walked_to_any_depth(hospital: Service) -> None:
    family, code = [hospital.id], hospital.code
    for number in range(4):
        service = add(f"L{number}", parent=code)
        code = service.code
        family.append(service.id)
    add("Elsewhere")
    assert sorted(below(hospital)) == sorted(family)
    assert below(get(code)) == [family[-1]]


def test_a_ring_of_parents_ends(hospital: Service) -> None:
    ward = add("Ward 5", parent=hospital.code)
    Service.update(parent=ward).where(Service.id == hospital.id).execute()
    assert sorted(below(hospital)) == sorted([hospital.id, ward.id])


def test_a_service_is_described_as_the_api_gives_it(hospital: Service) -> None:
    ward = add("Ward 5", parent=hospital.code)
    assert describe(get(ward.code), "https://stories.example") == {
        "code": "local-st-elsewhere-ward-5",
        "name": "Ward 5",
        "kind": "ward",
        "town": "Brighton",
        "postcode": "BN2 5BE",
        "parent": "local-st-elsewhere",
        "organisation": {"code": "local-elsewhere-trust", "name": "Elsewhere Trust"},
        "closed_on": None,
        "url": "https://stories.example/services/local-st-elsewhere-ward-5",
    }
    assert describe(get(hospital.code), "https://stories.example")["parent"] is None


def test_a_renamed_ring_of_parents_ends_too(hospital: Service) -> None:
    ward = add("Ward 5", parent=hospital.code)
    Service.update(parent=ward).where(Service.id == hospital.id).execute()
    catalogue.renew_search_words([hospital.id])
