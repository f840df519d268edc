"""What systems of an organisation hear: events of what everyone can read, put where it happens.

Only ids wait in the outbox. What else an event says is looked up when it is sent, so that a story that was
taken down meanwhile, or has moved to another organisation, is named by its id alone.
"""

from enum import StrEnum
from typing import Any

import peewee

from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.scopes import Ground, ground_of, ground_of_service
from tellback.organisations.models import Service
from tellback.outbox import messages
from tellback.replies import going_on
from tellback.replies.models import ChangeClaim, Reply, ServiceChange
from tellback.stories.about import services_of, topics_of
from tellback.stories.models import PublishedText, Story
from tellback.stories.states import State


class Kind(StrEnum):
    """What an event says happened."""

    STORY_PUBLISHED = "story.published"
    STORY_EDITED = "story.edited"
    STORY_MOVED = "story.moved"
    STORY_REMOVED = "story.removed"
    REPLY_PUBLISHED = "reply.published"
    REPLY_REMOVED = "reply.removed"
    CHANGE_PUBLISHED = "change.published"
    CHANGE_REMOVED = "change.removed"


# Sent by hand, to see that it arrives.
TEST = "webhook.test"
# The state of an endpoint that takes events (`webhooks.EndpointState`).
ACTIVE = "active"
# The state of a story or a change that nobody can read any more.
REMOVED = State.REMOVED.value
# The state of a story for an organisation that hears of it no more, because it is about others now.
MOVED = "moved"


def story_published(story: Story, ground: Ground) -> None:
    """A story, which is about this, can be read by everyone from now on."""
    _put(Kind.STORY_PUBLISHED, ground, story=story.public_id)


def story_edited(story: Story) -> None:
    """Everyone reads a published story as its author changed it from now on."""
    _put(Kind.STORY_EDITED, ground_of(story), story=story.public_id)


def story_moved(story: Story, before: Ground, old: Service, new: Service) -> None:
    """A published story is about a new service instead of an old one; `before` is what it was about then.

    Both sides hear. For the side that it left, `describe` keeps back what the story is now.
    """
    ids = {"story": story.public_id, "from": old.code, "to": new.code}
    _put(Kind.STORY_MOVED, before | ground_of(story), **ids)


def story_removed(story: Story) -> None:
    """A story can be read no more: taken down, or taken back by its author."""
    _put(Kind.STORY_REMOVED, ground_of(story), story=story.public_id)


def reply_published(reply: Reply) -> None:
    """A reply can be read by everyone from now on."""
    _put(Kind.REPLY_PUBLISHED, ground_of(reply.story), story=reply.story.public_id, reply=reply.public_id)


def reply_removed(reply: Reply) -> None:
    """A reply can be read no more: moderators took it down.

    Its own service hears that, too, where the story has moved since.
    """
    ground = ground_of(reply.story) | ground_of_service(reply.service)
    _put(Kind.REPLY_REMOVED, ground, story=reply.story.public_id, reply=reply.public_id)


def change_published(claim: ChangeClaim) -> None:
    """What a service says of a change can be read by everyone from now on."""
    change = claim.change
    _put(Kind.CHANGE_PUBLISHED, ground_of_service(change.service), change=change.public_id, state=claim.state)


def change_removed(change: ServiceChange) -> None:
    """What a service said of a change can be read no more: moderators took it down."""
    ground = ground_of_service(change.service)
    _put(Kind.CHANGE_REMOVED, ground, change=change.public_id, state=REMOVED)


def describe(public_url: str, organisation_id: int, facts: dict[str, Any]) -> dict[str, Any]:
    """An event's `data` for an organisation's system, of the ids in its row.

    It is what the public API says, as it stands when this is sent. Of a story that is about
    the organisation no more it says its id and addresses alone, whatever happened before it moved.
    """
    data: dict[str, Any] = {}
    if "story" in facts:
        story = _first(Story.select().where(Story.public_id == facts["story"]))
        theirs = story is not None and organisation_id in ground_of(story).organisations
        data["story"] = _story(public_url, facts["story"], story, theirs=theirs)
        if "from" in facts:
            data["moved"] = {"from": facts["from"], "to": facts["to"] if theirs else None}
    if "reply" in facts:
        data["reply"] = _reply(facts["reply"])
    if "change" in facts:
        data["change"] = _change(public_url, facts["change"], facts["state"])
    return data


def _put(kind: Kind, ground: Ground, **ids: str) -> None:
    """Put the event for every endpoint that wants it."""
    listening = WebhookEndpoint.select(WebhookEndpoint.id, WebhookEndpoint.kinds).where(
        WebhookEndpoint.state == ACTIVE,
        WebhookEndpoint.organisation.in_(ground.organisations or [0]),
        WebhookEndpoint.service.is_null() | WebhookEndpoint.service.in_(ground.services or [0]),
    )
    for endpoint in listening:
        if kind in endpoint.kinds:
            messages.put(kind.value, messages.WEBHOOK, str(endpoint.id), **ids)


def _story(public_url: str, public_id: str, story: Story | None, *, theirs: bool) -> dict[str, Any]:
    text = story and PublishedText.get_or_none(PublishedText.story == story)
    about = [story.id] if story and theirs else []
    state = (State.PUBLISHED.value if theirs else MOVED) if text else REMOVED
    return {
        "id": public_id,
        "url": f"{public_url}/stories/{public_id}",
        "api_url": f"{public_url}/api/v1/stories/{public_id}",
        "state": state,
        "title": text.title if text and theirs else None,
        "services": [service.code for of_it in services_of(about).values() for service in of_it],
        "topics": [raised.topic.slug for of_it in topics_of(about).values() for raised in of_it],
    }


def _reply(public_id: str) -> dict[str, Any]:
    reply = _first(Reply.select().where(Reply.public_id == public_id))
    return {"id": public_id, "service": reply.service.code if reply else None}


def _change(public_url: str, public_id: str, state: str) -> dict[str, Any]:
    change = _first(ServiceChange.select().where(ServiceChange.public_id == public_id))
    code = change.service.code if change else None
    return {
        "id": public_id,
        "state": state,
        "service": code,
        "url": f"{public_url}/services/{code}/changes" if code else None,
        "api_url": f"{public_url}/api/v1/services/{code}/changes" if code else None,
    }


def _first(query: "peewee.ModelSelect[Any]") -> Any:
    return query.first()


# Replies are below alerts in the list of imports, so they are handed what to tell.
going_on.on_shown(reply_published)
