"""Large edits need their author's agreement: asked for, given, discussed or not answered; on both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit.acts import time_line
from tellback.audit.models import LedgerEntry
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput
from tellback.moderation import agreement, decisions, redaction
from tellback.moderation.redaction import Span
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import PublishedText, Story
from tellback.stories.submission import current_version
from tests.people import tell

WHY = "Much of it points to your neighbour on the ward."


def words(count: int) -> str:
    return " ".join(f"word{number}" for number in range(count))


def opened(by: Account, count: int = 100, **changes: object) -> Story:
    story = tell(title="A night", body=words(count), **changes).story
    decisions.open_for_review(story, by)
    return story


def take_out(story: Story, first: int, last: int, by: Account) -> None:
    """Redact the body's words from the first to the last of these numbers."""
    body = current_version(story).body
    start = body.index(f"word{first}")
    end = body.index(f"word{last}") + len(f"word{last}")
    redaction.redact(
        story, story.revision, Span("body", start, end), reason="abusive_words", replacement="", by=by
    )


def asked(by: Account, **changes: object) -> Story:
    """A story whose author is asked about 30 of its 102 words."""
    story = opened(by, **changes)
    take_out(story, 10, 39, by)
    decisions.ask_author(story, story.revision, by, message=WHY)
    return story


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


@pytest.mark.parametrize(
    ("count", "taken", "large"),
    [
        # With the title's two words: a fifth of 102 is 20.4.
        (100, 20, False),
        (100, 21, True),
        # More than forty are large in the longest story.
        (400, 40, False),
        (400, 41, True),
        # A name and a number in a story of two lines are not.
        (10, 8, False),
        (10, 9, True),
    ],
)
def test_edits_are_large_by_their_share_or_their_number(
    moira: Account, count: int, taken: int, large: bool
) -> None:
    story = opened(moira, count)
    take_out(story, 0, taken - 1, moira)
    extent = agreement.extent(current_version(story))
    assert (extent.changed, extent.words, extent.is_large) == (taken, count + 2, large)


def test_part_of_a_word_taken_out_is_a_word(moira: Account) -> None:
    story = opened(moira)
    redaction.redact(
        story, story.revision, Span("body", 2, 8), reason="abusive_words", replacement="", by=moira
    )
    assert agreement.extent(current_version(story)).changed == 2


def test_of_chinese_each_sign_is_a_word(moira: Account) -> None:
    story = tell(title="护士很好", body="护士陪着我直到女儿来。我不再害怕了。谢谢你们。", lang="zh").story
    decisions.open_for_review(story, moira)
    span = Span("body", 0, 9)
    redaction.redact(story, story.revision, span, reason="abusive_words", replacement="", by=moira)
    extent = agreement.extent(current_version(story))
    assert extent.is_large
    assert extent.changed == 9


def test_large_edits_are_not_published_without_agreement(moira: Account) -> None:
    story = opened(moira)
    take_out(story, 10, 39, moira)
    with pytest.raises(InvalidInput) as refused:
        decisions.publish(story, story.revision, moira)
    assert refused.value.errors == {
        "edits": ["30 of its 102 words would be taken out. Ask the author first, or take out less."]
    }
    assert PublishedText.select().count() == 0


def test_an_author_is_asked_by_letter_and_nothing_of_it_is_public(moira: Account) -> None:
    story = asked(moira, contact_email="ada@example.org")
    assert now(story).state == "awaiting_author"
    assert now(story).queue_rank is None
    assert [m.kind for m in OutboxMessage.select().order_by(OutboxMessage.id)] == [
        "story_received",
        "story_question",
    ]
    assert [entry.step for entry in LedgerEntry.select()] == ["received"]


def test_a_question_waits_like_any_decision(moira: Account) -> None:
    story = opened(moira)
    take_out(story, 10, 39, moira)
    decision = decisions.ask_author(story, story.revision, moira, message=WHY, wait=timedelta(minutes=10))
    assert now(story).state == "in_moderation"
    decisions.undo(decision, moira)
    assert now(story).state == "in_moderation"
    assert agreement.question(story) is None


