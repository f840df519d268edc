"""How soon a story must be read, by what was found in its words, and its place among those that wait."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import peewee
from peewee import fn

from tellback.screening import Certainty
from tellback.screening.findings import DISTRESS
from tellback.stories.models import Story, StoryFinding, StoryVersion


class Urgency(IntEnum):
    """The higher the sooner: it counts before criticality, and before how long a story has waited."""

    USUAL = 0
    # Words that are as often an idiom: "it nearly killed me".
    PERHAPS = 1
    # Words of crisis, or of harm to somebody.
    NOW = 2


_BY_CERTAINTY: dict[Certainty, Urgency] = {
    "sure": Urgency.NOW,
    "likely": Urgency.NOW,
    "possible": Urgency.PERHAPS,
}
# Stories of one urgency keep to themselves; within it, the most critical first and those not scored last.
_APART = 10


def reckon(story: Story) -> Urgency:
    """Set a story's urgency, and its place in the queue, by what its latest version's findings say now.

    It is that of the surest words of crisis or safeguarding that nobody dismissed, or what it is held at. In
    the caller's transaction; it counts as no change of the story, so no decision comes too late by it.
    """
    latest = StoryVersion.select(fn.MAX(StoryVersion.number)).where(StoryVersion.story == story.id)
    distress = (
        StoryFinding.select(StoryFinding.certainty)
        .join(StoryVersion)
        .where(StoryVersion.story == story.id, StoryVersion.number == latest)
        .where(StoryFinding.kind.in_(DISTRESS), StoryFinding.dismissed_at.is_null())
    )
    held = Urgency(Story.select(Story.least_urgency).where(Story.id == story.id).scalar())
    urgency = max(held, urgency_of(sure for (sure,) in distress.tuples()))
    Story.update(urgency=int(urgency)).where(Story.id == story.id).execute()
    story.urgency = int(urgency)
    place(story)
    return urgency


def urgency_of(certainties: Iterable[Certainty]) -> Urgency:
    """The urgency that words of crisis or safeguarding give, found with these certainties."""
    return max((_BY_CERTAINTY[sure] for sure in certainties), default=Urgency.USUAL)


def hold_at(story: Story, least: Urgency) -> None:
    """Hold a story at least so urgent, whatever its words say, until another is named; as `reckon`."""
    Story.update(least_urgency=int(least)).where(Story.id == story.id).execute()
    story.least_urgency = int(least)
    reckon(story)


def place(story: Story) -> None:
    """Set a waiting story's place in the queue, when its urgency or criticality changed; as `reckon`."""
    Story.update(queue_rank=rank()).where(Story.id == story.id, in_queue()).execute()


def rank() -> Any:
    """The place in the queue that a row's urgency and criticality give, as SQL: the lower the sooner."""
    least_critical_last = fn.COALESCE(5 - Story.criticality, _APART - 1)
    return (int(Urgency.NOW) - Story.urgency) * _APART + least_critical_last


def first_rank(urgency: Urgency) -> int:
    """The same of a story that is being told, which nobody has scored yet."""
    return ranks_of(urgency)[-1]


def ranks_of(urgency: Urgency) -> list[int]:
    """The places in the queue that stories of this urgency have, one by one, for an index to look up."""
    first = (Urgency.NOW - urgency) * _APART
    return list(range(first, first + _APART))


def in_queue() -> peewee.Expression:
    """The condition that a story waits for a moderator."""
    # Not "is not null": from a number on, both engines read the queue's index in its order.
    return Story.queue_rank >= 0
