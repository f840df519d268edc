"""Stories that need more than a decision: each on its path (`case_paths`) until a moderator closes its case.

While a case is open its story is not published anew; one that is escalated for safeguarding is out of the
queue, and nothing of it is public, in the ledger or before the service. A conflict of interest bars a
moderator from a case altogether. How they end is in `case_closing`.
"""

import json
from enum import StrEnum
from typing import Any

import peewee

from tellback import clock, sealing
from tellback.accounts import recipients
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import case_clocks, waiting
from tellback.moderation.case_paths import BY_STAFF, PATHS, Kind
from tellback.moderation.models import Case, CaseStep, Decision
from tellback.organisations.models import Service
from tellback.rota import on_call
from tellback.screening import is_distress
from tellback.stories.about import organisations_of
from tellback.stories.models import Story, StoryService
from tellback.stories.states import MOVES, State, hold, move, touch
from tellback.stories.submission import new_public_id
from tellback.stories.urgency import Urgency, hold_at
from tellback.translations.sentences import say

# What a moderator writes of a case, what its author or somebody else does, and what they are answered.
LONGEST_WORDS = 4000
LONGEST_ANSWER = 2000
# One screen.
PAGE = 50
CLOSED_SHOWN = 20
# Those on call hear of these at once; the others wait for the list.
_ALERTING = (Kind.SAFEGUARDING, Kind.LEGAL)
# What an author can ask a second moderator to look at: the decision's act, and where it led.
_APPEALED = {"return": State.RETURNED, "reject": State.REJECTED, "remove": State.REMOVED}
# Who reads the answer to a request of theirs (`case_requests`), by the case's public id.
OUTSIDER = "outsider"


class CaseState(StrEnum):
    """Whether there is anything left to do in a case."""

    OPEN = "open"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What was done in a case."""

    TOLD = "told"
    ASKED = "asked"
    ANSWERED = "answered"
    NOTED = "noted"


def escalate(story: Story, revision: int, by: Account, *, why: str) -> Case:
    """Take a story out of the queue for safeguarding, at once; those on call are told by letter.

    `revision` is the one the moderator read, `why` what worries them. A decision that waits is let go.
    Raises NotAllowed, InvalidInput without a reason, Conflict for a story that is public, taken back,
    escalated already, or changed since.
    """
    _require_worker(story, by)
    said = required(why, "why", "Say what worries you.")
    _require_openable(story, Kind.SAFEGUARDING)
    with transaction():
        waiting.overtake(story)
        moves = State.ESCALATED in MOVES[State(story.state)]
        if moves:
            move(story, State.ESCALATED, revision=revision)
        else:
            touch(story, revision)
        case = begin(story, Kind.SAFEGUARDING, words=said, opened_by=by)
        hold_at(story, Urgency.NOW)
        act = acts.Act.STORY_ESCALATED if moves else acts.Act.CASE_OPENED
        record(case, act, acts.staff(by.id))
    return case


def open_case(story: Story, revision: int, by: Account, *, kind: str, why: str) -> Case:
    """Open a case of another kind that moderators open (`BY_STAFF`). Raises as `escalate`.

    Conflict, too, while a decision waits: that would be undone without anybody saying so.
    """
    _require_worker(story, by)
    if kind not in BY_STAFF:
        raise InvalidInput(errors={"kind": ["Choose what kind of case it is."]})
    if kind == Kind.SAFEGUARDING:
        return escalate(story, revision, by, why=why)
    said = required(why, "why", "Say what makes you think so.")
    _require_openable(story, Kind(kind))
    if waiting.of_story(story):
        raise Conflict("Someone has decided about this story. Undo that decision to open a case.")
    with transaction():
        touch(story, revision)
        case = begin(story, Kind(kind), words=said, opened_by=by)
        record(case, acts.Act.CASE_OPENED, acts.staff(by.id))
    return case


def may_appeal(story: Story, decision: Decision | None) -> bool:
    """Whether its author can ask a second moderator to look at this decision, the latest on the story.

    They can for one that sent it back, did not publish it or took it down, once.
    """
    if decision is None or _APPEALED.get(decision.act) != story.state:
        return False
    return not Case.select().where(Case.decision == decision).exists()


def appeal(story: Story, decision: Decision | None, words: str) -> Case:
    """The author asks a second moderator to look at the latest decision, and says why.

    Raises InvalidInput without words, Conflict when there is no decision to look at (again).
    """
    said = words.strip()
    if not said:
        raise InvalidInput(errors={"words": [say("Tell us why we should look again.")]})
    if len(said) > LONGEST_ANSWER:
        raise InvalidInput(errors={"words": [say("Keep it to {count} characters.", count=LONGEST_ANSWER)]})
    with transaction():
        hold(story)
        if not may_appeal(story, decision):
            raise Conflict(say("There is nothing more to look at again. Here is how your story stands now."))
        case = begin(story, Kind.APPEAL, told={"words": said}, decision=decision)
        record(case, acts.Act.CASE_ASKED_FOR, acts.AUTHOR)
        alert_of_crisis(story, said)
    return case


def begin(story: Story, kind: Kind, *, told: dict[str, Any] | None = None, **facts: Any) -> Case:
    """A case's row, with its clock running; `told` is what somebody from outside wrote, to be sealed.

    In the caller's transaction. Those on call are written to where it cannot wait.
    """
    moment = clock.now()
    case = Case.create(
        public_id=new_public_id(),
        story=story,
        kind=kind.value,
        state=CaseState.OPEN.value,
        told_sealed=sealing.seal(json.dumps(told)) if told else None,
        opened_at=moment,
        due_at=case_clocks.due(PATHS[kind].first, moment),
        **facts,
    )
    if kind in _ALERTING:
        _alert(case)
    return case


def require_none_open(story: Story) -> None:
    """Raise Conflict, naming what is open, while a story must not be published for a case of it."""
    for (kind,) in story.cases.select(Case.kind).where(is_open()).order_by(Case.due_at, Case.id).tuples():
        raise Conflict(
            f"A case is open: {PATHS[Kind(kind)].name.lower()}. Close it before the story is published."
        )


def require_may_work(case: Case, by: Account) -> None:
    """Raise NotAllowed for who is no moderator, or has a role at an organisation that the story is about."""
    _require_worker(case.story, by)


def open_cases(account: Account) -> "peewee.ModelSelect[Case]":
    """A query of what is open and somebody may work on, with the stories: the first due first."""
    return _of_others(account).where(is_open()).order_by(Case.due_at, Case.id)


def closed_lately(account: Account) -> list[Case]:
    """What was closed last of what somebody may work on, with the stories, the latest first."""
    query = _of_others(account).where(Case.state == CaseState.CLOSED.value)
    return list(query.order_by(Case.closed_at.desc(), Case.id.desc()).limit(CLOSED_SHOWN))


def open_count(account: Account) -> int:
    """How many cases are open that somebody may work on."""
    count: int = open_cases(account).count()
    return count


def of_story(story: Story) -> list[Case]:
    """What is open of a story, the first due first."""
    return list(story.cases.where(is_open()).order_by(Case.due_at, Case.id))


def closed_of(story: Story) -> list[Case]:
    """The cases of a story that were closed, the first first."""
    return list(story.cases.where(Case.state == CaseState.CLOSED.value).order_by(Case.closed_at, Case.id))


def appeal_of(story: Story) -> Case | None:
    """The latest appeal of a story's author, if there was one."""
    found: Case | None = story.cases.where(Case.kind == Kind.APPEAL.value).order_by(Case.id.desc()).first()
    return found


