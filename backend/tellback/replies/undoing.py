"""A reply that was sent waits a while: its writer takes it back to mend it, or sends it on at once."""

from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, NotAllowed
from tellback.organisations.models import Service
from tellback.replies import drafts, going_on
from tellback.replies.models import Reply, ReplyDraft
from tellback.replies.states import ReplyState


def waiting(account: Account, story_id: int) -> Reply | None:
    """The reply of somebody's to a story that waits to go on, if one does."""
    found: Reply | None = (
        Reply.select(Reply, Service)
        .join(Service)
        .where(Reply.story == story_id, Reply.account == account.id, Reply.state == ReplyState.WAITING.value)
        .first()
    )
    return found


def send_now(reply: Reply, *, by: Account) -> None:
    """Let it go on before its time. Raises NotAllowed for anyone else, Conflict when it went on already."""
    _require_writer(reply, by)
    going_on.go_on(reply)


def take_back(reply: Reply, *, by: Account) -> ReplyDraft:
    """Make a draft of it again; nobody else has read it. Raises as `send_now`."""
    _require_writer(reply, by)
    with transaction():
        taken = Reply.delete().where(Reply.id == reply.id, Reply.state == ReplyState.WAITING.value)
        if not taken.execute():
            raise Conflict("This reply has gone on already, so it cannot be taken back.")
        draft = drafts.put_back(reply, by=by)
        acts.record(
            acts.Act.REPLY_TAKEN_BACK,
            acts.staff(by.id),
            "story",
            reply.story.public_id,
            reply=reply.public_id,
        )
    return draft


def _require_writer(reply: Reply, by: Account) -> None:
    if reply.account_id != by.id:
        raise NotAllowed("Only who wrote this reply takes it back or sends it on.")
