"""Administrators keep the store; moderators look at it; nobody loses what they typed."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.admin import store_history
from tellback.audit import acts
from tellback.blocking.models import Block
from tellback.moderation import templates
from tellback.organisations import catalogue, complaints, editing
from tellback.stories import topics
from tests.admin.conftest import Browser, Form, Page
from tests.people import Places, make_account, tell

# What these screens ask of a database is asked of both by rule.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LOOKED_AT = (
    "store", "organisations", "organisations/RXH", "services", "services/RXH01", "topics",
    "topics/multiple-sclerosis", "reasons", "reasons/reject/complaint-route", "blocks",
)  # fmt: skip
KEPT = (
    "organisations/RXH", "services/RXH01", "services/new", "services/RXH01/state", "topics",
    "topics/multiple-sclerosis", "reasons/reject/complaint-route", "blocks/phrases",
)  # fmt: skip
SignIn = Callable[[Account], Browser]


@pytest.fixture
def ada(places: Places) -> Account:
    """An administrator."""
    return make_account("Ada", Role.ADMINISTRATOR)


@pytest.fixture
def browser(signed_in: SignIn, ada: Account) -> Browser:
    """Ada's browser."""
    return signed_in(ada)


def lines(browser: Browser, address: str) -> list[list[str]]:
    answer = browser.client.get(address)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))[1:]


def test_the_store_names_its_parts_and_what_each_holds(browser: Browser) -> None:
    page = browser.open("/admin/store")
    for part in ("Organisations", "3 open", "19 offered", "Reasons", "0 stand"):
        assert part in page.text


def test_a_service_is_found_opened_and_changed(browser: Browser) -> None:
    found = browser.open("/admin/services?q=hospital")
    assert "Services: 1 of 1" in found.text
    page = browser.open("/admin/services/RXH01")
    page = browser.send(
        page.form("/admin/services/RXH01"),
        name="The General",
        owner_name="Joy Bell, matron",
        owner_email="joy@example.org",
        local_codes="W05\r\nW06",
        nation="wales",
    )
    assert "The service is changed." in page.text
    assert "Set here name" in page.text
    assert "Joy Bell, matron, joy@example.org" in page.text
    assert "changed it, name: “St Elsewhere Hospital” → “The General”" in page.text
    assert catalogue.get("RXH01").local_codes == ["W05", "W06"]


def test_what_was_typed_comes_back_with_what_is_wrong(browser: Browser) -> None:
    form = browser.open("/admin/services/RXH01").form("/admin/services/RXH01")
    page = browser.send(form, 422, name="", parent="RXH01-ward-5", owner_name="Joy")
    assert "Give a name of up to 200 characters." in page.text
    assert "It cannot belong to itself" in page.text
    assert page.form("/admin/services/RXH01").values["owner_name"] == "Joy"
    # The other forms of the screen are as they were.
    assert page.form("/complaints").values["name"] == ""
    assert catalogue.get("RXH01").revision == 1


def test_over_somebody_elses_change_nothing_is_written_and_both_are_shown(browser: Browser) -> None:
    form = browser.open("/admin/services/RXH01").form("/admin/services/RXH01")
    facts = {**form.values, "name": "The Infirmary"}
    for name in ("csrf_token", "revision"):
        del facts[name]
    editing.change_service("RXH01", 1, facts, by=acts.SYSTEM)
    page = browser.send(form, 409, name="The General", town="Elsewhere")
    assert "Somebody else changed this while you were writing." in page.text
    assert "Name: The Infirmary" in page.text
    assert "Town:" not in page.text
    form = page.form("/admin/services/RXH01")
    assert form.values["name"] == "The General"
    browser.send(form)
    assert catalogue.get("RXH01").name == "The General"


def test_a_complaints_contact_is_named_mended_and_dropped(browser: Browser) -> None:
    page = browser.open("/admin/services/RXH01")
    page = browser.send(page.form("/complaints"), 422, name="PALS", phone="ring us")
    assert page.form("/complaints").values["phone"] == "ring us"
    assert "Write the number in digits" in page.text
    page = browser.send(page.form("/complaints"), phone="01632 960001")
    assert "Complaints go to PALS." in page.text
    assert "PALS, 01632 960001" in browser.open("/admin/services/RXH01-ward-5").text
    page = browser.send(page.form("/complaints"), name="", phone="")
    assert "Nobody is named here." in page.text
    assert complaints.describe(catalogue.get("RXH01"))["own"] is False


