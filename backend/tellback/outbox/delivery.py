"""Sending what waits: claimed by a conditional update, sent, marked. At least once, with a stable id.

Any number of workers may do it. One that dies leaves its claim to run out; another then sends the same
message under the same id.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from tellback import clock
from tellback.config import Settings
from tellback.db import transaction
from tellback.outbox import mail, messages, webhooks
from tellback.outbox.guard import THE_INTERNET, Reach
from tellback.outbox.letters import UnsafeLetter, compose
from tellback.outbox.messages import DEAD, DROPPED, SENT, WAITING, WEBHOOK
from tellback.outbox.models import DeliveryAttempt, OutboxMessage
from tellback.outbox.outcomes import AWAY, FINAL, Outcome, Tried
from tellback.outbox.webhooks import Endpoint
from tellback.translations.languages import SOURCE

log = logging.getLogger(__name__)

# Seconds a worker may take over one message before another may claim it.
LEASE = 120
# How many of the first that are due a worker chooses among, once it met another at the very first.
SPREAD = 16
# Seconds: the wait doubles from one minute up to six hours, each a little shorter by chance, so that what
# failed together does not come back together.
FIRST_WAIT, LONGEST_WAIT = 60, 21_600
SHORTENED_BY = 0.25


class Lane(StrEnum):
    """What is sent apart, so that a slow server of one kind holds up nothing of the other."""

    LETTERS = "letters"
    WEBHOOKS = "webhooks"


# Tries before a message is given up: about two days of them for letters, three for webhooks.
MOST_ATTEMPTS = {Lane.LETTERS: 18, Lane.WEBHOOKS: 23}


@dataclass(frozen=True)
class Recipient:
    """Where a letter goes, the facts its text needs, and the language it should speak (BCP 47).

    With `unsubscribe_url` among the facts, mail programs offer to end such letters by one press (RFC 8058).
    """

    address: str
    facts: dict[str, Any]
    lang: str = SOURCE


# Given a recipient's kind and id: where to send, or None when there is nobody to write to any more.
Resolver = Callable[[str, str], Recipient | Endpoint | None]
# Told, in the transaction that gives a message up, the recipient's id and why (a sentence for staff).
GivenUp = Callable[[str, str], None]

_given_up: dict[str, GivenUp] = {}
# What this process is sending just now: the tries that each message had, this one among them, by its row.
_in_hand: dict[int, int] = {}


def by_kind(resolvers: Mapping[str, Resolver]) -> Resolver:
    """One look-up made of those for each kind of recipient.

    For a kind that has none it raises KeyError, so that the message waits: a newer release beside this one
    put it in, and will send it.
    """

    def resolve(kind: str, recipient_id: str) -> Recipient | Endpoint | None:
        return resolvers[kind](kind, recipient_id)

    return resolve


def on_given_up(recipient_kind: str, function: GivenUp) -> None:
    """Have `function` told whenever a message to this kind of recipient is given up."""
    _given_up[recipient_kind] = function


def deliver_due(
    settings: Settings,
    resolve: Resolver,
    *,
    lanes: tuple[Lane, ...] = tuple(Lane),
    reach: Reach = THE_INTERNET,
    lease: float = LEASE,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Send every message that is due; how many were sent. One that fails waits for its next try.

    A server that is away is not asked again for each message that waits for it: they stay due, untouched, for
    the next round. `lease` is in seconds. No further message is begun once `goes_on` says no.
    """
    sent = 0
    away: list[Any] = []
    while goes_on() and (message := _claim(lanes, away, lease)):
        began = time.monotonic()
        _in_hand[message.id] = message.attempts
        try:
            tried = _try(message, settings, resolve, reach)
            _note(message, tried, took_ms=round((time.monotonic() - began) * 1000))
        finally:
            del _in_hand[message.id]
        sent += tried.outcome == Outcome.SENT
        if tried.outcome in AWAY:
            away.append(_elsewhere_than(message))
    return sent


def release() -> int:
    """Let others at once have what this process was sending: it ends, and will not finish. How many."""
    mine = [
        (OutboxMessage.id == message) & (OutboxMessage.attempts == attempts)
        for message, attempts in list(_in_hand.items())
    ]
    if not mine:
        return 0
    free = OutboxMessage.update(due_at=clock.now(), attempts=OutboxMessage.attempts - 1)
    return int(free.where(OutboxMessage.state == WAITING, reduce(or_, mine)).execute())


def bring_near() -> int:
    """Make due what waits for longer than any message does: it was tried by a wrong clock. How many."""
    moment = clock.now()
    far = OutboxMessage.update(due_at=moment).where(
        OutboxMessage.state == WAITING, OutboxMessage.due_at > moment + timedelta(seconds=2 * LONGEST_WAIT)
    )
    return int(far.execute())


