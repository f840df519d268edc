"""What a moderator's screens show: the queue, one story with its marks, one reply."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import require_no_interest
from tellback.admin import deciding, history, marks, wording
from tellback.errors import Conflict, NotAllowed, NotFound
from tellback.moderation import decisions, differences, marking, redaction
from tellback.moderation.models import Redaction
from tellback.published.shown import describe_service, replies_of, told_on
from tellback.screening import REASONS
from tellback.stories import about, consent
from tellback.stories.editing import edit_waits, facts_of
from tellback.stories.models import AuthorContact, Story, StoryVersion
from tellback.stories.states import WAITING, State
from tellback.stories.submission import current_version
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


def changed_since(public_id: str | None, read: int | None) -> bool:
    """Whether a story changed after the revision that someone read (None: no story, or they do not say)."""
    return public_id is not None and read is not None and read < find_story(public_id).revision


def barred(story: Story, account: Account) -> str:
    """Why this person may not decide about this story, as a sentence; empty when they may."""
    try:
        require_no_interest(account, about.organisations_of(story))
    except NotAllowed as refusal:
        return refusal.detail
    return ""


def describe_story(story: Story, account: Account, public_url: str) -> dict[str, Any]:
    """One story as `staff/story.html` shows it; no words of one that its author took back."""
    version = current_version(story)
    readable = story.state != State.WITHDRAWN
    barred_by = barred(story, account)
    deciding_now = deciding.describe_deciding(story, version)
    why_not = barred_by or (deciding.DECIDED if deciding_now["waiting"] else "")
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
        "consent": consent.of_story(story),
        **(marks.describe(version) if readable else marks.NOTHING_TO_READ),
        "redactions": [_redaction(r, version) for r in redaction.of_version(version)] if readable else [],
        "beside": _beside(version) if readable else [],
        "told_otherwise": _told_otherwise(story, version) if readable else [],
        "preview": {**_preview(story, version), **places} if readable else None,
        "history": history.of_story(story, of_cases=not barred_by),
        "redact_reasons": list(REASONS.items()),
        "deciding": deciding_now,
        "topic_choices": deciding.describe_topics(story, version),
        "may_undo": not barred_by,
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "queue": url_for("admin.stories"),
            "thread": url_for("admin.thread_of", story_id=story.public_id),
            **{name: url_for(f"admin.{route}", story_id=story.public_id) for name, route in _FORMS.items()},
        },
    }


# The forms of the story's screen, and the routes they go to.
_FORMS = {
    "redact": "redact",
    "redact_words": "redact_words",
    "undo": "undo",
    "dismiss": "dismiss_finding",
    "restore": "restore_finding",
    "publish": "publish",
    "return": "send_back",
    "reject": "reject",
    "ask": "ask_author",
    "remove": "remove",
    "pause": "pause_story",
    "resume": "resume_story",
    "score": "score",
    "tag": "tag",
    "escalate": "escalate",
    "case": "open_case",
}


def form_of(route: str) -> str:
    """The name of the form that goes to a route of the story's screen; empty for a button of its own."""
    return {route: form for form, route in _FORMS.items()}.get(route, "")


def _facts(story: Story, version: StoryVersion) -> dict[str, Any]:
    return {
        "id": story.public_id,
        "state": story.state,
        "state_words": wording.EDIT_WAITS if edit_waits(story) else wording.STATES[State(story.state)],
        "open": story.state == State.IN_MODERATION or edit_waits(story),
        "edit": edit_waits(story),
        "told_on": story.told_at.date().isoformat(),
        "waiting_words": wording.waiting(story.told_at) if story.state in WAITING else "",
        **_about_the_author(version),
        "revision": story.revision,
        "criticality": story.criticality,
        "has_contact": AuthorContact.select().where(AuthorContact.story == story).exists(),
        "consent_licence": story.consent_licence,
        "consent_contact": story.consent_contact,
    }


def _about_the_author(version: StoryVersion) -> dict[str, Any]:
    return {
        **facts_of(version),
        "feelings": version.feelings,
        "lang": version.lang,
    }


def _fields(version: StoryVersion) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": wording.FIELDS[name],
            "segments": [marks.describe_segment(segment) for segment in segments],
        }
        for name, segments in marking.marked(version).items()
    ]


def _redaction(made: Redaction, version: StoryVersion) -> dict[str, Any]:
    return {
        "id": made.id,
        "field_label": wording.FIELDS[made.field],
        "words": getattr(version, made.field)[made.start : made.end],
        "replacement": made.replacement,
        "reason_text": REASONS[made.reason],
        "agreed": made.agreed_at is not None,
    }


def _beside(version: StoryVersion) -> list[dict[str, Any]]:
    """The fields that the public reads otherwise than they were told."""
    return [
        {
            "label": wording.FIELDS[field],
            "told": [{"text": piece.told, "was": piece.redaction is not None} for piece in pieces],
            "shown": [{"text": piece.shown, "now": piece.redaction is not None} for piece in pieces],
        }
        for field, pieces in redaction.edited_fields(version).items()
        if any(piece.redaction for piece in pieces)
    ]


def _told_otherwise(story: Story, version: StoryVersion) -> list[dict[str, Any]]:
    """The fields that this version tells otherwise, in the shape of `_beside`."""
    return [
        {
            "label": wording.FIELDS[field],
            "told": [{"text": one.text, "was": one.differs} for one in was],
            "shown": [{"text": one.text, "now": one.differs} for one in now],
        }
        for field, (was, now) in differences.since_before(story, version).items()
    ]


def _preview(story: Story, version: StoryVersion) -> dict[str, Any]:
    """The story as everyone would read it if it were published as it stands."""
    return {
        "id": story.public_id,
        "state": State.PUBLISHED.value,
        "told_at": story.told_at.date().isoformat(),
        **redaction.published_fields(version),
        **_about_the_author(version),
        "website": told_on(story),
        "licence": LICENCE if story.consent_licence else None,
        "redactions": [{"reason_text": REASONS[made.reason]} for made in redaction.of_version(version)],
        "replies": replies_of(story),
    }