def test_an_organisation_gets_a_name_an_owner_and_a_contact(browser: Browser) -> None:
    assert "Organisations: 1 of 1" in browser.open("/admin/organisations?q=trust elsewhere").text
    page = browser.open("/admin/organisations/RXH")
    page = browser.send(page.form("/admin/organisations/RXH"), name="Southern Trust", owner_name="Al Roe")
    assert "The organisation is changed." in page.text
    page = browser.send(page.form("/complaints"), name="The trust", phone="01632 960002")
    assert "Complaints go to The trust." in page.text
    assert "The trust" in browser.open("/admin/services?q=ward").text
    page = browser.send(page.form("/register"))
    assert "The register says it again" in page.text


def test_a_practice_and_its_organisation_of_one_code_each_have_their_own_contact(browser: Browser) -> None:
    page = browser.open("/admin/organisations/G81001")
    browser.send(page.form("/complaints"), name="The partners", phone="01632 960003")
    page = browser.open("/admin/services/G81001")
    assert "The partners" in page.text
    browser.send(page.form("/complaints"), name="The manager", phone="01632 960004")
    assert complaints.describe(catalogue.get("G81001"))["name"] == "The manager"


def test_a_service_is_closed_and_found_only_among_all(browser: Browser) -> None:
    page = browser.open("/admin/services/G81001")
    page = browser.send(page.form("/state"))
    assert "The service is closed." in page.text
    assert "None is found by this." in browser.open("/admin/services?q=elm").text
    assert "Closed" in browser.open("/admin/services?q=elm&state=all").text
    page = browser.send(page.form("/state"))
    assert "The service is open again." in page.text
    assert "closed it" in page.text


def test_a_ward_is_added_below_its_hospital(browser: Browser) -> None:
    page = browser.open("/admin/services/new?parent=RXH01")
    form = page.form("/admin/services/new")
    assert (form.values["parent"], form.values["kind"]) == ("RXH01", "ward")
    page = browser.send(form, 422, name="Ward 6", parent="RXH99")
    assert "No service here has this code." in page.text
    form = page.form("/admin/services/new")
    assert form.values["name"] == "Ward 6"
    assert "Its code is RXH01-ward-6." in browser.send(form, parent="RXH01").text


def test_a_broken_or_stale_cursor_shows_the_list_from_its_start(browser: Browser) -> None:
    assert "Services: 3 of 3" in browser.open("/admin/services?cursor=nonsense").text
    assert "Use fewer words" in browser.open("/admin/services?q=" + "a+" * 60).text


def test_a_long_list_goes_on_and_back_to_its_start(browser: Browser) -> None:
    for number in range(60):
        catalogue.add(f"Clinic {number}")
    page = browser.open("/admin/services?q=clinic")
    assert "Services: 50 of 60" in page.text
    (onward,) = [link for link in page.links if "cursor=" in link]
    page = browser.open(onward)
    assert "Services: 10 of 60" in page.text
    assert "/admin/services?q=clinic" in page.links
    assert len(lines(browser, "/admin/services.csv?q=clinic")) == 60
    page = browser.open("/admin/organisations?q=clinic")
    (onward,) = [link for link in page.links if "page=2" in link]
    assert "Organisations: 10 of 60" in browser.open(onward).text


def test_a_condition_is_added_renamed_retired_and_offered_again(browser: Browser) -> None:
    page = browser.open("/admin/topics")
    page = browser.send(
        page.form("/admin/topics", csrf_token=page.forms[1].values["csrf_token"]), 422, name="…"
    )
    assert "A topic needs a name with letters" in page.text
    page = browser.send(
        page.form("/admin/topics", csrf_token=page.forms[1].values["csrf_token"]), name="Long Covid"
    )
    assert "The condition is offered from now on." in page.text
    page = browser.send(page.form("/admin/topics/long-covid"), name="Long COVID")
    assert "renamed it, name: “Long Covid” → “Long COVID”" in page.text
    page = browser.send(page.form("/state"))
    assert topics.get("long-covid").retired_at
    page = browser.send(page.form("/state"))
    assert "It is offered again." in page.text
    assert "Theme" in browser.open("/admin/topics/food").text


