"""Lists of public stories in the order a reader asks for, that can be paged with none missing or doubled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

import peewee
from peewee import fn

from tellback.db import UTCDateTimeField
from tellback.errors import InvalidInput, NotFound
from tellback.http import pagination
from tellback.organisations.catalogue import below
from tellback.organisations.models import Service
from tellback.replies.changes import ChangeState, stories_with
from tellback.replies.models import ChangeClaim, Reply, StoryChange
from tellback.replies.responding import ReplyState
from tellback.search import index
from tellback.stories.models import PublishedText, Story, StoryService, StoryTopic, Topic
from tellback.translations.sentences import say

_MOMENT = UTCDateTimeField()


class Order(StrEnum):
    """In which order, and with WAITING and CHANGED also of which stories."""

    # As they were published, the newest first; those taken down keep their place.
    NEWEST = "newest"
    # How well they answer the search, then the newest first.
    RELEVANT = "relevant"
    # That no service has answered yet, the longest waiting first.
    WAITING = "waiting"
    # For which a service plans or made a change, by when it last said so, the newest first.
    CHANGED = "changed"


@dataclass(frozen=True)
class Asked:
    """Which stories: told of a `service`, else of a `topic`, else all; and what their reader looks for.

    `q` are words to search for; `about_topic` and `about_service` narrow what is told here.
    """

    service: Service | None = None
    topic: Topic | None = None
    q: str = ""
    order: Order = Order.NEWEST
    about_topic: Topic | None = None
    about_service: Service | None = None


@dataclass(frozen=True)
class Page:
    """A stretch of a list: its stories, and the cursor of what follows.

    `total` are all stories ever told here, those taken down too; `matching` are those in this list.
    """

    stories: list[Story]
    next: str | None
    total: int
    matching: int


def newest(service: Service | None, topic: Topic | None, *, limit: int = 10) -> Page:
    """The newest stories told of a service, else of a topic, else of all; see `read`."""
    return read(Asked(service, topic), limit=limit)


def read(asked: Asked, *, cursor: str | None = None, limit: int = 10) -> Page:
    """A page of the stories that were asked for.

    A service's list holds those of the services below it, and no topic narrows it: a page about both shows
    all that is said of the service. A story taken down keeps its place there as a tombstone, and counts.
    Raises InvalidInput for a cursor of another list, too long a search, or none to be relevant to.
    """
    query, keys = _ordered(asked)
    total = told_of(asked.service, asked.topic).count()
    matching = total if asked == Asked(asked.service, asked.topic) else query.count()
    order, upwards = list(keys.values()), asked.order == Order.WAITING
    if cursor:
        here, place = peewee.Tuple(*order), peewee.Tuple(*_place(cursor, asked, list(keys)))
        query = query.where(here > place if upwards else here < place)
    query = query.order_by(*(order if upwards else [key.desc() for key in order]))
    rows = list(query.limit(limit + 1).objects())
    onward = _cursor(rows[limit - 1], asked, list(keys)) if len(rows) > limit else None
    return Page(rows[:limit], onward, total, matching)


def get(public_id: str) -> Story:
    """A story that is or was public. Raises NotFound for any other, so that none can be guessed at."""
    story = Story.get_or_none(Story.public_id == public_id, Story.published_at.is_null(False))
    if story is None:
        raise NotFound(say("There is no published story at this address."))
    return story


def told_of(service: Service | None, topic: Topic | None) -> "peewee.ModelSelect[Story]":
    """A query of all stories ever told of a service and those below it, else of a topic, else of all."""
    return Story.select().where(Story.published_at.is_null(False), *_told_of(service, topic))


def _told_of(service: Service | None, topic: Topic | None) -> list["peewee.Expression"]:
    if service is not None:
        told = StoryService.select(StoryService.story).where(StoryService.service.in_(below(service)))
        return [Story.id.in_(told)]
    if topic is not None:
        told = StoryTopic.select(StoryTopic.story).where(StoryTopic.topic == topic)
        return [Story.id.in_(told)]
    return []


def _ordered(asked: Asked) -> tuple["peewee.ModelSelect[Story]", dict[str, Any]]:
    """The stories that were asked for, and what they are ordered by: columns by the name a row gives them."""
    query = told_of(asked.service, asked.topic).where(
        *_told_of(asked.about_service, None), *_told_of(None, asked.about_topic)
    )
    if asked.order == Order.RELEVANT and not asked.q:
        raise InvalidInput(errors={"order": [say("Say in q what to look for, or choose another order.")]})
    keys = {"published_at": Story.published_at, "id": Story.id}
    if asked.q:
        found = index.found(asked.q).alias("found")
        query = query.join(found, on=(found.c.story_id == Story.id))
        if asked.order == Order.RELEVANT:
            return query.select_extend(found.c.score), {"score": found.c.score, **keys}
    if asked.order == Order.WAITING:
        answered = Reply.select(Reply.story).where(Reply.state == ReplyState.PUBLISHED.value)
        return query.where(_is_readable(), Story.id.not_in(answered)), keys
    if asked.order == Order.CHANGED:
        moved = _last_moved().alias("moved")
        query = query.select_extend(moved.c.moved).join_from(Story, moved, on=(moved.c.story_id == Story.id))
        return query.where(_is_readable()), {"moved": moved.c.moved, "id": Story.id}
    return query, keys


def _is_readable() -> "peewee.Expression":
    """That a story was not taken down."""
    return Story.id.in_(PublishedText.select(PublishedText.story))


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
    place = pagination.decode(cursor)
    if isinstance(place.get("of"), int) and place["of"] != _mark(asked):
        raise pagination.of_another_list()
    after = place.get("after")
    if not isinstance(after, list) or len(after) != len(names):
        raise pagination.broken()
    read_as = {"score": _number, "id": _number, "published_at": _moment, "moved": _moment}
    return [read_as[name](value) for name, value in zip(names, after, strict=True)]


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
    named = (asked.service, asked.topic, asked.about_service, asked.about_topic)
    return crc32(repr([asked.order.value, asked.q, *(one and one.id for one in named)]).encode())
