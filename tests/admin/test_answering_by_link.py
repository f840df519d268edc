"""A story is answered by a link in a letter, without signing in: by a responder, or by a ward."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.authorship.erasure import erase
from tellback.authorship.own_story import withdraw
from tellback.config import Settings
from tellback.moderation import reply_decisions
from tellback.organisations.models import Service
from tellback.outbox.models import OutboxMessage
from tellback.replies import drafts, handing_on, signed_links
from tellback.replies.models import AnswerLinkUse, HandOn, Reply
from tellback.rounds import recipients
from tellback.stories import readings
from tellback.stories.models import Story
from tests.people import Places, tell_and_publish

WRITTEN = {
    "service": "RXH01",
    "responder_name": "Ruth Hale",
    "responder_role": "Matron",
    "body": "Thank you for telling us of the quokka.",
    "lang": "en",
}


@pytest.fixture
def story(places: Places, moira: Account) -> Story:
    """A published story about St Elsewhere."""
    return tell_and_publish(moira, title="A long night")


@pytest.fixture
def token(story: Story, ruth: Account) -> str:
    """Ruth's link to it."""
    return signed_links.make(Service.get(Service.code == "RXH01"), story, ruth)


def handed(story: Story, by: Account, settings: Settings) -> str:
    """The token that a ward gets."""
    note = "What was it with the doors?"
    handing_on.hand_on(story, "RXH01", to_whom="Ward 5", email="ward@example.org", note=note, by=by)
    row = OutboxMessage.get(OutboxMessage.kind == "handed_on")
    letter = recipients(settings)(row.recipient_kind, row.recipient_id)
    return str(letter.facts["answer_link"]).rpartition("#")[2]  # type: ignore[union-attr]


def press(client: FlaskClient, token: str, step: str = "", status: int = 200, **typed: str) -> str:
    answer = client.post(f"/answer{step}", data={"token": token, **typed})
    assert answer.status_code == status, answer.text
    assert "Set-Cookie" not in answer.headers
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_responder_answers_without_signing_in(
    client: FlaskClient, story: Story, token: str, ruth: Account, moira: Account
) -> None:
    page = press(client, token)
    assert "A long night" in page
    assert "This link is for Ruth, to answer for St Elsewhere Hospital." in page
    assert [read.people for read in readings.count(story)] == [1]
    assert "A moderator reads it before it shows" in press(client, token, "/send", **WRITTEN)
    reply = Reply.get()
    assert (reply.via, reply.account_id, reply.state) == ("link", ruth.id, "submitted")
    again = press(client, token)
    assert "You have answered by this link." in again
    assert "A moderator reads it before it shows under the story." in again
    refused = press(client, token, "/send", 401, **{**WRITTEN, "body": "Once more."})
    assert "Once more." in refused, "nothing typed is lost"
    assert Reply.select().count() == 1
    reply_decisions.publish(reply, moira)
    assert "It shows under the story." in press(client, token)


def test_programs_that_look_through_mail_use_nothing_up(
    client: FlaskClient, token: str, story: Story
) -> None:
    for method in ("GET", "HEAD"):
        assert client.open("/answer", method=method).status_code == 200
    assert "A long night" not in client.get("/answer").text
    press(client, token, "/check", **WRITTEN)
    assert (AnswerLinkUse.select().count(), Reply.select().count()) == (0, 0)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client: FlaskClient, token: str) -> None:
    page = press(client, token, "/send", 422, **{**WRITTEN, "responder_role": ""})
    assert "Your role is still empty" in page
    assert "the quokka" in page
    assert "Thank you" in press(client, token, "/send", **WRITTEN), "the link was not used up"


def test_a_ward_answers_and_it_goes_to_whoever_handed_it_on(
    client: FlaskClient, story: Story, ruth: Account, settings: Settings
) -> None:
    token = handed(story, ruth, settings)
    page = press(client, token)
    assert "Ruth asks you to answer for St Elsewhere Hospital." in page
    assert "What was it with the doors?" in page
    said = press(client, token, "/send", **{**WRITTEN, "responder_name": "Jo Bell"})
    assert "Your answer is with Ruth, who reads it and sends it on." in said
    assert (Reply.select().count(), HandOn.get().responder_name) == (0, "Jo Bell")
    assert "You have answered." in press(client, token)


@pytest.mark.parametrize("kind", ["signed", "handed"])
def test_each_link_says_plainly_what_became_of_it(
    client: FlaskClient, story: Story, ruth: Account, token: str, settings: Settings, kind: str
) -> None:
    link = token if kind == "signed" else handed(story, ruth, settings)
    clock.pin(clock.now() + timedelta(days=15))
    assert "over two weeks old" in press(client, link)
    clock.pin(clock.now() - timedelta(days=15))
    withdraw(story)
    gone = press(client, link, "/send", 401 if kind == "signed" else 409, **WRITTEN)
    assert "Its author took this story back" in gone
    assert "the quokka" in gone
    assert "A long night" not in gone
    erase(story)
    after = press(client, link, "/send", 401, **WRITTEN)
    assert "the quokka" in after
    assert Reply.select().count() == 0


def test_what_colleagues_drafted_stands_there_and_is_not_overwritten_unread(
    client: FlaskClient, story: Story, token: str, ruth: Account, places: Places
) -> None:
    draft = {**WRITTEN, "kind": "answer", "body": "Dear you, from a colleague."}
    drafts.save(story, places.hospital.organisation, draft, 0, by=ruth)
    assert "Dear you, from a colleague." in press(client, token)
    refused = press(client, token, "/send", 409, **WRITTEN)
    assert "A colleague worked on this draft" in refused
    assert "What Ruth saved Dear you, from a colleague." in refused
    assert WRITTEN["body"] in refused
    press(client, token, "/send", revision="1", **WRITTEN)
    assert Reply.get().body == WRITTEN["body"]


def test_a_link_opens_nothing_else(client: FlaskClient, token: str) -> None:
    for address in ("/admin/answers", "/admin/account"):
        answer = client.get(
            address, headers={"Authorization": f"Bearer {token}"}, query_string={"token": token}
        )
        assert answer.status_code == 302
    wrong = press(client, token[:-5], "/send", 401, **WRITTEN)
    assert "This link opens nothing" in wrong
    assert "the quokka" in wrong
