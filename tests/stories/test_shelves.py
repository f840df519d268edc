"""A story stands in every list of the public that it belongs to, in its place, and is counted there."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.checking import store
from tellback.config import Settings
from tellback.moderation import decisions
from tellback.organisations.models import Service
from tellback.stories import shelves
from tellback.stories.models import Shelf, ShelfSum, ShelvedStory, Story, StoryService, StoryTopic
from tests import people
from tests.people import Places


def lists_of(story: Story) -> set[tuple[str, int]]:
    """The lists that a story stands in."""
    rows = ShelvedStory.select().where(
        ShelvedStory.story == story, ShelvedStory.published_at == story.published_at
    )
    return {(row.kind, row.about) for row in rows}


def publish(moira: Account, **told: object) -> Story:
    story = people.tell(**told).story
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    shelves.put(story)
    return story


def counts() -> dict[tuple[str, int], int]:
    return {(shelf.kind, shelf.about): shelf.told for shelf in Shelf.select() if shelf.told}


def test_a_story_of_a_ward_stands_in_the_lists_of_all_its_hospital_their_trust_and_its_topic(
    places: Places, moira: Account
) -> None:
    ward, trust = places.ward, places.hospital.organisation
    story = publish(moira, service="RXH01-ward-5", topic="multiple-sclerosis")
    (topic,) = StoryTopic.select().where(StoryTopic.story == story)
    belongs = {
        shelves.ALL, ("service", ward.id), ("service", places.hospital.id), ("organisation", trust.id),
        ("topic", topic.topic_id),
    }  # fmt: skip
    assert lists_of(story) == belongs
    assert counts() == dict.fromkeys(belongs, 1)
    assert shelves.told(*shelves.ALL) == 1
    assert shelves.told("service", places.surgery.id) == 0


def test_a_story_of_two_wards_stands_once_in_the_list_of_their_hospital(
    places: Places, moira: Account
) -> None:
    publish(moira, service=["RXH01-ward-5", "RXH01"])
    assert shelves.told("service", places.hospital.id) == 1


def test_one_that_waits_stands_in_none(places: Places) -> None:
    shelves.put(people.tell().story)
    assert not ShelvedStory.select().exists()


def test_what_is_moved_leaves_its_old_lists_and_is_counted_in_the_new(places: Places, moira: Account) -> None:
    story = publish(moira)
    StoryService.update(service=places.surgery).where(StoryService.story == story).execute()
    shelves.put(story)
    belongs = {shelves.ALL, ("service", places.surgery.id), ("organisation", places.surgery.organisation_id)}
    assert lists_of(story) == belongs
    assert counts() == dict.fromkeys(belongs, 1)


def test_one_that_is_published_again_takes_its_new_place(places: Places, moira: Account) -> None:
    story = publish(moira)
    story.published_at = clock.now() + timedelta(days=1)
    story.save(only=[Story.published_at])
    shelves.put(story)
    assert lists_of(story) == {
        shelves.ALL, ("service", places.hospital.id), ("organisation", places.hospital.organisation_id)
    }  # fmt: skip
    assert ShelvedStory.select().count() == 3
    assert shelves.told(*shelves.ALL) == 1


def test_a_ward_that_moves_takes_its_stories_along(places: Places, moira: Account) -> None:
    story = publish(moira, service="RXH01-ward-5")
    Service.update(parent=places.surgery, organisation=places.surgery.organisation).where(
        Service.id == places.ward.id
    ).execute()
    shelves.put_family([places.ward.id])
    assert ("service", places.surgery.id) in lists_of(story)
    assert ("service", places.hospital.id) not in lists_of(story)
    assert shelves.told("organisation", places.hospital.organisation_id) == 0


def test_what_a_release_before_published_is_put_where_it_belongs(places: Places, moira: Account) -> None:
    story = publish(moira)
    ShelvedStory.delete().execute()
    Shelf.delete().execute()
    assert shelves.put_all() == 3
    assert len(lists_of(story)) == 3
    assert shelves.put_all() == 0


def test_a_ring_of_parents_ends(places: Places, moira: Account) -> None:
    Service.update(parent=places.ward).where(Service.id == places.hospital.id).execute()
    story = publish(moira, service="RXH01-ward-5")
    assert {about for kind, about in lists_of(story) if kind == "service"} == {
        places.hospital.id,
        places.ward.id,
    }


@pytest.mark.by_turns
def test_what_is_wrong_is_seen_by_check_and_set_right_by_a_command(
    places: Places, moira: Account, settings: Settings
) -> None:
    def kept() -> list[list[tuple[object, ...]]]:
        return [sorted(model.select().tuples()) for model in (ShelvedStory, Shelf, ShelfSum)]

    stories = [publish(moira, topic="multiple-sclerosis") for _ in range(2)]
    right = kept()
    assert list(store.lists(settings)) == []
    for spoil in (
        ShelvedStory.delete().where(ShelvedStory.story == stories[1]),
        ShelvedStory.update(counted="read:0:").where(ShelvedStory.kind == "topic"),
        ShelfSum.update(times=7),
        ShelfSum.delete(),
        Shelf.update(told=0).where(Shelf.kind == "organisation"),
    ):
        spoil.execute()
        (line,) = store.lists(settings)
        assert line.text.endswith("Run `tellback lists rebuild`.")
        assert shelves.count_anew() > 0
        assert list(store.lists(settings)) == []
        assert kept() == right
