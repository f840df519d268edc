"""How screens for staff say states, languages, parts of a story and waiting times."""

from datetime import datetime, timedelta

from tellback import clock
from tellback.replies.changes import ChangeState
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
}

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

# Languages that services of the NHS answer in, each by its own name.
LANGUAGES = {"en": "English", "cy": "Cymraeg"}

FIELDS = {
    "title": "Title",
    "body": "What happened",
    "what_was_good": "What was good",
    "what_could_be_better": "What could be better",
    "topic_words": "What else it was about (only staff see this)",
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
        return _counted(waited.days, "day")
    if waited >= timedelta(hours=1):
        return _counted(waited.seconds // 3600, "hour")
    if waited >= timedelta(minutes=1):
        return _counted(waited.seconds // 60, "minute")
    return "under a minute"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
