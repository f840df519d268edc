"""What stood under stories and was taken down: a note stays, so that nobody can think there was none."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from peewee import JOIN

from tellback.db import prepared
from tellback.moderation.reasons import REMOVED_ANSWERS
from tellback.organisations.models import Organisation, Service
from tellback.replies import answering_for
from tellback.replies.changes import Review
from tellback.replies.models import ChangeClaim, Reply, ServiceChange, StoryChange
from tellback.replies.responding import ReplyState
from tellback.translations.sentences import say


def of_stories(ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Replies and changes that were taken down, by the story they stood under; two queries for all.

    A change of which its service has said something new since, that is shown, has no note any more.
    """
    numbers = list(ids)
    found: dict[int, list[dict[str, Any]]] = {}
    for story, service, parent, kind, at, reason in _replies(*numbers):
        whose = answering_for.signed(service, parent, kind)
        found.setdefault(story, []).append(_note("reply", whose, at, reason))
    for story, service, parent, at, reason in _changes(*numbers):
        whose = say("Change of {service}", service=f"{service}, {parent}" if parent else service)
        found.setdefault(story, []).append(_note("change", whose, at, reason))
    return found


def counts(services: Collection[int] | None) -> dict[str, int]:
    """How many replies and changes of these services (ids; None for all) are down now."""
    replies = Reply.select().where(Reply.state == ReplyState.REMOVED.value)
    claims = ChangeClaim.select().join(ServiceChange).where(ChangeClaim.review == Review.REMOVED.value)
    if services is not None:
        replies = replies.where(Reply.service.in_(services))
        claims = claims.where(ServiceChange.service.in_(services))
    return {"replies_taken_down": replies.count(), "changes_taken_down": claims.count()}


@prepared
def _replies(*stories: Any) -> Any:
    """Replies that are down: their stories, whose they are, when and why."""
    parent = Service.alias()
    whose = (Service.name, parent.name, Organisation.kind)
    return (
        Reply.select(Reply.story, *whose, Reply.removed_at, Reply.removed_reason)
        .join(Service)
        .join(Organisation)
        .switch(Service)
        .join(parent, JOIN.LEFT_OUTER, on=(Service.parent == parent.id))
        .where(Reply.story.in_(stories), Reply.state == ReplyState.REMOVED.value)
        .order_by(Reply.removed_at, Reply.id)
        .tuples()
    )


@prepared
def _changes(*stories: Any) -> Any:
    """Changes that are down, likewise."""
    parent = Service.alias()
    when = (ChangeClaim.removed_at, ChangeClaim.removed_reason)
    return (
        StoryChange.select(StoryChange.story, Service.name, parent.name, *when)
        .join(ServiceChange)
        .join(Service)
        .join(parent, JOIN.LEFT_OUTER, on=(Service.parent == parent.id))
        .switch(ServiceChange)
        .join(ChangeClaim, on=(ChangeClaim.change == ServiceChange.id))
        .where(
            StoryChange.story.in_(stories),
            StoryChange.shown_at.is_null(False),
            ChangeClaim.review == Review.REMOVED.value,
        )
        .order_by(ChangeClaim.removed_at, ChangeClaim.id)
        .tuples()
    )


def _note(kind: str, whose: str, at: datetime, reason: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "from": whose,
        "removed_at": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "reason": reason,
        "reason_text": REMOVED_ANSWERS.get(reason, say("It was taken down.")),
    }
