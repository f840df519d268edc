"""The outbox's screen: an administrator sees what was given up, by role, and sends it again on record."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from tellback import clock, rounds
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.models import AuditEvent
from tellback.config import Settings
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tests import people
from tests.admin.conftest import Browser

SignIn = Callable[[Account], Browser]


@pytest.fixture
def ada(database: str) -> Account:
    """An administrator."""
    return people.make_account("Ada", Role.ADMINISTRATOR)


@pytest.fixture
def given_up(places: people.Places) -> None:
    """Three letters that were given up, and one of a service's messages."""
    for kind in ("story_received", "story_received", "story_published"):
        messages.put(kind, "author", people.tell(contact_email="ada@private.example").story.public_id)
    messages.put("story.published", messages.WEBHOOK, "1")
    OutboxMessage.update(
        state=messages.DEAD, attempts=18, last_error="The mail server could not be reached (TimeoutError)."
    ).where(
        OutboxMessage.id.in_([m.id for m in OutboxMessage.select() if m.kind != "story_published"])
    ).execute()


def _dead() -> list[str]:
    rows = OutboxMessage.select().where(OutboxMessage.state == messages.DEAD).order_by(OutboxMessage.id)
    return [row.kind for row in rows]


@pytest.mark.usefixtures("given_up")
def test_it_says_what_was_given_up_and_why_and_never_an_address(signed_in: SignIn, ada: Account) -> None:
    clock.pin(clock.now() + timedelta(days=3))
    page = signed_in(ada).open("/admin/outbox")
    assert "Story received: 5 given up" in page.text
    assert "The mail server could not be reached (TimeoutError)." in page.text
    assert "a service’s own system" in page.text
    assert "the author of a story" in page.text
    assert "private.example" not in page.text
    assert "Letters wait: no mail server is set." in page.text


@pytest.mark.usefixtures("given_up")
def test_one_is_sent_again_or_all_of_a_kind_on_record(signed_in: SignIn, ada: Account) -> None:
    browser = signed_in(ada)
    page = browser.open("/admin/outbox")
    (webhook,) = [row for row in OutboxMessage.select() if row.kind == "story.published"]
    one = page.form(f"/outbox/{webhook.id}/again")
    assert "It goes out again in the next seconds." in browser.send(one).text
    assert _dead() == ["story_received"] * 5
    assert "It is not given up any more." in browser.send(one).text
    page = browser.send(page.form("/outbox/again"))
    assert "Sent again in the next seconds: 5." in page.text
    assert _dead() == []
    assert {row.attempts for row in OutboxMessage.select()} == {0}
    acts = [(e.act, e.subject_id, e.detail) for e in AuditEvent.select() if "sent_again" in e.act]
    assert acts == [
        ("message:state:sent_again", webhook.message_id, {}),
        ("messages:state:sent_again", "story_received", {"count": 5}),
    ]


def test_what_waits_says_how_it_goes_and_whose_address_refused(
    signed_in: SignIn, ada: Account, settings: Settings, places: people.Places
) -> None:
    people.tell(contact_email="ada@private.example")
    rounds.send_letters(dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:1"))
    messages.note_bounce("author", "q7t3m8", 550)
    page = signed_in(ada).open("/admin/outbox")
    assert "1 failed before. The mail server could not be reached (ConnectionRefusedError)." in page.text
    assert "Addresses that refuse our letters" in page.text


def test_others_do_not_see_it(signed_in: SignIn, moira: Account) -> None:
    page = signed_in(moira).open("/admin/outbox", status=403)
    assert "Only administrators see what waits to be sent" in page.text
