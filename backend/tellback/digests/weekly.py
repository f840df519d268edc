"""A week in numbers: of an organisation, or of all stories here.

Everything counts what everyone can read, but `told`, which counts what no moderator has published, too. No
number is said of fewer than `FEWEST` of those: on a ward that one story is told of, it could show whose it is
that nobody can read yet. Medians and topics are left out of fewer than `FEWEST` stories: they would speak of
one person.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.alerts.scopes import answered
from tellback.charts.bars import Bar
from tellback.organisations.models import Organisation, Service
from tellback.replies.changes import ChangeState, Review
from tellback.replies.models import ChangeClaim, Reply, ServiceChange
from tellback.replies.responding import ReplyState
from tellback.rota import hours
from tellback.stories.models import PublishedText, Story, StoryService, StoryTopic, Topic

# Below this many, a number could show who somebody is (the threshold of the Friends and Family data, too).
FEWEST = 5
# Weeks of the plot, of medians and of topics.
WEEKS = 12
# Stories that wait longest, and topics raised most, that are named.
MOST_NAMED = 3


@dataclass(frozen=True)
class Waiting:
    """A story that waits for its first reply: its public id and title, and for how many days."""

    public_id: str
    title: str
    days: int


@dataclass(frozen=True)
class Raised:
    """A topic, in how many stories it was raised, and in how many of those as good or not good."""

    name: str
    stories: int
    good: int
    poor: int


@dataclass(frozen=True)
class Week:
    """One scope's week. `told` is None for a few; `median_days` and `topics` are left out of too few."""

    scope: str
    told: int | None
    published: int
    answered: int
    waiting: int
    longest: list[Waiting]
    median_days: float | None
    planned: int
    made: int
    topics: list[Raised]
    weeks: list[Bar]

    @property
    def anything(self) -> bool:
        """Whether there is anything to read about."""
        return bool(self.told is None or self.told or self.waiting or any(bar.total for bar in self.weeks))


def last_week() -> date:
    """The Monday of the last week that is over at the desk."""
    today = hours.local_day(clock.now())
    return today - timedelta(days=today.weekday() + 7)


def of_account(account: Account) -> list[Week]:
    """The last week of each organisation of somebody's; of the installation, for those who moderate."""
    own = organisations(account, Action.READ_OWN_STORIES)
    found = [
        of_scope(organisation.name, Service.organisation == organisation)
        for organisation in Organisation.select().where(Organisation.id.in_(own)).order_by(Organisation.name)
    ]
    if may(account, Action.READ_UNPUBLISHED):
        found.insert(0, of_scope("All services", None))
    return found


def of_scope(name: str, services: Any) -> Week:
    """The last week of the stories told of these services (a condition; None: of all)."""
    monday = last_week()
    begins, ends = _begins(monday), _begins(monday + timedelta(7))
    within = Story.id.in_(_about(services)) if services is not None else peewee.Value(1) == 1
    told = Story.select().where(within, Story.told_at >= begins, Story.told_at < ends).count()
    lately = _lately(within, monday, ends)
    waits = _waiting(within)
    claims = _claims(services, begins, ends)
    return Week(
        scope=name,
        told=None if 0 < told < FEWEST else told,
        published=sum(one.published_at >= begins for one in lately),
        answered=_answered_in(within, begins, ends),
        waiting=waits.count(),
        longest=_longest(waits),
        median_days=_median_days(lately),
        planned=claims[ChangeState.PLANNED],
        made=claims[ChangeState.MADE],
        topics=_topics([one.id for one in lately]),
        weeks=_by_week(lately, monday),
    )


def _about(services: Any) -> "peewee.ModelSelect[StoryService]":
    query: peewee.ModelSelect[StoryService] = StoryService.select(StoryService.story)
    return query.join(Service).where(services)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(0), hours.ZONE).astimezone(UTC)


