"""Finding any story by any of its words or facts, among all that somebody may see.

Who moderates finds every story, by every word that its author ever told. The people of an organisation find
what is published about their own services, by what everyone may read of it, and nothing shows them more.
"""

from dataclasses import dataclass, replace
from typing import Any

import peewee

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations, require_somewhere
from tellback.http import pagination
from tellback.moderation import filters
from tellback.moderation.filters import Filters
from tellback.moderation.queue import MOST_COUNTED
from tellback.organisations.finder import holding
from tellback.organisations.models import Service
from tellback.search import desk, index
from tellback.stories.about import latest_versions, services_of
from tellback.stories.models import PublishedText, Story, StoryService
from tellback.stories.states import State

PAGE = 50
# The start of a story, enough to know it by.
EXCERPT = 160
# What the people of an organisation may look by: nothing that only staff know of a story.
_OF_PUBLIC = ("about", "topic", "lang")


@dataclass(frozen=True)
class Found:
    """A story that was found: its title and how it begins, in the words that this person may read.

    Both are empty for a story whose author took it back.
    """

    story: Story
    title: str
    beginning: str
    services: list[str]


@dataclass(frozen=True)
class Results:
    """A screen of what was found, the newest told first, the cursor of the next, and how many there are.

    `total` is counted to one over `queue.MOST_COUNTED`.
    """

    stories: list[Found]
    next: str | None
    total: int


def reads_all(account: Account) -> bool:
    """Whether somebody reads every story, or only what is published about their own services."""
    return may(account, Action.READ_UNPUBLISHED)


def find(account: Account, q: str, asked: Filters, cursor: str | None = None) -> Results:
    """Stories that hold all of `q` and pass the filters, among those that somebody may see.

    Raises NotAllowed for who reads no stories, and InvalidInput for too long a search, a filter or a cursor
    that is none of ours.
    """
    require_somewhere(account, Action.FIND_STORIES)
    query = _visible(account, q, asked)
    total: int = query.select(peewee.SQL("1")).limit(MOST_COUNTED + 1).count()
    if cursor:
        moment, number = pagination.moment_and_id(cursor)
        here = peewee.Tuple(Story.told_at.db_value(moment), number)
        query = query.where(peewee.Tuple(Story.told_at, Story.id) < here)
    rows = list(query.order_by(Story.told_at.desc(), Story.id.desc()).limit(PAGE + 1))
    onward = pagination.after(rows[PAGE - 1].told_at, rows[PAGE - 1].id) if len(rows) > PAGE else None
    return Results(_described(rows[:PAGE], account), onward, total)


def _visible(account: Account, q: str, asked: Filters) -> Any:
    all_of_them = reads_all(account)
    stories = Story.select()
    if not all_of_them:
        asked = replace(Filters(), **{name: getattr(asked, name) for name in _OF_PUBLIC})
        stories = stories.where(Story.id.in_(_own(account)))
    if q and all_of_them:
        # By what its services are called and where they are today, too, and not only when it was told.
        services = holding(q).select(Service.id)
        about = StoryService.select(StoryService.story).where(StoryService.service.in_(services))
        stories = stories.where(Story.id.in_(desk.found(q)) | Story.id.in_(about))
    elif q:
        stories = stories.where(Story.id.in_(index.found(index.read(q))))
    return filters.narrow(stories, asked, account)


def _own(account: Account) -> Any:
    """What is published about the services of somebody's organisations."""
    own = organisations(account, Action.FIND_STORIES)
    about = StoryService.select(StoryService.story).join(Service).where(Service.organisation.in_(own))
    return PublishedText.select(PublishedText.story).where(PublishedText.story.in_(about))


def _described(stories: list[Story], account: Account) -> list[Found]:
    ids = [story.id for story in stories]
    about = services_of(ids)
    texts: dict[int, Any] = latest_versions(ids) if reads_all(account) else _published(ids)
    return [
        Found(
            story,
            title=texts[story.id].title if readable else "",
            beginning=_beginning(texts[story.id].body) if readable else "",
            services=[service.name for service in about.get(story.id, [])],
        )
        for story in stories
        for readable in [story.state != State.WITHDRAWN]
    ]


def _published(ids: list[int]) -> dict[int, PublishedText]:
    return {text.story_id: text for text in PublishedText.select().where(PublishedText.story.in_(ids))}


def _beginning(body: str) -> str:
    words = " ".join(body.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rsplit(' ', 1)[0]} …"
