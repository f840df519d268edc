"""How screens for staff say states, languages, parts of a story and waiting times."""

from datetime import datetime, timedelta
from typing import Any

from tellback import clock
from tellback.moderation.agreement import ASKED
from tellback.replies import composing
from tellback.replies.changes import ChangeState
from tellback.rota.hours import ZONE
from tellback.stories.models import StoryTopic
from tellback.stories.states import State

STATES = {
    State.SUBMITTED: "New",
    State.IN_MODERATION: "Being read",
    State.AWAITING_AUTHOR: "With its author",
    State.PUBLISHED: "Published",
    State.RETURNED: "Sent back to its author",
    State.REJECTED: "Not published",
    State.ESCALATED: "Escalated",
    State.WITHDRAWN: "Taken back by its author",
    State.REMOVED: "Taken down",
    State.PAUSED: "Paused",
}
# Of a published story while a moderator has yet to read what its author tells otherwise.
EDIT_WAITS = "Published, an edit waits"

CHANGES = {
    ChangeState.PLANNED: "Change planned",
    ChangeState.MADE: "Change made",
    ChangeState.NOT_MADE: "Change not made",
}
# The same, as a responder chooses it.
CHANGES_TO_CHOOSE = {
    ChangeState.PLANNED: "We plan a change",
    ChangeState.MADE: "We made a change",
    ChangeState.NOT_MADE: "We did not make the change we planned",
}

# Languages that services answer in.
LANGUAGES = composing.LANGUAGES

FIELDS = {
    "title": "Title",
    "body": "What happened",
    "what_was_good": "What was good",
    "what_could_be_better": "What could be better",
    "topic_words": "What else it was about (only staff see this)",
}

# What somebody decided.
DECISIONS = {
    "publish": "to publish it",
    "return": "to send it back to its author",
    "reject": "not to publish it",
    "remove": "to take it down",
    ASKED: "to ask its author about the edits",
}

# What screening finds, by its kind.
KINDS = {
    "crisis": "Words of crisis",
    "safeguarding": "Safeguarding",
    "personal_data": "Personal details",
    "descriptor": "How somebody looks",
    "abuse": "Abuse",
    "profanity": "Strong words",
    "capitals": "Capitals",
    "spam": "Advertising",
    "complaint": "A complaint",
    "not_an_experience": "Not an experience",
    "wrong_service": "Another service",
    "duplicate": "Told before",
    "machine": "May be from a machine",
}

# What a service is, and where.
SERVICE_KINDS = {
    "hospital": "Hospital",
    "gp_practice": "GP practice",
    "ward": "Ward",
    "charity_service": "Charity’s service",
    "other": "Other",
}
ORGANISATION_KINDS = {
    "provider": "It gives care",
    "charity": "A charity",
    "patient_group": "A patient group",
}
NATIONS = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}

# How it was, beside a topic.
POLARITIES = {"positive": "good", "neutral": "in between", "negative": "not good"}


def raised(topic: StoryTopic) -> str:
    """A topic as a story raises it: "Food (not good)"."""
    name: str = topic.topic.name
    return f"{name} ({POLARITIES[topic.polarity]})" if topic.polarity else name


def waiting(since: datetime) -> str:
    """How long something has waited, in its largest whole unit: "3 hours", "1 day"."""
    waited = clock.now() - since
    if waited >= timedelta(days=1):
        return counted(waited.days, "day")
    if waited >= timedelta(hours=1):
        return counted(waited.seconds // 3600, "hour")
    if waited >= timedelta(minutes=1):
        return counted(waited.seconds // 60, "minute")
    return "under a minute"


def due(moment: datetime) -> dict[str, Any]:
    """By when, as people say it at the desk: "17:00 today", "Wed 25 Nov, 17:00"."""
    now, at = clock.now().astimezone(ZONE), moment.astimezone(ZONE)
    days = (at.date() - now.date()).days
    day = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    words = f"{at:%H:%M} {day}" if day else f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"
    return {"at": moment.isoformat(timespec="minutes"), "words": words, "late": moment < clock.now()}


def counted(count: int, noun: str) -> str:
    """A number of things: "1 minute", "9 minutes"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