def get(public_id: str) -> Case:
    """The case of this id, with its story. Raises NotFound."""
    found: Case | None = Case.select(Case, Story).join(Story).where(Case.public_id == public_id).first()
    if found is None:
        raise NotFound("There is no such case.")
    return found


def told(case: Case) -> dict[str, Any]:
    """What somebody from outside wrote, unsealed; empty for nobody, and once it is forgotten."""
    return json.loads(sealing.unseal(case.told_sealed)) if case.told_sealed else {}


def add_step(case: Case, kind: StepKind, by: Account | None, **facts: Any) -> CaseStep:
    """Write down what was done, in the caller's transaction; `facts` may say when (`at`), else it is now."""
    moment = clock.now()
    return CaseStep.create(
        case=case, kind=kind.value, noted_by=by, noted_at=moment, **{"at": moment, **facts}
    )


def alert_of_crisis(story: Story, words: str) -> None:
    """Let words of crisis in what an author writes reach those on call at once, as in a story."""
    if is_distress(words):
        on_call.alert(story.public_id)


def record(case: Case, act: acts.Act, actor: acts.Actor, **facts: Any) -> None:
    """Put an act of a case on its story's record, in the caller's transaction."""
    acts.record(act, actor, "story", case.story.public_id, case=case.public_id, kind=case.kind, **facts)


def require_open(case: Case) -> None:
    """Raise Conflict for a case that somebody has closed."""
    if case.state != CaseState.OPEN:
        raise Conflict("Someone has closed this case. What you wrote was not kept.")


def required(words: str, field: str, sentence: str) -> str:
    """Words without outer space. Raises InvalidInput naming the field when there are none."""
    said = words.strip()
    if not said:
        raise InvalidInput(errors={field: [sentence]})
    if len(said) > LONGEST_WORDS:
        raise InvalidInput(errors={field: [f"Keep it to {LONGEST_WORDS:,} characters."]})
    return said


def _require_worker(story: Story, by: Account) -> None:
    require(by, Action.KEEP_CASES)
    require_no_interest(by, organisations_of(story))


def _of_others(account: Account) -> "peewee.ModelSelect[Case]":
    """A query of the cases, with their stories, of services where somebody has no role."""
    query: peewee.ModelSelect[Case] = Case.select(Case, Story).join(Story)
    own = [held.organisation_id for held in account.memberships if held.organisation_id is not None]
    if own:
        about = StoryService.select(StoryService.story).join(Service).where(Service.organisation.in_(own))
        query = query.where(Case.story.not_in(about))
    return query


def _require_openable(story: Story, kind: Kind) -> None:
    if kind == Kind.SAFEGUARDING and story.state == State.PUBLISHED:
        raise Conflict("Take the story down first: none is shown while a safeguarding case is open.")
    if story.state not in PATHS[kind].opened_in:
        raise Conflict(f"No such case can be opened while the story is {story.state.replace('_', ' ')}.")
    if any(case.kind == kind for case in of_story(story)):
        raise Conflict("A case of this kind is open already. Go on with that one.")


def _alert(case: Case) -> None:
    """Write at once to those on call; not to who opened it, nor to who may not work on it."""
    for account in on_call.people() or on_call.moderators():
        try:
            require_may_work(case, account)
        except NotAllowed:
            continue
        if account.id != case.opened_by_id:
            facts = {"case": case.public_id, "about": PATHS[Kind(case.kind)].name}
            recipients.write(account, "case_opened", **facts)


def is_open() -> peewee.Expression:
    """Of cases, those in which something is left to do."""
    return Case.state == CaseState.OPEN.value
