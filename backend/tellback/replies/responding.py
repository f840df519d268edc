"""A service answers: a reply is written by someone of its organisation and read before it shows."""

from datetime import timedelta
from typing import Any

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations.models import Service
from tellback.replies import answering_for, drafts, going_on
from tellback.replies.answering_for import Kind
from tellback.replies.models import Reply
from tellback.replies.states import ReplyState as ReplyState
from tellback.replies.states import Via as Via
from tellback.stories.models import Story
from tellback.stories.states import State, hold
from tellback.stories.submission import new_public_id

# Characters of a reply: two pages, far more than anyone reads gladly.
LONGEST = 4000
NO_WAIT = timedelta(0)


def reply(
    story: Story,
    service_code: str,
    written: dict[str, Any],
    *,
    by: Account,
    via: Via = Via.CONSOLE,
    wait: timedelta = NO_WAIT,
    draft_revision: int | None = None,
) -> Reply:
    """Keep an answer (`responder_name`, `responder_role`, `body`, `lang`; a `kind`, else it answers).

    For as long as `wait` says its writer may take it back (`undoing`); then it goes to a moderator, or shows
    at once where every rule of `fast_track` holds. It takes the place of the organisation's draft, which is
    to be as the writer read it where `draft_revision` says so.

    Raises NotFound when that service may not answer the story, NotAllowed for someone outside the service's
    organisation, InvalidInput for a kind of reply that is not its own to give, Conflict when the story is not
    public, a colleague saved the draft since, or a reply of that service waits already (a second press of
    the button, or a colleague).
    """
    service = answering_for.service_of(story, service_code)
    require(by, Action.WRITE_REPLIES, service.organisation)
    kind = _kind(service, written.get("kind"))
    with transaction():
        # Of two replies sent at once the second waits here, and is then refused.
        hold(story)
        if story.state != State.PUBLISHED:
            raise Conflict(
                "This story is not public any more, so it cannot be answered. Your words were not sent."
            )
        _require_none_waits(story, service)
        # A program has seen no draft, so it deletes none.
        if via != Via.API:
            drafts.drop(story, service.organisation, draft_revision)
        made = Reply.create(
            public_id=new_public_id(),
            story=story,
            service=service,
            account=by,
            via=via.value,
            state=ReplyState.WAITING.value,
            written_at=clock.now(),
            due_at=clock.now() + wait,
            **{**written, "kind": kind.value},
        )
        acts.record(
            acts.Act.REPLY_WRITTEN,
            acts.staff(by.id),
            "story",
            story.public_id,
            reply=made.public_id,
            service=service.code,
            via=via.value,
        )
        if not wait:
            going_on.go_on(made)
    return made


def get(public_id: str) -> Reply:
    """The reply of this id. Raises NotFound."""
    found = Reply.get_or_none(Reply.public_id == public_id)
    if found is None:
        raise NotFound("There is no such reply.")
    return found


def _kind(service: Service, wanted: str | None) -> Kind:
    kind = Kind(wanted) if wanted in list(Kind) else Kind.ANSWER
    if kind not in answering_for.kinds_for(service):
        raise InvalidInput(
            errors={"kind": ["A service that a story is about answers it; others may signpost or propose."]}
        )
    return kind


def _require_none_waits(story: Story, service: Service) -> None:
    """Raise Conflict where a reply of this service is on its way."""
    of_service = Reply.select().where(Reply.story == story, Reply.service == service)
    if of_service.where(Reply.state == ReplyState.SUBMITTED.value).exists():
        raise Conflict("A moderator is reading a reply of this service. What you wrote was not sent.")
    if of_service.where(Reply.state == ReplyState.WAITING.value).exists():
        raise Conflict("A reply of this service was just sent. What you wrote was not sent.")


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
