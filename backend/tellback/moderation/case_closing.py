"""How cases end: closed by a moderator, by its author who takes the story back, or with its words.

An appeal is settled by somebody else than who made the decision.
"""

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation.case_paths import PATHS, TAKEN_BACK, Kind, Outcome
from tellback.moderation.cases import (
    LONGEST_ANSWER,
    LONGEST_WORDS,
    OUTSIDER,
    CaseState,
    StepKind,
    add_step,
    is_open,
    of_story,
    record,
    require_may_work,
    required,
)
from tellback.moderation.models import Case, CaseStep
from tellback.outbox import messages
from tellback.stories import contact
from tellback.stories.models import Story
from tellback.stories.states import State, hold, move
from tellback.stories.urgency import Urgency, hold_at


def close(case: Case, by: Account, *, outcome: str, answer: str = "", note: str = "") -> None:
    """End a case: `outcome` is one of its path's, `answer` what its author or whoever asked reads.

    A story that was escalated, or is to be read again, goes back to the desk. Raises NotAllowed (also for who
    made the decision of an appeal), InvalidInput for what is missing, Conflict when it is closed already.
    """
    require_may_work(case, by)
    _require_second(case, by)
    ending = PATHS[Kind(case.kind)].outcomes.get(outcome)
    if ending is None:
        raise InvalidInput(errors={"outcome": ["Choose how it ends."]})
    said, found = _checked_ending(case, ending, answer, note)
    with transaction():
        story = case.story
        hold(story)
        if ending.states and story.state not in ending.states:
            raise InvalidInput(
                errors={
                    "outcome": ["That is not how the story stands. Decide about it first, on its own page."]
                }
            )
        if not _settle(case, outcome, said, by):
            raise Conflict("Someone else has closed this case. What you wrote was not kept.")
        if found:
            add_step(case, StepKind.NOTED, by, words=found)
        _give_back(story, ending, by)
        if case.kind == Kind.SAFEGUARDING:
            hold_at(story, Urgency.USUAL)
        record(case, acts.Act.CASE_CLOSED, acts.staff(by.id), outcome=outcome)
        _tell_who_asked(case)


def why_not_close(case: Case, by: Account) -> str:
    """Why somebody who may work on a case may not close it, as a sentence; empty when they may."""
    try:
        _require_second(case, by)
    except NotAllowed as refusal:
        return refusal.detail
    return ""


def take_back(story: Story) -> None:
    """Close what its author ends by taking the story back; in the caller's transaction.

    Safeguarding goes on: somebody may be at risk still.
    """
    for case in of_story(story):
        if case.kind != Kind.SAFEGUARDING and _settle(case, TAKEN_BACK, "", None):
            record(case, acts.Act.CASE_CLOSED, acts.AUTHOR, outcome=TAKEN_BACK)
            if case.kind != Kind.APPEAL:
                _tell_who_asked(case)


def erase_words(story: Story) -> None:
    """Let go of the cases of a story whose words are erased; in the caller's transaction.

    Of safeguarding stays who was told, when and how, and nothing that anybody wrote (UK GDPR, article 17(3)).
    """
    Case.delete().where(Case.story == story, Case.kind != Kind.SAFEGUARDING.value).execute()
    kept = Case.select(Case.id).where(Case.story == story)
    CaseStep.update(words="", said_sealed=None).where(CaseStep.case.in_(kept)).execute()
    Case.update(words="", answer="", told_sealed=None).where(Case.story == story).execute()


def _require_second(case: Case, by: Account) -> None:
    if case.kind == Kind.APPEAL and case.decision.decided_by_id == by.id:
        raise NotAllowed("You made the decision that this appeal is about. A second moderator settles it.")


def _checked_ending(case: Case, ending: Outcome, answer: str, note: str) -> tuple[str, str]:
    """The answer and the note without outer space. Raises InvalidInput for what this ending needs."""
    said, found = answer.strip(), note.strip()
    if ending.told and not case.steps.where(CaseStep.kind == StepKind.TOLD.value).exists():
        raise InvalidInput(errors={"outcome": ["Write down first whom you told, when and how."]})
    if ending.answer and not said:
        raise InvalidInput(errors={"answer": ["Say why, in plain words: they read it."]})
    if len(said) > LONGEST_ANSWER:
        raise InvalidInput(errors={"answer": [f"Keep it to {LONGEST_ANSWER:,} characters."]})
    if not PATHS[Kind(case.kind)].asks or len(found) > LONGEST_WORDS:
        found = required(found, "note", "Say what you found.")
    return said, found


def _settle(case: Case, outcome: str, answer: str, by: Account | None) -> bool:
    """Close a case unless that is done already; whether it was not. Only one can close it."""
    values = {
        "state": CaseState.CLOSED.value,
        "outcome": outcome,
        "answer": answer,
        "closed_at": clock.now(),
        "closed_by": by,
    }
    closed = Case.update(values).where(Case.id == case.id, is_open()).execute()
    for name, value in values.items():
        setattr(case, name, value)
    return bool(closed)


def _give_back(story: Story, ending: Outcome, by: Account) -> None:
    """Bring a story back to the desk that was escalated, or that is to be read again."""
    if story.state == State.ESCALATED or (ending.reopens and story.state != State.IN_MODERATION):
        move(story, State.IN_MODERATION)
        acts.record(acts.Act.STORY_REOPENED, acts.staff(by.id), "story", story.public_id)


def _tell_who_asked(case: Case) -> None:
    """Write to whoever asked for a case how it ended; what they were answered is read when that is sent."""
    asks = PATHS[Kind(case.kind)].asks
    if asks == "author" and contact.is_known(case.story):
        messages.put("appeal_settled", "author", case.story.public_id, outcome=case.outcome)
    elif asks == OUTSIDER and case.told_sealed:
        messages.put("case_settled", OUTSIDER, case.public_id, outcome=case.outcome)
