"""What waits for a moderator, most urgent first."""

from dataclasses import dataclass

from peewee import JOIN, Case, fn

from tellback.organisations.models import Service
from tellback.replies.changes import Review, in_full
from tellback.replies.models import ChangeClaim, Reply
from tellback.replies.responding import ReplyState
from tellback.stories.about import services_of
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tellback.stories.states import WAITING, in_states

# One screen; the rest follows when these are done.
PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """A story in the queue: its latest version, its services' names, what screening found in it."""

    story: Story
    version: StoryVersion
    services: list[str]
    findings: int
    urgent: bool


def stories() -> list[Waiting]:
    """The stories to read next: words of crisis first, then the longest waiting; at most `PAGE`."""
    urgent = fn.MAX(Case(None, [(StoryFinding.kind == "crisis", 1)], 0))
    rows = (
        StoryVersion.select(
            StoryVersion, Story, fn.COUNT(StoryFinding.id).alias("found"), urgent.alias("urgent")
        )
        .join(Story)
        .switch(StoryVersion)
        .join(StoryFinding, JOIN.LEFT_OUTER)
        .where(in_states(*WAITING), StoryVersion.number == _latest_number())
        .group_by(StoryVersion.id, Story.id)
        .order_by(urgent.desc(), Story.told_at, Story.id)
        .limit(PAGE)
    )
    found = list(rows)
    about = services_of(version.story_id for version in found)
    return [
        Waiting(v.story, v, [s.name for s in about.get(v.story_id, [])], v.found, bool(v.urgent))
        for v in found
    ]


def waiting_count() -> int:
    """How many stories wait in all."""
    count: int = Story.select().where(in_states(*WAITING)).count()
    return count


def replies() -> list[Reply]:
    """Replies that wait for a moderator, the longest waiting first; at most `PAGE`."""
    query = (
        Reply.select(Reply, Service, Story)
        .join(Service)
        .switch(Reply)
        .join(Story)
        .where(Reply.state == ReplyState.SUBMITTED.value)
        .order_by(Reply.written_at, Reply.id)
        .limit(PAGE)
    )
    return list(query)


def changes() -> list[ChangeClaim]:
    """What services say they change, still to be read, the longest waiting first; at most `PAGE`."""
    waiting = in_full().where(ChangeClaim.review == Review.WAITING.value)
    return list(waiting.order_by(ChangeClaim.written_at, ChangeClaim.id).limit(PAGE))


def _latest_number() -> object:
    other = StoryVersion.alias()
    return other.select(fn.MAX(other.number)).where(other.story == StoryVersion.story)
