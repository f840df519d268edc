"""Stories that the public reads, told and published by rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.moderation import change_decisions, reply_decisions
from tellback.replies import changes, responding
from tellback.replies.models import ChangeClaim
from tellback.stories.models import Story
from tests.people import tell_and_publish


@pytest.fixture
def publish(client: FlaskClient, moira: Account) -> Callable[..., Story]:
    """Tell a story and publish it, a minute after the one before."""

    def told_and_published(**told: object) -> Story:
        clock.pin(clock.now() + timedelta(minutes=1))
        return tell_and_publish(moira, **told)

    return told_and_published


@pytest.fixture
def answer(moira: Account, ruth: Account) -> Callable[..., None]:
    """Have Ruth answer a story, and Moira show it."""

    def answered(story: Story, service: str = "RXH01") -> None:
        words = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
        reply_decisions.publish(responding.reply(story, service, words, by=ruth), moira)

    return answered


@pytest.fixture
def change(moira: Account, ruth: Account) -> Callable[..., ChangeClaim]:
    """Have Ruth say what changes because of stories, and Moira show it, a minute later."""

    def said_and_shown(
        *stories: Story, service: str = "RXH01", state: str = "planned", **said: str
    ) -> ChangeClaim:
        clock.pin(clock.now() + timedelta(minutes=1))
        told = {"state": state, "what": f"A bell, {state}.", "why": "", "evidence": "", "lang": "en"}
        told["on"] = "2026-11" if state == "made" else "2027-01"
        claim = changes.record(service, [story.public_id for story in stories], {**told, **said}, by=ruth)
        change_decisions.publish(claim, moira)
        return claim

    return said_and_shown
