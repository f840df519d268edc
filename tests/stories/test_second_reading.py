"""A moment after a story was told it is read again, for harm said in words that no rule knows."""

import threading
from collections.abc import Callable

import pytest

from tellback import clock, rounds
from tellback.accounts.models import Account
from tellback.authorship import erasure, own_edits
from tellback.config import Settings
from tellback.moderation import decisions, dismissals
from tellback.outbox.models import OutboxMessage
from tellback.screening import second_reader
from tellback.stories import findings, second_reading
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tellback.stories.urgency import Urgency
from tests import people

# What no rule knows; and what only sounds like harm to whoever knows no more than words.
QUIET_HARM = "I have the date circled on the calendar in the hall."
SOUNDS_LIKE_IT = "They had to kill off the infection with a knife and strong drugs."
CALM = "The tea was warm, and the volunteers knew my name."


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that is sure of what it is asked, so that these tests hold whatever it learns next."""
    known = {QUIET_HARM.lower().rstrip("."): 9.0}

    class Sure(second_reader.Reader):
        def __init__(self) -> None:
            self.possible, self.likely = 0.0, 5.0

        def weigh(self, texts: object) -> list[float]:
            return [known.get(text, -9.0) for text in texts]  # type: ignore[attr-defined]

    monkeypatch.setattr(second_reader, "the_reader", Sure)


def told(body: str, **changes: object) -> Story:
    return people.tell(title="Quiet afternoon", body=body, **changes).story


def read_all() -> None:
    second_reading.read_all(lambda: True)


def marked(story: Story) -> list[tuple[str, str]]:
    rows = StoryFinding.select().join(StoryVersion).where(StoryVersion.story == story)
    return sorted((row.rule, row.certainty) for row in rows if row.kind == "crisis")


def alerted() -> int:
    return OutboxMessage.select().where(OutboxMessage.kind == "crisis_alert").count()


def urgency(story: Story) -> Urgency:
    return Urgency(Story.get_by_id(story.id).urgency)


@pytest.mark.usefixtures("reader")
def test_harm_that_no_rule_knows_calls_whoever_is_on_call(moira: Account, settings: Settings) -> None:
    story = told(f"{CALM} {QUIET_HARM}")
    assert alerted() == 0
    rounds.go_round(settings, [rounds.read_again])
    assert marked(story) == [("perhaps_in_danger", "likely")]
    assert (alerted(), urgency(story)) == (1, Urgency.NOW)
    (found,) = StoryFinding.select().where(StoryFinding.rule == "perhaps_in_danger")
    assert story.versions.get().body[found.start : found.end] == QUIET_HARM.rstrip(".")


@pytest.mark.usefixtures("reader")
def test_what_only_sounded_like_harm_is_marked_no_more(moira: Account) -> None:
    story = told(f"{CALM} {SOUNDS_LIKE_IT}")
    assert (marked(story), urgency(story)) == ([("perhaps_in_danger", "possible")], Urgency.PERHAPS)
    read_all()
    assert (marked(story), urgency(story), alerted()) == ([], Urgency.USUAL, 0)


@pytest.mark.usefixtures("reader")
def test_what_called_somebody_stays_marked(moira: Account) -> None:
    story = told("I want to kill myself tonight.")
    before = marked(story)
    read_all()
    assert before == marked(story) != []
    assert (urgency(story), alerted()) == (Urgency.NOW, 1)


@pytest.mark.usefixtures("reader")
def test_what_a_moderator_dismissed_meanwhile_stays_dismissed(moira: Account) -> None:
    story = told(QUIET_HARM)
    decisions.open_for_review(story, moira)
    (finding,) = StoryFinding.select().where(StoryFinding.rule == "perhaps_in_danger")
    dismissals.dismiss(story, story.revision, finding.id, by=moira)
    read_all()
    (kept,) = StoryFinding.select().where(StoryFinding.rule == "perhaps_in_danger")
    assert kept.dismissed_at is not None
    assert alerted() == 0


@pytest.mark.usefixtures("reader")
def test_a_story_is_read_again_once_and_so_is_what_its_author_changes(moira: Account) -> None:
    story = told(CALM)
    read_all()
    assert not StoryVersion.select().where(StoryVersion.unread_since.is_null(False)).exists()
    own_edits.edit(story, Story.get_by_id(story.id).revision, {"body": QUIET_HARM})
    read_all()
    read_all()
    assert marked(story) == [("perhaps_in_danger", "likely")]
    assert alerted() == 1


@pytest.mark.usefixtures("reader")
def test_two_that_read_the_same_at_once_mark_it_once(moira: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    story = told(QUIET_HARM)
    both, look = threading.Barrier(2), findings.look_again

    def together(*asked: object) -> object:
        found = look(*asked)  # type: ignore[arg-type]
        both.wait(10)
        return found

    monkeypatch.setattr(findings, "look_again", together)
    others = [threading.Thread(target=read_all) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert marked(story) == [("perhaps_in_danger", "likely")]
    assert alerted() == 1


@pytest.mark.usefixtures("reader")
def test_of_words_that_were_erased_while_they_were_read_nothing_is_kept(
    moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = told(QUIET_HARM)
    look: Callable[..., object] = findings.look_again

    def then_erased(*asked: object) -> object:
        found = look(*asked)
        erasure.erase(story)
        return found

    monkeypatch.setattr(findings, "look_again", then_erased)
    read_all()
    assert (marked(story), alerted()) == ([], 0)


@pytest.mark.usefixtures("reader")
def test_what_is_not_in_english_is_not_read_again(moira: Account) -> None:
    story = told(QUIET_HARM, lang="cy")
    assert story.versions.get().unread_since is None


def test_without_what_the_reader_needs_nothing_waits_for_it(
    moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "can_read_again", lambda: False)
    assert told(QUIET_HARM).versions.get().unread_since is None


def test_the_oldest_waits_no_longer_than_a_round(moira: Account) -> None:
    told(CALM)
    assert StoryVersion.get().unread_since == clock.now()
    read_all()
    assert StoryVersion.get().unread_since is None
