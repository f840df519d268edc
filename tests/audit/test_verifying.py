"""The ledger is verified: whole after a thousand mixed decisions, and each rewrite found. On both engines."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from tellback import clock, db
from tellback.accounts.models import Account
from tellback.audit import ledger, signing, verification
from tellback.audit.models import LedgerEntry, LedgerHead, LedgerKey
from tellback.authorship.own_story import withdraw
from tellback.config import Settings
from tellback.moderation import decisions
from tellback.moderation.reasons import REJECTED, REMOVED, RETURNED
from tellback.published import ledger_check
from tellback.published.transparency import transparency
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import State, move
from tests.people import tell

DECISIONS = 1000


def _broken() -> list[str]:
    return [*verification.breaks(), *ledger_check.disagreements()]


def _publish(story: Story, by: Account) -> None:
    decisions.publish(story, story.revision, by)


def _remove(story: Story, by: Account) -> None:
    decisions.remove(story, story.revision, by, reason=random.choice(list(REMOVED)), message="")


def _send_back(story: Story, by: Account) -> None:
    decisions.send_back(story, story.revision, by, reason=random.choice(list(RETURNED)), message="")


def _reject(story: Story, by: Account) -> None:
    decisions.reject(story, story.revision, by, reason=random.choice(list(REJECTED)), message="")


def _withdraw(story: Story, _by: Account) -> None:
    withdraw(story)


# What may be decided of a story that is being read, one after the other, and what it counts as in the end.
LIVES: dict[str, list[list[Callable[[Story, Account], None]]]] = {
    "published": [[_publish]],
    "removed": [[_publish, _remove]],
    "returned": [[_send_back]],
    "rejected": [[_reject]],
    "withdrawn": [[_withdraw], [_publish, _withdraw], [_publish, _remove, _withdraw], [_reject, _withdraw]],
}


def _opened(by: Account) -> Story:
    story = tell(body="The night nurse closed the door quietly.").story
    decisions.open_for_review(story, by)
    return story


@pytest.fixture
def some_steps(moira: Account, settings: Settings) -> list[Story]:
    """Three stories with seven entries, and a head signed after the fourth."""
    stories = [_opened(moira) for _ in range(3)]
    _publish(stories[0], moira)
    signing.sign_today(settings)
    _reject(stories[1], moira)
    decisions.remove(stories[0], stories[0].revision, moira, reason="legal_duty", message="")
    _publish(stories[2], moira)
    return stories


@pytest.mark.by_turns
def test_a_thousand_mixed_decisions_leave_a_ledger_that_holds(moira: Account, settings: Settings) -> None:
    random.seed(6)
    # The rule is the same on both engines, and one of them is across a socket.
    wanted = DECISIONS // 10 if db.is_postgresql() else DECISIONS
    became = Counter[str]()
    made = 0
    with db.transaction():
        while made < wanted:
            if became.total() % 50 == 0:
                clock.pin(clock.now() + timedelta(days=1))
                signing.sign_today(settings)
            end = random.choice(list(LIVES))
            story, life = _opened(moira), random.choice(LIVES[end])
            for decide in life:
                decide(story, moira)
            became[end] += 1
            made += len(life)
        tell()
    assert _broken() == []
    assert LedgerHead.select().count() >= made // 100
    counted = transparency(None)
    assert {name: counted[name] for name in LIVES} == became
    assert (counted["told"], counted["waiting"]) == (became.total() + 1, 1)
    # One word of one entry in the middle of them, and it is found.
    LedgerEntry.update(reason="nothing").where(LedgerEntry.number == made).execute()
    assert f"Entry {made} was changed: its hash is not that of what it says." in _broken()


def test_a_changed_entry_is_found(some_steps: list[Story]) -> None:
    assert _broken() == []
    LedgerEntry.update(day="2026-11-22").where(LedgerEntry.number == 2).execute()
    assert _broken() == ["Entry 2 was changed: its hash is not that of what it says."]


def test_an_entry_taken_out_is_found(some_steps: list[Story]) -> None:
    LedgerEntry.delete().where(LedgerEntry.number == 2).execute()
    assert _broken() == [
        "Before entry 3 something is missing: 2.",
        "Entry 3 does not hold on to the entry before it.",
        f"Story {some_steps[1].public_id} is not in the ledger from when it was received.",
    ]


def test_a_rewrite_hashed_anew_to_the_end_breaks_the_signed_head(some_steps: list[Story]) -> None:
    # A story that was rejected vanishes, with everything that was ever said of it.
    gone = some_steps[1]
    kept = [e for e in ledger.after(0, limit=99) if e.story != gone.public_id]
    LedgerEntry.delete().execute()
    Story.delete().where(Story.id == gone.id).execute()
    previous = ledger.BEGINNING
    for number, entry in enumerate(kept, 1):
        members = {**ledger.described(entry), "number": number, "previous": previous}
        members["hash"] = previous = ledger.hash_of(members)
        LedgerEntry.create(**members)
    # The chain in itself holds, and so does the store. What was signed does not.
    assert _broken() == [
        "Entry 4 is not the one that was signed on 2026-11-23: it, or one before it, was rewritten."
    ]


def test_a_ledger_cut_short_is_found(some_steps: list[Story]) -> None:
    LedgerEntry.delete().where(LedgerEntry.number > 3).execute()
    broken = _broken()
    assert broken[0] == "The head of 2026-11-23 speaks of entry 4, which is not there."
    assert (
        f"Story {some_steps[2].public_id} is published in the store; the ledger says received last." in broken
    )


def test_a_head_signed_by_somebody_else_is_found(some_steps: list[Story]) -> None:
    LedgerHead.update(signature="00" * 64).execute()
    key = LedgerKey.get().id
    assert _broken() == [f"The head of 2026-11-23 is not signed by the key that it names ({key})."]


def test_a_head_moved_to_another_day_is_found(some_steps: list[Story]) -> None:
    LedgerHead.update(day="2026-11-20").execute()
    assert "is not signed by the key that it names" in _broken()[0]


def test_a_story_that_vanished_from_the_store_is_found(some_steps: list[Story]) -> None:
    Story.delete().where(Story.id == some_steps[1].id).execute()
    assert _broken() == [f"Story {some_steps[1].public_id} is in the ledger and not in the store."]


def test_a_story_that_never_came_into_the_ledger_is_found(some_steps: list[Story]) -> None:
    number = LedgerEntry.select().count()
    LedgerEntry.update(story="2222222222222222").where(LedgerEntry.number == number).execute()
    broken = _broken()
    assert "Story 2222222222222222 is in the ledger and not in the store." in broken
    assert any("the ledger says received last" in sentence for sentence in broken)


def test_a_state_changed_behind_the_ledger_is_found(some_steps: list[Story]) -> None:
    Story.update(state="rejected").where(Story.id == some_steps[2].id).execute()
    assert _broken() == [
        f"Story {some_steps[2].public_id} is rejected in the store; the ledger says published last."
    ]


def test_a_story_that_is_read_again_stands_as_its_last_entry_says(
    some_steps: list[Story], moira: Account
) -> None:
    removed, rejected, _ = (Story.get_by_id(story.id) for story in some_steps)
    for story in (removed, rejected):
        move(story, State.IN_MODERATION)
    assert _broken() == []
    _publish(removed, moira)
    assert _broken() == []
    assert [e.step for e in ledger.after(0, limit=99, story_id=removed.public_id)][-2:] == [
        "removed",
        "published",
    ]


def test_a_reason_changed_on_the_tombstone_is_found(some_steps: list[Story]) -> None:
    Story.update(ended_reason="not_genuine").where(Story.id == some_steps[0].id).execute()
    assert _broken() == [
        f"Story {some_steps[0].public_id} was removed for another reason than the ledger says."
    ]


@pytest.mark.parametrize("changed", [{"body": "It was kinder than it was."}, {"salt": None}])
def test_words_changed_where_the_public_reads_them_are_found(
    some_steps: list[Story], changed: dict[str, str | None]
) -> None:
    PublishedText.update(changed).execute()
    assert _broken() == [
        f"The words shown of story {some_steps[2].public_id} are not those that the ledger commits to."
    ]


@pytest.mark.parametrize("changed", [{"what_was_good": "All of it."}, {"salt": None}])
def test_an_authors_words_changed_in_the_store_are_found(
    some_steps: list[Story], changed: dict[str, str | None]
) -> None:
    StoryVersion.update(changed).where(StoryVersion.story == some_steps[1]).execute()
    assert _broken() == [
        f"The author's words of story {some_steps[1].public_id} are not those that the ledger commits to."
    ]


def test_stories_older_than_the_ledger_are_entered_as_they_stand(some_steps: list[Story]) -> None:
    LedgerEntry.delete().execute()
    LedgerHead.delete().execute()
    StoryVersion.update(salt=None).execute()
    PublishedText.update(salt=None).execute()
    clock.pin(clock.now() + timedelta(days=30))
    assert ledger_check.bring_older_stories() == 3
    assert [(e.step, e.reason, e.day) for e in ledger.after(0, limit=99)] == [
        ("received", "", "2026-12-23"),
        ("removed", "legal_duty", "2026-12-23"),
        ("received", "", "2026-12-23"),
        ("rejected", _reason_of(some_steps[1]), "2026-12-23"),
        ("received", "", "2026-12-23"),
        ("published", "", "2026-12-23"),
    ]
    assert _broken() == []
    assert ledger_check.bring_older_stories() == 0


def _reason_of(story: Story) -> str:
    decision = decisions.latest(story)
    assert decision
    return str(decision.reason)
