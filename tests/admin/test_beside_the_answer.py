"""What a responder does with a story beside answering it, each on its screen, without JavaScript."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.authorship.own_story import withdraw
from tellback.moderation import decisions
from tellback.replies import handing_on, relay
from tellback.replies.models import ComplaintReference, HandOn, RelayThread, Reply
from tellback.stories.submission import Receipt
from tests.admin.conftest import Browser
from tests.people import Places, make_account, tell

SignIn = Callable[[Account], Browser]


@pytest.fixture
def told(places: Places, moira: Account) -> Receipt:
    """A published story about St Elsewhere; its author may be asked."""
    told = tell(title="A long night", consent_contact="true")
    decisions.open_for_review(told.story, moira)
    decisions.publish(told.story, told.story.revision, moira)
    return told


@pytest.fixture
def here(told: Receipt) -> str:
    """Where the story is answered."""
    return f"/admin/answers/{told.story.public_id}"


def test_it_is_handed_on_and_the_answer_sent_on(
    signed_in: SignIn, here: str, ruth: Account, moira: Account
) -> None:
    browser = signed_in(ruth)
    assert f"{here}/hand-on" in browser.open(here).links
    form = browser.open(f"{here}/hand-on").form("/hand-on")
    refused = browser.send(form, 422, to_whom="Ward 5", email="ward5", note="The doors?")
    assert "Write the address like" in refused.text
    assert refused.form("/hand-on").values["note"] == "The doors?"
    sent = browser.send(form, to_whom="Ward 5", email="ward5@example.org", note="The doors?")
    assert "ward5@example.org" in sent.text
    assert "1 waiting" in browser.open("/admin/answers").text
    written = {"responder_name": "Jo Bell", "responder_role": "Sister", "body": "Sorry.", "lang": "en"}
    handing_on.answer(HandOn.get(), written)
    waits = browser.open("/admin/answers/handed-on")
    assert "Answered: waits for you" in waits.text
    assert "ward5@example.org" not in waits.text
    assert "Answered: waits for you" in browser.open(here).text
    assert "Their answer is on its way" in browser.send(waits.form("/send")).text
    assert (Reply.get().responder_name, Reply.get().via) == ("Jo Bell", "hand_on")
    assert "Nothing is handed on and waits." in browser.open("/admin/answers/handed-on").text
    read = signed_in(moira).open(f"/admin/replies/{Reply.get().public_id}").text
    assert "written by Ward 5, to whom it was handed on; sent on by Ruth" in read


def test_it_is_called_back_and_one_that_was_is_told(
    signed_in: SignIn, here: str, told: Receipt, ruth: Account
) -> None:
    handing_on.hand_on(told.story, "RXH01", to_whom="Ward 5", email="w@e.example", note="", by=ruth)
    browser = signed_in(ruth)
    press = browser.open(f"{here}/hand-on").form("/revoke")
    assert "sends nothing any more" in browser.send(press).text
    assert "Somebody else was first" in browser.send(press, 409).text


def test_it_is_not_theirs_and_a_moderator_moves_it(
    signed_in: SignIn, here: str, told: Receipt, ruth: Account, moira: Account, client: FlaskClient
) -> None:
    browser, desk = signed_in(ruth), signed_in(moira)
    assert "Not theirs" not in desk.open("/admin/stories").text
    found = browser.open(f"{here}/not-ours?q=Elm")
    assert "Elm Surgery" in found.text
    refused = browser.send(found.form("/not-ours", service="RXH01"), 422, proposed="G81001", why="")
    assert "Say how you see that." in refused.text
    assert "Elm Surgery" in refused.text, "what was found stays"
    asked = browser.send(found.form("/not-ours", service="RXH01"), proposed="G81001", why="No such clinic.")
    assert "a moderator is asked" in asked.text
    assert "Not theirs (1)" in desk.open("/admin/stories").text
    (address,) = (link for link in desk.open("/admin/moves").links if "/admin/moves/" in link)
    move = desk.open(address)
    assert "No such clinic." in move.text
    assert "The story is with the other service." in desk.send(move.form("/accept"), to="G81001").text
    browser.open(here, 404)
    page = client.post("/my-story", data={"token": told.token}).text
    assert "A moderator found that it is about Elm Surgery" in page


def test_a_moderator_who_refuses_says_why(
    signed_in: SignIn, here: str, ruth: Account, moira: Account
) -> None:
    browser, desk = signed_in(ruth), signed_in(moira)
    form = browser.open(f"{here}/not-ours").form("/not-ours", service="RXH01")
    browser.send(form, why="We do not know this.")
    (address,) = (link for link in desk.open("/admin/moves").links if "/admin/moves/" in link)
    refuse = desk.open(address).form("/refuse")
    assert "Say why it stays." in desk.send(refuse, 422, note="").text
    desk.send(refuse, note="It names your ward.")
    assert "It names your ward." in browser.open(here).text
    assert "Somebody has decided on this already." in desk.open(address).text


def test_they_talk_in_private_and_no_moderator_reads_it_before_it_is_reported(
    signed_in: SignIn, here: str, told: Receipt, ruth: Account, gita: Account, moira: Account
) -> None:
    relay.write_as_author(told.story, "RXH01", "Was it the quokka medicine?")
    browser, desk = signed_in(ruth), signed_in(moira)
    assert "1 new" in browser.open(here).text
    talk = browser.open(f"{here}/private")
    assert "Was it the quokka medicine?" in talk.text
    assert "1 new" not in browser.open(here).text
    form = talk.form("/private")
    held = browser.send(form, 409, words="What is your name?", role="Matron")
    assert "Do not ask who they are" in held.text
    again = held.form("/private")
    assert (again.values["words"], again.values["role"]) == ("What is your name?", "Matron")
    assert "It is sent." in browser.send(again).text
    assert "St Elsewhere Hospital, Matron (you)" in browser.open(f"{here}/private").text
    for stranger in (signed_in(gita), desk):
        assert "quokka" not in stranger.client.get(f"{here}/private").text
    assert "Private talk (" not in desk.open("/admin/stories").text
    browser.send(browser.open(f"{here}/private").form("/report"), words="Please read.")
    assert "Private talk (1)" in desk.open("/admin/stories").text
    (address,) = (link for link in desk.open("/admin/private").links if "/admin/private/" in link)
    report = desk.open(address)
    assert "Was it the quokka medicine?" in report.text
    assert "Say what you found" in desk.send(report.form("/settle"), 422, note="").text
    desk.send(report.form("/settle"), note="Nothing wrong.", end="true")
    assert RelayThread.get().closed_by == "moderator"
    assert "quokka" not in desk.open(address).text
    assert "A moderator ended this talk." in browser.open(f"{here}/private").text
    withdraw(told.story)
    over = browser.open(f"{here}/private")
    assert "The story is not public any more, so this talk is over." in over.text
    assert "quokka" not in over.text


def test_a_complaints_number_is_kept_beside_whom_complaints_go_to(
    signed_in: SignIn, here: str, ruth: Account, places: Places
) -> None:
    browser = signed_in(ruth)
    page = browser.open(f"{here}/complaint")
    form = page.form("/complaint")
    assert "characters" in browser.send(form, 422, reference="X" * 41).text
    assert "PALS/0471" in browser.send(form, reference="PALS/0471").text
    assert (
        "No number is kept."
        in browser.send(browser.open(f"{here}/complaint").form("/complaint"), reference="").text
    )
    assert ComplaintReference.select().count() == 0


def test_who_is_away_is_said_with_who_covers(signed_in: SignIn, ruth: Account, places: Places) -> None:
    browser = signed_in(ruth)
    assert "Nobody else answers for your organisation" in browser.open("/admin/answers/away").text
    ada = make_account("Ada", Role.RESPONDER, places.hospital.organisation)
    form = browser.open("/admin/answers/away").form("/away")
    refused = browser.send(form, 422, from_on="2026-11-23", to_on="2026-11-20", covers=str(ada.id))
    assert "The last day is before the first." in refused.text
    assert refused.form("/away").values["from_on"] == "2026-11-23"
    browser.send(form, from_on="2026-11-23", to_on="2026-12-04", covers=str(ada.id))
    listed = signed_in(ada).open("/admin/answers").text
    assert "Ruth is away from 23 November 2026 to 4 December 2026" in listed
    assert "Ada covers." in listed
    assert "You are back." in browser.send(browser.open("/admin/answers/away").form("/end")).text
