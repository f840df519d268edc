"""A moderator's decision: state, public text, ledger, audit and letter change together, or not at all.

A decision may wait (`wait`) before it takes effect. Until then nobody but the moderators knows of it, the
story stays as it is, and anyone who moderates may undo it. What happens to the story meanwhile overtakes it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import matching, webhook_events
from tellback.audit import acts, ledger
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound, Problem
from tellback.moderation import agreement, cases, criticality, flags, templates, waiting
from tellback.moderation.models import Decision
from tellback.moderation.reasons import REJECTED, REMOVED, RETURNED
from tellback.moderation.redaction import of_version, published_fields
from tellback.moderation.waiting import DecisionState
from tellback.outbox import messages
from tellback.search import index
from tellback.stories import contact, editing, public_words, shelves
from tellback.stories.about import organisations_of
from tellback.stories.commitments import commitment
from tellback.stories.models import PublishedText, Story, StoryPause, StoryVersion
from tellback.stories.states import State, hold, move, require_move, touch
from tellback.stories.submission import current_version

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 2000
AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Effect:
    """What an act of deciding does: where the story moves, what is recorded, which letter its author gets.

    `step` is what the public ledger says of it; nothing of a question between moderator and author.
    """

    to: State
    recorded: acts.Act
    letter: str
    step: ledger.Step | None = None


EFFECTS = {
    "publish": Effect(State.PUBLISHED, acts.Act.STORY_PUBLISHED, "story_published", ledger.Step.PUBLISHED),
    "return": Effect(State.RETURNED, acts.Act.STORY_RETURNED, "story_returned", ledger.Step.RETURNED),
    "reject": Effect(State.REJECTED, acts.Act.STORY_REJECTED, "story_rejected", ledger.Step.REJECTED),
    "remove": Effect(State.REMOVED, acts.Act.STORY_REMOVED, "story_removed", ledger.Step.REMOVED),
    agreement.ASKED: Effect(State.AWAITING_AUTHOR, acts.Act.AUTHOR_ASKED, "story_question"),
}
# The same for a later version of a published story, which stays as it is unless the later one is published.
EDIT_EFFECTS = {
    "publish": Effect(State.PUBLISHED, acts.Act.EDIT_PUBLISHED, "edit_published", ledger.Step.EDITED),
    "return": Effect(State.PUBLISHED, acts.Act.EDIT_RETURNED, "edit_returned", ledger.Step.RETURNED),
    "reject": Effect(State.PUBLISHED, acts.Act.EDIT_REJECTED, "edit_rejected", ledger.Step.REJECTED),
}


def open_for_review(story: Story, by: Account) -> None:
    """Note that a moderator has begun to read; a story already being read stays as it is."""
    require(by, Action.DECIDE_STORIES)
    if story.state != State.SUBMITTED:
        return
    with transaction():
        move(story, State.IN_MODERATION)
        acts.record(acts.Act.STORY_OPENED, acts.staff(by.id), "story", story.public_id)


def publish(
    story: Story, revision: int, by: Account, *, level: int | None = None, wait: timedelta = AT_ONCE
) -> Decision:
    """Let everyone read the story with its redactions.

    `revision` is the one the moderator read, `level` how critical they score it (`criticality`; None leaves
    the score as it is). Raises NotAllowed, InvalidInput while large edits lack the author's agreement, or
    Conflict when a case is open, or the story changed since, waits for another decision, or is in no state
    to be published.
    """
    criticality.check(level)
    return _decide(story, revision, by, "publish", wait=wait, level=level)


def send_back(
    story: Story, revision: int, by: Account, *, reason: str, message: str, wait: timedelta = AT_ONCE
) -> Decision:
    """Return the story to its author with what to change. Raises as `publish`."""
    _check(reason, RETURNED)
    return _decide(story, revision, by, "return", reason, message, wait)


def reject(
    story: Story, revision: int, by: Account, *, reason: str, message: str, wait: timedelta = AT_ONCE
) -> Decision:
    """Do not publish the story, for a reason its author reads. Raises as `publish`."""
    _check(reason, REJECTED)
    return _decide(story, revision, by, "reject", reason, message, wait)


def remove(
    story: Story, revision: int, by: Account, *, reason: str, message: str, wait: timedelta = AT_ONCE
) -> Decision:
    """Take a published story down; a tombstone with the reason stays. Raises as `publish`."""
    _check(reason, REMOVED)
    return _decide(story, revision, by, "remove", reason, message, wait)


def ask_author(
    story: Story, revision: int, by: Account, *, message: str, wait: timedelta = AT_ONCE
) -> Decision:
    """Have the author read each edit, and agree or discuss it. Raises as `publish`.

    InvalidInput without a message: an author should hear from a person why so much would be taken out.
    """
    if not of_version(current_version(story)):
        raise InvalidInput(errors={"message": ["There is no edit yet to ask about."]})
    if not message.strip():
        raise InvalidInput(errors={"message": ["Say why so much has to be taken out."]})
    return _decide(story, revision, by, agreement.ASKED, None, message, wait)


def undo(decision: Decision, by: Account) -> None:
    """Let a decision that waits never take effect; whoever moderates may.

    Raises NotAllowed, or Conflict that says what became of it when it waits no more.
    """
    story = decision.story
    _require_decider(story, by)
    with transaction():
        hold(story)
        if not waiting.settle(decision, DecisionState.UNDONE, by):
            raise _ended(decision)
        touch(story, story.revision)
        acts.record(
            acts.Act.DECISION_UNDONE, acts.staff(by.id), "story", story.public_id, decision=decision.act
        )


def send_now(decision: Decision, by: Account) -> None:
    """Carry a decision out at once that waits; whoever moderates may. Raises as `undo`."""
    _require_decider(decision.story, by)
    if not _carry_out(decision, by):
        raise _ended(decision)


def carry_out_due() -> int:
    """Carry out every decision whose time has come; how many took effect.

    Any number of processes may do so at once: each decision is carried out by one of them.
    """
    done = 0
    for decision in waiting.due():
        try:
            done += _carry_out(decision)
        except Exception as error:  # noqa: BLE001 (one that fails must not hold up the others)
            # Only the kind of failure: a driver's message may quote a row.
            log.warning("decision %d failed (%s); it is tried again", decision.id, type(error).__name__)
    return done


def latest(story: Story) -> Decision | None:
    """The decision that stands and took effect, if there is one: what its author may know of."""
    decision: Decision | None = (
        story.decisions.where(Decision.state == DecisionState.DONE.value)
        .order_by(Decision.settled_at.desc(), Decision.id.desc())
        .first()
    )
    return decision


def get(decision_id: int) -> Decision:
    """The decision of this number. Raises NotFound."""
    found: Decision | None = Decision.get_or_none(Decision.id == decision_id)
    if found is None:
        raise NotFound("There is no such decision.")
    return found


def _require_decider(story: Story, by: Account) -> None:
    require(by, Action.DECIDE_STORIES)
    require_no_interest(by, organisations_of(story))


def _check(reason: str, reasons: dict[str, str]) -> None:
    if reason not in reasons:
        raise InvalidInput(errors={"reason": ["Choose a reason from the list."]})


def _decide(
    story: Story,
    revision: int,
    by: Account,
    act: str,
    reason: str | None = None,
    message: str = "",
    wait: timedelta = AT_ONCE,
    level: int | None = None,
) -> Decision:
    _require_decider(story, by)
    if len(message) > LONGEST_MESSAGE:
        raise InvalidInput(errors={"message": [f"Keep it to {LONGEST_MESSAGE:,} characters."]})
    if waiting.of_story(story):
        raise Conflict("Someone has decided about this story already. Undo that decision to make another.")
    if not _is_of_edit(story, act):
        require_move(story, EFFECTS[act].to)
    version, moment = current_version(story), clock.now()
    decision = Decision(
        story=story,
        version=version,
        act=act,
        reason=reason,
        message=message.strip(),
        paragraph=templates.text_of(act, reason, version.lang) if reason else "",
        decided_by=by,
        decided_at=moment,
        revision=revision,
        state=DecisionState.DONE.value,
        settled_at=moment,
    )
    _require_ready(decision)
    facts = {} if level is None else {"criticality": level}
    with transaction():
        if wait > AT_ONCE:
            _let_wait(decision, moment + wait, facts)
        else:
            decision.save()
            _take_effect(decision, story, facts)
    return decision


def _let_wait(decision: Decision, until: datetime, facts: dict[str, int]) -> None:
    story = decision.story
    touch(story, decision.revision, **facts)
    # One that waited for a story which is no more as it was keeps nobody from deciding anew.
    waiting.overtake(story)
    waiting.begin(decision, until)
    acts.record(
        acts.Act.DECISION_MADE,
        acts.staff(decision.decided_by_id),
        "story",
        story.public_id,
        decision=decision.act,
        **_why(decision),
        **facts,
    )


def _require_ready(decision: Decision) -> None:
    """What must be settled before a story is published, when it is decided and again when it takes effect."""
    if decision.act == "publish":
        cases.require_none_open(decision.story)
        agreement.require_agreed(decision.version)


def _carry_out(decision: Decision, by: Account | None = None) -> bool:
    """Let a decision that waits take effect, by its time or by someone; whether it did."""
    story = decision.story
    with transaction():
        hold(story)
        try:
            with transaction():
                if not waiting.settle(decision, DecisionState.DONE, by):
                    return False
                # Whoever decided may have lost the role since, or taken one at the service.
                _require_decider(story, decision.decided_by)
                _require_ready(decision)
                _take_effect(decision, story)
        except Problem:
            waiting.overtake(story)
            return False
    return True


def _take_effect(decision: Decision, story: Story, facts: dict[str, int] | None = None) -> None:
    """Everything that a decision changes, in the caller's transaction."""
    of_edit, words = _is_of_edit(story, decision.act), ""
    effect = (EDIT_EFFECTS if of_edit else EFFECTS)[decision.act]
    if of_edit:
        words = _end_edit(decision, story, facts or {})
    elif decision.act == "publish":
        # A story that was taken down and read again stands as if it never had been.
        begun = {"published_at": clock.now(), "ended_at": None, "ended_reason": None}
        move(story, effect.to, revision=decision.revision, **begun, **facts or {})
        words = commitment(show(story, decision.version))
    elif decision.act == "remove":
        ended = {"ended_at": clock.now(), "ended_reason": decision.reason}
        move(story, effect.to, revision=decision.revision, **ended)
        _hide(story, decision.decided_by)
        webhook_events.story_removed(story)
    else:
        move(story, effect.to, revision=decision.revision)
    acts.record(
        effect.recorded,
        acts.staff(decision.decided_by_id),
        "story",
        story.public_id,
        **_why(decision),
        **facts or {},
        **_since_decided(decision),
    )
    if decision.act == "publish" and of_edit:
        webhook_events.story_edited(story)
    elif decision.act == "publish":
        matching.story_published(story)
    if contact.is_known(story):
        messages.put(effect.letter, "author", story.public_id, **_why(decision))
    if effect.step:
        ledger.append(effect.step, story.public_id, reason=decision.reason or "", commitment=words)


