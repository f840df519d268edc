"""The time line of a story, told to staff from the audit trail."""

from dataclasses import dataclass
from typing import Any

from tellback.accounts.models import Account
from tellback.admin.wording import DECISIONS
from tellback.audit.acts import Act, time_line
from tellback.audit.models import AuditEvent
from tellback.moderation import reasons
from tellback.moderation.case_paths import PATHS, Kind, outcome_label
from tellback.moderation.case_steps import WAYS
from tellback.screening import REASONS, RULES
from tellback.stories.models import Story

_SAID = {
    Act.STORY_TOLD: "told the story",
    Act.STORY_EDITED: "told it otherwise",
    Act.EDIT_PUBLISHED: "published what its author told otherwise",
    Act.EDIT_RETURNED: "sent back what its author told otherwise",
    Act.EDIT_REJECTED: "decided not to publish what its author told otherwise",
    Act.STORY_OPENED: "began to read it",
    Act.STORY_REDACTED: "took words out",
    Act.STORY_UNREDACTED: "put words back",
    Act.STORY_PUBLISHED: "published it",
    Act.STORY_RETURNED: "sent it back to its author",
    Act.STORY_REJECTED: "decided not to publish it",
    Act.STORY_REMOVED: "took it down",
    Act.STORY_WITHDRAWN: "took the story back",
    Act.STORY_ERASED: "had its words erased",
    Act.STORY_AGED: "erased its words, which were kept for as long as words are",
    Act.STORY_PAUSED: "paused it",
    Act.STORY_RESUMED: "ended its pause",
    Act.CONTACT_AGED: "deleted the address, as there was no news for long",
    Act.STORY_SCORED: "scored how critical it is",
    Act.STORY_TAGGED: "changed what it is about",
    Act.FINDING_DISMISSED: "said that what is marked is nothing",
    Act.FINDING_RESTORED: "had it marked again",
    Act.DECISION_MADE: "decided",
    Act.DECISION_UNDONE: "undid the decision",
    Act.DECISION_OVERTAKEN: "let go, as something else happened first, of the decision",
    Act.AUTHOR_ASKED: "asked its author about the edits",
    Act.EDITS_AGREED: "agreed to the edits",
    Act.EDITS_DISCUSSED: "wrote to the moderators about the edits",
    Act.EDITS_UNANSWERED: "gave it back to the desk, as its author did not answer",
    Act.STORY_ASSIGNED: "took it on",
    Act.STORY_UNASSIGNED: "put it back for anyone to take on",
    Act.CONTACT_GIVEN: "asked for the private link by letter",
    Act.LINK_SENT_AGAIN: "sent the private link again to the address that was given",
    Act.CONTACT_DELETED: "had the address deleted",
    Act.CONTACT_LANGUAGE: "chose the language for letters and answers",
    Act.REPLY_WRITTEN: "wrote a reply",
    Act.REPLY_PUBLISHED: "published a reply",
    Act.REPLY_RETURNED: "sent a reply back",
    Act.REPLY_TAKEN_BACK: "took a reply back before it went on",
    Act.REPLY_SENT_ON: "passed a reply to the moderators",
    Act.REPLY_FAST_TRACKED: "published a reply by the fast track",
    Act.REPLY_KEPT: "kept a reply back, for the story had ended",
    Act.REPLY_READ: "read a reply that showed at once",
    Act.REPLY_JUDGED: "said whether a reply answered them",
    Act.ANSWER_WRITTEN: "answered a reply",
    Act.ANSWER_PUBLISHED: "published an answer to a reply",
    Act.ANSWER_REJECTED: "decided not to publish an answer to a reply",
    Act.STORY_ESCALATED: "escalated it",
    Act.STORY_REOPENED: "brought it back to be read again",
    Act.CASE_OPENED: "opened a case",
    Act.CASE_ASKED_FOR: "asked for a case",
    Act.CASE_QUESTION: "asked its author in a case",
    Act.CASE_ANSWERED: "answered in a case",
    Act.CASE_NOTED: "made a note in a case",
    Act.CASE_CLOSED: "closed a case",
    Act.FLAG_TOLD: "reported it",
    Act.FLAG_SETTLED: "settled a report",
    Act.CHANGE_CLAIMED: "said what changes because of it",
    Act.CHANGE_PUBLISHED: "published what changes because of it",
    Act.CHANGE_RETURNED: "sent back what was said of a change",
    Act.CORRECTION_WRITTEN: "corrected a reply",
    Act.CORRECTION_RETURNED: "sent the correction of a reply back",
    Act.REPLY_CORRECTED: "let the correction of a reply stand",
    Act.REPLY_REMOVED: "took a reply down",
    Act.CHANGE_REMOVED: "took a change down",
    Act.CHANGE_UNLINKED: "took it from a change that does not answer it",
    Act.HANDED_ON: "handed it on",
    Act.HAND_ON_ANSWERED: "had an answer to what was handed on",
    Act.HAND_ON_SENT: "sent on the answer of somebody it was handed on to",
    Act.HAND_ON_ENDED: "ended what was handed on",
    Act.MOVE_ASKED: "said that it is not about their service",
    Act.MOVE_REFUSED: "left it with the service",
    Act.STORY_MOVED: "moved it to another service",
    Act.CHANGE_JUDGED: "said whether it has really changed",
}


