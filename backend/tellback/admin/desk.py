"""What a moderator's screens show: the queue, one story with its marks, one reply."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import require_no_interest
from tellback.admin import history, wording
from tellback.errors import Conflict, NotAllowed, NotFound
from tellback.moderation import decisions, marking, queue, reasons, redaction
from tellback.moderation.marking import Segment
from tellback.moderation.models import Redaction
from tellback.published.shown import describe_reply as describe_shown_reply
from tellback.published.shown import describe_service, replies_of, shown, told_on
from tellback.replies.models import Reply
from tellback.replies.responding import ReplyState
from tellback.screening import REASONS, RULES, Rule, in_brackets
from tellback.stories import about
from tellback.stories.models import AuthorContact, PublishedText, Story, StoryFinding, StoryVersion
from tellback.stories.states import WAITING, State
from tellback.stories.submission import TEXT_FIELDS, current_version
from tellback.stories.topics import describe_raised
from tellback.stories.words import LICENCE

OVERTAKEN = Conflict(
    "Someone else worked on this story while you were reading, so what you sent was not done."
)


def find_story(public_id: str) -> Story:
    """The story of this id, public or not. Raises NotFound."""
    found: Story | None = Story.get_or_none(Story.public_id == public_id)
    if found is None:
        raise NotFound("There is no such story.")
    return found


def begin_reading(story: Story, account: Account) -> None:
    """Note that the story is being read, unless by someone who may not decide about it."""
    if barred(story, account):
        return
    try:
        decisions.open_for_review(story, account)
    except Conflict:
        # Someone else opened it, or its author took it back, at the same moment: the screen shows which.
        return


def changed_since(public_id: str, read: int | None) -> bool:
    """Whether a story changed after the revision that someone read (None: they do not say)."""
    return read is not None and read < find_story(public_id).revision


def barred(story: Story, account: Account) -> str:
    """Why this person may not decide about this story, as a sentence; empty when they may."""
    try:
        require_no_interest(account, about.organisations_of(story))
    except NotAllowed as refusal:
        return refusal.detail
    return ""


def describe_queue() -> dict[str, Any]:
    """What waits, as `staff/queue.html` shows it."""
    replies = queue.replies()
    titles = _titles([reply.story_id for reply in replies])
    return {
        "stories": [_in_queue(waiting) for waiting in queue.stories()],
        "total": queue.waiting_count(),
        "replies": [
            {
                "id": reply.public_id,
                "url": url_for("admin.reply", reply_id=reply.public_id),
                "from_name": reply.service.name,
                "story_title": titles.get(reply.story_id, wording.STATES[State(reply.story.state)]),
                "waiting_words": wording.waiting(reply.written_at),
            }
            for reply in replies
        ],
    }


def describe_story(story: Story, account: Account, public_url: str) -> dict[str, Any]:
    """One story as `staff/story.html` shows it; no words of one that its author took back."""
    version = current_version(story)
    readable = story.state != State.WITHDRAWN
    why_not = barred(story, account)
    services = about.services_of([story.id]).get(story.id, [])
    raised_topics = about.topics_of([story.id]).get(story.id, [])
    places = {
        "services": [describe_service(service, public_url) for service in services],
        "topics": [describe_raised(raised, public_url) for raised in raised_topics],
    }
    return {
        "story": {
            **_facts(story, version),
            "title": version.title if readable else wording.STATES[State.WITHDRAWN],
            "services": [service.name for service in services],
            "topics": [wording.raised(raised) for raised in raised_topics],
            "fields": _fields(version) if readable else [],
        },
        "findings": [_finding(f, version) for f in marking.open_findings(version)] if readable else [],
        "redactions": [_redaction(r, version) for r in redaction.of_version(version)] if readable else [],
        "preview": {**_preview(story, version), **places} if readable else None,
        "history": history.of_story(story),
        "redact_reasons": list(REASONS.items()),
        "return_reasons": list(reasons.RETURNED.items()),
        "reject_reasons": list(reasons.REJECTED.items()),
        "remove_reasons": list(reasons.REMOVED.items()),
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "queue": url_for("admin.stories"),
            **{name: url_for(f"admin.{route}", story_id=story.public_id) for name, route in _FORMS.items()},
        },
    }


def describe_reply(reply: Reply, account: Account, public_url: str) -> dict[str, Any]:
    """One reply beside its story, as `staff/reply_review.html` shows it."""
    waits = reply.state == ReplyState.SUBMITTED
    why_not = barred(reply.story, account) or ("" if waits else "Someone has decided on this reply already.")
    return {
        "reply": {
            **describe_shown_reply(reply),
            "written_on": reply.written_at.date().isoformat(),
            "waiting_words": wording.waiting(reply.written_at) if waits else "",
        },
        "story": shown([reply.story], public_url)[0],
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "queue": url_for("admin.stories"),
            "publish": url_for("admin.publish_reply", reply_id=reply.public_id),
            "return": url_for("admin.return_reply", reply_id=reply.public_id),
        },
    }


# The forms of the story's screen, and the routes they go to.
_FORMS = {
    "redact": "redact",
    "redact_words": "redact_words",
    "undo": "undo",
    "publish": "publish",
    "return": "send_back",
    "reject": "reject",
    "remove": "remove",
}


def form_of(route: str) -> str:
    """The name of the form that goes to a route of the story's screen."""
    return {route: form for form, route in _FORMS.items()}[route]


