"""What a service's people see: published stories of their own organisation, those without an answer first."""

from dataclasses import dataclass

import peewee

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, organisations
from tellback.errors import NotFound
from tellback.organisations.models import Service
from tellback.replies.models import Reply
from tellback.replies.responding import ReplyState
from tellback.stories.models import PublishedText, Story, StoryService, StoryVersion

# Stories on one screen.
PAGE = 50


@dataclass(frozen=True)
class OwnStory:
    """A published story about one's own services, with what one's own people have answered, newest first."""

    story: Story
    text: PublishedText
    services: list[Service]
    replies: list[Reply]

    @property
    def waits(self) -> bool:
        """Whether it has no answer yet, neither shown nor with a moderator."""
        return all(reply.state == ReplyState.RETURNED for reply in self.replies)


def own_stories(account: Account, page: int = 1) -> list[OwnStory]:
    """One screen of stories: those that wait for an answer first, then the newest; `PAGE` on each."""
    own = organisations(account, Action.READ_OWN_STORIES)
    query = _texts(own).order_by(_answered(own), Story.published_at.desc(), Story.id.desc())
    return _with_replies(list(query.paginate(page, PAGE)), own)


def counts(account: Account) -> tuple[int, int]:
    """How many of one's own stories wait for an answer, and how many there are."""
    own = organisations(account, Action.READ_OWN_STORIES)
    return _texts(own).where(~_answered(own)).count(), _texts(own).count()


def own_story(account: Account, public_id: str) -> OwnStory:
    """One published story about one's own services. Raises NotFound for any other."""
    own = organisations(account, Action.READ_OWN_STORIES)
    found = _with_replies(list(_texts(own).where(Story.public_id == public_id)), own)
    if not found:
        raise NotFound("There is no published story about your organisation at this address.")
    return found[0]


def _texts(own: frozenset[int]) -> "peewee.ModelSelect[PublishedText]":
    about = StoryService.select(StoryService.story).join(Service).where(Service.organisation.in_(own))
    return (
        PublishedText.select(PublishedText, Story, StoryVersion)
        .join(Story)
        .switch(PublishedText)
        .join(StoryVersion)
        .where(PublishedText.story.in_(about))
    )


def _answered(own: frozenset[int]) -> peewee.Function:
    replies = Reply.select(peewee.SQL("1")).join(Service)
    return peewee.fn.EXISTS(
        replies.where(
            Reply.story == Story.id,
            Service.organisation.in_(own),
            Reply.state != ReplyState.RETURNED.value,
        )
    )


def _with_replies(texts: list[PublishedText], own: frozenset[int]) -> list[OwnStory]:
    ids = [text.story_id for text in texts]
    services: dict[int, list[Service]] = {}
    about = StoryService.select(StoryService.story, Service).join(Service).order_by(StoryService.id)
    for row in about.where(StoryService.story.in_(ids), Service.organisation.in_(own)):
        services.setdefault(row.story_id, []).append(row.service)
    replies: dict[int, list[Reply]] = {}
    given = Reply.select(Reply, Service).join(Service).order_by(Reply.id.desc())
    for reply in given.where(Reply.story.in_(ids), Service.organisation.in_(own)):
        replies.setdefault(reply.story_id, []).append(reply)
    return [
        OwnStory(text.story, text, services[text.story_id], replies.get(text.story_id, [])) for text in texts
    ]
