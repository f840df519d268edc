"""A published story is not shown while something about it is settled (UK GDPR, article 18).

Nothing is erased: everyone reads a tombstone that says so, staff go on reading it, and once the pause ends it
stands as it stood. Its author may pause it and end that pause; so may whoever decides about stories.
"""

from typing import Any

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import webhook_events
from tellback.alerts.scopes import ground_of
from tellback.audit import acts, ledger
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.moderation import decisions, waiting
from tellback.moderation.reasons import PAUSED, PAUSED_BY_US
from tellback.search import index
from tellback.stories import shelves
from tellback.stories.about import organisations_of
from tellback.stories.commitments import commitment
from tellback.stories.models import PublishedText, Story, StoryPause
from tellback.stories.states import State, hold, move
from tellback.stories.urgency import rank
from tellback.translations.sentences import say

LONGEST_WHY = 500


def of_story(story: Story) -> StoryPause | None:
    """The pause that a story stands in, if it does."""
    if story.state != State.PAUSED:
        return None
    found: StoryPause | None = StoryPause.get_or_none(StoryPause.story == story)
    return found


def pause_as_author(story: Story) -> None:
    """Have nobody read the story until its author says otherwise. Raises Conflict for one not published."""
    with transaction():
        hold(story)
        if story.state != State.PUBLISHED:
            raise Conflict(say("Only a published story can be paused. Nobody else can read yours now."))
        _pause(story, PAUSED, acts.AUTHOR, by_author=True)


def resume_as_author(story: Story) -> None:
    """Let everyone read the story again.

    Raises Conflict when it is not paused, or when a moderator paused it: then they end it, too.
    """
    with transaction():
        hold(story)
        pause = of_story(story)
        if pause is None:
            raise Conflict(say("Your story is not paused."))
        if not pause.by_author:
            raise Conflict(say("A moderator paused your story. Once it is settled, they show it again."))
        _resume(story, pause, acts.AUTHOR)


def pause(story: Story, by: Account, *, why: str) -> None:
    """Have nobody read the story while something about it is settled; `why` is for colleagues.

    Raises NotAllowed, InvalidInput without a reason, Conflict when it is not published.
    """
    _require_decider(story, by)
    why = why.strip()
    if not why or len(why) > LONGEST_WHY:
        raise InvalidInput(errors={"why": [f"Say why, in up to {LONGEST_WHY} characters."]})
    with transaction():
        hold(story)
        if story.state != State.PUBLISHED:
            raise Conflict("Only a published story can be paused.")
        _pause(story, PAUSED_BY_US, acts.staff(by.id), by_author=False, account=by, why=why)


def pause_again(story: Story) -> None:
    """Pause a published story that was paused or taken down before its database came back from a backup.

    Whoever decides about stories ends that, once they know from its author that they may.
    """
    with transaction():
        hold(story)
        why = (
            "It was paused or taken down after the backup that was restored here: ask its author, if you can."
        )
        _pause(story, PAUSED_BY_US, acts.SYSTEM, by_author=False, why=why)


def resume(story: Story, by: Account) -> None:
    """Let everyone read the story again, unless its author paused it. Raises NotAllowed, or Conflict."""
    _require_decider(story, by)
    with transaction():
        hold(story)
        pause = of_story(story)
        if pause is None:
            raise Conflict("This story is not paused.")
        if pause.by_author:
            raise Conflict("Its author paused it, and ends that on their private link.")
        _resume(story, pause, acts.staff(by.id))


def _pause(story: Story, reason: str, actor: acts.Actor, **facts: object) -> None:
    version = PublishedText.get(PublishedText.story == story).version
    waiting.overtake(story)
    # An edit that waits goes on waiting: it is read once the story is shown again.
    ended: dict[str, Any] = {"ended_at": clock.now(), "ended_reason": reason}
    move(story, State.PAUSED, edit_sent_at=story.edit_sent_at, **ended)
    StoryPause.create(story=story, version=version, since=clock.now(), **facts)
    PublishedText.delete().where(PublishedText.story == story.id).execute()
    index.forget(story)
    shelves.put(story)
    webhook_events.story_removed(story)
    acts.record(acts.Act.STORY_PAUSED, actor, "story", story.public_id)
    ledger.append(ledger.Step.PAUSED, story.public_id)


def _resume(story: Story, pause: StoryPause, actor: acts.Actor) -> None:
    standing: dict[str, Any] = {"edit_sent_at": story.edit_sent_at, "ended_at": None, "ended_reason": None}
    move(story, State.PUBLISHED, **standing)
    words = commitment(decisions.show(story, pause.version))
    pause.delete_instance()
    if story.edit_sent_at is not None:
        Story.update(queue_rank=rank()).where(Story.id == story.id).execute()
    webhook_events.story_published(story, ground_of(story))
    acts.record(acts.Act.STORY_RESUMED, actor, "story", story.public_id)
    ledger.append(ledger.Step.PUBLISHED, story.public_id, commitment=words)


def _require_decider(story: Story, by: Account) -> None:
    require(by, Action.DECIDE_STORIES)
    require_no_interest(by, organisations_of(story))
