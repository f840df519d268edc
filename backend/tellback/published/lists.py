"""Lists of public stories in the order a reader asks for, that can be paged with none missing or doubled."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

import peewee
from peewee import fn

from tellback.db import UTCDateTimeField, prepared
from tellback.errors import InvalidInput, NotFound
from tellback.http import pagination
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.published.subjects import EVERYTHING, Subject
from tellback.replies.changes import ChangeState, stories_with
from tellback.replies.models import ChangeClaim, Reply, StoryChange
from tellback.replies.responding import ReplyState
from tellback.search import index, suggesting
from tellback.search.index import Spot
from tellback.search.query import Query, Term
from tellback.search.words import MOST_WORDS
from tellback.stories import shelves, topics
from tellback.stories.models import PublishedText, ShelvedStory, Story, Topic
from tellback.translations.sentences import say

_MOMENT = UTCDateTimeField()


# What `shown` reads of a story.
_SHOWN = [
    *(Story.id, Story.public_id, Story.told_at, Story.published_at, Story.ended_at, Story.ended_reason),
    *(Story.author_role, Story.display_name, Story.overall_experience, Story.visited_on),
    *(Story.consent_licence, Story.website, Story.website_path, Story.me_too),
]


class Order(StrEnum):
    """In which order, and with WAITING and CHANGED also of which stories."""

    # As they were published, the newest first; those taken down keep their place.
    NEWEST = "newest"
    # How well they answer the search, and how new they are (`search.relevance`).
    RELEVANT = "relevant"
    # That no service has answered yet, the longest waiting first.
    WAITING = "waiting"
    # For which a service plans or made a change, by when it last said so, the newest first.
    CHANGED = "changed"


@dataclass(frozen=True)
class Asked:
    """Which stories: all told of `about`; and what their reader looks for.

    `q` are words to search for; `about_topic` and `about_service` narrow what is told here.
    """

    about: Subject = EVERYTHING
    q: str = ""
    order: Order = Order.NEWEST
    about_topic: Topic | None = None
    about_service: Service | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any], about: Subject) -> "Asked":
        """What a loaded query asks of these stories. Raises NotFound for a filter that names nothing."""
        return cls(
            about,
            q=query["q"].strip(),
            order=query["order"],
            about_topic=topics.get(query["about_topic"]) if "about_topic" in query else None,
            about_service=catalogue.get(query["about_service"]) if "about_service" in query else None,
        )


@dataclass(frozen=True)
class Page:
    """A stretch of a list: its stories, and the cursor of what follows.

    `total` are all stories ever told here, those taken down too; `matching` are those in this list. What is
    looked for is counted to `search.index.COUNTED`, and `more_match` says that there are more. `terms` are
    what was looked for, `some` says that no story holds all of it and these hold a part, and `suggestion` is
    what may have been meant.
    """

    stories: list[Story]
    next: str | None
    total: int
    matching: int
    terms: tuple[Term, ...] = ()
    some: bool = False
    suggestion: str | None = None
    more_match: bool = False


def newest(about: Subject, *, limit: int = 10) -> Page:
    """The newest stories told of it; see `read`."""
    return read(Asked(about), limit=limit)


def read(asked: Asked, *, cursor: str | None = None, limit: int = 10) -> Page:
    """A page of the stories that were asked for.

    A service's list holds those of the services below it, and no topic narrows it: a page about both shows
    all that is said of the service. A story taken down keeps its place there as a tombstone, and counts.
    Raises InvalidInput for a cursor of another list, too long a search, or none to be relevant to.
    """
    if asked.order == Order.RELEVANT and not asked.q:
        raise InvalidInput(errors={"order": [say("Say in q what to look for, or choose another order.")]})
    if asked.q and asked.order in (Order.NEWEST, Order.RELEVANT):
        return _searched(asked, cursor, limit)
    total = shelves.told(*asked.about.shelf)
    if asked == Asked(asked.about):
        return _whole(asked, cursor, limit, total)
    looked_for = index.read(asked.q) if asked.q else None
    query, keys = _ordered(asked, looked_for)
    matching = _waiting(asked) if _all_that_wait(asked) else query.limit(index.COUNTED + 1).count()
    order, upwards = list(keys.values()), asked.order == Order.WAITING
    if cursor:
        here, place = peewee.Tuple(*order), peewee.Tuple(*_place(cursor, asked, list(keys)))
        query = query.where(here > place if upwards else here < place)
    query = query.order_by(*(order if upwards else [key.desc() for key in order]))
    rows = list(query.limit(limit + 1).objects())
    onward = _cursor(rows[limit - 1], asked, list(keys)) if len(rows) > limit else None
    return Page(
        rows[:limit],
        onward,
        total,
        min(matching, index.COUNTED),
        looked_for.terms if looked_for else (),
        more_match=matching > index.COUNTED,
    )


def _whole(asked: Asked, cursor: str | None, limit: int, total: int) -> Page:
    """A page of a list as it stands, which is what most read."""
    names, shelf = ["published_at", "id"], asked.about.shelf
    if cursor:
        rows = _standing_after(*shelf, *_place(cursor, asked, names), limit + 1)
    else:
        rows = _standing(*shelf, limit + 1)
    onward = _cursor(rows[limit - 1], asked, names) if len(rows) > limit else None
    return Page(rows[:limit], onward, total, total)


@prepared
def _standing(kind: Any, about: Any, limit: Any) -> Any:
    return _in_order(kind, about).limit(limit)


@prepared
def _standing_after(kind: Any, about: Any, moment: Any, number: Any, limit: Any) -> Any:
    here = peewee.Tuple(ShelvedStory.published_at, ShelvedStory.story)
    return _in_order(kind, about).where(here < peewee.Tuple(moment, number)).limit(limit)


def _in_order(kind: Any, about: Any) -> Any:
    """The stories of a list in its order, of which only what is shown can be read."""
    place = ShelvedStory
    listed = Story.select(*_SHOWN).join(place, on=(place.story == Story.id))
    return listed.where(*shelves.stand_in(kind, about)).order_by(
        place.published_at.desc(), place.story.desc()
    )


def _searched(asked: Asked, cursor: str | None, limit: int) -> Page:
    """A page of what a search finds: the index alone is asked, which holds only what is public."""
    narrowed = (asked.about, Subject(service=asked.about_service), Subject(topic=asked.about_topic))
    scopes = tuple(scope for subject in narrowed for scope in subject.marks())
    query = index.read(asked.q, scopes)
    spot, weights = _spot(cursor, asked) if cursor else (None, ())
    matching, suggestion = index.count(query), None
    if not cursor and matching <= suggesting.RARE:
        suggestion = suggesting.suggestion(asked.q, scopes)
    # Best first, a story that holds a part is better than none; newest first, most would be beside the point.
    if asked.order == Order.RELEVANT and (weights or not (matching or cursor)) and len(query.terms) > 1:
        try:
            query = index.of_some(query, weights)
        except ValueError as error:
            raise pagination.broken() from error
        matching = index.count(query)
    find = index.best if asked.order == Order.RELEVANT else index.newest
    found = find(query, after=spot, limit=limit + 1)
    numbers = [one.story_id for one in found[:limit]]
    stories = {story.id: story for story in Story.select().where(Story.id.in_(numbers))}
    return Page(
        [stories[number] for number in numbers],
        _onward(found[limit - 1].spot, asked, query) if len(found) > limit else None,
        shelves.told(*asked.about.shelf),
        min(matching, index.COUNTED),
        query.terms,
        query.some and bool(found),
        suggestion,
        more_match=matching > index.COUNTED,
    )


def get(public_id: str) -> Story:
    """A story that is or was public. Raises NotFound for any other, so that none can be guessed at."""
    story = Story.get_or_none(Story.public_id == public_id, Story.published_at.is_null(False))
    if story is None:
        raise NotFound(say("There is no published story at this address."))
    return story


def told_of(about: Subject) -> "peewee.ModelSelect[Story]":
    """A query of all stories ever told of it, to be read in the order of its list."""
    listed = Story.select().join(ShelvedStory, on=(ShelvedStory.story == Story.id))
    return listed.where(*shelves.stand_in(*about.shelf))


def moved_lately(about: Subject, *, limit: int) -> list[Story]:
    """The stories of it of which the public last read something, the latest first: it, an answer, a change.

    Those taken down are among them.
    """
    place = ShelvedStory
    moved = Story.select().join(place, on=(place.story == Story.id)).where(*shelves.stand_in(*about.shelf))
    # Those that an older release put there come in once `tellback db upgrade` ran again.
    moved = moved.where(place.moved_at.is_null(False))
    return list(moved.order_by(place.moved_at.desc(), place.story.desc()).limit(limit))


def _ordered(asked: Asked, looked_for: Query | None) -> tuple["peewee.ModelSelect[Story]", dict[str, Any]]:
    """The stories that were asked for, and what they are ordered by: columns by the name a row gives them."""
    query = told_of(asked.about).where(
        *Subject(service=asked.about_service).is_about(), *Subject(topic=asked.about_topic).is_about()
    )
    keys = {"published_at": ShelvedStory.published_at, "id": ShelvedStory.story}
    if looked_for:
        query = query.where(Story.id.in_(index.found(looked_for)))
    if asked.order == Order.WAITING:
        answered = Reply.select(peewee.SQL("1")).where(
            Reply.story == ShelvedStory.story, Reply.state == ReplyState.PUBLISHED.value
        )
        return query.where(_is_readable(), ~fn.EXISTS(answered)), keys
    if asked.order == Order.CHANGED:
        moved = _last_moved().alias("moved")
        query = query.select_extend(moved.c.moved).join_from(Story, moved, on=(moved.c.story_id == Story.id))
        return query.where(_is_readable()), {"moved": moved.c.moved, "id": Story.id}
    return query, keys


def _is_readable() -> "peewee.Expression":
    """That a story was not taken down: looked up story by story, so that the list is read in its order."""
    return fn.EXISTS(PublishedText.select(peewee.SQL("1")).where(PublishedText.story == ShelvedStory.story))


def _all_that_wait(asked: Asked) -> bool:
    """Whether these are all stories of a list without an answer: its sums say how many."""
    return asked == Asked(asked.about, order=Order.WAITING) and bool(asked.about.kind)


def _waiting(asked: Asked) -> int:
    times: Counter[str] = Counter()
    for one in shelves.sums(*asked.about.shelf, "read", "answered"):
        times[one.what] += one.times
    return times["read"] - times["answered"]


def _last_moved() -> "peewee.ModelSelect[StoryChange]":
    """When the public last read something of a change that is planned or made, by story."""
    return (
        stories_with(ChangeState.PLANNED, ChangeState.MADE)
        .select_extend(fn.MAX(ChangeClaim.published_at).alias("moved"))
        .group_by(StoryChange.story)
    )


def _cursor(row: Any, asked: Asked, names: list[str]) -> str:
    return pagination.encode({"of": _mark(asked), "after": [_plain(getattr(row, name)) for name in names]})


def _plain(value: Any) -> Any:
    """A value as a cursor carries it and as a database compares it: a moment is text of one width."""
    return value if isinstance(value, int) else _MOMENT.db_value(_MOMENT.python_value(value))


def _place(cursor: str, asked: Asked, names: list[str]) -> list[Any]:
    """Where the page before ended. Anyone may write a cursor, so nothing in it is taken on trust."""
    after = _after(cursor, asked, len(names), len(names))
    read_as = {"id": _number, "published_at": _moment, "moved": _moment}
    return [read_as[name](value) for name, value in zip(names, after, strict=True)]


def _onward(spot: Spot, asked: Asked, query: Query) -> str:
    return pagination.encode({"of": _mark(asked), "after": [*spot, *query.weights]})


def _spot(cursor: str, asked: Asked) -> tuple[Spot, tuple[int, ...]]:
    """Where a page of what was found ended, and the weights of a search whose stories hold a part of it."""
    score, place, since, *weights = map(_number, _after(cursor, asked, 3, 3 + MOST_WORDS))
    return Spot(score, place, since), tuple(weights)


def _after(cursor: str, asked: Asked, fewest: int, most: int) -> list[Any]:
    place = pagination.decode(cursor)
    if isinstance(place.get("of"), int) and place["of"] != _mark(asked):
        raise pagination.of_another_list()
    after = place.get("after")
    if not isinstance(after, list) or not fewest <= len(after) <= most:
        raise pagination.broken()
    return after


def _moment(value: Any) -> Any:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return _MOMENT.db_value(moment)
    except (TypeError, ValueError, OverflowError) as error:
        raise pagination.broken() from error
    raise pagination.broken()


def _number(value: Any) -> Any:
    # Beyond what a database counts, it is none of ours.
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise pagination.broken()
    return value


def _mark(asked: Asked) -> int:
    """A short mark of a list, by which a cursor of another is known."""
    named = (asked.about.service, asked.about.topic, asked.about_service, asked.about_topic)
    of = [one and one.id for one in (*named, asked.about.organisation)]
    return crc32(repr([asked.order.value, asked.q, *of]).encode())
