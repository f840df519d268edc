"""The time line of a story, told to staff from the audit trail."""

from dataclasses import dataclass
from typing import Any

from tellback.accounts.models import Account
from tellback.audit.acts import Act, time_line
from tellback.audit.models import AuditEvent
from tellback.moderation import reasons
from tellback.screening import REASONS
from tellback.stories.models import Story

_SAID = {
    Act.STORY_TOLD: "told the story",
    Act.STORY_OPENED: "began to read it",
    Act.STORY_REDACTED: "took words out",
    Act.STORY_UNREDACTED: "put words back",
    Act.STORY_PUBLISHED: "published it",
    Act.STORY_RETURNED: "sent it back to its author",
    Act.STORY_REJECTED: "decided not to publish it",
    Act.STORY_REMOVED: "took it down",
    Act.STORY_WITHDRAWN: "took the story back",
    Act.CONTACT_GIVEN: "asked for the private link by letter",
    Act.REPLY_WRITTEN: "wrote a reply",
    Act.REPLY_PUBLISHED: "published a reply",
    Act.REPLY_RETURNED: "sent a reply back",
    Act.FLAG_TOLD: "reported it",
    Act.FLAG_SETTLED: "settled a report",
    Act.CHANGE_CLAIMED: "said what changes because of it",
    Act.CHANGE_PUBLISHED: "published what changes because of it",
    Act.CHANGE_RETURNED: "sent back what was said of a change",
}


@dataclass(frozen=True)
class Entry:
    """One act: when (ISO 8601, UTC), who, and what, with its reason where there is one."""

    at: str
    actor: str
    text: str


def of_story(story: Story) -> list[Entry]:
    """All that happened to a story, oldest first."""
    return _told(time_line("story", story.public_id))


def since(story: Story, revision: int) -> list[Entry]:
    """What happened to a story after the revision that someone read.

    Every act on the story itself counts one revision, so the first `revision` acts were seen.
    """
    acts = [event for event in time_line("story", story.public_id) if event.act.startswith("story:")]
    return _told(acts[max(revision, 0) :])


def of_website(site_key: str) -> list[Entry]:
    """All that happened to a website, oldest first."""
    return _told(time_line("website", site_key))


def _told(events: list[AuditEvent]) -> list[Entry]:
    names = _names(events)
    return [
        Entry(
            at=event.at.isoformat(),
            actor=names.get(event.actor_id, "Someone")
            if event.actor_kind == "staff"
            else f"The {event.actor_kind}",
            text=_said(event),
        )
        for event in events
    ]


def _names(events: list[AuditEvent]) -> dict[str, str]:
    ids = {int(event.actor_id) for event in events if event.actor_kind == "staff"}
    return {str(account.id): account.name for account in Account.select().where(Account.id.in_(ids))}


def _said(event: AuditEvent) -> str:
    if event.subject_kind == "website":
        return _of_website(event.detail)
    slug = event.detail.get("reason", "")
    reason = REASONS.get(slug) or reasons.author_text(slug)
    said = _SAID[Act(event.act)]
    return f"{said}: {reason}" if reason else said


def _of_website(detail: dict[str, Any]) -> str:
    """What became of a website: the origins allowed first, or those that came and went since, its name."""
    if "origins" in detail:
        return f"allowed {', '.join(detail['origins'])}"
    parts = {"added": "now allowed", "removed": "no longer allowed"}
    said = [f"{words}: {', '.join(detail[name])}" for name, words in parts.items() if detail.get(name)]
    if detail.get("name"):
        said.append(f"now called {detail['name']}")
    return f"changed it, {'; '.join(said)}"
