"""What systems of an organisation hear: events of what everyone can read, put where it happens.

Only ids wait in the outbox. What else an event says is looked up when it is sent, so that a story that was
taken down meanwhile is named by its id alone.
"""

from enum import StrEnum
from typing import Any

import peewee

from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.scopes import Ground, ground_of, ground_of_service
from tellback.outbox import messages
from tellback.replies import going_on
from tellback.replies.models import ChangeClaim, Reply, ServiceChange
from tellback.stories.about import services_of, topics_of
from tellback.stories.models import PublishedText, Story
from tellback.stories.states import State


class Kind(StrEnum):
    """What an event says happened."""

    STORY_PUBLISHED = "story.published"
    STORY_REMOVED = "story.removed"
    REPLY_PUBLISHED = "reply.published"
    CHANGE_PUBLISHED = "change.published"


# Sent by hand, to see that it arrives.
TEST = "webhook.test"
# The state of an endpoint that takes events (`webhooks.EndpointState`).
ACTIVE = "active"


def story_published(story: Story, ground: Ground) -> None:
    """A story, which is about this, can be read by everyone from now on."""
    _put(Kind.STORY_PUBLISHED, ground, story=story.public_id)


def story_removed(story: Story) -> None:
    """A story can be read no more: taken down, or taken back by its author."""
    _put(Kind.STORY_REMOVED, ground_of(story), story=story.public_id)


def reply_published(reply: Reply) -> None:
    """A reply can be read by everyone from now on."""
    _put(Kind.REPLY_PUBLISHED, ground_of(reply.story), story=reply.story.public_id, reply=reply.public_id)


def change_published(claim: ChangeClaim) -> None:
    """What a service says of a change can be read by everyone from now on."""
    change = claim.change
    _put(Kind.CHANGE_PUBLISHED, ground_of_service(change.service), change=change.public_id, state=claim.state)


def describe(public_url: str, facts: dict[str, Any]) -> dict[str, Any]:
    """An event's `data`, of the ids in its row: what the public API says, as it stands when this is sent."""
    data: dict[str, Any] = {}
    if "story" in facts:
        data["story"] = _story(public_url, facts["story"])
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


def _story(public_url: str, public_id: str) -> dict[str, Any]:
    story = Story.get_or_none(Story.public_id == public_id)
    text = story and PublishedText.get_or_none(PublishedText.story == story)
    return {
        "id": public_id,
        "url": f"{public_url}/stories/{public_id}",
        "api_url": f"{public_url}/api/v1/stories/{public_id}",
        "state": (State.PUBLISHED if text else State.REMOVED).value,
        "title": text.title if text else None,
        "services": [service.code for service in services_of([story.id]).get(story.id, [])] if story else [],
        "topics": [raised.topic.slug for raised in topics_of([story.id]).get(story.id, [])] if story else [],
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