def _in_queue(waiting: queue.Waiting) -> dict[str, Any]:
    story = waiting.story
    return {
        "id": story.public_id,
        "url": url_for("admin.story", story_id=story.public_id),
        "title": waiting.version.title,
        "services": waiting.services,
        "told_on": story.told_at.date().isoformat(),
        "waiting_words": wording.waiting(story.told_at),
        "state": story.state,
        "state_words": wording.STATES[State(story.state)],
        "urgent": waiting.urgent,
        "findings": waiting.findings,
    }


def _facts(story: Story, version: StoryVersion) -> dict[str, Any]:
    return {
        "id": story.public_id,
        "state": story.state,
        "state_words": wording.STATES[State(story.state)],
        "told_on": story.told_at.date().isoformat(),
        "waiting_words": wording.waiting(story.told_at) if story.state in WAITING else "",
        **_about_the_author(story, version),
        "revision": story.revision,
        "has_contact": AuthorContact.select().where(AuthorContact.story == story).exists(),
        "consent_licence": story.consent_licence,
        "consent_contact": story.consent_contact,
    }


def _about_the_author(story: Story, version: StoryVersion) -> dict[str, Any]:
    return {
        "author_role": story.author_role,
        "display_name": story.display_name,
        "overall_experience": story.overall_experience,
        "visited_on": story.visited_on,
        "feelings": version.feelings,
        "lang": version.lang,
    }


def _fields(version: StoryVersion) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": wording.FIELDS[name], "segments": [_segment(s) for s in segments]}
        for name, segments in marking.marked(version).items()
    ]


def _segment(segment: Segment) -> dict[str, Any]:
    finding, redacted = segment.finding, segment.redaction
    return {
        "text": segment.text,
        "finding": finding
        and {
            "id": finding.id,
            "rule_title": _rule(finding).title,
            "kind": finding.kind,
            "certainty": finding.certainty,
        },
        "redaction": redacted
        and {
            "id": redacted.id,
            "replacement": redacted.replacement,
            "reason_text": REASONS[redacted.reason],
        },
    }


def _finding(finding: StoryFinding, version: StoryVersion) -> dict[str, Any]:
    rule = _rule(finding)
    return {
        "id": finding.id,
        "rule_title": rule.title,
        "kind": finding.kind,
        "certainty": finding.certainty,
        "field": finding.field,
        "field_label": wording.FIELDS[finding.field],
        "start": finding.start,
        "end": finding.end,
        "words": getattr(version, finding.field)[finding.start : finding.end],
        # What only staff read need not be taken out.
        "reason": rule.reason if finding.field in TEXT_FIELDS else None,
        "replacement": in_brackets(finding.rule, finding.offer),
    }


def _redaction(made: Redaction, version: StoryVersion) -> dict[str, Any]:
    return {
        "id": made.id,
        "field_label": wording.FIELDS[made.field],
        "words": getattr(version, made.field)[made.start : made.end],
        "replacement": made.replacement,
        "reason_text": REASONS[made.reason],
    }


def _preview(story: Story, version: StoryVersion) -> dict[str, Any]:
    """The story as everyone would read it if it were published as it stands."""
    return {
        "id": story.public_id,
        "state": State.PUBLISHED.value,
        "told_at": story.told_at.date().isoformat(),
        **redaction.published_fields(version),
        **_about_the_author(story, version),
        "website": told_on(story),
        "licence": LICENCE if story.consent_licence else None,
        "redactions": [{"reason_text": REASONS[made.reason]} for made in redaction.of_version(version)],
        "replies": replies_of(story),
    }


def _rule(finding: StoryFinding) -> Rule:
    # A finding outlives its rule when a later rule book drops it.
    dropped = Rule(finding.rule, finding.kind, finding.rule.replace("_", " "), replacement=None, reason=None)
    return RULES.get(finding.rule, dropped)


def _titles(story_ids: list[int]) -> dict[int, str]:
    texts = PublishedText.select(PublishedText.story, PublishedText.title)
    return {text.story_id: text.title for text in texts.where(PublishedText.story.in_(story_ids))}
