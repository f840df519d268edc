"""How the outbox stands: what waits, what was given up, whose addresses refuse our letters."""

from dataclasses import dataclass
from datetime import datetime

import peewee

from tellback import clock
from tellback.outbox.messages import DEAD, SENT, WAITING
from tellback.outbox.models import DeliveryAttempt, OutboxMessage, RefusedAddress

_count = peewee.fn.COUNT(OutboxMessage.id)


@dataclass(frozen=True)
class Kept:
    """The messages of one kind to one kind of recipient: how many, how many failed before, since when.

    `said` is what went wrong with the one that failed last, a sentence for staff.
    """

    kind: str
    recipient_kind: str
    count: int
    failing: int
    since: datetime
    said: str | None


def waiting() -> list[Kept]:
    """What waits to be sent, the longest waiting first."""
    failing = OutboxMessage.attempts > 0
    rows = (
        OutboxMessage.select(
            OutboxMessage.kind,
            OutboxMessage.recipient_kind,
            _count.alias("count"),
            peewee.fn.SUM(peewee.Case(None, [(failing, 1)], 0)).alias("failing"),
            peewee.fn.MIN(OutboxMessage.created_at).alias("since"),
            peewee.fn.MAX(OutboxMessage.last_error).alias("said"),
        )
        .where(OutboxMessage.state == WAITING)
        .group_by(OutboxMessage.kind, OutboxMessage.recipient_kind)
        .order_by(peewee.SQL("since"))
    )
    return [Kept(r.kind, r.recipient_kind, r.count, r.failing, r.since, r.said) for r in rows]


def due_since() -> datetime | None:
    """Since when the message waits that should have gone out first, if any is due by now."""
    due = OutboxMessage.select(OutboxMessage.due_at).where(
        OutboxMessage.state == WAITING, OutboxMessage.due_at <= clock.now()
    )
    first = due.order_by(OutboxMessage.due_at).first()
    return first.due_at if first else None


def last_sent() -> datetime | None:
    """When a message last went out."""
    sent = OutboxMessage.select(OutboxMessage.sent_at).where(OutboxMessage.state == SENT)
    last = sent.order_by(OutboxMessage.sent_at.desc()).first()
    return last.sent_at if last else None


def last_tried() -> datetime | None:
    """When sending anything was last tried, whatever came of it."""
    last = DeliveryAttempt.select(DeliveryAttempt.at).order_by(DeliveryAttempt.id.desc()).first()
    return last.at if last else None


def given_up_by_kind() -> dict[str, int]:
    """How many messages of each kind were given up, the most first."""
    rows = (
        OutboxMessage.select(OutboxMessage.kind, _count.alias("count"))
        .where(OutboxMessage.state == DEAD)
        .group_by(OutboxMessage.kind)
        .order_by(_count.desc(), OutboxMessage.kind)
    )
    return {row.kind: row.count for row in rows}


def given_up(kind: str, limit: int) -> list[OutboxMessage]:
    """The messages of a kind that were given up last, the newest first."""
    query = OutboxMessage.select().where(OutboxMessage.state == DEAD, OutboxMessage.kind == kind)
    return list(query.order_by(OutboxMessage.id.desc()).limit(limit))


def refused_addresses() -> dict[str, int]:
    """How many recipients of each kind have an address that refused our last letter."""
    count = peewee.fn.COUNT(RefusedAddress.id)
    rows = RefusedAddress.select(RefusedAddress.recipient_kind, count.alias("count"))
    return {row.recipient_kind: row.count for row in rows.group_by(RefusedAddress.recipient_kind)}
