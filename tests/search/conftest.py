"""Stories to be searched."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.moderation import decisions, redaction
from tellback.stories.models import Story
from tests.people import tell


@pytest.fixture
def publish(moira: Account) -> Callable[..., Story]:
    """Tell a story and publish it, a minute after the one before, with the words `without` taken out."""

    def told_and_published(*, without: str = "", **told: object) -> Story:
        clock.pin(clock.now() + timedelta(minutes=1))
        story = tell(**told).story
        decisions.open_for_review(story, moira)
        if without:
            why = {"reason": "a_persons_name", "replacement": "[a nurse]"}
            redaction.redact_words(story, story.revision, without, **why, by=moira)
        decisions.publish(story, story.revision, moira)
        return story

    return told_and_published
