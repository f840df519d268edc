"""An author asks that a second moderator look at a decision; the one who made it cannot settle that."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.audit.models import LedgerEntry
from tellback.authorship import own_cases
from tellback.authorship.own_story import describe, withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import case_closing, cases, decisions
from tellback.moderation.models import Case
from tellback.outbox.models import OutboxMessage
from tellback.published import ledger_check
from tellback.published.shown import shown
from tellback.stories.models import Story
from tests.people import Places, make_account, tell, tell_and_publish

WHY = "It is about my own care, on the ward in May."


@pytest.fixture
def noor(places: Places) -> Account:
    """Another moderator."""
    return make_account("Noor", Role.MODERATOR)


def rejected(by: Account) -> Story:
    story = tell(title="A night", contact_email="ada@example.org").story
    decisions.open_for_review(story, by)
    decisions.reject(story, story.revision, by, reason="not_an_experience", message="")
    return story


def appealed(story: Story) -> Case:
    own_cases.appeal(now(story), WHY)
    case = cases.appeal_of(story)
    assert case
    return case


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


def view(story: Story) -> dict[str, object]:
    return describe(now(story), "https://stories.example")


def test_a_decision_can_be_appealed_once(moira: Account) -> None:
    story = rejected(moira)
    assert (view(story)["may_appeal"], view(story)["appeal"]) == (True, None)
    case = appealed(story)
    assert (case.decision, cases.told(case)) == (decisions.latest(story), {"words": WHY})
    assert WHY.encode() not in bytes(case.told_sealed)
    # Five working days, from the next one on.
    assert case.due_at.isoformat() == "2026-11-30T17:00:00+00:00"
    mine = view(story)
    assert (mine["may_appeal"], mine["appeal"]["state"], mine["appeal"]["words"]) == (False, "waiting", WHY)
    with pytest.raises(Conflict, match="nothing more to look at again"):
        own_cases.appeal(now(story), WHY)
    event = time_line("story", story.public_id)[-1]
    assert (event.act, event.actor_kind, event.detail["kind"]) == (
        "case:request:received",
        "author",
        "appeal",
    )


@pytest.mark.parametrize("act", ["return", "reject", "remove"])
def test_what_sent_it_back_refused_it_or_took_it_down_can_be_appealed(act: str, moira: Account) -> None:
    story = tell().story
    decisions.open_for_review(story, moira)
    if act == "return":
        decisions.send_back(story, story.revision, moira, reason="hard_to_follow", message="")
    elif act == "reject":
        decisions.reject(story, story.revision, moira, reason="commercial", message="")
    else:
        decisions.publish(story, story.revision, moira)
        decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    appealed(story)


def test_nothing_else_can(moira: Account) -> None:
    story = tell().story
    for _ in ("told", "being read", "published"):
        with pytest.raises(Conflict):
            own_cases.appeal(now(story), WHY)
        if story.state == "submitted":
            decisions.open_for_review(story, moira)
        else:
            decisions.publish(story, story.revision, moira)
            break
    withdraw(now(story))
    with pytest.raises(Conflict):
        own_cases.appeal(now(story), WHY)


def test_words_are_needed_and_not_too_many(moira: Account) -> None:
    story = rejected(moira)
    for words, said in (
        ("  ", "Tell us why we should look again."),
        ("x" * 2001, "Keep it to 2,000 characters."),
    ):
        with pytest.raises(InvalidInput) as refused:
            own_cases.appeal(story, words)
        assert refused.value.errors == {"words": [said]}


def test_whoever_made_the_decision_does_not_settle_it(moira: Account, noor: Account) -> None:
    case = appealed(rejected(moira))
    assert case_closing.why_not_close(case, moira).startswith("You made the decision")
    assert case_closing.why_not_close(case, noor) == ""
    with pytest.raises(NotAllowed, match="A second moderator settles it"):
        case_closing.close(case, moira, outcome="stands", answer="We read it twice.")
    assert cases.get(case.public_id).state == "open"


def test_a_second_moderator_lets_it_stand_with_words_for_the_author(moira: Account, noor: Account) -> None:
    story = rejected(moira)
    case = appealed(story)
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, noor, outcome="stands")
    assert list(refused.value.errors or {}) == ["answer"]
    case_closing.close(case, noor, outcome="stands", answer="It tells of the car park alone.")
    mine = view(story)
    assert (mine["state"], mine["may_appeal"]) == ("rejected", False)
    assert (mine["appeal"]["state"], mine["appeal"]["answer"]) == (
        "stands",
        "It tells of the car park alone.",
    )
    letter = OutboxMessage.get(OutboxMessage.kind == "appeal_settled")
    assert (letter.recipient_id, letter.payload) == (story.public_id, {"outcome": "stands"})


def test_a_second_moderator_has_it_read_again_and_it_is_published(moira: Account, noor: Account) -> None:
    story = rejected(moira)
    case_closing.close(appealed(story), noor, outcome="reopened")
    story = now(story)
    assert (story.state, story.queue_rank is None) == ("in_moderation", False)
    assert view(story)["appeal"]["state"] == "reopened"
    decisions.publish(story, story.revision, noor)
    assert view(story)["appeal"] is None
    assert [entry.step for entry in LedgerEntry.select()] == ["received", "rejected", "published"]
    assert list(ledger_check.disagreements()) == []


def test_the_tombstone_stays_until_a_story_that_was_taken_down_is_published_again(
    moira: Account, noor: Account
) -> None:
    story = tell_and_publish(moira)
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    case_closing.close(appealed(story), noor, outcome="reopened")
    (everyones,) = shown([now(story)], "")
    assert (everyones["state"], everyones["reason"]) == ("removed", "not_genuine")
    assert list(ledger_check.disagreements()) == []
    decisions.publish(now(story), now(story).revision, noor)
    (everyones,) = shown([now(story)], "")
    assert everyones["state"] == "published"
    assert list(ledger_check.disagreements()) == []


def test_another_decision_can_be_appealed_anew(moira: Account, noor: Account) -> None:
    story = rejected(moira)
    case_closing.close(appealed(story), noor, outcome="reopened")
    decisions.reject(now(story), now(story).revision, noor, reason="commercial", message="")
    case = appealed(story)
    with pytest.raises(NotAllowed):
        case_closing.close(case, noor, outcome="reopened")
    case_closing.close(case, moira, outcome="stands", answer="It advertises a clinic.")


def test_an_appeal_ends_when_its_author_takes_the_story_back(moira: Account) -> None:
    story = rejected(moira)
    case = appealed(story)
    clock.pin(clock.now() + timedelta(hours=1))
    withdraw(now(story))
    case = cases.get(case.public_id)
    assert (case.state, case.outcome, case.closed_by) == ("closed", "taken_back", None)
    assert OutboxMessage.select().where(OutboxMessage.kind == "appeal_settled").count() == 0
