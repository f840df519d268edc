"""What an author may know and do with the private link: where the story stands; edits; answers; withdraw."""

from typing import Any

from tellback import clock
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.moderation import decisions, flags
from tellback.moderation.models import Decision
from tellback.moderation.reasons import WITHDRAWN, author_text
from tellback.moderation.redaction import of_version
from tellback.published.shown import describe_service, replies_of
from tellback.replies.changes import changes_of
from tellback.screening import REASONS
from tellback.search import index
from tellback.stories import contact
from tellback.stories.about import services_of, topics_of
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import State, move
from tellback.stories.submission import TEXT_FIELDS, current_version
from tellback.stories.topics import describe_raised
from tellback.translations.sentences import say

# Where the story stands and what happens next, in the author's words.
STATE_WORDS = {
    State.SUBMITTED: (
        say("We have your story."),
        say(
            "A moderator reads it, usually within 2 working days. They may take out names and dates. "
            "Then it is published, and the service can answer."
        ),
    ),
    State.IN_MODERATION: (
        say("A moderator is reading your story."),
        say("They may take out names and dates. Then it is published, and the service can answer."),
    ),
    State.AWAITING_AUTHOR: (say("We have a question for you."), say("Please read what the moderator wrote.")),
    State.PUBLISHED: (
        say("Your story is published."),
        say("Everyone can read it, and the service can answer. Its answer will stand here too."),
    ),
    State.RETURNED: (
        say("We can’t publish your story as it is."),
        say("Below is what would have to change. You can tell it again with those changes."),
    ),
    State.REJECTED: (
        say("We can’t publish this one."),
        say("Below is why. Your words were read by a person."),
    ),
    State.ESCALATED: (
        say("Your story is with our senior moderators."),
        say("It needs more care than usual before anything else happens."),
    ),
    State.WITHDRAWN: (say("You took your story back."), say("Nobody else can read it any more.")),
    State.REMOVED: (
        say("Your story was taken down."),
        say("Below is why. Its place on the page says the same."),
    ),
}
# The same for a published story that a service has answered.
_ANSWERED = (
    say("Your story is published, and the service has answered."),
    say("Everyone can read both. The answer stands below."),
)


def describe(story: Story, public_url: str) -> dict[str, Any]:
    """The author's view of a story, as the API answers it."""
    version = current_version(story)
    decision = decisions.latest(story)
    public = story.state == State.PUBLISHED
    replies = replies_of(story) if public else []
    said, next_said = _ANSWERED if replies else STATE_WORDS[State(story.state)]
    return {
        "id": story.public_id,
        "state": story.state,
        "state_text": said,
        "what_happens_next": next_said,
        "told_at": story.told_at.date().isoformat(),
        "story": _own_words(story, version, public_url),
        "edits": _edits(version) if decision else [],
        "messages": _messages(decision),
        "replies": replies,
        "changes": changes_of([story.id], public_url).get(story.id, []) if public else [],
        "url": f"{public_url}/stories/{story.public_id}" if story.published_at else None,
    }


def withdraw(story: Story) -> None:
    """Take the story back: unpublished at once, the contact details gone. The author's private link stays.

    Raises Conflict when it was withdrawn already.
    """
    if story.state == State.WITHDRAWN:
        raise Conflict(say("You took this story back already. Nobody else can read it any more."))
    with transaction():
        move(story, State.WITHDRAWN, ended_at=clock.now(), ended_reason=WITHDRAWN)
        PublishedText.delete().where(PublishedText.story == story.id).execute()
        index.forget(story)
        flags.settle_all(story, "Its author took the story back.", acts.AUTHOR)
        contact.forget(story)
        acts.record(acts.Act.STORY_WITHDRAWN, acts.AUTHOR, "story", story.public_id)


def _own_words(story: Story, version: StoryVersion, public_url: str) -> dict[str, Any]:
    return {
        **{field: getattr(version, field) for field in TEXT_FIELDS},
        "feelings": version.feelings,
        "lang": version.lang,
        "author_role": story.author_role,
        "display_name": story.display_name,
        "overall_experience": story.overall_experience,
        "visited_on": story.visited_on,
        "services": [describe_service(s, public_url) for s in services_of([story.id]).get(story.id, [])],
        "topics": [describe_raised(t, public_url) for t in topics_of([story.id]).get(story.id, [])],
        "topic_words": story.topic_words,
        "consent_publish": story.consent_publish,
        "consent_licence": story.consent_licence,
        "consent_contact": story.consent_contact,
    }


def _edits(version: StoryVersion) -> list[dict[str, Any]]:
    return [
        {
            "field": redaction.field,
            "was": getattr(version, redaction.field)[redaction.start : redaction.end],
            "now": redaction.replacement,
            "reason": redaction.reason,
            "reason_text": REASONS[redaction.reason],
            "at": redaction.made_at.isoformat(timespec="seconds"),
        }
        for redaction in of_version(version)
    ]


def _messages(decision: Decision | None) -> list[dict[str, str]]:
    if decision is None:
        return []
    texts = [author_text(decision.reason), decision.message]
    at = decision.decided_at.isoformat(timespec="seconds")
    return [{"at": at, "text": text} for text in texts if text]
