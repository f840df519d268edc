"""Stories that are published, and the letters that go out then, as a real SMTP server gets them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.alerts import gathering, recipients
from tellback.config import Settings
from tellback.moderation import decisions
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import Story
from tests.admin.conftest import signed_in  # noqa: F401 (a fixture)
from tests.outbox.conftest import inbox  # noqa: F401 (a fixture)
from tests.people import tell

Letters = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def publish(moira: Account) -> Callable[..., Story]:
    """Have a story told and published; `level` is how critical it is."""

    def publish(level: int = 0, **told: Any) -> Story:
        told.setdefault("body", f"The nurse sat with me. That was night {Story.select().count()}.")
        story = tell(**told).story
        decisions.open_for_review(story, moira)
        story = Story.get_by_id(story.id)
        decisions.publish(story, story.revision, moira, level=level)
        return Story.get_by_id(story.id)

    return publish


@pytest.fixture
def letters(settings: Settings) -> Letters:
    """What the letters of alerts say that are due now and were not read yet: facts, with `to`."""
    read: set[int] = set()

    def due() -> list[dict[str, Any]]:
        gathering.write_letters()
        found = []
        for row in OutboxMessage.select().where(OutboxMessage.kind == "alert").order_by(OutboxMessage.id):
            if row.id in read:
                continue
            read.add(row.id)
            recipient = recipients.resolver(settings)(row.recipient_kind, row.recipient_id)
            if recipient:
                found.append({"to": recipient.address, **recipient.facts})
        return found

    return due


def later(**time: float) -> None:
    """Let so much time pass."""
    clock.pin(clock.now() + timedelta(**time))
