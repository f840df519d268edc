"""What stood under stories and was taken down: a note stays, so that nobody can think there was none."""

from collections.abc import Collection, Iterable
from typing import Any

from peewee import JOIN

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
    found: dict[int, list[dict[str, Any]]] = {}
    for reply in _replies(list(ids)):
        whose = answering_for.signature(reply.service)
        found.setdefault(reply.story_id, []).append(_note("reply", whose, reply))
    for link in _changes(list(ids)):
        whose = say("Change of {service}", service=_in_its_place(link.change.service))
        found.setdefault(link.story_id, []).append(_note("change", whose, link.change.removed))
    return found


def counts(services: Collection[int] | None) -> dict[str, int]:
    """How many replies and changes of these services (ids; None for all) are down now."""
    replies = Reply.select().where(Reply.state == ReplyState.REMOVED.value)
    claims = ChangeClaim.select().join(ServiceChange).where(ChangeClaim.review == Review.REMOVED.value)
    if services is not None:
        replies = replies.where(Reply.service.in_(services))
        claims = claims.where(ServiceChange.service.in_(services))
    return {"replies_taken_down": replies.count(), "changes_taken_down": claims.count()}


def _in_its_place(service: Service) -> str:
    return f"{service.name}, {service.parent.name}" if service.parent else service.name


def _replies(ids: list[int]) -> Iterable[Reply]:
    parent = Service.alias()
    query: Iterable[Reply] = (
        Reply.select(Reply, Service, Organisation, parent)
        .join(Service)
        .join(Organisation)
        .switch(Service)
        .join(parent, JOIN.LEFT_OUTER, on=(Service.parent == parent.id).alias("parent"))
        .where(Reply.story.in_(ids), Reply.state == ReplyState.REMOVED.value)
        .order_by(Reply.removed_at, Reply.id)
    )
    return query


def _changes(ids: list[int]) -> Iterable[StoryChange]:
    parent = Service.alias()
    query: Iterable[StoryChange] = (
        StoryChange.select(StoryChange, ServiceChange, Service, parent, ChangeClaim)
        .join(ServiceChange)
        .join(Service)
        .join(parent, JOIN.LEFT_OUTER, on=(Service.parent == parent.id).alias("parent"))
        .switch(ServiceChange)
        .join(ChangeClaim, on=(ChangeClaim.change == ServiceChange.id).alias("removed"))
        .where(
            StoryChange.story.in_(ids),
            StoryChange.shown_at.is_null(False),
            ChangeClaim.review == Review.REMOVED.value,
        )
        .order_by(ChangeClaim.removed_at, ChangeClaim.id)
    )
    return query


def _note(kind: str, whose: str, gone: Reply | ChangeClaim) -> dict[str, Any]:
    return {
        "kind": kind,
        "from": whose,
        "removed_at": gone.removed_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "reason": gone.removed_reason,
        "reason_text": REMOVED_ANSWERS.get(gone.removed_reason, say("It was taken down.")),
    }
