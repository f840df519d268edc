"""Writing a message: a row in the transaction that causes it."""

import uuid
from typing import Any

from tellback import clock
from tellback.outbox.models import OutboxMessage

WAITING, SENT, DEAD = "waiting", "sent", "dead"


def put(kind: str, recipient_kind: str, recipient_id: str, **payload: Any) -> OutboxMessage:
    """Have a letter of this kind sent, once the caller's transaction stands.

    `kind` names its template (`letters/{kind}.txt`). The recipient's address is looked up when
    it is sent. `payload` holds facts for the text: never a story's words, never an address.
    """
    moment = clock.now()
    return OutboxMessage.create(
        message_id=str(uuid.uuid4()),
        kind=kind,
        recipient_kind=recipient_kind,
        recipient_id=recipient_id,
        payload=payload,
        state=WAITING,
        created_at=moment,
        due_at=moment,
    )
