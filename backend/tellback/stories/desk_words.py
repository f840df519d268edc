"""The words that staff find a story by: all that its author ever said, and the names of what it is about."""

from collections.abc import Iterable
from itertools import chain

from tellback.db import transaction
from tellback.organisations.models import Organisation, Service
from tellback.search import desk
from tellback.stories.models import Story, StoryService, StoryTopic, StoryVersion, Topic
from tellback.stories.states import State
from tellback.websites.models import Website


def keep(story: Story) -> None:
    """Let staff find the story by what it holds now; in the caller's transaction.

    To be called after any change of its words, services or topics, and when its author takes it back: of
    such a story only the facts stay to be found, since nobody may read its words any more.
    """
    own = Story.get_by_id(story.id)
    facts = chain([own.public_id, own.visited_on], _website(own), _services(own), _topics(own))
    if own.state == State.WITHDRAWN:
        desk.put(own.id, "", _joined(facts))
        return
    versions = list(StoryVersion.select().where(StoryVersion.story == own.id).order_by(StoryVersion.number))
    said = chain.from_iterable((v.body, v.what_was_good, v.what_could_be_better) for v in versions)
    words = _joined(chain(facts, [own.display_name, own.topic_words], said))
    desk.put(own.id, _joined(version.title for version in versions), words)


def keep_told(
    version: StoryVersion, website: Website | None, services: Iterable[Service], topics: Iterable[Topic]
) -> None:
    """The same for a story that is being told: by its first version, and what the caller has at hand."""
    story = version.story
    named = [website.name] if website else []
    for service in services:
        named += [service.name, service.code, service.organisation.name, service.organisation.code]
    named += [topic.name for topic in topics]
    said = (story.display_name, story.topic_words, version.body, version.what_was_good)
    words = (story.public_id, story.visited_on, *named, *said, version.what_could_be_better)
    desk.put(story.id, version.title, _joined(words))


def keep_those_of(topic: Topic) -> None:
    """Let staff find the stories of a topic by its present name; in the caller's transaction."""
    for raised in StoryTopic.select(StoryTopic, Story).join(Story).where(StoryTopic.topic == topic.id):
        keep(raised.story)


def keep_all() -> int:
    """Make all of it anew; how many stories there are."""
    with transaction():
        stories = list(Story.select().order_by(Story.id))
        desk.clear()
        for story in stories:
            keep(story)
    return len(stories)


def _website(story: Story) -> list[str]:
    return [site.name for site in Website.select().where(Website.id == story.website_id)]


def _services(story: Story) -> list[str]:
    rows = (
        StoryService.select(Service.name, Service.code, Organisation.name, Organisation.code)
        .join(Service)
        .join(Organisation)
        .where(StoryService.story == story.id)
        .order_by(StoryService.id)
        .tuples()
    )
    return list(chain.from_iterable(rows))


def _topics(story: Story) -> list[str]:
    rows = StoryTopic.select(Topic.name).join(Topic).where(StoryTopic.story == story.id)
    return [name for (name,) in rows.order_by(StoryTopic.id).tuples()]


def _joined(words: Iterable[str | None]) -> str:
    return "\n".join(word for word in words if word)
