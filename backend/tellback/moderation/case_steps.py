"""What is done in an open case: somebody is told, its author is asked and answers, a note is made."""

from datetime import date, datetime, time

from tellback import clock, sealing
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.moderation import case_clocks, cases
from tellback.moderation.case_paths import PATHS, ByLaw, Kind, Limit
from tellback.moderation.cases import LONGEST_ANSWER, StepKind
from tellback.moderation.models import Case, CaseStep
from tellback.outbox import messages
from tellback.rota.hours import ZONE, local_day
from tellback.stories import contact
from tellback.stories.models import Story
from tellback.stories.states import State, hold
from tellback.translations.sentences import say

LONGEST_WHO = 200
# How somebody was told.
WAYS = {
    "phone": "by phone",
    "person": "in person",
    "form": "by a form on their website",
    "email": "by email",
    "letter": "by letter",
}


def moment_at_desk(day: str, hour: str) -> datetime:
    """A day (2026-11-23) and a time (14:30) as they are said at the desk, as a moment.

    Raises InvalidInput naming `at` for what is neither, or still to come.
    """
    try:
        local = datetime.combine(date.fromisoformat(day.strip()), time.fromisoformat(hour.strip()), ZONE)
    except ValueError:
        raise InvalidInput(errors={"at": ["Say when: a day and a time, such as 14:30."]}) from None
    if local > clock.now():
        raise InvalidInput(errors={"at": ["That is still to come. Say when it was."]})
    return local


def tell(case: Case, by: Account, *, who: str, how: str, at: datetime, words: str = "") -> None:
    """Write down whom somebody told, how (`WAYS`) and when, and what they were told or said.

    Raises NotAllowed, InvalidInput naming what is missing, Conflict for a case that is closed.
    """
    cases.require_may_work(case, by)
    told = cases.required(who, "who", "Say whom you told: a name, or a team, and where.")
    if len(told) > LONGEST_WHO:
        raise InvalidInput(errors={"who": [f"Keep it to {LONGEST_WHO} characters."]})
    if how not in WAYS:
        raise InvalidInput(errors={"how": ["Say how you told them."]})
    with transaction():
        _hold(case)
        cases.add_step(case, StepKind.TOLD, by, who=told, how=how, at=at, words=_short(words, "words"))
        _next_due(case, PATHS[Kind(case.kind)].then)
        moment = at.isoformat(timespec="minutes")
        cases.record(case, acts.Act.CASE_TOLD, acts.staff(by.id), who=told, how=how, at=moment)


def note(case: Case, by: Account, words: str) -> None:
    """Keep what was found so far, for those who work on the case. Raises as `tell`; the clock runs on."""
    cases.require_may_work(case, by)
    said = cases.required(words, "words", "Write down what you found.")
    with transaction():
        _hold(case)
        cases.add_step(case, StepKind.NOTED, by, words=said)
        cases.record(case, acts.Act.CASE_NOTED, acts.staff(by.id))


def ask(case: Case, by: Account, message: str = "") -> None:
    """Put the question of its path to the author, with words of one's own; the letter holds neither.

    Raises NotAllowed, InvalidInput for too long a message, Conflict where authors are not asked, or one
    question waits for them already.
    """
    cases.require_may_work(case, by)
    said = _short(message, "message")
    if not question_of(case):
        raise Conflict("In such a case nobody is asked.")
    with transaction():
        story = _hold(case)
        if story.state == State.WITHDRAWN:
            raise Conflict("Its author took the story back, so they are asked no more.")
        if open_question(story):
            raise Conflict("Its author has a question to answer already. Wait for that first.")
        cases.add_step(case, StepKind.ASKED, by, words=said)
        _next_due(case, PATHS[Kind(case.kind)].asked)
        cases.record(case, acts.Act.CASE_QUESTION, acts.staff(by.id))
        if contact.is_known(story):
            messages.put("case_question", "author", story.public_id)


def answer(story: Story, words: str) -> None:
    """The author answers the question that is open. Raises InvalidInput without words, or Conflict."""
    said = words.strip()
    if not said:
        raise InvalidInput(errors={"words": [say("Write your answer.")]})
    if len(said) > LONGEST_ANSWER:
        raise InvalidInput(errors={"words": [say("Keep it to {count} characters.", count=LONGEST_ANSWER)]})
    with transaction():
        hold(story)
        asked = open_question(story)
        if asked is None:
            raise Conflict(say("This question is no longer open. Here is how your story stands now."))
        case = asked.case
        cases.add_step(case, StepKind.ANSWERED, None, said_sealed=sealing.seal(said))
        _next_due(case, PATHS[Kind(case.kind)].then)
        cases.record(case, acts.Act.CASE_ANSWERED, acts.AUTHOR)
        cases.alert_of_crisis(story, said)


def question_of(case: Case) -> str:
    """What the author is asked in such a case; empty where authors are not.

    Only a notice about defamation has an author choose between their words and their address.
    """
    if case.kind == Kind.LEGAL and cases.told(case).get("ground") != "defamation":
        return PATHS[Kind.REMOVAL].question
    return PATHS[Kind(case.kind)].question


def open_question(story: Story) -> CaseStep | None:
    """What the author is asked in an open case and has not answered yet, if there is such a question."""
    for case in cases.of_story(story):
        said = case.steps.where(CaseStep.kind.in_([StepKind.ASKED.value, StepKind.ANSWERED.value]))
        last = said.order_by(CaseStep.id.desc()).first()
        if last is not None and last.kind == StepKind.ASKED:
            asked: CaseStep = last
            return asked
    return None


def answer_by(asked: CaseStep) -> date:
    """The last day on which an author can count on being heard who is asked."""
    limit = PATHS[Kind(asked.case.kind)].asked
    if limit == ByLaw.FIFTH_DAY:
        return case_clocks.last_day_to_answer(asked.at)
    return local_day(case_clocks.due(limit, asked.at))


def of_case(case: Case) -> list[CaseStep]:
    """All that was done in a case, the first first."""
    return list(case.steps.order_by(CaseStep.at, CaseStep.id))


def said(step: CaseStep) -> str:
    """The words of a step: a moderator's, or an author's unsealed."""
    words: str = sealing.unseal(step.said_sealed) if step.said_sealed else step.words
    return words


def _hold(case: Case) -> Story:
    """The case's story and the case as they are now; whoever else would change them waits."""
    story: Story = case.story
    hold(story)
    case.__data__.update(Case.get_by_id(case.id).__data__)
    cases.require_open(case)
    return story


def _next_due(case: Case, limit: Limit) -> None:
    Case.update(due_at=case_clocks.due(limit, clock.now())).where(Case.id == case.id).execute()


def _short(words: str, field: str) -> str:
    if len(words.strip()) > LONGEST_ANSWER:
        raise InvalidInput(errors={field: [f"Keep it to {LONGEST_ANSWER:,} characters."]})
    return words.strip()
