"""The private link sent by letter, once the story is told. On both engines."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback import clock, db
from tellback.authorship.own_letter import MOST_IN_A_DAY, send_link
from tellback.authorship.own_story import withdraw
from tellback.authorship.recipients import resolver
from tellback.outbox.letters import compose
from tellback.outbox.models import OutboxMessage
from tellback.stories import contact
from tellback.stories.models import AuthorContact
from tests.at_once import at_once
from tests.conftest import A_MORNING
from tests.letters import plain
from tests.people import Places, tell

# The page that carries the embed may be anywhere: the token is what counts.
ANYWHERE = {"Origin": "https://www.st-elsewhere.example"}


def _ask(client: FlaskClient, **form: Any) -> TestResponse:
    return client.post("/api/v1/my-story/letter", data=form, headers=ANYWHERE)


def _letters() -> list[str]:
    return [m.recipient_id for m in OutboxMessage.select().where(OutboxMessage.kind == "your_link")]


def test_the_link_is_sent_and_the_address_kept_sealed_for_later_letters(client: FlaskClient) -> None:
    receipt = tell()
    answer = _ask(client, token=receipt.token, email="ada@example.org")
    assert (answer.status_code, answer.get_json()) == (202, {"state": "waiting"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert _letters() == [receipt.story.public_id]
    assert contact.address_of(receipt.story) == "ada@example.org"
    assert b"ada" not in bytes(AuthorContact.get().email_sealed)


def test_the_letter_holds_the_link_and_says_what_becomes_of_the_address(places: Places) -> None:
    receipt = tell(lang="en")
    send_link(receipt.story, "ada@example.org")
    to = resolver("https://stories.example")("author", receipt.story.public_id)
    assert to is not None
    facts = {"operator": "The Tellback Trust", "public_url": "https://stories.example", **to.facts}
    letter = compose("your_link", "1", "stories@stories.example", to.address, facts)
    assert letter["Subject"] == "Your private link"
    text = plain(letter)
    assert f"https://stories.example/my-story#{receipt.token}" in text
    assert "We keep this address with your story, locked" in text


def test_the_whole_link_may_be_pasted(client: FlaskClient) -> None:
    receipt = tell()
    link = f"https://stories.example/my-story?lang=pl#{receipt.token}"
    assert _ask(client, token=link, email="ada@example.org").status_code == 202


def test_pressed_twice_within_a_minute_one_letter_goes(places: Places) -> None:
    story = tell().story
    send_link(story, "ada@example.org")
    clock.pin(A_MORNING + timedelta(seconds=59))
    send_link(story, "ada@example.org")
    assert len(_letters()) == 1
    clock.pin(A_MORNING + timedelta(seconds=61))
    send_link(story, "ada@example.org")
    assert len(_letters()) == 2


@pytest.mark.both_engines
def test_pressed_twice_at_once_one_letter_goes(places: Places) -> None:
    story, together = tell().story, threading.Barrier(2)

    def press() -> None:
        together.wait(timeout=60)
        send_link(story, "ada@example.org")
        db.database.close()

    at_once(press)
    assert len(_letters()) == 1


def test_a_slip_in_the_address_is_put_right_at_once(places: Places) -> None:
    story = tell(contact_email="ada@exmaple.org").story
    send_link(story, "ada@example.org")
    assert contact.address_of(story) == "ada@example.org"
    assert AuthorContact.select().count() == 1
    assert len(_letters()) == 1


def test_a_stranger_is_not_mailed_all_day(client: FlaskClient) -> None:
    receipt = tell()
    for number in range(MOST_IN_A_DAY):
        assert _ask(client, token=receipt.token, email=f"ada{number}@example.org").status_code == 202
    refused = _ask(client, token=receipt.token, email="ada@example.org")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "86400")
    assert "Copy it from this page" in refused.get_json(force=True)["detail"]


def test_a_wrong_token_is_answered_as_at_the_private_link(client: FlaskClient) -> None:
    wrong = _ask(client, token="nothing", email="ada@example.org")
    same = client.get("/api/v1/my-story", headers={"Authorization": "Bearer nothing"})
    assert wrong.status_code == same.status_code == 401
    assert wrong.get_json(force=True) == same.get_json(force=True)
    assert _letters() == []


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"email": ""}, "email", "Write the address like name@example.org."),
        ({"email": "ada at example"}, "email", "Write the address like name@example.org."),
        ({"email": "a" * 250 + "@example.org"}, "email", "Write the address like name@example.org."),
        (
            {"email": "a@b.example", "e-mail": "c@b.example"},
            "e-mail",
            "We do not know this field. Leave it out.",
        ),
        ({"email": "a@example.org", "token": ""}, "token", "Missing data for required field."),
    ],
)
def test_what_cannot_be_sent_is_said(
    client: FlaskClient, form: dict[str, str], field: str, said: str
) -> None:
    answer = _ask(client, **({"token": tell().token} | form))
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"][field] == [said]
    assert _letters() == []


def test_a_story_that_was_taken_back_sends_nothing(client: FlaskClient) -> None:
    receipt = tell()
    withdraw(receipt.story)
    assert _ask(client, token=receipt.token, email="ada@example.org").status_code == 409
    assert AuthorContact.select().count() == 0


def test_nobody_sends_letters_all_hour(client: FlaskClient) -> None:
    answers = [_ask(client, token="nothing", email="ada@example.org").status_code for _ in range(21)]
    assert answers == [401] * 20 + [429]
