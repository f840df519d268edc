"""A service answers: a reply is written by someone of its organisation and read before it shows."""

from enum import StrEnum
from typing import Any

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations.models import Service
from tellback.replies.models import Reply
from tellback.stories.models import Story, StoryService
from tellback.stories.states import State
from tellback.stories.submission import new_public_id


class ReplyState(StrEnum):
    """Where a reply stands."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"


def reply(story: Story, service_code: str, written: dict[str, Any], *, by: Account) -> Reply:
    """Keep an answer (`responder_name`, `responder_role`, `body`, `lang`) until a moderator has read it.

    Raises NotFound when the story is not about that service, NotAllowed for someone outside the
    service's organisation, Conflict when the story is not public or a reply of that service waits
    already (a second press of the button, or a colleague).
    """
    service = _service_of(story, service_code)
    require(by, Action.WRITE_REPLIES, service.organisation)
    if story.state != State.PUBLISHED:
        raise Conflict(
            "This story is not public any more, so it cannot be answered. Your words were not sent."
        )
    with transaction():
        if _is_waiting(story, service):
            raise Conflict("A moderator is reading a reply of this service. What you wrote was not sent.")
        made = Reply.create(
            public_id=new_public_id(),
            story=story,
            service=service,
            account=by,
            state=ReplyState.SUBMITTED.value,
            written_at=clock.now(),
            **written,
        )
        acts.record(
            acts.Act.REPLY_WRITTEN,
            acts.staff(by.id),
            "story",
            story.public_id,
            reply=made.public_id,
            service=service.code,
        )
    return made


def get(public_id: str) -> Reply:
    """The reply of this id. Raises NotFound."""
    found = Reply.get_or_none(Reply.public_id == public_id)
    if found is None:
        raise NotFound("There is no such reply.")
    return found


def _is_waiting(story: Story, service: Service) -> bool:
    waiting = Reply.select().where(
        Reply.story == story, Reply.service == service, Reply.state == ReplyState.SUBMITTED.value
    )
    return bool(waiting.exists())


def _service_of(story: Story, code: str) -> Service:
    row = (
        StoryService.select(StoryService, Service)
        .join(Service)
        .where(StoryService.story == story, Service.code == code)
        .first()
    )
    if row is None:
        raise NotFound("This story is not about that service.")
    service: Service = row.service
    return service


def decided(reply: Reply, state: ReplyState, **changes: object) -> None:
    """Settle a waiting reply, in the caller's transaction. Raises Conflict when someone else did."""
    changed = (
        Reply.update(state=state.value, **changes)
        .where(Reply.id == reply.id, Reply.state == ReplyState.SUBMITTED.value)
        .execute()
    )
    if not changed:
        raise Conflict("Someone else has decided on this reply. Nothing was changed.")


def check_note(note: str) -> str:
    """The words a responder gets with a returned reply. Raises InvalidInput when there are none."""
    if not note.strip():
        raise InvalidInput(errors={"note": ["Say what should change."]})
    return note.strip()[:2000]
