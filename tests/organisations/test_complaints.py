"""Where a complaint goes: to whom a service named, else as the NHS of its nation advises. On both engines."""

import pytest

from tellback.errors import InvalidInput
from tellback.organisations import complaints
from tellback.organisations.catalogue import UnknownService
from tellback.organisations.models import ComplaintsContact
from tests.people import Places

PALS = {"name": "Patient Advice and Liaison Service", "email": "pals@st-elsewhere.example"}


def test_without_a_contact_the_advice_of_its_nation_stands(places: Places) -> None:
    told = complaints.describe(places.surgery)
    assert told["own"] is False
    assert told["name"] == "The integrated care board of your area"
    assert told["url"].startswith("https://www.nhs.uk/")
    assert set(told) == {"name", "email", "phone", "url", "text", "own"}


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        ("CF10 1AA", "Llais"),
        ("EH1 1AA", "Scottish Public Services Ombudsman"),
        ("BT1 1AA", "Northern Ireland Public Services Ombudsman"),
        ("", "Ask who deals with complaints."),
    ],
)
def test_each_nation_has_its_own_advice(places: Places, postcode: str, said: str) -> None:
    places.hospital.postcode = postcode
    assert said in complaints.describe(places.hospital)["text"]


def test_a_hospitals_contact_is_its_wards_too_and_the_trusts_is_for_all_the_rest(places: Places) -> None:
    complaints.keep(complaints.about("RXH"), name="The trust", phone="01632 960001")
    assert complaints.describe(places.ward)["name"] == "The trust"
    complaints.keep(complaints.about("RXH01"), **PALS)
    assert complaints.describe(places.ward) == {**PALS, "phone": None, "url": None, "text": None, "own": True}
    complaints.keep(
        complaints.about("RXH01-ward-5"), name="The ward's matron", url="https://st-elsewhere.example/ward-5"
    )
    assert complaints.describe(places.ward)["name"] == "The ward's matron"
    assert complaints.describe(places.hospital)["name"] == PALS["name"]
    assert complaints.describe(places.surgery)["own"] is False


def test_a_new_contact_takes_the_place_of_the_one_before(places: Places) -> None:
    complaints.keep(complaints.about("rxh01"), **PALS)
    complaints.keep(complaints.about("RXH01"), name="The patient experience team", phone="+44 (0)1632 960002")
    assert [row.name for row in ComplaintsContact.select()] == ["The patient experience team"]
    assert complaints.forget(complaints.about("RXH01")) is True
    assert complaints.forget(complaints.about("RXH01")) is False
    assert complaints.describe(places.hospital)["own"] is False


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "a@b.example"}, "name"),
        ({"name": " "}, "name"),
        ({"name": "N" * 201, "email": "a@b.example"}, "name"),
        ({"name": "PALS"}, "email"),
        ({"name": "PALS", "email": "pals at hospital"}, "email"),
        ({"name": "PALS", "phone": "ask at the desk"}, "phone"),
        ({"name": "PALS", "url": "javascript:alert(1)"}, "url"),
        ({"name": "PALS", "url": "https://"}, "url"),
        ({"name": "PALS", "url": "https://[::1"}, "url"),
        ({"name": "PALS", "email": "a@b.example", "text": "x" * 1001}, "text"),
    ],
)
def test_a_contact_that_nobody_could_use_is_refused(
    places: Places, given: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        complaints.keep(complaints.about("RXH01"), **given)
    assert field in (refused.value.errors or {})
    assert ComplaintsContact.select().count() == 0


def test_a_code_that_nobody_has_is_refused(places: Places) -> None:
    with pytest.raises(UnknownService):
        complaints.keep(complaints.about("RXH99"), **PALS)
