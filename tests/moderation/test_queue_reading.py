"""Who reads a story, and who took it on: it tells the others and stops nobody. On both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import decisions, queue, reading
from tellback.moderation.models import Reading
from tellback.stories.models import Story
from tests.people import Places, make_account, tell


@pytest.fixture
def marta(places: Places) -> Account:
    """Another moderator."""
    return make_account("Marta", Role.MODERATOR)


@pytest.fixture
def story(places: Places) -> Story:
    """A story that waits."""
    return tell().story


def names(story: Story, besides: Account) -> list[str]:
    return [who.name for who in reading.readers([story.id], besides).get(story.id, [])]


def test_the_others_learn_who_reads_a_story_and_oneself_does_not(
    story: Story, moira: Account, marta: Account
) -> None:
    reading.note(story, moira)
    assert names(story, marta) == ["Moira"]
    assert names(story, moira) == []
    (waiting,) = queue.page(marta).stories
    assert [who.name for who in waiting.readers] == ["Moira"]


def test_two_may_read_one_story_and_the_latest_act_comes_first(
    story: Story, moira: Account, marta: Account
) -> None:
    reading.note(story, moira)
    clock.pin(clock.now() + timedelta(minutes=1))
    reading.note(story, marta)
    assert names(story, make_account("Noor", Role.MODERATOR)) == ["Marta", "Moira"]
    decisions.open_for_review(story, marta)
    decisions.publish(story, story.revision, moira)


def test_a_quarter_of_an_hour_after_the_last_act_nobody_reads_it(
    story: Story, moira: Account, marta: Account
) -> None:
    reading.note(story, moira)
    clock.pin(clock.now() + timedelta(minutes=10))
    reading.note(story, moira)
    clock.pin(clock.now() + timedelta(minutes=10))
    assert names(story, marta) == ["Moira"]
    clock.pin(clock.now() + timedelta(minutes=6))
    assert names(story, marta) == []
    reading.note(tell().story, marta)
    assert Reading.select().count() == 1


def test_who_is_done_with_a_story_reads_it_no_more(story: Story, moira: Account, marta: Account) -> None:
    reading.note(story, moira)
    reading.leave(story, moira)
    assert names(story, marta) == []


def test_a_story_is_taken_on_given_away_and_put_back(story: Story, moira: Account, marta: Account) -> None:
    for to in (moira, marta, None):
        reading.assign(story, to, by=moira)
    acts = [(event.act, event.detail.get("to")) for event in time_line("story", story.public_id)[1:]]
    assert acts == [
        ("assignment:person:named", moira.id),
        ("assignment:person:named", marta.id),
        ("assignment:person:freed", None),
    ]
    assert Story.get_by_id(story.id).assigned_to is None


def test_the_queue_shows_who_took_a_story_on(story: Story, moira: Account, marta: Account) -> None:
    reading.assign(story, marta, by=moira)
    assert [one.assigned for one in queue.page(moira).stories] == ["Marta"]


def test_to_take_a_story_on_makes_nobodys_decision_come_too_late(story: Story, moira: Account) -> None:
    decisions.open_for_review(story, moira)
    read = story.revision
    reading.assign(story, moira, by=moira)
    decisions.publish(Story.get_by_id(story.id), read, moira)


def test_the_service_itself_may_give_a_story_to_somebody(story: Story, marta: Account) -> None:
    reading.assign(story, marta, by=None)
    assert time_line("story", story.public_id)[-1].actor_kind == "system"


def test_it_refuses_somebody_who_does_not_moderate(story: Story, moira: Account, ruth: Account) -> None:
    with pytest.raises(InvalidInput):
        reading.assign(story, ruth, by=moira)
    with pytest.raises(NotAllowed):
        reading.assign(story, moira, by=ruth)


def test_it_refuses_somebody_with_a_role_at_the_service(
    story: Story, places: Places, moira: Account, marta: Account
) -> None:
    marta.memberships.model.create(account=marta, role="analyst", organisation=places.hospital.organisation)
    with pytest.raises(NotAllowed, match="You have a role at St Elsewhere NHS Trust"):
        reading.assign(story, marta, by=moira)


def test_a_story_that_is_over_is_given_to_nobody(story: Story, moira: Account) -> None:
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    with pytest.raises(Conflict):
        reading.assign(story, moira, by=moira)
