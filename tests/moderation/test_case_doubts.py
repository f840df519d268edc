"""Doubts about who tells a story: a child, another's story, staff who do not say so; on both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit.acts import time_line
from tellback.authorship.own_story import describe
from tellback.errors import Conflict, InvalidInput
from tellback.moderation import case_closing, case_steps, cases, decisions
from tellback.moderation.models import Case
from tellback.stories.models import Story
from tests.people import tell

KINDS = ("under_16", "someone_else", "undeclared_staff")


@pytest.fixture
def story(moira: Account) -> Story:
    """A story that Moira reads."""
    told = tell(title="A night").story
    decisions.open_for_review(told, moira)
    return told


def opened(story: Story, by: Account, kind: str = "under_16") -> Case:
    return cases.open_case(story, story.revision, by, kind=kind, why="It speaks of homework.")


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


@pytest.mark.parametrize("kind", KINDS)
def test_the_story_waits_where_it_is_until_the_case_is_closed(
    kind: str, story: Story, moira: Account
) -> None:
    case = opened(story, moira, kind)
    assert (case.kind, case.words, now(story).state) == (kind, "It speaks of homework.", "in_moderation")
    with pytest.raises(Conflict, match="A case is open"):
        decisions.publish(now(story), now(story).revision, moira)
    case_closing.close(case, moira, outcome="goes_on", note="All is well.")
    decisions.publish(now(story), now(story).revision, moira)
    acts = [event.act for event in time_line("story", story.public_id)]
    assert acts[-3:] == ["story:case:opened", "case:state:closed", "story:state:published"]
    assert sum(act.startswith("story:") for act in acts) == now(story).revision


@pytest.mark.parametrize("kind", KINDS)
def test_its_author_is_asked_in_kind_words_and_answers(kind: str, story: Story, moira: Account) -> None:
    case = opened(story, moira, kind)
    case_steps.ask(case, moira, "Only if you like.")
    asked = describe(now(story), "https://stories.example")["asked"]
    assert asked["text"].startswith(("We think that you may", "Your story is about somebody else."))
    assert (asked["message"], asked["notice"]) == ("Only if you like.", None)
    # Ten working days.
    assert asked["answer_by"] == "2026-12-07"
    case_steps.answer(now(story), "I am fifteen, and my aunt knows.")
    assert describe(now(story), "https://stories.example")["asked"] is None


def test_it_is_not_shown_by_a_decision_before_the_case_says_so(story: Story, moira: Account) -> None:
    case = opened(story, moira, "undeclared_staff")
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, moira, outcome="not_shown", note="They work there.")
    assert list(refused.value.errors or {}) == ["outcome"]
    decisions.reject(now(story), now(story).revision, moira, reason="staff_own_service", message="")
    case_closing.close(case, moira, outcome="not_shown", note="They work there.")


def test_a_published_story_stays_while_it_is_looked_into(story: Story, moira: Account) -> None:
    decisions.publish(story, story.revision, moira)
    case = opened(story, moira)
    assert now(story).state == "published"
    decisions.remove(now(story), now(story).revision, moira, reason="identifies_someone", message="")
    case_closing.close(case, moira, outcome="read_again", note="School and age go.")
    assert now(story).state == "in_moderation"


def test_it_is_not_opened_over_a_decision_that_waits_or_a_case_of_its_kind(
    story: Story, moira: Account
) -> None:
    decision = decisions.publish(story, story.revision, moira, wait=timedelta(minutes=10))
    with pytest.raises(Conflict, match="Undo that decision to open a case"):
        opened(now(story), moira)
    decisions.undo(decision, moira)
    opened(now(story), moira)
    with pytest.raises(Conflict, match="open already"):
        opened(now(story), moira)
    opened(now(story), moira, "someone_else")


def test_a_decision_on_what_was_read_before_comes_too_late(story: Story, moira: Account) -> None:
    read = story.revision
    opened(now(story), moira)
    with pytest.raises(Conflict):
        decisions.reject(now(story), read, moira, reason="commercial", message="")
    assert now(story).state == "in_moderation"


@pytest.mark.parametrize("kind", ["", "appeal", "removal", "legal", "dull"])
def test_others_open_what_is_asked_for(kind: str, story: Story, moira: Account) -> None:
    with pytest.raises(InvalidInput) as refused:
        opened(story, moira, kind)
    assert refused.value.errors == {"kind": ["Choose what kind of case it is."]}


def test_nothing_is_opened_of_a_story_that_its_author_has_to_change(story: Story, moira: Account) -> None:
    decisions.send_back(story, story.revision, moira, reason="hard_to_follow", message="")
    with pytest.raises(Conflict, match="while the story is returned"):
        opened(story, moira)


def test_why_is_needed_and_a_note_has_words(story: Story, moira: Account) -> None:
    with pytest.raises(InvalidInput) as refused:
        cases.open_case(story, story.revision, moira, kind="under_16", why=" ")
    assert list(refused.value.errors or {}) == ["why"]
    case = opened(story, moira)
    for words in ("", "x" * 4001):
        with pytest.raises(InvalidInput):
            case_steps.note(case, moira, words)
    due = case.due_at
    clock.pin(clock.now() + timedelta(hours=2))
    case_steps.note(case, moira, "I read it again.")
    # Thinking about it moves no clock.
    assert cases.get(case.public_id).due_at == due
