"""Writing a message: a row in the transaction that causes it. And what is known of those that went out."""

import logging
import uuid
from typing import Any

from tellback import clock
from tellback.outbox.models import OutboxMessage, RefusedAddress

log = logging.getLogger(__name__)

# `dropped`: there was nobody to write to any more, which is nobody's mistake.
WAITING, SENT, DEAD, DROPPED = "waiting", "sent", "dead", "dropped"
# The kind of recipient that is no person: what goes there is a webhook, everything else a letter.
WEBHOOK = "webhook"


def put(kind: str, recipient_kind: str, recipient_id: str, **payload: Any) -> OutboxMessage:
    """Have a letter of this kind sent, once the caller's transaction stands.

    `kind` names its template (`letters/{kind}.txt`), or a webhook's type of event. The recipient's address is
    looked up when it is sent. `payload` holds facts for the text: never a story's words, never an address.
    """
    moment = clock.now()
    message_id = str(uuid.uuid4())
    # By this line what a request caused is found: those of its sending name the message, and no request.
    log.info("%s %s is to be sent", kind, message_id, extra={"facts": {"message_id": message_id}})
    return OutboxMessage.create(
        message_id=message_id,
        kind=kind,
        recipient_kind=recipient_kind,
        recipient_id=recipient_id,
        payload=payload,
        state=WAITING,
        created_at=moment,
        due_at=moment,
    )


def again(message: OutboxMessage) -> bool:
    """Send a message again that was sent or given up, under its own id and with all its tries before it.

    In the caller's transaction. False when it waits already.
    """
    return bool(_wait_anew(OutboxMessage.id == message.id, OutboxMessage.state != WAITING))


def all_again(kind: str) -> int:
    """Send all messages of a kind again that were given up, as `again` does; how many."""
    return _wait_anew(OutboxMessage.kind == kind, OutboxMessage.state == DEAD)


def bounced(recipient_kind: str, recipient_id: str) -> bool:
    """Whether the recipient's address refused our last letter, and no other address was given since."""
    return RefusedAddress.select().where(*_of(recipient_kind, recipient_id)).exists()


def forget_bounce(recipient_kind: str, recipient_id: str) -> None:
    """Think well of a recipient's address again: another one was given, or it took a letter."""
    RefusedAddress.delete().where(*_of(recipient_kind, recipient_id)).execute()


def note_bounce(recipient_kind: str, recipient_id: str, status: int | None) -> None:
    """Keep that the recipient's address refused a letter, with the mail server's number for it."""
    row = {
        "recipient_kind": recipient_kind,
        "recipient_id": recipient_id,
        "at": clock.now(),
        "status": status,
    }
    RefusedAddress.insert(row).on_conflict(
        conflict_target=[RefusedAddress.recipient_kind, RefusedAddress.recipient_id],
        preserve=[RefusedAddress.at, RefusedAddress.status],
    ).execute()


def _wait_anew(*which: Any) -> int:
    anew = {"state": WAITING, "attempts": 0, "due_at": clock.now(), "sent_at": None, "last_error": None}
    changed: int = OutboxMessage.update(anew).where(*which).execute()
    return changed


def _of(recipient_kind: str, recipient_id: str) -> tuple[Any, Any]:
    return RefusedAddress.recipient_kind == recipient_kind, RefusedAddress.recipient_id == recipient_id
