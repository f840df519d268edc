"""What a story is about: its services, their organisations, its topics."""

from collections.abc import Iterable

import peewee
from peewee import fn

from tellback.organisations.models import Organisation, Service
from tellback.stories.models import Story, StoryService, StoryTopic, StoryVersion, Topic
from tellback.stories.states import State


def services_of(story_ids: Iterable[int]) -> dict[int, list[Service]]:
    """Services by story id, in the order the author named them; one query for all."""
    rows = (
        StoryService.select(StoryService.story, Service)
        .join(Service)
        .where(StoryService.story.in_(list(story_ids)))
        .order_by(StoryService.id)
    )
    found: dict[int, list[Service]] = {}
    for row in rows:
        found.setdefault(row.story_id, []).append(row.service)
    return found


def topics_of(story_ids: Iterable[int]) -> dict[int, list[StoryTopic]]:
    """Topics by story id, each with its polarity, in the order the author named them; one query for all."""
    rows = (
        StoryTopic.select(StoryTopic, Topic)
        .join(Topic)
        .where(StoryTopic.story.in_(list(story_ids)))
        .order_by(StoryTopic.id)
    )
    found: dict[int, list[StoryTopic]] = {}
    for row in rows:
        found.setdefault(row.story_id, []).append(row)
    return found


def organisations_of(story: Story) -> list[Organisation]:
    """The organisations that run the story's services, by id and name alone."""
    running = Service.select(Service.organisation).join(StoryService).where(StoryService.story == story)
    named = Organisation.select(Organisation.id, Organisation.name)
    return list(named.where(Organisation.id.in_(running)))


def latest_versions(story_ids: Iterable[int]) -> dict[int, StoryVersion]:
    """The authors' latest words by story id; one query for all."""
    found = StoryVersion.select().where(StoryVersion.story.in_(list(story_ids)), is_latest())
    return {version.story_id: version for version in found}


def is_latest() -> peewee.Expression:
    """The condition that a version is the latest of its story."""
    other = StoryVersion.alias()
    newest = other.select(fn.MAX(other.number)).where(other.story == StoryVersion.story)
    return StoryVersion.number == newest


def newest_service() -> Service | None:
    """A service that the newest published story is about, or None where no story is published."""
    return (
        Service.select()
        .join(StoryService)
        .join(Story)
        .where(Story.state == State.PUBLISHED.value)
        .order_by(Story.published_at.desc(), StoryService.id)
        .first()
    )