def test_a_topic_that_somebody_else_renamed_is_not_renamed_over_it(browser: Browser, ada: Account) -> None:
    form = browser.open("/admin/topics/multiple-sclerosis").form("/admin/topics/multiple-sclerosis")
    topics.rename("multiple-sclerosis", 1, "MS", ada)
    page = browser.send(form, 409, name="Sclerosis")
    assert "Name: MS" in page.text
    assert page.form("/admin/topics/multiple-sclerosis").values["name"] == "Sclerosis"


def paragraph_form(page: Page) -> Form:
    (form,) = [form for form in page.forms if "text" in form.names]
    return form


def test_a_paragraph_is_looked_at_first_then_kept_and_its_writings_stand_beside_it(browser: Browser) -> None:
    page = browser.open("/admin/reasons/reject/complaint-route?lang=cy")
    form = paragraph_form(page)
    form.values["step"] = "try"
    page = browser.send(form, text="Ffoniwch 01632 960001.")
    assert "As its author would read it" in page.text
    assert templates.text_of("reject", "complaint_route", "cy") == ""
    page = browser.send(paragraph_form(page), text="Ffoniwch 01632 960001.")
    assert "Authors read it from the next decision on." in page.text
    assert templates.text_of("reject", "complaint_route", "cy") == "Ffoniwch 01632 960001."
    assert "Cymraeg" in browser.open("/admin/reasons?q=ffoniwch").text
    page = browser.send(paragraph_form(page), text="")
    assert "The paragraph is gone." in page.text
    assert "took it away" in page.text


def test_of_two_who_write_a_paragraph_the_second_sees_the_first_and_keeps_their_own(
    browser: Browser, ada: Account
) -> None:
    page = browser.open("/admin/reasons/reject/complaint-route")
    templates.write("reject", "complaint_route", "en", "Ring PALS.", 0, ada)
    page = browser.send(paragraph_form(page), 409, text="Ring me.")
    assert "Ring PALS." in page.text
    assert "Ring me." in paragraph_form(page).values["text"]
    browser.send(paragraph_form(page), text="Ring me.")
    assert templates.text_of("reject", "complaint_route") == "Ring me."


def test_a_reason_or_language_that_is_not_ours_is_not_there(browser: Browser) -> None:
    browser.open("/admin/reasons/reject/nothing", 404)
    browser.open("/admin/reasons/reject/complaint-route?lang=de", 404)


def test_an_address_is_kept_out_asked_about_and_let_in_again(browser: Browser) -> None:
    page = browser.open("/admin/blocks")
    page = browser.send(page.form("/addresses"), 422, address="198.18.7", reason="Adverts", days="7")
    assert "Write an address such as" in page.text
    assert page.form("/addresses").values["reason"] == "Adverts"
    page = browser.send(page.form("/addresses"), address="198.18.7.0/24", days="7")
    assert "We have not kept the address itself." in page.text
    assert "198.18.7" not in page.html
    assert "A network of 256 addresses" in page.text
    assert "Ada, 23 November 2026" in page.text
    page = browser.send(page.form("/ask"), asked="198.18.7.9")
    assert "It is blocked until 30 November 2026: Adverts" in page.text
    assert "It is not blocked." in browser.send(page.form("/ask"), asked="198.18.8.9").text
    page = browser.send(page.form("/lift"))
    assert "It is ended." in page.text
    assert Block.get().ended_at


def test_ones_own_connection_is_not_kept_out(browser: Browser) -> None:
    page = browser.open("/admin/blocks")
    form = page.form("/addresses")
    answer = browser.client.post(
        form.action,
        data={**form.values, "address": "198.51.100.4", "reason": "Mine", "days": "7"},
        environ_base={"REMOTE_ADDR": "198.51.100.4"},
    )
    assert answer.status_code == 422
    assert "your own connection" in answer.text


