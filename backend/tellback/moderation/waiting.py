"""Decisions that wait: each stands for a while before it is carried out, and can be undone until then."""

from datetime import datetime, timedelta
from enum import StrEnum

from peewee import JOIN, ModelSelect

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.errors import Conflict
from tellback.moderation.models import Decision
from tellback.stories.editing import an_edit_waits, edit_waits
from tellback.stories.models import Story
from tellback.stories.states import WAITING, State, in_states
from tellback.stories.urgency import rank


class DecisionState(StrEnum):
    """What became of a decision: overtaken is one whose story something else happened to first."""

    WAITING = "waiting"
    DONE = "done"
    UNDONE = "undone"
    OVERTAKEN = "overtaken"


def every() -> list[Decision]:
    """All decisions that wait, with their stories and who decided, the next to take effect first."""
    return list(_waiting())


def due() -> list[Decision]:
    """Those whose time has come."""
    return list(_waiting().where(Decision.takes_effect_at <= clock.now()))


def bring_near(wait: timedelta, longest: timedelta) -> int:
    """Let decisions wait from now on that wait for longer than any may: a wrong clock had made them.

    `wait` is how long one waits by the settings, `longest` the most that they allow. How many there were.
    """
    moment = clock.now()
    far = Decision.update(takes_effect_at=moment + wait).where(
        Decision.state == DecisionState.WAITING.value, Decision.takes_effect_at > moment + longest
    )
    return int(far.execute())


def of_story(story: Story) -> Decision | None:
    """The decision that waits for this story to take effect, if one does and the story is still the same."""
    found: Decision | None = story.decisions.where(
        Decision.state == DecisionState.WAITING.value, Decision.revision == story.revision
    ).first()
    return found


def require_open(story: Story) -> None:
    """Raise Conflict unless moderators may work on this story: it is being read, and nobody has decided.

    Of a published story that is an edit by its author that waits.
    """
    if story.state != State.IN_MODERATION and not edit_waits(story):
        raise Conflict(
            "This story is not being read just now, so nothing in it can be changed.",
            extra={"state": story.state},
        )
    if of_story(story):
        raise Conflict("Someone has decided about this story. Undo that decision to change anything.")


def overtake(story: Story) -> None:
    """Let go of a decision that waits, for something else happened first; in the caller's transaction."""
    for decision in story.decisions.where(Decision.state == DecisionState.WAITING.value):
        if settle(decision, DecisionState.OVERTAKEN):
            acts.record(
                acts.Act.DECISION_OVERTAKEN, acts.SYSTEM, "story", story.public_id, decision=decision.act
            )


def begin(decision: Decision, until: datetime) -> None:
    """Let a decision on its story as it stands wait, and the story leave the queue, in the transaction."""
    values = {
        "state": DecisionState.WAITING.value,
        "revision": decision.story.revision,
        "takes_effect_at": until,
        "settled_at": None,
    }
    for name, value in values.items():
        setattr(decision, name, value)
    decision.save()
    Story.update(queue_rank=None).where(Story.id == decision.story_id).execute()


def settle(decision: Decision, state: DecisionState, by: Account | None = None) -> bool:
    """End a decision's waiting so, unless that is done already; whether it was not. Only one can end it.

    A story that still waits for moderators goes back to its place in the queue.
    """
    values = {"state": state.value, "settled_at": clock.now(), "settled_by": by}
    settled = (
        Decision.update(values)
        .where(Decision.id == decision.id, Decision.state == DecisionState.WAITING.value)
        .execute()
    )
    if not settled:
        return False
    for name, value in values.items():
        setattr(decision, name, value)
    waits = in_states(*WAITING) | an_edit_waits()
    Story.update(queue_rank=rank()).where(Story.id == decision.story_id, waits).execute()
    return True


def _waiting() -> "ModelSelect[Decision]":
    query: ModelSelect[Decision] = (
        Decision.select(Decision, Story, Account)
        .join(Story)
        .switch(Decision)
        .join(Account, JOIN.LEFT_OUTER, on=Decision.decided_by)
        .where(Decision.state == DecisionState.WAITING.value)
        .order_by(Decision.takes_effect_at, Decision.id)
    )
    return query