@dataclass(frozen=True)
class Entry:
    """One act: when (ISO 8601, UTC), who, and what, with its reason where there is one."""

    at: str
    actor: str
    text: str


def of_story(story: Story, *, of_cases: bool = True) -> list[Entry]:
    """All that happened to a story, oldest first; its cases are not for who has a role at its service."""
    return _told(
        [event for event in time_line("story", story.public_id) if of_cases or "case" not in event.detail]
    )


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
            text=_said(event, names),
        )
        for event in events
    ]


def _names(events: list[AuditEvent]) -> dict[str, str]:
    ids = {int(event.actor_id) for event in events if event.actor_kind == "staff"}
    ids |= {event.detail["to"] for event in events if event.act == Act.STORY_ASSIGNED}
    return {str(account.id): account.name for account in Account.select().where(Account.id.in_(ids))}


def _said(event: AuditEvent, names: dict[str, str]) -> str:
    if event.subject_kind == "website":
        return _of_website(event.detail)
    if event.act == Act.STORY_ASSIGNED:
        to = str(event.detail["to"])
        if to != event.actor_id:
            return f"gave it to {names.get(to, 'someone')}"
    if "case" in event.detail:
        return _of_case(Act(event.act), event.detail)
    slug = event.detail.get("reason", "")
    reason = REASONS.get(slug) or reasons.author_text(slug) or reasons.REMOVED_ANSWERS.get(slug, "")
    said = " ".join([_SAID[Act(event.act)], *_facts(event.detail)])
    return f"{said}: {reason}" if reason else said


def _facts(detail: dict[str, Any]) -> list[str]:
    """What else was recorded of an act: which decision and when, the score, the rule, the topics."""
    said = []
    if "decision" in detail:
        said.append(DECISIONS[detail["decision"]])
    if "criticality" in detail:
        said.append(f"(criticality {detail['criticality']})")
    if "rule" in detail:
        said.append(f"({RULES[detail['rule']].title if detail['rule'] in RULES else detail['rule']})")
    if "taken_out" in detail:
        said.append(f"(unseen characters taken out of it: {detail['taken_out']})")
    if detail.get("remembered"):
        said.append("and never again about these services")
    topics = [f"+ {slug}" for slug in detail.get("added", ())] + [
        f"− {slug}" for slug in detail.get("removed", ())
    ]
    if topics:
        said.append(f"({', '.join(topics)})")
    if "decided_at" in detail:
        said.append(f"(decided at {detail['decided_at'][11:16]})")
    return said


def _of_case(act: Act, detail: dict[str, Any]) -> str:
    """What was done in a case, with its kind; whom somebody told, or how it ended."""
    if act == Act.CASE_TOLD:
        return f"told {detail['who']}, {WAYS[detail['how']]}"
    said = f"{_SAID[act]} ({PATHS[Kind(detail['kind'])].name.lower()})"
    return f"{said}: {outcome_label(detail['kind'], detail['outcome'])}" if "outcome" in detail else said


def _of_website(detail: dict[str, Any]) -> str:
    """What became of a website: the origins allowed first, or those that came and went since, its name."""
    if "origins" in detail:
        return f"allowed {', '.join(detail['origins'])}"
    parts = {"added": "now allowed", "removed": "no longer allowed"}
    said = [f"{words}: {', '.join(detail[name])}" for name, words in parts.items() if detail.get(name)]
    if detail.get("name"):
        said.append(f"now called {detail['name']}")
    return f"changed it, {'; '.join(said)}"
