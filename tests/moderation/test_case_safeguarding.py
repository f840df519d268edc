"""A story is escalated for safeguarding: out of the queue, never published, on record; on both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.audit.models import LedgerEntry
from tellback.authorship.erasure import erase
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import agreement, case_closing, case_steps, cases, decisions, queue, redaction
from tellback.moderation.case_steps import moment_at_desk
from tellback.moderation.models import Case, CaseStep
from tellback.outbox.models import OutboxMessage
from tellback.rota import on_call
from tellback.stories.models import PublishedText, Story
from tests.people import Places, make_account, tell

WORRY = "She says that her carer hits her."


@pytest.fixture
def noor(places: Places) -> Account:
    """Another moderator."""
    return make_account("Noor", Role.MODERATOR)


@pytest.fixture
def story(moira: Account) -> Story:
    """A story that Moira reads."""
    told = tell(title="A night", contact_email="ada@example.org").story
    decisions.open_for_review(told, moira)
    return told


def escalated(story: Story, by: Account) -> Case:
    return cases.escalate(story, story.revision, by, why=WORRY)


def told_somebody(case: Case, by: Account) -> None:
    case_steps.tell(case, by, who="Elsewhere Council, adult social care", how="phone", at=clock.now())


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


def acts_of(story: Story) -> list[str]:
    return [event.act for event in time_line("story", story.public_id)]


def test_it_leaves_the_queue_and_is_not_published(story: Story, moira: Account, noor: Account) -> None:
    case = escalated(story, moira)
    assert (now(story).state, now(story).queue_rank) == ("escalated", None)
    assert queue.page(moira).total == 0
    with pytest.raises(Conflict):
        decisions.publish(now(story), now(story).revision, noor)
    assert PublishedText.select().count() == 0
    # Four staffed hours, as for words of crisis.
    assert case.due_at == clock.now() + timedelta(hours=4)


def test_nothing_of_it_is_in_the_public_ledger(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    told_somebody(case, moira)
    case_closing.close(case, moira, outcome="handed_on", note="The council visits her.")
    assert [entry.step for entry in LedgerEntry.select()] == ["received"]


def test_those_on_call_hear_of_it_at_once_but_not_who_opened_it_or_works_there(
    story: Story, moira: Account, noor: Account, places: Places
) -> None:
    both = make_account("Olu", Role.MODERATOR)
    Membership.create(account=both, role=Role.ANALYST.value, organisation=places.hospital.organisation)
    escalated(story, moira)
    letters = OutboxMessage.select().where(OutboxMessage.kind == "case_opened")
    assert [(m.recipient_id, m.payload["about"]) for m in letters] == [(str(noor.id), "Safeguarding")]
    assert WORRY not in repr([m.payload for m in letters])
    assert on_call.people() == []


def test_who_was_told_when_and_how_is_kept_and_moves_its_clock(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    at = moment_at_desk("2026-11-23", "09:10")
    case_steps.tell(case, moira, who=" The council ", how="phone", at=at, words="They ring back.")
    (step,) = case_steps.of_case(case)
    assert (step.who, step.how, step.at, step.words) == ("The council", "phone", at, "They ring back.")
    # Heard back within two working days: by Wednesday's end.
    assert cases.get(case.public_id).due_at.isoformat() == "2026-11-25T17:00:00+00:00"
    (told,) = [event for event in time_line("story", story.public_id) if event.act == "case:person:told"]
    assert told.detail["who"] == "The council"
    assert told.detail["at"].startswith("2026-11-23T09:10")


def test_what_is_missing_of_a_telling_is_said(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    for who, how, field in (
        ("", "phone", "who"),
        ("x" * 201, "phone", "who"),
        ("The council", "drum", "how"),
    ):
        with pytest.raises(InvalidInput) as refused:
            case_steps.tell(case, moira, who=who, how=how, at=clock.now())
        assert list(refused.value.errors or {}) == [field]
    for day, hour in (("2026-11-23", "25:00"), ("yesterday", "09:00"), ("", ""), ("2026-11-24", "09:00")):
        with pytest.raises(InvalidInput) as refused:
            moment_at_desk(day, hour)
        assert list(refused.value.errors or {}) == ["at"]
    assert CaseStep.select().count() == 0


def test_closed_it_comes_back_to_the_desk_and_can_be_published(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, moira, outcome="handed_on", note="Done.")
    assert refused.value.errors == {"outcome": ["Write down first whom you told, when and how."]}
    told_somebody(case, moira)
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, moira, outcome="handed_on")
    assert refused.value.errors == {"note": ["Say what you found."]}
    case_closing.close(case, moira, outcome="handed_on", note="The council visits her.")
    assert now(story).state == "in_moderation"
    assert queue.page(moira).total == 1
    decisions.publish(now(story), now(story).revision, moira)
    assert acts_of(story)[-5:] == [
        "story:state:escalated",
        "case:person:told",
        "story:state:reopened",
        "case:state:closed",
        "story:state:published",
    ]
    # As many acts on the story itself as revisions of it: by that screens know what came after them.
    assert sum(act.startswith("story:") for act in acts_of(story)) == now(story).revision


def test_nobody_at_risk_ends_it_too(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    case_closing.close(case, moira, outcome="no_concern", note="It was a play on the stage.")
    assert (now(story).state, now(story).urgency) == ("in_moderation", 0)


def test_it_wins_over_a_decision_that_waits(story: Story, moira: Account, noor: Account) -> None:
    decision = decisions.publish(story, story.revision, noor, wait=timedelta(minutes=10))
    escalated(now(story), moira)
    assert decisions.get(decision.id).state == "overtaken"
    clock.pin(clock.now() + timedelta(minutes=11))
    assert decisions.carry_out_due() == 0
    assert PublishedText.select().count() == 0


def test_a_story_that_is_with_its_author_stays_there_and_is_urgent_when_it_comes_back(
    story: Story, moira: Account
) -> None:
    redaction.redact_words(
        story, story.revision, "The nurse", reason="abusive_words", replacement="[somebody]", by=moira
    )
    decisions.ask_author(story, story.revision, moira, message="Do you agree?")
    case = escalated(now(story), moira)
    assert now(story).state == "awaiting_author"
    agreement.agree(now(story), now(story).revision)
    assert (now(story).state, now(story).urgency) == ("in_moderation", 2)
    with pytest.raises(Conflict, match="A case is open: safeguarding"):
        decisions.publish(now(story), now(story).revision, moira)
    case_closing.close(case, moira, outcome="no_concern", note="She is safe.")
    assert now(story).urgency == 0
    decisions.publish(now(story), now(story).revision, moira)


def test_a_public_story_is_taken_down_before(story: Story, moira: Account) -> None:
    decisions.publish(story, story.revision, moira)
    with pytest.raises(Conflict, match="Take the story down first"):
        escalated(story, moira)
    decisions.remove(story, story.revision, moira, reason="published_by_mistake", message="")
    escalated(story, moira)
    assert now(story).state == "removed"


def test_a_story_is_escalated_once_and_by_what_was_read(story: Story, moira: Account, noor: Account) -> None:
    read = story.revision
    with pytest.raises(InvalidInput) as refused:
        cases.escalate(story, read, moira, why=" ")
    assert refused.value.errors == {"why": ["Say what worries you."]}
    same = now(story)
    escalated(story, moira)
    with pytest.raises(Conflict):
        cases.escalate(same, read, noor, why=WORRY)
    with pytest.raises(Conflict, match="open already"):
        escalated(now(story), noor)
    assert Case.select().count() == 1


def test_a_role_at_the_service_bars_from_all_of_it(story: Story, moira: Account, places: Places) -> None:
    case = escalated(story, moira)
    both = make_account("Olu", Role.MODERATOR)
    Membership.create(account=both, role=Role.RESPONDER.value, organisation=places.hospital.organisation)
    refused = "You have a role at St Elsewhere NHS Trust"
    with pytest.raises(NotAllowed, match=refused):
        cases.require_may_work(case, both)
    with pytest.raises(NotAllowed, match=refused):
        told_somebody(case, both)
    with pytest.raises(NotAllowed, match=refused):
        case_closing.close(case, both, outcome="no_concern", note="All is well.")
    assert list(cases.open_cases(both)) == []
    assert list(cases.open_cases(moira)) == [case]


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.ANALYST, Role.WEBMASTER])
def test_nobody_else_works_on_cases(role: Role, story: Story, moira: Account, places: Places) -> None:
    case = escalated(story, moira)
    other = make_account("Gus", role, places.surgery.organisation)
    with pytest.raises(NotAllowed, match="Only moderators work on cases"):
        case_steps.note(case, other, "Hello.")


def test_its_author_is_asked_by_a_letter_that_says_nothing_and_answers(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    case_steps.ask(case, moira, "Is your sister with you?")
    letter = OutboxMessage.get(OutboxMessage.kind == "case_question")
    assert letter.payload == {}
    with pytest.raises(Conflict, match="a question to answer already"):
        case_steps.ask(case, moira)
    clock.pin(clock.now() + timedelta(hours=1))
    case_steps.answer(story, "  She is. ")
    asked, answered = case_steps.of_case(case)
    assert (case_steps.said(asked), case_steps.said(answered)) == ("Is your sister with you?", "She is.")
    assert b"She is" not in bytes(answered.said_sealed)
    assert case_steps.open_question(story) is None
    with pytest.raises(Conflict, match="no longer open"):
        case_steps.answer(story, "She is.")


def test_words_of_crisis_in_an_answer_reach_those_on_call(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    case_steps.ask(case, moira)
    case_steps.answer(story, "I want to end my life.")
    assert OutboxMessage.select().where(OutboxMessage.kind == "crisis_alert").count() == 1


def test_it_goes_on_when_its_author_takes_the_story_back(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    withdraw(now(story))
    assert cases.of_story(story) == [case]
    with pytest.raises(Conflict, match="asked no more"):
        case_steps.ask(cases.get(case.public_id), moira)
    told_somebody(case, moira)
    case_closing.close(cases.get(case.public_id), moira, outcome="handed_on", note="Told.")
    assert now(story).state == "withdrawn"


def test_of_an_erased_story_stays_who_was_told_and_no_word(story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    told_somebody(case, moira)
    case_steps.note(case, moira, "She rang from the ward.")
    erase(now(story))
    kept = cases.get(case.public_id)
    assert (kept.words, kept.answer, kept.told_sealed) == ("", "", None)
    assert [(s.who, s.words) for s in case_steps.of_case(kept)] == [
        ("Elsewhere Council, adult social care", ""),
        ("", ""),
    ]


def test_a_case_is_closed_by_one(story: Story, moira: Account, noor: Account) -> None:
    case = escalated(story, moira)
    same = cases.get(case.public_id)
    case_closing.close(case, moira, outcome="no_concern", note="She is safe.")
    with pytest.raises(Conflict, match="Someone else has closed this case"):
        case_closing.close(same, noor, outcome="no_concern", note="I think so too.")
    with pytest.raises(Conflict, match="Someone has closed this case"):
        case_steps.note(same, noor, "One more thing.")
    assert [step.words for step in case_steps.of_case(case)] == ["She is safe."]
