"""Lists of public stories, newest first, that can be paged to the end with none missing or doubled."""

from dataclasses import dataclass
from datetime import datetime

from peewee import Expression

from tellback.errors import NotFound
from tellback.http import pagination
from tellback.organisations.catalogue import below
from tellback.organisations.models import Service
from tellback.stories.models import Story, StoryService, StoryTopic, Topic
from tellback.translations.sentences import say

ORDER = "newest"


@dataclass(frozen=True)
class Page:
    """A stretch of a list: its stories, the cursor of what follows, how many the whole list has."""

    stories: list[Story]
    next: str | None
    total: int


def newest(
    service: Service | None, topic: Topic | None, *, cursor: str | None = None, limit: int = 10
) -> Page:
    """The stories ever published about a service (and those below it), else a topic, else all.

    A topic never narrows a service's list: a page about both shows all that is said of the service.

    A removed one keeps its place as a tombstone, and counts. Raises InvalidInput for a cursor not of ours.
    """
    wanted = _about(service, topic)
    query = Story.select().where(Story.published_at.is_null(False), *wanted)
    rows = list(
        (query.where(_after(cursor)) if cursor else query)
        .order_by(Story.published_at.desc(), Story.id.desc())
        .limit(limit + 1)
    )
    stories = rows[:limit]
    onward = _cursor(stories[-1]) if len(rows) > limit else None
    return Page(stories, onward, query.count())


def get(public_id: str) -> Story:
    """A story that is or was public. Raises NotFound for any other, so that none can be guessed at."""
    story = Story.get_or_none(Story.public_id == public_id, Story.published_at.is_null(False))
    if story is None:
        raise NotFound(say("There is no published story at this address."))
    return story


def _about(service: Service | None, topic: Topic | None) -> list[Expression]:
    wanted = []
    if service is not None:
        told = StoryService.select(StoryService.story).where(StoryService.service.in_(below(service)))
        wanted.append(Story.id.in_(told))
    elif topic is not None:
        told = StoryTopic.select(StoryTopic.story).where(StoryTopic.topic == topic)
        wanted.append(Story.id.in_(told))
    return wanted


def _cursor(story: Story) -> str:
    return pagination.encode({"at": story.published_at.isoformat(), "id": story.id})


def _after(cursor: str) -> Expression:
    place = pagination.decode(cursor)
    try:
        moment, number = datetime.fromisoformat(place["at"]), int(place["id"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise pagination.broken() from error
    if moment.tzinfo is None or not 0 <= number < 2**63:
        raise pagination.broken()
    older: Expression = (Story.published_at < moment) | ((Story.published_at == moment) & (Story.id < number))
    return older
