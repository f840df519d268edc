"""Letters leave by a real SMTP server on loopback: once each, later when it fails, with no forged header."""

from datetime import timedelta

import pytest

from tellback import clock, config, db
from tellback.authorship.recipients import resolver
from tellback.outbox.delivery import MOST_ATTEMPTS, Lane, deliver_due
from tellback.outbox.letters import UnsafeLetter, compose
from tellback.outbox.models import OutboxMessage
from tests.at_once import at_once
from tests.outbox.conftest import Inbox
from tests.people import Places, tell

URL = "https://stories.example"


def _settings(settings: config.Settings, smtp_url: str) -> config.Settings:
    return config.Settings(**{**vars(settings), "smtp_url": smtp_url})


def _tell() -> str:
    return tell(contact_email="ada@example.org").token


def test_the_author_gets_a_letter_with_the_private_link(
    places: Places, settings: config.Settings, inbox: tuple[Inbox, str]
) -> None:
    token = _tell()
    assert deliver_due(_settings(settings, inbox[1]), resolver(URL)) == 1
    (letter,) = inbox[0].letters
    text = letter.content.decode()
    assert letter.rcpt_tos == ["ada@example.org"]
    assert f"{URL}/my-story#{token}" in text.replace("=\r\n", "").replace("=23", "#")
    assert "Subject: We have your story" in text
    assert OutboxMessage.get().state == "sent"
    assert deliver_due(_settings(settings, inbox[1]), resolver(URL)) == 0


def test_a_busy_server_gets_the_same_letter_later(
    places: Places, settings: config.Settings, inbox: tuple[Inbox, str]
) -> None:
    _tell()
    inbox[0].busy = 1
    assert deliver_due(_settings(settings, inbox[1]), resolver(URL)) == 0
    assert (OutboxMessage.get().state, OutboxMessage.get().attempts) == ("waiting", 1)
    assert deliver_due(_settings(settings, inbox[1]), resolver(URL)) == 0, "not before its time"
    clock.pin(clock.now() + timedelta(minutes=1))
    assert deliver_due(_settings(settings, inbox[1]), resolver(URL)) == 1
    assert OutboxMessage.get().message_id in inbox[0].letters[0].content.decode()


def test_a_letter_that_never_leaves_is_set_aside_with_the_reason(
    places: Places, settings: config.Settings
) -> None:
    _tell()
    nowhere = _settings(settings, "smtp://127.0.0.1:1")
    for _ in range(MOST_ATTEMPTS[Lane.LETTERS]):
        deliver_due(nowhere, resolver(URL))
        clock.pin(clock.now() + timedelta(hours=6))
    message = OutboxMessage.get()
    assert (message.state, message.attempts, message.last_error) == (
        "dead",
        MOST_ATTEMPTS[Lane.LETTERS],
        "The mail server could not be reached (ConnectionRefusedError).",
    )


def test_nobody_is_written_to_once_the_address_is_erased(
    places: Places, settings: config.Settings, inbox: tuple[Inbox, str]
) -> None:
    from tellback.authorship.own_story import withdraw
    from tellback.stories.private_links import story_of

    withdraw(story_of(_tell()))
    assert deliver_due(_settings(settings, inbox[1]), resolver(URL)) == 0
    assert inbox[0].letters == []
    assert OutboxMessage.get().state == "dropped"


def test_two_workers_send_each_letter_once(
    places: Places, settings: config.Settings, inbox: tuple[Inbox, str]
) -> None:
    for _ in range(6):
        _tell()
    sent: list[int] = []

    def work() -> None:
        sent.append(deliver_due(_settings(settings, inbox[1]), resolver(URL)))
        db.database.close()

    at_once(work)
    assert sum(sent) == len(inbox[0].letters) == 6


@pytest.mark.parametrize(
    "address", ["=?utf-8?q?a=0d=0aBcc:x@example.org?=@example.org", "a@example.org\nBcc: b@x.org"]
)
def test_an_address_cannot_add_a_header(address: str) -> None:
    facts = {"operator": "-", "public_url": URL, "private_link": URL}
    with pytest.raises(UnsafeLetter):
        compose("story_received", "1", "stories@stories.example", address, facts)
