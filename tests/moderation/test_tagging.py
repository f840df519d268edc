"""A moderator says what a story is about; on both engines."""

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit.acts import time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import decisions, tagging
from tellback.stories.about import topics_of
from tellback.stories.models import Story, Topic
from tests.people import tell


def opened(by: Account, **changes: object) -> Story:
    story = tell(**changes).story
    decisions.open_for_review(story, by)
    return story


def topics(story: Story) -> list[tuple[str, str | None]]:
    return [(raised.topic.slug, raised.polarity) for raised in topics_of([story.id]).get(story.id, [])]


def test_topics_are_put_to_a_story_and_taken_off(moira: Account) -> None:
    story = opened(moira, topics=["negative:food", "waiting"])
    tagging.tag(story, story.revision, ["food", "pain", "multiple-sclerosis"], moira)
    # What the author said of the food stays as they said it.
    assert topics(story)[0] == ("food", "negative")
    assert {slug for slug, _ in topics(story)} == {"food", "pain", "multiple-sclerosis"}
    event = time_line("story", story.public_id)[-1]
    assert event.act == "story:topics:changed"
    assert (sorted(event.detail["added"]), event.detail["removed"]) == (
        ["multiple-sclerosis", "pain"],
        ["waiting"],
    )


def test_the_same_topics_again_change_nothing(moira: Account) -> None:
    story = opened(moira, topics=["food"])
    revision = story.revision
    tagging.tag(story, revision, ["food"], moira)
    assert Story.get_by_id(story.id).revision == revision


def test_an_unknown_topic_is_refused(moira: Account) -> None:
    story = opened(moira)
    with pytest.raises(InvalidInput):
        tagging.tag(story, story.revision, ["food", "nonsense"], moira)
    assert topics(story) == []


def test_a_topic_that_is_offered_no_more_may_stay_and_not_come_anew(moira: Account) -> None:
    story = opened(moira, topics=["multiple-sclerosis"])
    other = opened(moira)
    Topic.update(retired_at=clock.now()).where(Topic.slug == "multiple-sclerosis").execute()
    tagging.tag(story, story.revision, ["multiple-sclerosis", "food"], moira)
    assert {slug for slug, _ in topics(story)} == {"multiple-sclerosis", "food"}
    with pytest.raises(InvalidInput):
        tagging.tag(other, other.revision, ["multiple-sclerosis"], moira)


def test_a_story_about_no_service_keeps_a_topic(moira: Account) -> None:
    story = opened(moira, service=[], topics=["multiple-sclerosis"])
    with pytest.raises(InvalidInput) as refused:
        tagging.tag(story, story.revision, [], moira)
    assert refused.value.errors == {"topics": ["The story names no service, so it needs a topic."]}
    tagging.tag(story, story.revision, ["food"], moira)
    assert topics(story) == [("food", None)]


def test_only_moderators_may_and_only_on_what_they_read(moira: Account, ruth: Account) -> None:
    story = opened(moira)
    with pytest.raises(NotAllowed):
        tagging.tag(story, story.revision, ["food"], ruth)
    with pytest.raises(Conflict, match="Someone else worked"):
        tagging.tag(story, story.revision - 1, ["food"], moira)
    new = tell().story
    with pytest.raises(Conflict, match="not being read"):
        tagging.tag(new, new.revision, ["food"], moira)
