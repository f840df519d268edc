"""Words that a rule of screening marks no more in stories about a service, because a moderator said so."""

from collections.abc import Iterable
from typing import Any

from tellback.db import prepared
from tellback.organisations.models import Service
from tellback.screening import DISTRESS, WHOLE_STORY, Kind, fold
from tellback.stories.models import DismissedWords

LONGEST = 100
"""Characters of words that are remembered; longer ones are no name of anything."""


def may_be_remembered(kind: Kind, field: str, words: str) -> bool:
    """Whether words found by a rule may be marked no more.

    Words of crisis and of harm are always marked: what was an idiom in one story is a cry in the next.
    """
    return kind not in DISTRESS and field != WHOLE_STORY and len(key(words)) <= LONGEST


def key(words: str) -> str:
    """Words as they are remembered: however they were spaced and capitalised."""
    return " ".join(fold(words).lower.split())


def of_services(services: Iterable[Service]) -> set[tuple[str, str]]:
    """The rules and words that are marked no more in a story about these services."""
    ids = [service.id for service in services]
    return set(_of_services(*ids)) if ids else set()


@prepared
def _of_services(*ids: Any) -> Any:
    found = DismissedWords.select(DismissedWords.rule, DismissedWords.words)
    return found.where(DismissedWords.service.in_(ids)).tuples()
