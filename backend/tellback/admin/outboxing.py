"""What the outbox's screen shows, and what an administrator does there."""

from typing import Any

from flask import current_app, url_for

from tellback.accounts.models import Account
from tellback.admin import wording
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import NotFound
from tellback.outbox import messages, standing
from tellback.outbox.models import OutboxMessage

# What is shown of each kind; of more it is said how many.
SHOWN = 20
# Whom a message goes to, by role: an address is never shown.
ROLES = {
    "account": "somebody who signs in",
    "alert": "somebody with an alert",
    "author": "the author of a story",
    "digest": "somebody with a weekly digest",
    "hand_on": "whom a story was handed on to",
    "outsider": "who asked that a story be taken down",
    messages.WEBHOOK: "a service’s own system",
}


def describe() -> dict[str, Any]:
    """The whole screen, as `staff/outbox.html` shows it."""
    last = standing.last_sent()
    return {
        "waiting": [
            {
                "what": kind_of(one.kind),
                "to": _role(one.recipient_kind),
                "count": one.count,
                "failing": one.failing,
                "since": wording.waiting(one.since),
                "said": one.said,
            }
            for one in standing.waiting()
        ],
        "given_up": [_group(kind, count) for kind, count in standing.given_up_by_kind().items()],
        "refused": [
            {"who": _role(kind), "count": count} for kind, count in standing.refused_addresses().items()
        ],
        "last_sent": f"{wording.waiting(last)} ago" if last else None,
        "mail": bool(current_app.config["SETTINGS"].smtp_url),
        "urls": {"send_all": url_for("admin.send_all_again")},
    }


def send_again(message_id: int, by: Account) -> bool:
    """Send one message again, on record; False when it is not given up any more. Raises NotFound."""
    message = OutboxMessage.get_or_none(OutboxMessage.id == message_id)
    if message is None:
        raise NotFound("There is no such message.")
    if message.state != messages.DEAD:
        return False
    with transaction():
        if not messages.again(message):
            return False
        acts.record(acts.Act.MESSAGE_SENT_AGAIN, acts.staff(by.id), "message", message.message_id)
    return True


def send_all_again(kind: str, by: Account) -> int:
    """Send all messages of a kind again that were given up, on record; how many."""
    with transaction():
        count = messages.all_again(kind)
        if count:
            acts.record(acts.Act.MESSAGES_SENT_AGAIN, acts.staff(by.id), "messages", kind, count=count)
    return count


def kind_of(kind: str) -> str:
    """A kind in words: the letter `story_received` is "story received"; an event's type stays as it is."""
    return f"event {kind}" if "." in kind else kind.replace("_", " ")


def _group(kind: str, count: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "what": kind_of(kind),
        "count": count,
        "messages": [
            {
                "to": _role(one.recipient_kind),
                "said": one.last_error,
                "tries": one.attempts,
                "on": one.created_at.date().isoformat(),
                "ago": wording.waiting(one.created_at),
                "url": url_for("admin.send_again", message_id=one.id),
            }
            for one in standing.given_up(kind, SHOWN)
        ],
    }


def _role(recipient_kind: str) -> str:
    return ROLES.get(recipient_kind, "somebody")
