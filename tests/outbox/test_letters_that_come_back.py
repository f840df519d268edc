"""What a mail server refuses is said plainly, given up only where it is for good, and holds up no other."""

import dataclasses
from typing import Any

import pytest

from tellback import rounds
from tellback.config import Settings
from tellback.outbox import messages
from tellback.outbox.delivery import MOST_ATTEMPTS, Lane
from tellback.outbox.models import DeliveryAttempt, OutboxMessage
from tellback.stories import contact
from tellback.stories.models import Story
from tests.outbox.conftest import Inbox
from tests.people import Places, tell

ADDRESS = "ada@example.org"


@pytest.fixture
def story(places: Places) -> Story:
    """A story whose author gave an address; a letter to it waits."""
    return tell(contact_email=ADDRESS).story


def _send(settings: Settings, inbox: tuple[Inbox, str], **says: Any) -> tuple[str, str | None]:
    inbox[0].says = says
    rounds.send_letters(dataclasses.replace(settings, smtp_url=inbox[1]))
    message = OutboxMessage.select().order_by(OutboxMessage.id).first()
    return message.state, message.last_error


@pytest.mark.parametrize(
    "words", ["550 5.1.1 No such user", "550 ada@example.org is unknown", "552 5.2.2 Mailbox is full"]
)
def test_an_address_that_refuses_is_not_tried_again_and_is_known_until_another_is_given(
    words: str, story: Story, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    said = f"The address refused the letter ({words[:3]})."
    assert _send(settings, inbox, **{ADDRESS: words}) == ("dead", said)
    assert messages.bounced("author", story.public_id)
    attempt = DeliveryAttempt.get()
    assert (attempt.outcome, attempt.status) == ("address_refused", int(words[:3]))
    contact.keep(story, "ada@elsewhere.example")
    assert not messages.bounced("author", story.public_id)


def test_an_address_that_takes_a_letter_again_is_well(
    story: Story, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    _send(settings, inbox, **{ADDRESS: "550 5.1.1 No such user"})
    assert messages.again(OutboxMessage.get())
    assert _send(settings, inbox) == ("sent", None)
    assert not messages.bounced("author", story.public_id)


@pytest.mark.parametrize(
    ("where", "words", "state", "said"),
    [
        (
            ADDRESS,
            "450 4.2.0 Grey",
            "waiting",
            "The recipient's mail server asks us to come again later (450).",
        ),
        (
            ADDRESS,
            "554 5.7.1 No relay",
            "waiting",
            "The mail server may not send letters to this address (554).",
        ),
        ("DATA", "452 4.3.1 No room", "waiting", "The mail server asks us to come again later (452)."),
        ("DATA", "554 5.6.0 No thanks", "dead", "The mail server refused the letter for good (554)."),
    ],
)
def test_what_is_not_the_addresss_fault_is_not_held_against_it(
    where: str, words: str, state: str, said: str, story: Story, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    assert _send(settings, inbox, **{where: words}) == (state, said)
    assert not messages.bounced("author", story.public_id)


def test_a_mail_server_that_is_away_is_asked_once_in_a_round_and_nothing_is_lost(
    story: Story, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    for _ in range(2):
        tell(contact_email=ADDRESS)
    rounds.send_letters(dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:1"))
    assert [row.attempts for row in OutboxMessage.select().order_by(OutboxMessage.id)] == [1, 0, 0]
    assert _send(settings, inbox)[1] == "The mail server could not be reached (ConnectionRefusedError)."
    assert len(inbox[0].letters) == 2, "the first waits for its next try"


def test_a_name_and_password_are_given_to_no_server_that_has_no_use_for_them(
    story: Story, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    host = inbox[1].removeprefix("smtp://")
    rounds.send_letters(dataclasses.replace(settings, smtp_url=f"smtp://ada:secret@{host}"))
    assert OutboxMessage.get().last_error == (
        "The mail server offers no safe sign-in for the name and password of TELLBACK_SMTP_URL."
    )


def test_a_letter_that_ends_every_worker_is_given_up(
    story: Story, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    OutboxMessage.update(attempts=MOST_ATTEMPTS[Lane.LETTERS]).execute()
    assert _send(settings, inbox) == ("dead", "No try at it came to an end.")
    assert inbox[0].letters == []


def test_a_letter_that_cannot_be_made_holds_up_no_other(
    places: Places, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    messages.put("no_such_letter", "author", tell(contact_email=ADDRESS).story.public_id)
    _send(settings, inbox)
    states = {row.kind: (row.state, row.last_error) for row in OutboxMessage.select()}
    assert states == {
        "no_such_letter": ("waiting", "Tellback could not make it (TemplateNotFound)."),
        "story_received": ("sent", None),
    }