def test_an_author_who_agrees_gives_it_back_and_it_is_published(moira: Account) -> None:
    story = asked(moira)
    agreement.agree(now(story), story.revision, " Thank you for asking. ")
    back = now(story)
    assert (back.state, back.queue_rank is None) == ("in_moderation", False)
    answer = agreement.answer_to(agreement.question(story))
    assert (answer.answer, answer.words) == ("agreed", "Thank you for asking.")
    decisions.publish(back, back.revision, moira)
    assert "word10 " not in PublishedText.get().body
    assert [e.act for e in time_line("story", story.public_id)][-3:] == [
        "story:edits:asked",
        "story:edits:agreed",
        "story:state:published",
    ]


def test_the_agreement_is_to_what_was_shown_and_to_no_more(moira: Account) -> None:
    story = asked(moira)
    agreement.agree(now(story), story.revision)
    back = now(story)
    take_out(back, 50, 79, moira)
    with pytest.raises(InvalidInput):
        decisions.publish(back, back.revision, moira)
    # A little more needs nobody's agreement, and words put back neither.
    redaction.undo(back, back.revision, redaction.of_version(current_version(back))[1].id, by=moira)
    take_out(back, 50, 54, moira)
    decisions.publish(back, back.revision, moira)
    assert now(story).state == "published"


def test_an_author_who_discusses_it_is_heard_on_the_desk(moira: Account) -> None:
    story = asked(moira)
    agreement.discuss(now(story), story.revision, "Please leave in what the doctor said.")
    back = now(story)
    answer = agreement.answer_to(agreement.question(story))
    assert (back.state, answer.answer, answer.words) == (
        "in_moderation",
        "discussed",
        "Please leave in what the doctor said.",
    )
    with pytest.raises(InvalidInput):
        decisions.publish(back, back.revision, moira)
    # And may be asked again.
    decisions.ask_author(back, back.revision, moira, message="Then only this?")
    assert agreement.answer_to(agreement.question(story)) is None


def test_words_of_crisis_in_an_answer_reach_those_on_call(moira: Account) -> None:
    story = asked(moira)
    agreement.discuss(now(story), story.revision, "I want to kill myself when I think of it.")
    assert [m.kind for m in OutboxMessage.select()] == ["crisis_alert"]


@pytest.mark.parametrize("said", ["", "   ", "a" * 2001])
def test_to_discuss_it_needs_words_that_fit(moira: Account, said: str) -> None:
    story = asked(moira)
    with pytest.raises(InvalidInput):
        agreement.discuss(now(story), story.revision, said)
    assert now(story).state == "awaiting_author"


def test_an_answer_to_another_question_or_a_second_one_is_refused(moira: Account) -> None:
    story = asked(moira)
    with pytest.raises(Conflict, match="no longer open"):
        agreement.agree(now(story), story.revision - 1)
    agreement.agree(now(story), story.revision)
    with pytest.raises(Conflict, match="no longer open"):
        agreement.discuss(now(story), story.revision, "No.")
    assert agreement.answer_to(agreement.question(story)).answer == "agreed"


def test_an_author_may_take_the_story_back_instead(moira: Account) -> None:
    story = asked(moira)
    withdraw(now(story))
    with pytest.raises(Conflict):
        agreement.agree(now(story), story.revision)
    assert now(story).state == "withdrawn"


def test_without_an_answer_it_is_back_on_the_desk_and_marked_so(moira: Account) -> None:
    story = asked(moira)
    clock.pin(clock.now() + agreement.PATIENCE - timedelta(seconds=1))
    assert agreement.bring_back_unanswered() == 0
    clock.pin(clock.now() + timedelta(seconds=1))
    assert agreement.bring_back_unanswered() == 1
    assert agreement.bring_back_unanswered() == 0
    back = now(story)
    assert (back.state, agreement.answer_to(agreement.question(story)).answer) == ("in_moderation", "silent")
    # Silence is no agreement.
    with pytest.raises(InvalidInput):
        decisions.publish(back, back.revision, moira)
    decisions.send_back(back, back.revision, moira, reason="names_someone", message="")
    assert now(story).state == "returned"


def test_there_must_be_an_edit_to_ask_about_and_words_to_ask_with(moira: Account) -> None:
    story = opened(moira)
    with pytest.raises(InvalidInput) as nothing:
        decisions.ask_author(story, story.revision, moira, message=WHY)
    assert nothing.value.errors == {"message": ["There is no edit yet to ask about."]}
    take_out(story, 10, 39, moira)
    with pytest.raises(InvalidInput):
        decisions.ask_author(story, story.revision, moira, message="  ")
    assert now(story).state == "in_moderation"
