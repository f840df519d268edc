"""A service corrects a published reply: what stands goes on standing until a moderator has read the other."""

from enum import StrEnum
from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations.models import Service
from tellback.replies.models import Reply, ReplyCorrection
from tellback.replies.states import ReplyState
from tellback.stories.models import Story
from tellback.stories.states import hold
from tellback.stories.submission import new_public_id


class CorrectionState(StrEnum):
    """Where a correction stands with the moderators."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"


def own_reply(account: Account, public_id: str) -> Reply:
    """A published reply that this person's organisation gave. Raises NotFound for any other."""
    reply: Reply | None = (
        Reply.select(Reply, Service, Story)
        .join(Service)
        .switch(Reply)
        .join(Story)
        .where(Reply.public_id == public_id, Reply.state == ReplyState.PUBLISHED.value)
        .first()
    )
    if reply is None or not may(account, Action.WRITE_REPLIES, reply.service.organisation):
        raise NotFound("Your organisation has no published reply at this address.")
    return reply


def correct(reply: Reply, written: dict[str, str], *, by: Account) -> ReplyCorrection:
    """Keep the reply as it should be (`responder_name`, `responder_role`, `body`, `lang`) for a moderator.

    Raises NotAllowed for someone outside the service's organisation, Conflict when a correction waits already
    or the reply is not shown any more, InvalidInput when nothing differs.
    """
    require(by, Action.WRITE_REPLIES, reply.service.organisation)
    if all(getattr(reply, name) == text for name, text in written.items()):
        raise InvalidInput(errors={"body": ["This is what stands there now. Change what is wrong."]})
    with transaction():
        # Of two corrections sent at once the second waits here, and is then refused.
        hold(reply.story)
        if latest(reply, CorrectionState.SUBMITTED):
            raise Conflict("A moderator is reading a correction of this reply. What you wrote was not sent.")
        if not Reply.select().where(_is_shown(reply)).exists():
            raise Conflict("This reply is not shown any more. What you wrote was not sent.")
        made = ReplyCorrection.create(
            public_id=new_public_id(),
            reply=reply,
            account=by,
            state=CorrectionState.SUBMITTED.value,
            written_at=clock.now(),
            **written,
        )
        record(acts.Act.CORRECTION_WRITTEN, made, acts.staff(by.id))
    return made


def latest(reply: Reply, state: CorrectionState | None = None) -> ReplyCorrection | None:
    """The newest correction of a reply; in a state, where that is named."""
    query = reply.corrections.order_by(ReplyCorrection.id.desc())
    found: ReplyCorrection | None = (
        query.where(ReplyCorrection.state == state.value) if state else query
    ).first()
    return found


def get(public_id: str) -> ReplyCorrection:
    """The correction of this id, its reply, service and story at hand. Raises NotFound."""
    found: ReplyCorrection | None = _in_full().where(ReplyCorrection.public_id == public_id).first()
    if found is None:
        raise NotFound("There is no such correction.")
    return found


def waiting(most: int) -> list[ReplyCorrection]:
    """Those that wait for a moderator, the longest first; none of a reply that was taken down meanwhile."""
    query = _in_full().where(
        ReplyCorrection.state == CorrectionState.SUBMITTED.value, Reply.state == ReplyState.PUBLISHED.value
    )
    return list(query.order_by(ReplyCorrection.written_at, ReplyCorrection.id).limit(most))


def stands(correction: ReplyCorrection) -> None:
    """Put a correction in its reply's place, in the caller's transaction.

    Raises Conflict when someone else decided, or the reply is not shown any more.
    """
    before = Reply.get_by_id(correction.reply_id).body
    decided(correction, CorrectionState.PUBLISHED, before=before)
    words = {name: getattr(correction, name) for name in ("responder_name", "responder_role", "body", "lang")}
    changed = Reply.update(corrected_at=clock.now(), **words).where(_is_shown(correction.reply)).execute()
    if not changed:
        raise Conflict("The reply is not shown any more, so it cannot be corrected.")


def decided(correction: ReplyCorrection, state: CorrectionState, **values: object) -> None:
    """Settle a waiting correction, in the caller's transaction. Raises Conflict when someone else did."""
    changed = (
        ReplyCorrection.update(state=state.value, **values)
        .where(ReplyCorrection.id == correction.id, ReplyCorrection.state == CorrectionState.SUBMITTED.value)
        .execute()
    )
    if not changed:
        raise Conflict("Someone else has decided on this correction. Nothing was changed.")


def record(act: acts.Act, correction: ReplyCorrection, actor: acts.Actor) -> None:
    """Add what was done with a correction to its story's record."""
    reply = correction.reply
    acts.record(act, actor, "story", reply.story.public_id, reply=reply.public_id)


def describe(reply: Reply | ReplyCorrection) -> dict[str, Any]:
    """The words of either, to be set side by side."""
    return {name: getattr(reply, name) for name in ("responder_name", "responder_role", "body", "lang")}


def _is_shown(reply: Reply) -> peewee.Expression:
    shown: peewee.Expression = (Reply.id == reply.id) & (Reply.state == ReplyState.PUBLISHED.value)
    return shown


def _in_full() -> "peewee.ModelSelect[ReplyCorrection]":
    query: peewee.ModelSelect[ReplyCorrection] = (
        ReplyCorrection.select(ReplyCorrection, Reply, Service, Story)
        .join(Reply)
        .join(Service)
        .switch(Reply)
        .join(Story)
    )
    return query