def _is_of_edit(story: Story, act: str) -> bool:
    """Whether such a decision on the story would be about a later version of it, which waits."""
    return act in EDIT_EFFECTS and editing.edit_waits(story)


def _end_edit(decision: Decision, story: Story, facts: dict[str, int]) -> str:
    """Settle the version that waits; the commitment to its words, where everyone reads them from now on."""
    touch(story, decision.revision, edit_sent_at=None, queue_rank=None, **facts)
    if decision.act != "publish":
        return ""
    PublishedText.delete().where(PublishedText.story == story.id).execute()
    return commitment(show(story, decision.version))


def show(story: Story, version: StoryVersion) -> PublishedText:
    """Let everyone read a version with its redactions, in the caller's transaction, which moves the story."""
    editing.take_facts(story, version)
    redactions = of_version(version)
    text = PublishedText.create(
        story=story,
        version=version,
        redactions=[{"field": made.field, "reason": made.reason} for made in redactions],
        salt=ledger.new_salt(),
        **published_fields(version, redactions),
    )
    public_words.keep(story)
    return text


def _hide(story: Story, by: Account) -> None:
    PublishedText.delete().where(PublishedText.story == story.id).execute()
    StoryPause.delete().where(StoryPause.story == story.id).execute()
    index.forget(story)
    shelves.put(story)
    flags.settle_all(story, "The story was taken down.", acts.staff(by.id), by)


def _why(decision: Decision) -> dict[str, str]:
    return {"reason": decision.reason} if decision.reason else {}


def _since_decided(decision: Decision) -> dict[str, str | int]:
    """When a decision that waited was made, and who sent it at once where somebody did."""
    if not decision.takes_effect_at:
        return {}
    sent = {"sent_by": decision.settled_by_id} if decision.settled_by_id else {}
    return {"decided_at": decision.decided_at.isoformat(timespec="seconds"), **sent}


def _ended(decision: Decision) -> Conflict:
    """Why a decision can neither be undone nor sent any more."""
    became = {
        DecisionState.DONE: "This decision has taken effect already.",
        DecisionState.UNDONE: "This decision was undone already.",
        DecisionState.OVERTAKEN: "Something else happened to the story first, so this decision was let go.",
    }
    return Conflict(became[DecisionState(get(decision.id).state)])
