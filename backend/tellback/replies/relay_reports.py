"""When moderators may read private talk: a side reports it, or a message holds words of crisis.

Each opening is on record. They settle a report with a note, and may end the talk for good.
"""

from tellback import clock, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations.models import Service
from tellback.replies.models import RelayMessage, RelayReport, RelayThread
from tellback.rota import on_call
from tellback.stories.about import organisations_of
from tellback.stories.models import Story
from tellback.stories.submission import new_public_id

LONGEST = 1000
AUTHOR, SERVICE, SCREENING = "author", "service", "screening"


def report(thread: RelayThread, words: str, actor: acts.Actor) -> RelayReport:
    """Have the moderators read a talk, by one of its sides; the same again finds the report that waits."""
    told_by = AUTHOR if actor == acts.AUTHOR else SERVICE
    with transaction():
        waiting: RelayReport | None = thread.reports.where(
            RelayReport.told_by == told_by, RelayReport.settled_at.is_null()
        ).first()
        if waiting is not None:
            return waiting
        made = _begin(thread, told_by, words)
        acts.record(acts.Act.RELAY_REPORTED, actor, "relay", thread.public_id, report=made.public_id)
    return made


def raise_alarm(message: RelayMessage) -> None:
    """Let moderators read one message that holds words of crisis, and write to those on call at once.

    In the transaction that keeps the message.
    """
    made = _begin(message.thread, SCREENING, "", message)
    on_call.alert(message.thread.story.public_id, "relay_alert", report=made.public_id)
    acts.record(
        acts.Act.RELAY_REPORTED, acts.SYSTEM, "relay", message.thread.public_id, report=made.public_id
    )


def waiting() -> list[RelayReport]:
    """The reports that wait, words of crisis first, then the longest waiting."""
    rows = (
        RelayReport.select(RelayReport, RelayThread, Story, Service)
        .join(RelayThread)
        .join(Story)
        .switch(RelayThread)
        .join(Service)
        .where(RelayReport.settled_at.is_null())
        .order_by((RelayReport.told_by == SCREENING).desc(), RelayReport.told_at, RelayReport.id)
    )
    return list(rows)


def waiting_count() -> int:
    """How many reports wait."""
    count: int = RelayReport.select().where(RelayReport.settled_at.is_null()).count()
    return count


def is_waiting(thread: RelayThread, told_by: str) -> bool:
    """Whether a report of this side on a talk waits."""
    mine = (RelayReport.told_by == told_by) & RelayReport.settled_at.is_null()
    return bool(thread.reports.where(mine).exists())


def get(public_id: str) -> RelayReport:
    """The report of this id. Raises NotFound."""
    found: RelayReport | None = RelayReport.get_or_none(RelayReport.public_id == public_id)
    if found is None:
        raise NotFound("There is no such report.")
    return found


def open_for(made: RelayReport, by: Account) -> tuple[str, list[RelayMessage]]:
    """What a side said, and the messages that a moderator may read for this report: all, or the one.

    That it was opened is on record. Nothing is read of a report that is settled. Raises NotAllowed for who
    does not moderate or has a role at the service.
    """
    _require(made, by)
    if made.settled_at:
        return "", []
    with transaction():
        acts.record(
            acts.Act.RELAY_READ, acts.staff(by.id), "relay", made.thread.public_id, report=made.public_id
        )
    rows = [made.message] if made.message else list(made.thread.messages.order_by(RelayMessage.id))
    return sealing.unseal(made.words_sealed) if made.words_sealed else "", rows


def settle(made: RelayReport, by: Account, *, note: str, end: bool) -> None:
    """Close a report, saying what was found or done; with `end`, nobody writes in the talk any more.

    Raises NotAllowed, InvalidInput without a note, Conflict when someone else has settled it.
    """
    _require(made, by)
    said = note.strip()
    if not said:
        raise InvalidInput(errors={"note": ["Say what you found, or what you did."]})
    with transaction():
        moment = clock.now()
        settled = (
            RelayReport.update(settled_at=moment, settled_by=by, note=said[:LONGEST])
            .where(RelayReport.id == made.id, RelayReport.settled_at.is_null())
            .execute()
        )
        if not settled:
            raise Conflict("Someone else has settled this report. Your note was not kept.")
        if end:
            RelayThread.update(closed_at=moment, closed_by="moderator").where(
                RelayThread.id == made.thread_id, RelayThread.closed_at.is_null()
            ).execute()
        acts.record(
            acts.Act.RELAY_SETTLED,
            acts.staff(by.id),
            "relay",
            made.thread.public_id,
            report=made.public_id,
            ended=end,
        )


def _begin(thread: RelayThread, told_by: str, words: str, message: RelayMessage | None = None) -> RelayReport:
    made: RelayReport = RelayReport.create(
        public_id=new_public_id(),
        thread=thread,
        message=message,
        told_by=told_by,
        words_sealed=sealing.seal(words) if words else None,
        told_at=clock.now(),
    )
    return made


def _require(made: RelayReport, by: Account) -> None:
    require(by, Action.SETTLE_FLAGS)
    concerned = {one.id: one for one in organisations_of(made.thread.story)}
    concerned[made.thread.service.organisation_id] = made.thread.service.organisation
    require_no_interest(by, concerned.values())
