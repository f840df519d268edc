"""What an author may know and do with the private link: where the story stands; edits; answers; withdraw."""

from typing import Any

from tellback import clock
from tellback.alerts import webhook_events
from tellback.audit import acts, ledger
from tellback.authorship import own_cases, own_contact, own_edits, own_replies
from tellback.authorship.receipts import receipts_of
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.moderation import agreement, case_closing, decisions, flags, pausing, waiting
from tellback.moderation.models import Decision, Redaction
from tellback.moderation.reasons import WITHDRAWN, author_text
from tellback.moderation.redaction import of_version, pieces
from tellback.published import taken_down
from tellback.published.shown import describe_service
from tellback.replies import rerouting
from tellback.replies.changes import changes_of
from tellback.screening import REASONS
from tellback.search import index
from tellback.stories import contact, desk_words, editing, readings, shelves
from tellback.stories.about import services_of, topics_of
from tellback.stories.models import PublishedText, Story, StoryPause, StoryVersion
from tellback.stories.states import State, hold, move
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
    State.AWAITING_AUTHOR: (
        say("We have a question for you."),
        say(
            "We would like to take more out of your story than we do without asking. Read each change below, "
            "and tell us whether you agree. Until then nobody else can read it. After two weeks without an "
            "answer a moderator decides again."
        ),
    ),
    State.PUBLISHED: (
        say("Your story is published."),
        say("Everyone can read it, and the service can answer. Its answer will stand here too."),
    ),
    State.RETURNED: (
        say("We can’t publish your story as it is."),
        say("Below is what would have to change. You can change your story here and send it again."),
    ),
    State.REJECTED: (
        say("We can’t publish this one."),
        say("Below is why. Your words were read by a person."),
    ),
    State.ESCALATED: (
        say("Your story is with our senior moderators."),
        say("It needs more care than usual before anything else happens."),
    ),
    State.PAUSED: (
        say("Your story is paused."),
        say("Nobody else can read it until the pause ends. Nothing of it is erased."),
    ),
    State.WITHDRAWN: (say("You took your story back."), say("Nobody else can read it any more.")),
    State.REMOVED: (
        say("Your story was taken down."),
        say("Below is why. Its place on the page says the same."),
    ),
}
# What became of an edit, by the act of the decision about it.
_DECIDED = {"return": "returned", "reject": "rejected"}
# The same for a published story that a service has answered.
_ANSWERED = (
    say("Your story is published, and the service has answered."),
    say("Everyone can read both. The answer stands below."),
)


def describe(story: Story, public_url: str) -> dict[str, Any]:
    """The author's view of a story, as the API answers it."""
    latest, decision = current_version(story), decisions.latest(story)
    public = story.state == State.PUBLISHED
    version = PublishedText.get_by_id(story.id).version if public else latest
    replies = own_replies.describe(story) if public else []
    said, next_said = _ANSWERED if replies else STATE_WORDS[State(story.state)]
    return {
        "id": story.public_id,
        "state": story.state,
        "revision": story.revision,
        "state_text": said,
        "what_happens_next": next_said,
        "told_at": story.told_at.date().isoformat(),
        "story": _own_words(story, version, public_url),
        "edit": _edit_of(latest, decision) if latest.id != version.id else None,
        "may_resume": bool((paused := pausing.of_story(story)) and paused.by_author),
        "may_edit": own_edits.may_edit(story),
        **_what_was_decided(version, decision, public),
        **_what_was_asked(story),
        **own_cases.describe(story, decision),
        "moved": _moves(story, public_url),
        "read_by": reading_counts(story, public_url),
        "contact": own_contact.describe(story),
        "replies": replies,
        "changes": changes_of([story.id], public_url).get(story.id, []) if public else [],
        "taken_down": taken_down.of_stories([story.id]).get(story.id, []) if public else [],
        "url": f"{public_url}/stories/{story.public_id}" if story.published_at else None,
        "receipts": receipts_of(story, public_url),
    }


def _moves(story: Story, public_url: str) -> list[dict[str, Any]]:
    """From which service to which other moderators moved the story, and on which day."""
    return [
        {
            "from": describe_service(move.service, public_url),
            "to": describe_service(move.moved_to, public_url),
            "on": move.decided_at.date().isoformat(),
        }
        for move in rerouting.moves_of(story)
    ]


def reading_counts(story: Story, public_url: str) -> list[dict[str, Any]]:
    """How many people of which service have opened the story, and since when; never who."""
    return [
        {
            "service": describe_service(read.service, public_url),
            "people": read.people,
            "first_on": read.first_on.isoformat(),
        }
        for read in readings.count(story)
    ]