def _lately(within: Any, monday: date, ends: datetime) -> list[Any]:
    """The stories published in the last weeks that can be read, each with `first_reply`, if it has one."""
    shown = (Reply.story == Story.id) & (Reply.state == ReplyState.PUBLISHED.value)
    query = (
        Story.select(Story.id, Story.published_at, peewee.fn.MIN(Reply.published_at).alias("first_reply"))
        .join(PublishedText)
        .switch(Story)
        .join(Reply, peewee.JOIN.LEFT_OUTER, on=shown)
        .where(
            within,
            Story.published_at >= _begins(monday - timedelta(weeks=WEEKS - 1)),
            Story.published_at < ends,
        )
        .group_by(Story.id, Story.published_at)
    )
    return list(query)


def _waiting(within: Any) -> "peewee.ModelSelect[PublishedText]":
    query: peewee.ModelSelect[PublishedText] = PublishedText.select(PublishedText, Story)
    return query.join(Story).where(within, ~peewee.fn.EXISTS(answered().where(Reply.story == Story.id)))


def _longest(waits: "peewee.ModelSelect[PublishedText]") -> list[Waiting]:
    now = clock.now()
    return [
        Waiting(text.story.public_id, text.title, (now - text.story.published_at).days)
        for text in waits.order_by(Story.published_at, Story.id).limit(MOST_NAMED)
    ]


def _answered_in(within: Any, begins: datetime, ends: datetime) -> int:
    """How many stories got a reply in a week."""
    count: int = (
        Reply.select(Reply.story)
        .join(Story)
        .where(
            within,
            Reply.state == ReplyState.PUBLISHED.value,
            Reply.published_at >= begins,
            Reply.published_at < ends,
        )
        .distinct()
        .count()
    )
    return count


def _median_days(lately: list[Any]) -> float | None:
    waits = [max((_moment(one.first_reply) - one.published_at).days, 0) for one in lately if one.first_reply]
    return float(median(waits)) if len(waits) >= FEWEST else None


def _moment(found: Any) -> datetime:
    # SQLite gives what it counts as it keeps it: text.
    moment: datetime | None = Reply.published_at.python_value(found)
    assert moment is not None, "only asked of stories with a reply"
    return moment


def _claims(services: Any, begins: datetime, ends: datetime) -> Counter[str]:
    """Of how many changes everyone could read in a week that they are planned, and that they are made."""
    query = (
        ChangeClaim.select(ChangeClaim.state, ChangeClaim.change)
        .join(ServiceChange)
        .join(Service)
        .where(
            ChangeClaim.review.in_([Review.SHOWN.value, Review.PAST.value]),
            ChangeClaim.published_at >= begins,
            ChangeClaim.published_at < ends,
        )
        .distinct()
    )
    if services is not None:
        query = query.where(services)
    return Counter(claim.state for claim in query)


def _topics(story_ids: list[int]) -> list[Raised]:
    """What is raised most, of topics that enough stories raise."""
    found: dict[str, Counter[str | None]] = {}
    rows = StoryTopic.select(StoryTopic.polarity, Topic.name).join(Topic)
    for row in rows.where(StoryTopic.story.in_(story_ids)).objects():
        found.setdefault(row.name, Counter())[row.polarity] += 1
    raised = [
        Raised(name, polarities.total(), polarities["positive"], polarities["negative"])
        for name, polarities in found.items()
        if polarities.total() >= FEWEST
    ]
    return sorted(raised, key=lambda one: (-one.stories, one.name))[:MOST_NAMED]


def _by_week(lately: list[Any], monday: date) -> list[Bar]:
    mondays = [monday - timedelta(weeks=n) for n in range(WEEKS - 1, -1, -1)]
    days = [(hours.local_day(one.published_at), one.first_reply is not None) for one in lately]
    bars = []
    for first in mondays:
        replied = [yes for day, yes in days if first <= day < first + timedelta(7)]
        bars.append(Bar(f"{first.day} {first:%b}", len(replied), sum(replied)))
    return bars
