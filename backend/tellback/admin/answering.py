"""What a service's people see: published stories of their own organisation, those without an answer first."""

from dataclasses import dataclass
from typing import Any

import peewee
from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.admin import changing, wording
from tellback.errors import NotFound
from tellback.organisations.models import Service
from tellback.published.shown import shown
from tellback.replies.models import Reply
from tellback.replies.responding import ReplyState
from tellback.stories.models import PublishedText, Story, StoryService, StoryVersion

# Stories on one screen.
PAGE = 50
# Far beyond any list of ours; a page number beyond what a database counts would be an error.
LAST_PAGE = 100_000


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


def describe_list(account: Account, page: int) -> dict[str, Any]:
    """One screen of own stories, as `staff/my_stories.html` shows it; pages count from 1."""
    waiting, total = counts(account)
    return {
        "stories": [_in_list(own, account) for own in own_stories(account, page)],
        "waiting": waiting,
        "total": total,
        "previous_url": url_for("admin.own_stories", page=page - 1) if page > 1 else None,
        "next_url": url_for("admin.own_stories", page=page + 1) if page * PAGE < total else None,
    }


def describe_answer(own: OwnStory, account: Account, public_url: str) -> dict[str, Any]:
    """One own story with the form to answer it, as `staff/reply.html` shows it.

    A reply that came back is offered again, to be mended.
    """
    last = own.replies[0] if own.replies else None
    came_back = last if last and last.state == ReplyState.RETURNED else None
    answers_for = [s for s in own.services if may(account, Action.WRITE_REPLIES, s.organisation)]
    return {
        "story": shown([own.story], public_url)[0],
        "services": [(service.code, service.name) for service in answers_for],
        "languages": list(wording.LANGUAGES.items()),
        "note": came_back.note if came_back else None,
        "changes": changing.of_story(own.story, account, public_url),
        "with_moderator": [r for r in own.replies if answers_for and r.state == ReplyState.SUBMITTED],
        "values": _as_written(came_back) if came_back else {"responder_name": account.name},
        "urls": {
            "back": url_for("admin.own_stories"),
            "send": url_for("admin.answer", own_id=own.story.public_id),
            "plan": url_for("admin.new_change", story=own.story.public_id, state="planned"),
            "made": url_for("admin.new_change", story=own.story.public_id, state="made"),
        },
    }


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


def _in_list(own: OwnStory, account: Account) -> dict[str, Any]:
    last = own.replies[0] if own.replies else None
    answers = any(may(account, Action.WRITE_REPLIES, service.organisation) for service in own.services)
    public_id = own.story.public_id
    return {
        "id": public_id,
        "url": url_for("pages.story_page", story_id=public_id),
        "reply_url": url_for("admin.own_story", own_id=public_id) if answers else None,
        "title": own.text.title,
        "services": [service.name for service in own.services],
        "published_on": own.story.published_at.date().isoformat(),
        "waiting_words": wording.waiting(own.story.published_at),
        "reply_state": last.state if last else None,
        "note": last.note if last and last.state == ReplyState.RETURNED else None,
    }


def _as_written(reply: Reply) -> dict[str, str]:
    return {
        "service": reply.service.code,
        "responder_name": reply.responder_name,
        "responder_role": reply.responder_role,
        "body": reply.body,
        "lang": reply.lang,
    }


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