def _claim(lanes: tuple[Lane, ...], away: list[Any], lease: float) -> OutboxMessage | None:
    """Take the next due message for so many seconds. Two workers never hold the same one."""
    moment = clock.now()
    due = OutboxMessage.select().where(OutboxMessage.state == WAITING, OutboxMessage.due_at <= moment, *away)
    if len(lanes) == 1:
        due = due.where(_in(lanes[0]))
    due, among = due.order_by(OutboxMessage.due_at, OutboxMessage.id), 1
    while first := list(due.limit(among)):
        message: OutboxMessage = random.choice(first)  # noqa: S311 (nothing is secret)
        claimed = (
            OutboxMessage.update(due_at=moment + timedelta(seconds=lease), attempts=message.attempts + 1)
            .where(
                OutboxMessage.id == message.id,
                OutboxMessage.state == WAITING,
                OutboxMessage.due_at == message.due_at,
            )
            .execute()
        )
        if claimed:
            message.attempts += 1
            return message
        # Another worker was quicker. Were all to go on with the next one, they would meet there again.
        among = SPREAD
    return None


def _in(lane: Lane) -> Any:
    if lane == Lane.WEBHOOKS:
        return OutboxMessage.recipient_kind == WEBHOOK
    return OutboxMessage.recipient_kind != WEBHOOK


def _lane_of(message: OutboxMessage) -> Lane:
    return Lane.WEBHOOKS if message.recipient_kind == WEBHOOK else Lane.LETTERS


def _elsewhere_than(message: OutboxMessage) -> Any:
    """What goes another way: not to the same endpoint, or for a letter not by the mail server."""
    if _lane_of(message) == Lane.LETTERS:
        return _in(Lane.WEBHOOKS)
    return _in(Lane.LETTERS) | (OutboxMessage.recipient_id != message.recipient_id)


def _try(message: OutboxMessage, settings: Settings, resolve: Resolver, reach: Reach) -> Tried:
    if message.attempts > MOST_ATTEMPTS[_lane_of(message)]:
        # Whatever holds a worker up for good, or ends it, must not do so for ever.
        return Tried(Outcome.BROKEN, "No try at it came to an end.")
    try:
        to = resolve(message.recipient_kind, message.recipient_id)
        if to is None:
            return Tried(Outcome.NOBODY, "There is nobody to write to any more.")
        if isinstance(to, Endpoint):
            return webhooks.send(message, to, reach)
        facts = {"operator": settings.operator, "public_url": settings.public_url}
        letter = compose(
            message.kind,
            message.message_id,
            settings.mail_from,
            to.address,
            {**facts, **message.payload, **to.facts},
            to.lang,
        )
        return mail.send(letter, settings.smtp_url)
    except UnsafeLetter as error:
        return Tried(Outcome.UNSAFE, str(error))
    except Exception as error:  # noqa: BLE001
        # One message that we cannot make must not hold up the others. No text: it may quote a fact.
        log.warning("%s %s could not be made (%s)", message.kind, message.message_id, type(error).__name__)
        return Tried(Outcome.BROKEN, f"Tellback could not make it ({type(error).__name__}).")


def _note(message: OutboxMessage, tried: Tried, *, took_ms: int) -> None:
    """Keep how the try ended and what follows from it, at once."""
    with transaction():
        if not OutboxMessage.select().where(OutboxMessage.id == message.id).exists():
            return
        DeliveryAttempt.create(
            message=message, at=clock.now(), outcome=tried.outcome, status=tried.status, took_ms=took_ms
        )
        if tried.outcome == Outcome.SENT:
            _sent(message)
        else:
            _failed(message, tried)


def _sent(message: OutboxMessage) -> None:
    log.info("%s sent", message.message_id, extra=_facts(message))
    # It went out, even if the claim ran out meanwhile and somebody else is at it.
    _settle(message, state=SENT, sent_at=clock.now(), last_error=None)
    if _lane_of(message) == Lane.LETTERS:
        messages.forget_bounce(message.recipient_kind, message.recipient_id)


def _failed(message: OutboxMessage, tried: Tried) -> None:
    said = "%s not sent (%s), try %d"
    log.warning(said, message.message_id, tried.outcome, message.attempts, extra=_facts(message))
    # Only while the claim is ours: whoever took it over settles it.
    mine = OutboxMessage.attempts == message.attempts
    if tried.outcome not in FINAL and message.attempts < MOST_ATTEMPTS[_lane_of(message)]:
        due = clock.now() + _wait(message.attempts)
        _settle(message, mine, due_at=due, last_error=tried.said)
        return
    if tried.outcome == Outcome.NOBODY:
        _settle(message, mine, state=DROPPED, last_error=tried.said)
        return
    if not _settle(message, mine, state=DEAD, last_error=tried.said):
        return
    if tried.outcome == Outcome.ADDRESS_REFUSED:
        messages.note_bounce(message.recipient_kind, message.recipient_id, tried.status)
    if told := _given_up.get(message.recipient_kind):
        told(message.recipient_id, tried.said)


def _facts(message: OutboxMessage) -> dict[str, dict[str, str]]:
    return {"facts": {"message_id": message.message_id}}


def _wait(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    longest = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return timedelta(seconds=longest * (1 - SHORTENED_BY * random.random()))  # noqa: S311 (nothing is secret)


def _settle(message: OutboxMessage, *only: Any, **changes: object) -> bool:
    here = (OutboxMessage.id == message.id, OutboxMessage.state == WAITING)
    return bool(OutboxMessage.update(**changes).where(*here, *only).execute())
