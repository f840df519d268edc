"""Many stories decided about at once, where that is safe: those that only advertise. On both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import InvalidInput, NotAllowed
from tellback.moderation import decisions, queue, reading, spam
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tellback.stories.urgency import reckon
from tests.people import Places, make_account, tell

WAIT = timedelta(minutes=10)


def advertising(**changes: object) -> Story:
    """A story in which screening found advertising, whatever its rules are."""
    story = tell(**{"title": "Cheap loans", "body": "Ask for our offers.", **changes}).story
    version = StoryVersion.get(StoryVersion.story == story)
    StoryFinding.delete().where(StoryFinding.version == version, StoryFinding.kind == spam.KIND).execute()
    StoryFinding.create(
        version=version, field="story", kind=spam.KIND, rule="commercial", start=0, end=0, certainty="likely"
    )
    return story


def shown(*stories: Story) -> dict[str, int]:
    return {story.public_id: Story.get_by_id(story.id).revision for story in stories}


def test_stories_that_advertise_are_rejected_together_and_it_can_be_undone(
    places: Places, moira: Account
) -> None:
    stories = [advertising() for _ in range(3)]
    outcome = spam.reject(shown(*stories), moira, wait=WAIT)
    assert (len(outcome.decided), outcome.left) == (3, {})
    assert queue.page(moira).total == 0
    decisions.undo(outcome.decided[0], moira)
    assert queue.page(moira).total == 1
    for decision in outcome.decided[1:]:
        decisions.send_now(decision, moira)
    assert [Story.get_by_id(story.id).state for story in stories] == ["in_moderation", "rejected", "rejected"]
    assert decisions.latest(stories[1]).reason == "commercial"  # type: ignore[union-attr]


def test_what_is_not_safe_is_left_and_the_others_are_decided(places: Places, moira: Account) -> None:
    marta = make_account("Marta", Role.MODERATOR)
    safe = advertising()
    no_spam = tell(title="An experience").story
    urgent = advertising(body="I want to kill myself.")
    reckon(urgent)
    read, changed, dismissed = advertising(), advertising(), advertising()
    reading.note(read, marta)
    version = StoryVersion.get(StoryVersion.story == dismissed)
    StoryFinding.update(dismissed_at=clock.now()).where(StoryFinding.version == version).execute()
    chosen = shown(safe, no_spam, urgent, read, changed, dismissed) | {"nothing": 1}
    decisions.open_for_review(changed, marta)
    outcome = spam.reject(chosen, moira, wait=WAIT)
    assert [decision.story_id for decision in outcome.decided] == [safe.id]
    assert outcome.left[read.public_id] == "Marta is reading it."
    left = {story.public_id for story in (no_spam, urgent, read, changed, dismissed)}
    assert set(outcome.left) == {"nothing", *left}
    assert {Story.get_by_id(s.id).state for s in (no_spam, urgent, read, dismissed)} == {"submitted"}


def test_an_organisations_own_people_reject_nothing_about_it(places: Places, moira: Account) -> None:
    moira.memberships.model.create(account=moira, role="analyst", organisation=places.hospital.organisation)
    story = advertising()
    outcome = spam.reject(shown(story), moira, wait=WAIT)
    assert "You have a role at St Elsewhere NHS Trust" in outcome.left[story.public_id]


def test_it_refuses_none_too_many_and_who_does_not_moderate(
    places: Places, moira: Account, ruth: Account
) -> None:
    with pytest.raises(InvalidInput):
        spam.reject({}, moira, wait=WAIT)
    with pytest.raises(InvalidInput):
        spam.reject({f"s{n}": 1 for n in range(spam.MOST + 1)}, moira, wait=WAIT)
    with pytest.raises(NotAllowed):
        spam.reject(shown(advertising()), ruth, wait=WAIT)
