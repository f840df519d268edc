"""The names of acts, by the grammar `subject:part:action`, and the one way to record them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tellback import clock
from tellback.audit.models import AuditEvent


class Act(StrEnum):
    """Everything that is recorded."""

    STORY_TOLD = "story:text:told"
    STORY_OPENED = "story:review:opened"
    STORY_REDACTED = "story:text:redacted"
    STORY_UNREDACTED = "story:text:unredacted"
    STORY_PUBLISHED = "story:state:published"
    STORY_RETURNED = "story:state:returned"
    STORY_REJECTED = "story:state:rejected"
    STORY_REMOVED = "story:state:removed"
    STORY_WITHDRAWN = "story:state:withdrawn"
    CONTACT_GIVEN = "contact:address:given"
    REPLY_WRITTEN = "reply:text:written"
    REPLY_PUBLISHED = "reply:state:published"
    REPLY_RETURNED = "reply:state:returned"
    CHANGE_CLAIMED = "change:state:claimed"
    CHANGE_PUBLISHED = "change:state:published"
    CHANGE_RETURNED = "change:state:returned"
    FLAG_TOLD = "flag:state:told"
    FLAG_SETTLED = "flag:state:settled"
    ACCOUNT_ADDED = "account:role:added"
    PASSWORD_SET = "account:password:set"  # noqa: S105 (the name of an act)
    WEBSITE_ADDED = "website:origin:added"
    WEBSITE_CHANGED = "website:origin:changed"


@dataclass(frozen=True)
class Actor:
    """Who acts: `author`, `reader`, `staff` (an account's id), or `system`."""

    kind: str
    id: str = ""


AUTHOR = Actor("author")
READER = Actor("reader")
SYSTEM = Actor("system")


def staff(account_id: int) -> Actor:
    """The signed-in person with this account."""
    return Actor("staff", str(account_id))


def record(act: Act, actor: Actor, subject_kind: str, subject_id: str, **detail: Any) -> None:
    """Add one line to the record in the caller's transaction; `detail` holds facts, never a story's words."""
    AuditEvent.create(
        at=clock.now(),
        act=act.value,
        actor_kind=actor.kind,
        actor_id=actor.id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
    )


def time_line(subject_kind: str, subject_id: str) -> list[AuditEvent]:
    """All that happened to one subject, oldest first."""
    query = (
        AuditEvent.select()
        .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == subject_id)
        .order_by(AuditEvent.id)
    )
    return list(query)