def withdraw(story: Story) -> None:
    """Take the story back: unpublished at once, the contact details gone. The author's private link stays.

    Raises Conflict when it was withdrawn already.
    """
    if story.state == State.WITHDRAWN:
        raise Conflict(say("You took this story back already. Nobody else can read it any more."))
    with transaction():
        # Whatever a moderator does at this moment, an author who takes a story back is obeyed.
        hold(story)
        waiting.overtake(story)
        move(story, State.WITHDRAWN, ended_at=clock.now(), ended_reason=WITHDRAWN)
        StoryPause.delete().where(StoryPause.story == story.id).execute()
        if PublishedText.delete().where(PublishedText.story == story.id).execute():
            webhook_events.story_removed(story)
        index.forget(story)
        shelves.put(story)
        desk_words.keep(story)
        flags.settle_all(story, "Its author took the story back.", acts.AUTHOR)
        case_closing.take_back(story)
        contact.forget(story)
        acts.record(acts.Act.STORY_WITHDRAWN, acts.AUTHOR, "story", story.public_id)
        ledger.append(ledger.Step.WITHDRAWN, story.public_id)


def answer(story: Story, revision: int, said: str, words: str | None) -> None:
    """Say whether the author agrees to the large edits they were asked about: "agree", or "discuss".

    `revision` is that of the question they read. Raises InvalidInput, or Conflict when it is no longer open.
    """
    if said == "agree":
        agreement.agree(story, revision, words or "")
    else:
        agreement.discuss(story, revision, words or "")


def _own_words(story: Story, version: StoryVersion, public_url: str) -> dict[str, Any]:
    return {
        **_told(version),
        "services": [describe_service(s, public_url) for s in services_of([story.id]).get(story.id, [])],
        "topics": [describe_raised(t, public_url) for t in topics_of([story.id]).get(story.id, [])],
        "topic_words": story.topic_words,
        "consent_publish": story.consent_publish,
        "consent_licence": story.consent_licence,
        "consent_contact": story.consent_contact,
    }


def _told(version: StoryVersion) -> dict[str, Any]:
    words = {field: getattr(version, field) for field in TEXT_FIELDS}
    return {
        **words,
        "feelings": version.feelings,
        "lang": version.lang,
        **{name: getattr(version.story, name) for name in editing.FACTS},
    }


def _edit_of(version: StoryVersion, decision: Decision | None) -> dict[str, Any]:
    """The later version of a published story: it waits, or a moderator sent it back or did not publish it."""
    decided = decision if decision and decision.version_id == version.id else None
    return {
        "state": _DECIDED[decided.act] if decided and decided.act in _DECIDED else "waiting",
        "sent_at": version.written_at.isoformat(timespec="seconds"),
        "story": _told(version) | editing.facts_of(version),
    }


def _what_was_decided(version: StoryVersion, decision: Decision | None, public: bool) -> dict[str, Any]:
    """The edits as they stood at the latest decision, and what it says; nothing of work still going on.

    Nobody works on the version that is public: its edits are those that everyone reads.
    """
    decided = decision is not None and decision.version_id == version.id
    made = [
        r
        for r in of_version(version)
        if public or (decision and decided and r.made_at <= decision.decided_at)
    ]
    return {
        "edits": [_edit(version, redaction) for redaction in made],
        "in_place": [
            {"field": field, "pieces": [{"told": p.told, "shown": p.shown} for p in in_pieces]}
            for field in TEXT_FIELDS
            if (of_field := [r for r in made if r.field == field])
            and (in_pieces := pieces(getattr(version, field), of_field))
        ],
        "messages": _messages(decision),
    }


def _edit(version: StoryVersion, redaction: Redaction) -> dict[str, Any]:
    return {
        "field": redaction.field,
        "was": getattr(version, redaction.field)[redaction.start : redaction.end],
        "now": redaction.replacement,
        "reason": redaction.reason,
        "reason_text": REASONS[redaction.reason],
        "at": redaction.made_at.isoformat(timespec="seconds"),
    }


def _what_was_asked(story: Story) -> dict[str, Any]:
    """The question about large edits that waits for the author, and what they said to the latest."""
    asked = agreement.question(story)
    given = agreement.answer_to(asked) if asked else None
    open_now = story.state == State.AWAITING_AUTHOR and asked is not None
    return {
        "question": {
            "revision": story.revision,
            "answer_by": agreement.answer_by(story).isoformat(),
        }
        if open_now
        else None,
        "answer": {
            "answer": given.answer,
            "words": given.words,
            "at": given.answered_at.isoformat(timespec="seconds"),
        }
        if given and given.answer != agreement.Answer.SILENT
        else None,
    }


def _messages(decision: Decision | None) -> list[dict[str, str]]:
    if decision is None:
        return []
    texts = [author_text(decision.reason), decision.paragraph, decision.message]
    at = decision.decided_at.isoformat(timespec="seconds")
    return [{"at": at, "text": text} for text in texts if text]
