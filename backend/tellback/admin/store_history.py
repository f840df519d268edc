"""What became of a thing in the store, and by whom, told to staff from the audit trail."""

from typing import Any

from tellback.accounts.models import Account
from tellback.admin import wording
from tellback.admin.history import Entry
from tellback.audit.acts import Act, time_line
from tellback.audit.models import AuditEvent

# Of what happened, what one screen shows, the latest first.
MOST = 30

_SAID = {
    Act.ORGANISATION_CHANGED: "changed it",
    Act.LET_IN: "let it answer stories besides",
    Act.SHUT_OUT: "let it answer some stories no more",
    Act.SERVICE_ADDED: "added it",
    Act.SERVICE_CHANGED: "changed it",
    Act.SERVICE_CLOSED: "closed it",
    Act.SERVICE_OPENED: "opened it again",
    Act.COMPLAINTS_NAMED: "named who deals with complaints",
    Act.COMPLAINTS_FORGOTTEN: "named nobody for complaints any more",
    Act.WORDS_FORGOTTEN: "had a rule mark words in its stories again",
    Act.TOPIC_ADDED: "added it",
    Act.TOPIC_RENAMED: "renamed it",
    Act.TOPIC_RETIRED: "retired it",
    Act.TOPIC_RESTORED: "offered it again",
    Act.TEMPLATE_WRITTEN: "wrote it",
    Act.TEMPLATE_DROPPED: "took it away",
    Act.BLOCK_MADE: "blocked it",
    Act.BLOCK_LIFTED: "ended it",
    Act.BLOCK_EXPIRED: "ended it, its time being over",
}
_WORDS = {**wording.SERVICE_KINDS, **wording.NATIONS, **wording.ORGANISATION_KINDS}
_CALLED = {
    "name": "name",
    "kind": "kind",
    "reply_days": "working days to answer",
    "town": "town",
    "postcode": "postcode",
    "organisation": "organisation",
    "parent": "what it belongs to",
    "nation": "nation",
    "local_codes": "own codes",
}


def of(subject_kind: str, subject_id: str) -> list[Entry]:
    """What happened to one thing, the latest first; at most `MOST`."""
    events = time_line(subject_kind, subject_id)[: -MOST - 1 : -1]
    actors = names(events)
    return [Entry(event.at.isoformat(), actors[event.id], _said(event)) for event in events]


def names(events: list[AuditEvent]) -> dict[int, str]:
    """Who did each of these acts, by the event's id."""
    ids = {int(event.actor_id) for event in events if event.actor_kind == "staff"}
    accounts = {str(one.id): one.name for one in Account.select().where(Account.id.in_(ids))}
    return {event.id: accounts.get(event.actor_id, _without_account(event)) for event in events}


def _without_account(event: AuditEvent) -> str:
    return "Tellback" if event.actor_kind == "system" else "Someone"


def _said(event: AuditEvent) -> str:
    detail: dict[str, Any] = event.detail
    parts = [
        f"{called}: {_shown(detail[name][0])} → {_shown(detail[name][1])}"
        for name, called in _CALLED.items()
        if isinstance(detail.get(name), list)
    ]
    if detail.get("owner"):
        parts.append("who looks after its stories")
    if detail.get("register"):
        parts.append("the register says it again, once it is brought in")
    said = _SAID[Act(event.act)]
    return f"{said}, {'; '.join(parts)}" if parts else said


def _shown(value: Any) -> str:
    shown = ", ".join(value) if isinstance(value, list) else _WORDS.get(value, value)
    return f"“{shown}”" if shown else "nothing"
