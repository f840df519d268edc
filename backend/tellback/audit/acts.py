"""The names of acts, by the grammar `subject:part:action`, and the one way to record them."""

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tellback import clock
from tellback.audit.models import AuditEvent
from tellback.db import put

log = logging.getLogger(__name__)


class Act(StrEnum):
    """Everything that is recorded.

    Whatever begins with `story:` counts one revision of the story, and nothing else does: by that a screen
    says what happened since it was shown (`admin.history.since`).
    """

    STORY_TOLD = "story:text:told"
    STORY_EDITED = "story:text:edited"
    EDIT_PUBLISHED = "story:edit:published"
    EDIT_RETURNED = "story:edit:returned"
    EDIT_REJECTED = "story:edit:rejected"
    STORY_OPENED = "story:review:opened"
    STORY_REDACTED = "story:text:redacted"
    STORY_UNREDACTED = "story:text:unredacted"
    STORY_PUBLISHED = "story:state:published"
    STORY_RETURNED = "story:state:returned"
    STORY_REJECTED = "story:state:rejected"
    STORY_PAUSED = "story:state:paused"
    STORY_RESUMED = "story:state:resumed"
    STORY_REMOVED = "story:state:removed"
    STORY_WITHDRAWN = "story:state:withdrawn"
    STORY_ERASED = "story:text:erased"
    STORY_AGED = "story:text:aged"
    STORY_SCORED = "story:criticality:scored"
    STORY_TAGGED = "story:topics:changed"
    FINDING_DISMISSED = "story:finding:dismissed"
    FINDING_RESTORED = "story:finding:restored"
    WORDS_FORGOTTEN = "words:memory:forgotten"
    DECISION_MADE = "story:decision:made"
    DECISION_UNDONE = "story:decision:undone"
    DECISION_OVERTAKEN = "decision:state:overtaken"
    AUTHOR_ASKED = "story:edits:asked"
    EDITS_AGREED = "story:edits:agreed"
    EDITS_DISCUSSED = "story:edits:discussed"
    EDITS_UNANSWERED = "story:edits:unanswered"
    STORY_ESCALATED = "story:state:escalated"
    STORY_REOPENED = "story:state:reopened"
    CASE_OPENED = "story:case:opened"
    CASE_ASKED_FOR = "case:request:received"
    CASE_TOLD = "case:person:told"
    CASE_QUESTION = "case:author:asked"
    CASE_ANSWERED = "case:author:answered"
    CASE_NOTED = "case:note:added"
    CASE_CLOSED = "case:state:closed"
    STORY_ASSIGNED = "assignment:person:named"
    STORY_UNASSIGNED = "assignment:person:freed"
    CONTACT_GIVEN = "contact:address:given"
    LINK_SENT_AGAIN = "contact:link:sent_again"
    CONTACT_AGED = "contact:address:aged"
    CONTACT_DELETED = "contact:address:deleted"
    CONTACT_LANGUAGE = "contact:language:chosen"
    REPLY_WRITTEN = "reply:text:written"
    REPLY_PUBLISHED = "reply:state:published"
    REPLY_RETURNED = "reply:state:returned"
    REPLY_TAKEN_BACK = "reply:text:taken_back"
    REPLY_SENT_ON = "reply:state:submitted"
    REPLY_FAST_TRACKED = "reply:state:fast_tracked"
    REPLY_KEPT = "reply:state:story_ended"
    REPLY_READ = "reply:review:read"
    LET_IN = "organisation:answers:allowed"
    SHUT_OUT = "organisation:answers:ended"
    TOKEN_MADE = "account:token:made"  # noqa: S105 (the name of an act)
    TOKEN_REVOKED = "account:token:revoked"  # noqa: S105 (likewise)
    REPLY_JUDGED = "reply:verdict:given"
    ANSWER_WRITTEN = "reply:answer:written"
    ANSWER_PUBLISHED = "reply:answer:published"
    ANSWER_REJECTED = "reply:answer:rejected"
    CHANGE_CLAIMED = "change:state:claimed"
    CHANGE_PUBLISHED = "change:state:published"
    CHANGE_RETURNED = "change:state:returned"
    CORRECTION_WRITTEN = "correction:text:written"
    CORRECTION_RETURNED = "correction:state:returned"
    REPLY_CORRECTED = "reply:text:corrected"
    REPLY_REMOVED = "reply:state:removed"
    CHANGE_REMOVED = "change:state:removed"
    CHANGE_UNLINKED = "change:story:unlinked"
    RELAY_WRITTEN = "relay:message:written"
    RELAY_CLOSED = "relay:state:closed"
    RELAY_OFF = "relay:messages:refused"
    RELAY_ON = "relay:messages:allowed"
    RELAY_REPORTED = "relay:report:told"
    RELAY_READ = "relay:report:read"
    RELAY_SETTLED = "relay:report:settled"
    HANDED_ON = "hand_on:link:sent"
    HAND_ON_ANSWERED = "hand_on:text:written"
    HAND_ON_SENT = "hand_on:text:sent_on"
    HAND_ON_ENDED = "hand_on:link:ended"
    MOVE_ASKED = "move:state:asked"
    MOVE_REFUSED = "move:state:refused"
    STORY_MOVED = "story:services:moved"
    COVER_NAMED = "cover:days:named"
    COVER_ENDED = "cover:days:ended"
    COMPLAINT_NOTED = "complaint:reference:kept"
    COMPLAINT_FORGOTTEN = "complaint:reference:forgotten"
    CHANGE_JUDGED = "change:verdict:given"
    FLAG_TOLD = "flag:state:told"
    FLAG_SETTLED = "flag:state:settled"
    ACCOUNT_ADDED = "account:role:added"
    ROLE_TAKEN = "account:role:taken"
    ACCOUNT_INVITED = "account:invitation:sent"
    ACCOUNT_JOINED = "account:invitation:accepted"
    INVITATION_WITHDRAWN = "account:invitation:withdrawn"
    ACCOUNT_SUSPENDED = "account:state:suspended"
    ACCOUNT_RESUMED = "account:state:resumed"
    PASSWORD_SET = "account:password:set"  # noqa: S105 (the name of an act)
    PASSWORD_ASKED = "account:password:asked"  # noqa: S105 (likewise)
    SESSION_BEGUN = "account:session:begun"
    SESSION_REFUSED = "account:session:refused"
    SESSION_CONFIRMED = "account:session:confirmed"
    SESSION_ENDED = "account:session:ended"
    APP_SET_UP = "account:app:set_up"
    APP_REMOVED = "account:app:removed"
    RECOVERY_CODES_MADE = "account:recovery_codes:made"
    PASSKEY_ADDED = "account:passkey:added"
    PASSKEY_REMOVED = "account:passkey:removed"
    FACTORS_RESET = "account:second_factors:reset"
    IDENTITY_LINKED = "account:identity:linked"
    PROVIDER_ADDED = "provider:settings:added"
    PROVIDER_CHANGED = "provider:settings:changed"
    WEBSITE_ADDED = "website:origin:added"
    WEBSITE_CHANGED = "website:origin:changed"
    HOURS_CHANGED = "rota:hours:changed"
    ON_CALL_CHANGED = "rota:on_call:changed"
    READERS_CHANGED = "rota:readers:changed"
    TARGETS_CHANGED = "rota:targets:changed"
    LIST_EXPORTED = "list:file:exported"
    MESSAGE_SENT_AGAIN = "message:state:sent_again"
    MESSAGES_SENT_AGAIN = "messages:state:sent_again"
    ORGANISATION_CHANGED = "organisation:facts:changed"
    SERVICE_ADDED = "service:facts:added"
    SERVICE_CHANGED = "service:facts:changed"
    SERVICE_CLOSED = "service:state:closed"
    SERVICE_OPENED = "service:state:opened"
    COMPLAINTS_NAMED = "complaints:contact:named"
    COMPLAINTS_FORGOTTEN = "complaints:contact:forgotten"
    TOPIC_ADDED = "topic:name:added"
    TOPIC_RENAMED = "topic:name:changed"
    TOPIC_RETIRED = "topic:state:retired"
    TOPIC_RESTORED = "topic:state:restored"
    TEMPLATE_WRITTEN = "template:text:written"
    TEMPLATE_DROPPED = "template:text:dropped"
    BLOCK_MADE = "block:state:made"
    BLOCK_LIFTED = "block:state:lifted"
    BLOCK_EXPIRED = "block:state:expired"
    WEBHOOK_ADDED = "webhook:address:added"
    WEBHOOK_CHANGED = "webhook:address:changed"
    WEBHOOK_ROLLED = "webhook:secret:rolled"
    WEBHOOK_SWITCHED = "webhook:state:changed"
    WEBHOOK_DELETED = "webhook:address:deleted"
    ROWS_FORGOTTEN = "retention:rows:forgotten"
    KEYS_RESEALED = "keys:contact:resealed"


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
    """Add one line to the record in the caller's transaction; `detail` holds facts, never a story's words.

    The log has a line of it, too, without the detail: a log that is sent on is out of reach for whoever
    changes the record (ASVS 5.0, 16.4.3). A line may be of a transaction that then failed.
    """
    event = {
        "at": clock.now(),
        "act": act.value,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "detail": detail,
    }
    put(AuditEvent, [event])
    who = f"{actor.kind} {actor.id}".strip()
    facts = {"act": act.value, "of": f"{subject_kind} {subject_id}".strip(), "by": who}
    log.info("%(act)s of %(of)s by %(by)s", facts, extra={"facts": facts})


def time_line(subject_kind: str, subject_id: str) -> list[AuditEvent]:
    """All that happened to one subject, oldest first."""
    query = (
        AuditEvent.select()
        .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == subject_id)
        .order_by(AuditEvent.id)
    )
    return list(query)
