"""Sending what waits: claimed by a conditional update, sent, marked. At least once, with a stable id."""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

from tellback import clock
from tellback.config import Settings
from tellback.outbox.letters import UnsafeLetter, compose
from tellback.outbox.messages import DEAD, SENT, WAITING
from tellback.outbox.models import OutboxMessage
from tellback.translations.languages import SOURCE

log = logging.getLogger(__name__)

# Seconds a worker may take over one letter before another may claim it.
LEASE = 120
# Tries before a letter is set aside, about two days in all with the waits below.
MOST_ATTEMPTS = 17
# Seconds: the wait doubles from one minute up to six hours.
FIRST_WAIT, LONGEST_WAIT = 60, 21_600
_SMTP_TIMEOUT = 30


@dataclass(frozen=True)
class Recipient:
    """Where a letter goes, the facts its text needs, and the language it should speak (BCP 47)."""

    address: str
    facts: dict[str, Any]
    lang: str = SOURCE


# Given a recipient's kind and id: where to send, or None when there is nobody to write to any more.
Resolver = Callable[[str, str], Recipient | None]


def deliver_due(settings: Settings, resolve: Resolver) -> int:
    """Send every letter that is due; how many were sent. One that fails waits for its next try."""
    sent = 0
    while message := _claim():
        sent += _deliver(message, settings, resolve)
    return sent


def _claim() -> OutboxMessage | None:
    """Take the next due letter for `LEASE` seconds. Two workers never hold the same one."""
    moment = clock.now()
    while True:
        message: OutboxMessage | None = (
            OutboxMessage.select()
            .where(OutboxMessage.state == WAITING, OutboxMessage.due_at <= moment)
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .first()
        )
        if message is None:
            return None
        claimed = (
            OutboxMessage.update(due_at=moment + timedelta(seconds=LEASE), attempts=message.attempts + 1)
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


def _deliver(message: OutboxMessage, settings: Settings, resolve: Resolver) -> bool:
    recipient = resolve(message.recipient_kind, message.recipient_id)
    if recipient is None:
        _settle(message, state=DEAD, last_error="nobody to write to any more")
        return False
    try:
        facts = {"operator": settings.operator, "public_url": settings.public_url, **message.payload}
        letter = compose(
            message.kind,
            message.message_id,
            settings.mail_from,
            recipient.address,
            {**facts, **recipient.facts},
            recipient.lang,
        )
        _send(letter, settings.smtp_url)
    except UnsafeLetter as error:
        _settle(message, state=DEAD, last_error=str(error))
        return False
    except (OSError, smtplib.SMTPException) as error:
        # The server's words may quote the address, so only the kind of failure is kept.
        _retry(message, type(error).__name__)
        return False
    _settle(message, state=SENT, sent_at=clock.now(), last_error=None)
    return True


def _retry(message: OutboxMessage, error: str) -> None:
    log.warning("letter %s not sent (%s), try %d", message.message_id, error, message.attempts)
    if message.attempts >= MOST_ATTEMPTS:
        _settle(message, state=DEAD, last_error=error)
        return
    wait = min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
    _settle(message, due_at=clock.now() + timedelta(seconds=wait), last_error=error)


def _settle(message: OutboxMessage, **changes: object) -> None:
    OutboxMessage.update(**changes).where(OutboxMessage.id == message.id).execute()


def _send(letter: EmailMessage, smtp_url: str) -> None:
    parts = urlsplit(smtp_url)
    secure = parts.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    port = parts.port or (465 if secure else 25)
    with kind(parts.hostname or "", port, timeout=_SMTP_TIMEOUT) as server:
        if not secure and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(letter)
