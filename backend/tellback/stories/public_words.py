"""What everyone finds a story by: the words it shows, and the lists that it stands in."""

from typing import Any

from tellback.db import transaction
from tellback.search import index
from tellback.stories import shelves
from tellback.stories.models import PublishedText, Story, StoryService, StoryTopic, StoryVersion

# Stories that come into the index in one transaction; others publish in between.
_AT_ONCE = 200


def keep(story: Story) -> None:
    """Let everyone find a story by what it shows and is about now; in the caller's transaction.

    To be called after any change of its published words, services or topics. Words not shown are left.
    """
    shelves.put(story)
    for text in _shown().where(PublishedText.story == story.id):
        _put(text)


def keep_missing() -> int:
    """Let the stories be found that are shown and are not in the index yet; how many that were.

    And those no more that are not shown: processes of an earlier release know nothing of this index.
    """
    with transaction():
        for story in Story.select(Story.id).where(
            Story.id.in_(index.held()), Story.id.not_in(PublishedText.select(PublishedText.story))
        ):
            index.forget(story)
    missing = _shown().where(PublishedText.story.not_in(index.held()))
    some = missing.order_by(PublishedText.story).limit(_AT_ONCE)
    count = 0
    while True:
        with transaction():
            texts = list(some.clone())
            for text in texts:
                _put(text)
        count += len(texts)
        if len(texts) < _AT_ONCE:
            return count


def keep_all() -> int:
    """Make the index anew from all that is shown; how many stories it holds."""
    with transaction():
        index.clear()
        return keep_missing()


def _shown() -> Any:
    return PublishedText.select(PublishedText, Story, StoryVersion).join(Story).switch().join(StoryVersion)


def _put(text: PublishedText) -> None:
    services = StoryService.select(StoryService.service).where(StoryService.story == text.story_id)
    topics = StoryTopic.select(StoryTopic.topic).where(StoryTopic.story == text.story_id)
    index.put(
        text,
        lang=text.version.lang,
        published_at=text.story.published_at,
        about=[
            *(index.service(number) for (number,) in services.tuples()),
            *(index.topic(number) for (number,) in topics.tuples()),
        ],
    )
