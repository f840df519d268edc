"""Authors and moderators do anything, in any order: no move that the table lacks, and all records agree."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tellback.accounts.models import Account
from tellback.audit import acts, verification
from tellback.audit.models import LedgerEntry
from tellback.authorship import own_edits, own_story
from tellback.errors import Problem
from tellback.moderation import decisions, redaction
from tellback.moderation.reasons import REJECTED, REMOVED, RETURNED
from tellback.published import ledger_check
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import MOVES, State
from tests.people import tell

MOST_STEPS = 12


class Walk(RuleBasedStateMachine):
    """One story; each step is a rule that somebody may call at any time."""

    moira: Account

    def __init__(self) -> None:
        super().__init__()
        self.story = tell(title="A call", body="Somebody rang me at night.").story
        self.were = State.SUBMITTED

    def act(self, step: Callable[[Story], object]) -> None:
        """Take a step with the story as it is now; a rule may refuse it, and then nothing has changed."""
        before = Story.get_by_id(self.story.id)
        shown = _public(self.story)
        try:
            step(Story.get_by_id(self.story.id))
        except Problem:
            after = Story.get_by_id(self.story.id)
            assert (after.state, after.revision) == (before.state, before.revision)
            assert _public(self.story) == shown

    @rule()
    def opens(self) -> None:
        self.act(partial(decisions.open_for_review, by=self.moira))

    @rule()
    def publishes(self) -> None:
        self.act(lambda story: decisions.publish(story, story.revision, self.moira))

    @rule(stale=st.integers(1, 3))
    def publishes_what_was_read_before(self, stale: int) -> None:
        self.act(lambda story: decisions.publish(story, story.revision - stale, self.moira))

    @rule(reason=st.sampled_from([*RETURNED, "no_such_reason"]))
    def returns(self, reason: str) -> None:
        self.act(lambda s: decisions.send_back(s, s.revision, self.moira, reason=reason, message="Why?"))

    @rule(reason=st.sampled_from([*REJECTED, "no_such_reason"]))
    def rejects(self, reason: str) -> None:
        self.act(lambda s: decisions.reject(s, s.revision, self.moira, reason=reason, message=""))

    @rule(reason=st.sampled_from(list(REMOVED)))
    def removes(self, reason: str) -> None:
        self.act(lambda s: decisions.remove(s, s.revision, self.moira, reason=reason, message=""))

    @rule()
    def asks_the_author(self) -> None:
        self.act(lambda s: decisions.ask_author(s, s.revision, self.moira, message="May we?"))

    @rule(answer=st.sampled_from(["agree", "discuss"]))
    def is_answered(self, answer: str) -> None:
        self.act(lambda s: own_story.answer(s, s.revision, answer, "Yes."))

    @rule(words=st.sampled_from(["Somebody", "at night", "A call", "nowhere"]))
    def redacts(self, words: str) -> None:
        why = {"reason": "a_persons_name", "replacement": "[name]"}
        self.act(lambda s: redaction.redact_words(s, s.revision, words, **why, by=self.moira))

    @rule(body=st.sampled_from(["Told otherwise.", "Somebody rang me at night, twice."]))
    def is_told_otherwise(self, body: str) -> None:
        self.act(lambda s: own_edits.edit(s, s.revision, {"body": body}))

    @rule()
    def is_taken_back(self) -> None:
        self.act(own_story.withdraw)

    @invariant()
    def moves_only_as_the_table_says(self) -> None:
        now = State(Story.get_by_id(self.story.id).state)
        assert now == self.were or now in MOVES[self.were]
        self.were = now

    @invariant()
    def is_public_if_and_only_if_it_is_published(self) -> None:
        now = State(Story.get_by_id(self.story.id).state)
        assert (_public(self.story) is not None) == (now == State.PUBLISHED)

    @invariant()
    def keeps_the_words_as_first_told(self) -> None:
        first = StoryVersion.select().where(StoryVersion.story == self.story, StoryVersion.number == 1).get()
        assert first.body == "Somebody rang me at night."

    def teardown(self) -> None:
        assert list(verification.breaks()) == []
        assert list(ledger_check.disagreements()) == []
        assert LedgerEntry.select().where(LedgerEntry.story == self.story.public_id).count() >= 1
        assert acts.time_line("story", self.story.public_id)


def _public(story: Story) -> tuple[str, str] | None:
    text = PublishedText.get_or_none(PublishedText.story == story)
    return text and (text.title, text.body)


@pytest.mark.by_turns
@pytest.mark.parametrize("walks", [6, pytest.param(600, marks=pytest.mark.long)])
def test_any_walk(moira: Account, walks: int) -> None:
    machine = type("MoirasWalk", (Walk,), {"moira": moira})
    run_state_machine_as_test(machine, settings=settings(max_examples=walks, stateful_step_count=MOST_STEPS))
