"""The stories of a service or a topic in numbers, each of which a reader can count in the list."""

from statistics import median
from typing import Any

from peewee import Case, fn

from tellback.db import UTCDateTimeField
from tellback.organisations.models import Service
from tellback.published.shown import describe_service
from tellback.published.subjects import Subject
from tellback.replies import verdicts
from tellback.replies.changes import ChangeState, stories_with
from tellback.replies.models import Reply, StoryChange
from tellback.replies.responding import ReplyState
from tellback.stories import shelves
from tellback.stories.models import PublishedText, Shelf, ShelvedStory, Story, StoryTopic, Topic
from tellback.stories.topics import describe as describe_topic
from tellback.stories.words import POLARITIES

MOST_TOPICS = 10
MOST_SERVICES = 100
_MOMENT = UTCDateTimeField()


def summary(about: Subject, public_url: str) -> dict[str, Any]:
    """How many stories were told of it, and what became of them.

    `stories` are all ever told, those taken down too (`removed`); answers and changes are counted among those
    that can be read, topics and services among all. The same few queries, however many stories.
    """
    told = ShelvedStory.select(ShelvedStory.story).where(*shelves.stand_in(*about.shelf))
    readable = PublishedText.select(PublishedText.story).where(PublishedText.story.in_(told))
    days = _days_to_reply(readable)
    stories = shelves.told(*about.shelf)
    return {
        "stories": stories,
        "answered": len(days),
        "change_planned": _with(readable, ChangeState.PLANNED),
        "change_made": _with(readable, ChangeState.MADE),
        "removed": stories - readable.count(),
        "median_days_to_reply": median(days) if days else None,
        "verdicts": {"replies": _said_of_replies(readable), "changes": _said_of_changes(readable)},
        "topics": _topics(told, about.topic, public_url),
        "services": _services(told, about, public_url),
    }


def _with(readable: Any, state: ChangeState) -> int:
    count: int = readable.where(PublishedText.story.in_(stories_with(state))).count()
    return count


def _days_to_reply(readable: Any) -> list[int]:
    """What `shown.days_to_reply` says of each answered story."""
    rows = (
        Story.select(Story.published_at, fn.MIN(Reply.published_at).python_value(_MOMENT.python_value))
        .join(Reply)
        .where(Story.id.in_(readable), Reply.state == ReplyState.PUBLISHED.value)
        .group_by(Story.id, Story.published_at)
    )
    return [max((answered - published).days, 0) for published, answered in rows.tuples()]


def _said_of_replies(readable: Any) -> dict[str, int]:
    """How many replies answered their stories' authors, as those say."""
    said = Reply.select(Reply.verdict, fn.COUNT(Reply.id)).where(
        Reply.story.in_(readable), Reply.state == ReplyState.PUBLISHED.value, Reply.verdict.is_null(False)
    )
    return verdicts.counts(said.group_by(Reply.verdict).tuples())


def _said_of_changes(readable: Any) -> dict[str, int]:
    """How many authors say that what was changed for their stories has really changed."""
    said = StoryChange.select(StoryChange.verdict, fn.COUNT(StoryChange.id)).where(
        StoryChange.story.in_(readable),
        StoryChange.shown_at.is_null(False),
        StoryChange.verdict.is_null(False),
    )
    return verdicts.counts(said.group_by(StoryChange.verdict).tuples())


def _topics(told: Any, own: Topic | None, public_url: str) -> list[dict[str, Any]]:
    """What is raised most, and how it was; without the topic that all of these are about."""
    stories = fn.COUNT(StoryTopic.id)
    by_polarity = {p: fn.SUM(Case(None, [(StoryTopic.polarity == p, 1)], 0)).alias(p) for p in POLARITIES}
    query = (
        Topic.select(Topic, stories.alias("stories"), *by_polarity.values())
        .join(StoryTopic)
        .where(StoryTopic.story.in_(told), Topic.id != (own.id if own else 0))
        .group_by(Topic.id)
        .order_by(stories.desc(), Topic.slug)
        .limit(MOST_TOPICS)
    )
    return [
        {
            **describe_topic(row, public_url),
            "stories": row.stories,
            **{polarity: getattr(row, polarity) for polarity in POLARITIES},
        }
        for row in query.objects()
    ]


def _services(told: Any, about: Subject, public_url: str) -> list[dict[str, Any]]:
    """The services that most is told of; of a service, those below it; of an organisation, its own.

    A story of a ward counts for its hospital too, and once, as it does in the hospital's list.
    """
    if (own := about.services) is not None:
        # All that is told of these is told of it, too: their lists say how many.
        stories = Shelf.told
        query = Service.select(Service, stories.alias("stories")).join(Shelf, on=(Shelf.about == Service.id))
        query = query.where(Shelf.kind == "service", stories > 0, Service.id.in_(own))
    else:
        stories = fn.COUNT(ShelvedStory.story)
        query = Service.select(Service, stories.alias("stories")).join(
            ShelvedStory, on=(ShelvedStory.about == Service.id)
        )
        query = query.where(ShelvedStory.kind == "service", ShelvedStory.story.in_(told)).group_by(Service.id)
    if about.service is not None:
        query = query.where(Service.id != about.service.id)
    most = query.order_by(stories.desc(), Service.code).limit(MOST_SERVICES)
    return [{**describe_service(row, public_url), "stories": row.stories} for row in most.objects()]
