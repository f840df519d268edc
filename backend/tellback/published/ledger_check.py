"""What the public ledger says of each story beside what the store holds; stories older than the ledger."""

from collections import defaultdict
from collections.abc import Iterator

from tellback.audit import ledger
from tellback.audit.ledger import Step
from tellback.audit.models import LedgerEntry
from tellback.db import transaction
from tellback.moderation.models import Decision
from tellback.stories.commitments import commitment
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import State

# A story comes before a moderator when it is received, and again when its author asks or changed it.
_BEFORE_A_MODERATOR = frozenset({Step.RECEIVED, Step.RETURNED, Step.REJECTED, Step.REMOVED})
# By which last step a story may stand where it stands.
LAST_STEPS: dict[State, frozenset[Step]] = {
    State.SUBMITTED: frozenset({Step.RECEIVED}),
    State.IN_MODERATION: _BEFORE_A_MODERATOR,
    State.AWAITING_AUTHOR: _BEFORE_A_MODERATOR,
    State.ESCALATED: _BEFORE_A_MODERATOR,
    State.PUBLISHED: frozenset({Step.PUBLISHED, Step.EDITED}),
    State.RETURNED: frozenset({Step.RETURNED}),
    State.REJECTED: frozenset({Step.REJECTED}),
    State.REMOVED: frozenset({Step.REMOVED}),
    State.PAUSED: frozenset({Step.PAUSED}),
    State.WITHDRAWN: frozenset({Step.WITHDRAWN, Step.ERASED}),
}
# What may follow when its author tells a published story otherwise; it changes nothing of where it stands.
STEPS_OF_EDITS = frozenset({Step.RECEIVED, Step.RETURNED, Step.REJECTED})
# The step by which a story comes into a state, for those that were there before the ledger.
_BY_STATE = {
    State.PUBLISHED: Step.PUBLISHED,
    State.RETURNED: Step.RETURNED,
    State.REJECTED: Step.REJECTED,
    State.REMOVED: Step.REMOVED,
    State.PAUSED: Step.PAUSED,
    State.WITHDRAWN: Step.WITHDRAWN,
}


def disagreements() -> Iterator[str]:
    """A sentence for each story of which ledger and store do not say the same."""
    entries: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in LedgerEntry.select().order_by(LedgerEntry.number):
        entries[entry.story].append(entry)
    shown = {text.story_id: text for text in PublishedText.select()}
    written: dict[int, list[StoryVersion]] = defaultdict(list)
    for version in StoryVersion.select().order_by(StoryVersion.number):
        written[version.story_id].append(version)
    for story in Story.select().order_by(Story.id):
        told = entries.pop(story.public_id, [])
        yield from _of_story(story, told)
        yield from _of_words(story, told, shown.get(story.id), written[story.id])
    for public_id in entries:
        yield f"Story {public_id} is in the ledger and not in the store."


def standing_step(entries: list[LedgerEntry]) -> LedgerEntry:
    """The entry of a story by which it stands where it stands; `entries` are all of it, in their order.

    A published story stays so while its author tells it otherwise, whatever becomes of that.
    """
    entries = [entry for entry in entries if entry.step != Step.AGED]
    decided = [entry for entry in entries if entry.step not in STEPS_OF_EDITS]
    shown = decided and decided[-1].step in (Step.PUBLISHED, Step.EDITED)
    return decided[-1] if shown else entries[-1]


def bring_older_stories() -> int:
    """Enter the stories that were told before there was a ledger, as they stand today; how many there were.

    Their entries bear this day, not the days on which it all happened: the ledger vouches for nothing before.
    """
    with transaction():
        known = LedgerEntry.select(LedgerEntry.story)
        older = list(Story.select().where(Story.public_id.not_in(known)).order_by(Story.id))
        for story in older:
            _enter(story)
    return len(older)


def _of_story(story: Story, told: list[LedgerEntry]) -> Iterator[str]:
    if not told:
        yield f"Story {story.public_id} is in the store and not in the ledger."
        return
    if told[0].step != Step.RECEIVED:
        yield f"Story {story.public_id} is not in the ledger from when it was received."
    last = standing_step(told)
    if last.step not in LAST_STEPS[State(story.state)]:
        yield f"Story {story.public_id} is {story.state} in the store; the ledger says {last.step} last."
    if last.step == Step.REMOVED and last.reason != story.ended_reason:
        yield f"Story {story.public_id} was removed for another reason than the ledger says."


def _of_words(
    story: Story, told: list[LedgerEntry], shown: PublishedText | None, written: list[StoryVersion]
) -> Iterator[str]:
    """Whether every commitment that can be opened opens."""
    steps = defaultdict(list)
    for entry in told:
        steps[entry.step].append(entry.commitment)
    last = [entry.commitment for entry in told if entry.step in (Step.PUBLISHED, Step.EDITED)][-1:]
    if shown and (not shown.salt or [commitment(shown)] != last):
        yield f"The words shown of story {story.public_id} are not those that the ledger commits to."
    if steps[Step.ERASED] or steps[Step.AGED]:
        if any(version.salt or version.body for version in written):
            yield f"Story {story.public_id} is erased in the ledger; the store has words of it still."
        return
    received = [commitment(version) if version.salt else None for version in written]
    if steps[Step.RECEIVED] and received != steps[Step.RECEIVED]:
        yield f"The author's words of story {story.public_id} are not those that the ledger commits to."


def _enter(story: Story) -> None:
    for version in StoryVersion.select().where(StoryVersion.story == story).order_by(StoryVersion.number):
        received = _committed(version)
        ledger.append(Step.RECEIVED, story.public_id, commitment=received)
    step = _BY_STATE.get(State(story.state))
    if step == Step.PUBLISHED:
        shown = _committed(PublishedText.get(PublishedText.story == story))
        ledger.append(step, story.public_id, commitment=shown)
    elif step:
        ledger.append(step, story.public_id, reason=_reason(story, step))


def _reason(story: Story, step: Step) -> str:
    """The reason of the decision by which the story took this step; a withdrawal has none."""
    act = {Step.RETURNED: "return", Step.REJECTED: "reject", Step.REMOVED: "remove"}.get(step, "")
    made = story.decisions.where(Decision.act == act)
    decision: Decision | None = made.order_by(Decision.id.desc()).first()
    return decision.reason or "" if decision else ""


def _committed(text: StoryVersion | PublishedText) -> str:
    text.salt = ledger.new_salt()
    text.save(only=["salt"])
    return commitment(text)
