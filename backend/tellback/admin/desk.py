"""What a moderator's screens show: one story with its marks, one reply."""

from typing import Any

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, require_no_interest
from tellback.admin import history
from tellback.errors import Conflict, NotAllowed, NotFound
from tellback.moderation import decisions, marking, reasons, redaction
from tellback.moderation.redaction import Span
from tellback.replies.models import Reply
from tellback.replies.responding import ReplyState
from tellback.screening import REASONS, RULES
from tellback.stories import about, words
from tellback.stories.models import Story, StoryFinding
from tellback.stories.states import State
from tellback.stories.submission import current_version

# What each part of a story is called on the screens.
FIELD_NAMES = {
    "title": "Title",
    "body": "What happened",
    "what_was_good": "What was good",
    "what_could_be_better": "What could be better",
}


def find_story(public_id: str) -> Story:
    """The story of this id, public or not. Raises NotFound."""
    found: Story | None = Story.get_or_none(Story.public_id == public_id)
    if found is None:
        raise NotFound("There is no such story.")
    return found


def begin_reading(story: Story, account: Account) -> Story:
    """The story, noted as being read; someone else may have begun at the same moment."""
    try:
        decisions.open_for_review(story, account)
    except Conflict:
        return find_story(story.public_id)
    return story


def redact(story: Story, form: dict[str, Any], by: Account) -> None:
    """Take out what the form of `RedactionSchema` names: a finding's place, or words wherever they stand.

    For a finding, its rule says the reason and the replacement that the form leaves out. Raises as
    `redaction.redact` and `redaction.redact_words` do; NotFound for a finding of another text.
    """
    how = {"reason": form["reason"], "replacement": form["replacement"], "by": by}
    if form["finding"] is None:
        redaction.redact_words(story, form["revision"], form["field"], form["words"], **how)
        return
    version = current_version(story)
    finding = StoryFinding.get_or_none(StoryFinding.id == form["finding"], StoryFinding.version == version)
    if finding is None:
        raise NotFound("This finding is not in the story’s present text.")
    rule = RULES[finding.rule]
    how["reason"] = how["reason"] or rule.reason or ""
    how["replacement"] = how["replacement"] or rule.replacement or ""
    redaction.redact(story, form["revision"], Span(finding.field, finding.start, finding.end), **how)


def describe_story(story: Story, account: Account) -> dict[str, Any]:
    """Everything the screen of one story says; no words of one that its author took back."""
    version = current_version(story)
    shown = story.state != State.WITHDRAWN
    redactions = redaction.of_version(version)
    return {
        "story": story,
        "version": version,
        "services": about.services_of([story.id]).get(story.id, []),
        "topics": about.topics_of([story.id]).get(story.id, []),
        "author_role": words.AUTHOR_ROLES_SHOWN[story.author_role],
        "fields": marking.marked(version) if shown else {},
        "field_names": FIELD_NAMES,
        "findings": marking.open_findings(version) if shown else [],
        "rules": RULES,
        "redactions": redactions,
        "as_published": redaction.published_fields(version) if shown else {},
        "redaction_reasons": REASONS,
        "return_reasons": reasons.RETURNED,
        "reject_reasons": reasons.REJECTED,
        "remove_reasons": reasons.REMOVED,
        "decision": decisions.latest(story),
        "history": history.of_story(story),
        "may_decide": may(account, Action.DECIDE_STORIES),
        "barred": _barred(story, account),
    }


def describe_reply(reply: Reply, account: Account) -> dict[str, Any]:
    """Everything the screen of one reply says."""
    story = reply.story
    return {
        "reply": reply,
        "story": story,
        "service": reply.service,
        "text": redaction.published_fields(current_version(story)) if story.state == State.PUBLISHED else {},
        "waits": reply.state == ReplyState.SUBMITTED,
        "barred": _barred(story, account),
    }


def _barred(story: Story, account: Account) -> str:
    """Why this person may not decide about this story, as a sentence; empty when they may."""
    try:
        require_no_interest(account, about.organisations_of(story))
    except NotAllowed as refusal:
        return refusal.detail
    return ""
