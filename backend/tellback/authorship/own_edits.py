"""An author tells their story otherwise: before it is read, once it came back, or when it is published."""

from datetime import timedelta
from typing import Any

from tellback import clock
from tellback.audit import acts, ledger
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, TooManyRequests
from tellback.moderation import waiting
from tellback.rota import on_call
from tellback.stories import desk_words, editing
from tellback.stories.commitments import commitment
from tellback.stories.models import Story, StoryVersion
from tellback.stories.states import WAITING, State, hold, move, touch
from tellback.stories.urgency import Urgency, hold_at, rank, reckon
from tellback.translations.sentences import say

# Versions that one story takes in a day: each is read by a person.
MOST_IN_A_DAY = 10
# Why a story that stands so is not told otherwise, and what its author can do instead.
_CLOSED = {
    State.ESCALATED: say("Your story is with our senior moderators, so it can’t be changed just now."),
    State.REJECTED: say(
        "We decided not to publish this story, so it can’t be changed. You can ask us to look again."
    ),
    State.PAUSED: say("Your story is paused, so it can’t be changed just now."),
    State.REMOVED: say("Your story was taken down, so it can’t be changed. You can ask us to look again."),
    State.WITHDRAWN: say("You took your story back, so it can’t be changed. You can tell a new one."),
}


def may_edit(story: Story) -> bool:
    """Whether the author can tell the story otherwise as it stands."""
    return State(story.state) not in _CLOSED


def why_not(story: Story) -> str | None:
    """Why the author cannot, as a sentence; None when they can."""
    return _CLOSED.get(State(story.state))


def edit(story: Story, revision: int, told: dict[str, Any]) -> StoryVersion:
    """Keep what the author tells otherwise: `told` has what changed of `editing.WORDS` and `editing.FACTS`.

    `revision` is the one they read. A moderator reads it; a published story stays as it is until then, and
    any other is read again from the beginning, whatever was decided and still waits. Raises Conflict when the
    story is closed, changed since or is being taken down, InvalidInput when nothing is told otherwise,
    TooManyRequests.
    """
    with transaction():
        hold(story)
        if closed := why_not(story):
            raise Conflict(closed)
        _require_same(story, revision)
        before = editing.standing(story)
        now = editing.merged(before, told)
        if now == before:
            raise InvalidInput(errors={"body": [say("You have not changed anything yet.")]})
        _require_few(story)
        urgent = story.urgency == Urgency.NOW and story.state in WAITING
        _put_before_moderators(story)
        version = editing.keep_version(story, now)
        if story.state != State.PUBLISHED:
            editing.take_facts(story, version)
        if urgent:
            # Words of crisis that nobody has read yet are not unsaid by leaving them out.
            hold_at(story, Urgency.NOW)
        elif reckon(story) == Urgency.NOW:
            on_call.alert(story.public_id)
        desk_words.keep(story)
        acts.record(acts.Act.STORY_EDITED, acts.AUTHOR, "story", story.public_id, version=version.number)
        ledger.append(ledger.Step.RECEIVED, story.public_id, commitment=commitment(version))
    return version


def _put_before_moderators(story: Story) -> None:
    waiting.overtake(story)
    if story.state == State.PUBLISHED:
        begun = {} if editing.edit_waits(story) else {"waits_since": clock.now()}
        touch(story, story.revision, edit_sent_at=clock.now(), **begun)
        Story.update(queue_rank=rank()).where(Story.id == story.id).execute()
    elif story.state in WAITING:
        touch(story, story.revision)
    else:
        move(story, State.IN_MODERATION)


def _require_same(story: Story, revision: int) -> None:
    if story.revision != revision:
        raise Conflict(
            say(
                "Something happened to your story while you were writing. Your words are still here: "
                "look at how it stands now, and send them again."
            ),
            extra={"revision": story.revision},
        )
    decided = waiting.of_story(story)
    if decided is not None and decided.act == "remove":
        raise Conflict(
            say("A moderator is working on your story just now. Your words are still here: send them later.")
        )


def _require_few(story: Story) -> None:
    since = clock.now() - timedelta(days=1)
    if (
        story.versions.where(StoryVersion.number > 1, StoryVersion.written_at > since).count()
        >= MOST_IN_A_DAY
    ):
        raise TooManyRequests(
            say("You have changed your story several times today. Please go on tomorrow."),
            retry_after=int(timedelta(days=1).total_seconds()),
        )