def test_a_question_about_no_address_is_answered_where_it_was_asked(browser: Browser) -> None:
    page = browser.send(browser.open("/admin/blocks").form("/ask"), 422, asked="nowhere")
    assert "Write an address such as" in page.text
    assert page.form("/ask").values["asked"] == "nowhere"
    assert page.form("/addresses").values["address"] == ""


def test_a_phrase_is_marked_from_now_on(browser: Browser) -> None:
    page = browser.open("/admin/blocks?kind=phrase")
    page = browser.send(page.form("/phrases"), 422, phrase="abc", reason="Spam", days="30")
    assert "Write 4 letters or more" in page.text
    page = browser.send(page.form("/phrases"), phrase="cheap pills", days="30")
    assert "It is marked in stories from now on." in page.text
    tell(body="Cheap pills for all.")
    page = browser.open("/admin/blocks?kind=phrase&q=pills")
    assert "1 stand (100 at most), 1 of 1 shown" in page.text
    assert Block.get().times == 1


def test_every_list_goes_away_as_a_file(browser: Browser, ada: Account) -> None:
    complaints.keep(catalogue.get("RXH01"), name="PALS", phone="01632 960001")
    templates.write("reject", "complaint_route", "en", "=Ring", 0, ada)
    browser.send(
        browser.open("/admin/blocks?kind=phrase").form("/phrases"),
        phrase="cheap pills",
        reason="-",
        days="30",
    )
    ward = next(line for line in lines(browser, "/admin/services.csv") if line[0] == "RXH01-ward-5")
    assert ward[4:7] == ["RXH", "St Elsewhere NHS Trust", "RXH01"]
    assert ward[13:17] == ["PALS", "", "01632 960001", ""]
    assert ["RXH", "St Elsewhere NHS Trust"] in [
        line[:2] for line in lines(browser, "/admin/organisations.csv")
    ]
    assert ["RXH", "2"] in [[line[0], line[-1]] for line in lines(browser, "/admin/organisations.csv")]
    assert lines(browser, "/admin/topics.csv?q=sclerosis") == [
        ["Multiple sclerosis", "multiple-sclerosis", "condition", "0", ""]
    ]
    (paragraph,) = lines(browser, "/admin/reasons.csv")
    assert paragraph[3:] == ["en", "'=Ring"]
    (block,) = lines(browser, "/admin/blocks.csv")
    assert block[:4] == ["phrase", "cheap pills", "'-", "Ada"]


def test_a_moderator_looks_and_changes_nothing(app: Flask, signed_in: SignIn, moira: Account) -> None:
    browser = signed_in(moira)
    for address in LOOKED_AT:
        page = browser.open(f"/admin/{address}")
        assert [form.action for form in page.forms if form.method == "post"] in (
            ["/admin/sign-out"],
            ["/admin/sign-out", "/admin/blocks/ask"],
        )
    token = browser.open("/admin/").form("/sign-out").values["csrf_token"]
    for address in KEPT:
        answer = browser.client.post(f"/admin/{address}", data={"csrf_token": token, "revision": "1"})
        assert answer.status_code == 403
        assert "Only administrators change what is in the store." in answer.text


def test_a_responder_has_no_door_to_it(signed_in: SignIn, ruth: Account) -> None:
    browser = signed_in(ruth)
    assert "/admin/store" not in browser.open("/admin/").links
    for address in ("store", "services", "services.csv", "organisations/RXH", "blocks"):
        browser.open(f"/admin/{address}", 403)


def test_what_is_not_there_is_not_found(browser: Browser) -> None:
    for address in ("services/RXH99", "organisations/NONE", "topics/nothing", "services/a%00b"):
        browser.open(f"/admin/{address}", 404)


def test_the_session_being_over_gives_a_paragraph_back(
    signed_in: SignIn, stranger: Browser, ada: Account
) -> None:
    form = paragraph_form(signed_in(ada).open("/admin/reasons/reject/complaint-route"))
    typed = {**form.values, "text": "Half an hour's thought."}
    answer = stranger.client.post(form.action, data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert "Half an hour&#39;s thought." in answer.text


def test_every_act_on_the_store_has_its_words(database_url: str) -> None:
    kinds = ("organisation:", "service:", "complaints:", "topic:", "template:", "block:")
    assert {act for act in acts.Act if act.startswith(kinds)} <= set(store_history._SAID)
