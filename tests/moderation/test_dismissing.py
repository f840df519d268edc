"""A moderator says that what is marked is nothing: in this story, or for good. Below HTTP, on both."""

import pytest

from tellback.accounts.models import Account
from tellback.audit.acts import time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import decisions, dismissals, marking
from tellback.stories.models import DismissedWords, Story, StoryFinding
from tellback.stories.submission import current_version
from tests.people import Places, tell

DESPAIR = "I want to end my life."


def _opened(by: Account, **changes: object) -> Story:
    story = tell(**{"title": "A visit", **changes}).story
    decisions.open_for_review(story, by)
    return story


def _first(story: Story) -> StoryFinding:
    return marking.open_findings(current_version(story))[0]


def _rules(story: Story) -> list[str]:
    return [finding.rule for finding in marking.open_findings(current_version(story))]


def _dismiss(story: Story, by: Account, *, remember: bool = False) -> StoryFinding:
    finding = _first(story)
    dismissals.dismiss(story, story.revision, finding.id, remember=remember, by=by)
    return finding


def test_what_is_dismissed_is_marked_no_more_and_stands_among_the_dismissed(
    places: Places, moira: Account
) -> None:
    story = _opened(moira, body="Ring 020 7946 0018.")
    finding = _dismiss(story, moira)
    version = current_version(story)
    assert marking.open_findings(version) == []
    assert [piece.finding for piece in marking.marked(version)["body"]] == [None]
    assert marking.dismissed_findings(version) == [finding]


def test_it_is_marked_again(places: Places, moira: Account) -> None:
    story = _opened(moira, body="Ring 020 7946 0018.")
    finding = _dismiss(story, moira)
    dismissals.restore(story, story.revision, finding.id, by=moira)
    assert _first(story) == finding


def test_both_stand_in_the_audit_trail_without_a_word_of_the_story(places: Places, moira: Account) -> None:
    story = _opened(moira, body="Ring 020 7946 0018.")
    finding = _dismiss(story, moira, remember=True)
    dismissals.restore(story, story.revision, finding.id, by=moira)
    dismissed, restored = time_line("story", story.public_id)[-2:]
    assert (dismissed.act, restored.act) == ("story:finding:dismissed", "story:finding:restored")
    assert dismissed.detail == {"rule": "phone_number", "field": "body", "remembered": True}


def test_remembered_words_are_not_marked_in_the_next_story_about_the_service(
    places: Places, moira: Account
) -> None:
    _dismiss(_opened(moira, body="Ring 020 7946 0018."), moira, remember=True)
    assert _rules(_opened(moira, body="I rang 020 7946  0018, twice.")) == []
    assert _rules(_opened(moira, body="I rang 020 7946 0123, twice.")) == ["phone_number"]
    elsewhere = _opened(moira, service=places.surgery.code, body="I rang 020 7946 0018, twice.")
    assert _rules(elsewhere) == ["phone_number"]


def test_the_same_words_are_remembered_once(places: Places, moira: Account) -> None:
    stories = [_opened(moira, body="Ring 020 7946 0018."), _opened(moira, body="Call 020 7946 0018.")]
    for story in stories:
        _dismiss(story, moira, remember=True)
    assert [row.words for row in dismissals.remembered()] == ["020 7946 0018"]


def test_forgotten_words_are_marked_again_from_then_on(places: Places, moira: Account) -> None:
    _dismiss(_opened(moira, body="Ring 020 7946 0018."), moira, remember=True)
    dismissals.forget(DismissedWords.get().id, by=moira)
    assert _rules(_opened(moira, body="Call 020 7946 0018.")) == ["phone_number"]
    with pytest.raises(NotFound):
        dismissals.forget(1, by=moira)


def test_words_of_crisis_are_dismissed_in_one_story_only(places: Places, moira: Account) -> None:
    story = _opened(moira, body=DESPAIR)
    assert Story.get_by_id(story.id).urgency == 2
    with pytest.raises(InvalidInput) as refused:
        _dismiss(story, moira, remember=True)
    assert refused.value.errors == {
        "remember": ["These words are always marked. Dismiss them in this story."]
    }
    _dismiss(story, moira)
    assert Story.get_by_id(story.id).urgency == 0
    assert _rules(_opened(moira, body=DESPAIR)) == ["suicide"]


def test_the_list_is_found_by_words_and_by_service(places: Places, moira: Account) -> None:
    _dismiss(_opened(moira, body="Ring 020 7946 0018."), moira, remember=True)
    assert dismissals.remembered("7946").count() == 1
    assert dismissals.remembered("Elsewhere").count() == 1
    assert dismissals.remembered("Elm").count() == 0


def test_a_finding_of_another_story_is_refused(places: Places, moira: Account) -> None:
    story, other = _opened(moira, body="Ring 020 7946 0018."), _opened(moira, body="All was well there.")
    with pytest.raises(NotFound):
        dismissals.dismiss(other, other.revision, _first(story).id, by=moira)


def test_a_stale_screen_is_refused(places: Places, moira: Account) -> None:
    story = _opened(moira, body="Ring 020 7946 0018.")
    with pytest.raises(Conflict):
        dismissals.dismiss(story, story.revision - 1, _first(story).id, by=moira)
    assert _rules(story) == ["phone_number"]


def test_a_story_that_is_decided_is_refused(places: Places, moira: Account) -> None:
    story = _opened(moira, body="Ring 020 7946 0018.")
    decisions.publish(story, story.revision, moira)
    with pytest.raises(Conflict):
        dismissals.dismiss(story, story.revision, _first(story).id, by=moira)


def test_only_who_takes_words_out_dismisses(places: Places, moira: Account, ruth: Account) -> None:
    story = _opened(moira, body="Ring 020 7946 0018.")
    with pytest.raises(NotAllowed):
        dismissals.dismiss(story, story.revision, _first(story).id, by=ruth)
    with pytest.raises(NotAllowed):
        dismissals.forget(1, by=ruth)
