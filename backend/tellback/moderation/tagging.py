"""What a story is about, as a moderator sees it: topics put to it or taken off."""

from collections.abc import Iterable

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.moderation import waiting
from tellback.stories import desk_words, public_words
from tellback.stories.about import organisations_of
from tellback.stories.models import Story, StoryService, StoryTopic, Topic
from tellback.stories.states import touch


def tag(story: Story, revision: int, topics: list[str], by: Account) -> None:
    """Have the story be about these topics (slugs) and no others; what its author said of one stays.

    `revision` is the one the moderator read. Raises InvalidInput for an unknown topic and for a story
    about nothing, NotAllowed, or Conflict when the story is decided or changed since.
    """
    require(by, Action.DECIDE_STORIES)
    require_no_interest(by, organisations_of(story))
    waiting.require_open(story)
    has = {raised.topic.slug: raised for raised in story.about_topics.join(Topic).order_by(StoryTopic.id)}
    wanted = _known(topics, has)
    if not wanted and not StoryService.select().where(StoryService.story == story).exists():
        raise InvalidInput(errors={"topics": ["The story names no service, so it needs a topic."]})
    added = [slug for slug in wanted if slug not in has]
    removed = [slug for slug in has if slug not in wanted]
    if not added and not removed:
        return
    with transaction():
        touch(story, revision)
        StoryTopic.delete().where(StoryTopic.id.in_([has[slug].id for slug in removed])).execute()
        for slug in added:
            StoryTopic.create(story=story, topic=wanted[slug])
        desk_words.keep(story)
        public_words.keep(story)
        acts.record(
            acts.Act.STORY_TAGGED,
            acts.staff(by.id),
            "story",
            story.public_id,
            added=added,
            removed=removed,
        )


def _known(slugs: list[str], has: Iterable[str]) -> dict[str, Topic]:
    """The topics of these slugs; one that is offered no more may stay, and not be put to a story anew."""
    found = {topic.slug: topic for topic in Topic.select().where(Topic.slug.in_(slugs))} if slugs else {}
    if any(slug not in found or (found[slug].retired_at and slug not in has) for slug in slugs):
        raise InvalidInput(errors={"topics": ["Choose topics from the list."]})
    return found
