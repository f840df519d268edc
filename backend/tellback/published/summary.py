"""The stories of a service or a topic in numbers, each of which a reader can count in the list."""

from collections import Counter, defaultdict
from typing import Any

from tellback.organisations.models import Service
from tellback.published import counts
from tellback.published.shown import describe_service
from tellback.published.subjects import Subject
from tellback.replies import verdicts
from tellback.stories import shelves
from tellback.stories.models import Shelf, ShelfSum, Topic
from tellback.stories.shelves import Sum
from tellback.stories.topics import describe as describe_topic
from tellback.stories.words import POLARITIES

MOST_TOPICS = 10
MOST_SERVICES = 100
# All but the services of a topic, which may be as many as there are.
_SUMS = ("read", "answered", "planned", "made", "reply", "felt", "topic")


def summary(about: Subject, public_url: str) -> dict[str, Any]:
    """How many stories were told of it, and what became of them.

    `stories` are all ever told, those taken down too (`removed`); answers and changes are counted among those
    that can be read, topics and services among all. Read from sums, of which there are few however many
    stories; none is kept of all services together.
    """
    found: dict[str, list[Sum]] = defaultdict(list)
    for one in shelves.sums(*about.shelf, *_SUMS):
        found[one.what].append(one)
    times = {what: sum(one.times for one in sums) for what, sums in found.items()}
    stories = shelves.told(*about.shelf)
    return {
        "stories": stories,
        "answered": times.get("answered", 0),
        "change_planned": times.get("planned", 0),
        "change_made": times.get("made", 0),
        "removed": stories - times.get("read", 0),
        "median_days_to_reply": _median(found["answered"]),
        "verdicts": {"replies": _said(found["reply"]), "changes": _said(found["felt"])},
        "topics": _topics(found["topic"], about.topic, public_url),
        "services": _services(about, public_url),
    }


def _median(days: list[Sum]) -> float | None:
    """The median of the days until stories were answered."""
    counted = Counter({one.number: one.times for one in days})
    return counts.median(counted) if counted else None


def _said(found: list[Sum]) -> dict[str, int]:
    """How many authors say which of it."""
    return verdicts.counts((one.said, one.times) for one in found)


def _topics(found: list[Sum], own: Topic | None, public_url: str) -> list[dict[str, Any]]:
    """What is raised most, and how it was; without the topic that all of these are about."""
    raised: dict[int, Counter[str]] = defaultdict(Counter)
    for one in found:
        if own is None or one.number != own.id:
            raised[one.number][one.said] += one.times
    topics = Topic.select().where(Topic.id.in_(list(raised)))
    most = sorted(topics, key=lambda topic: (-raised[topic.id].total(), topic.slug))[:MOST_TOPICS]
    return [
        {
            **describe_topic(topic, public_url),
            "stories": raised[topic.id].total(),
            **{polarity: raised[topic.id][polarity] for polarity in POLARITIES},
        }
        for topic in most
    ]


def _services(about: Subject, public_url: str) -> list[dict[str, Any]]:
    """The services that most is told of; of a service, those below it; of an organisation, its own.

    A story of a ward counts for its hospital too, and once, as it does in the hospital's list.
    """
    if (own := about.services) is not None:
        # All that is told of these is told of it, too: their lists say how many.
        stories = Shelf.told
        query = Service.select(Service, stories.alias("stories")).join(Shelf, on=(Shelf.about == Service.id))
        query = query.where(Shelf.kind == "service", stories > 0, Service.id.in_(own))
    else:
        stories = ShelfSum.times
        query = Service.select(Service, stories.alias("stories")).join(
            ShelfSum, on=(ShelfSum.number == Service.id)
        )
        kind, number = about.shelf
        query = query.where(
            ShelfSum.kind == kind, ShelfSum.about == number, ShelfSum.what == "about", stories > 0
        )
    if about.service is not None:
        query = query.where(Service.id != about.service.id)
    most = query.order_by(stories.desc(), Service.code).limit(MOST_SERVICES)
    return [{**describe_service(row, public_url), "stories": row.stories} for row in most.objects()]
