"""A story told otherwise by its author: another version of its words, screened as the first one was.

The version of a story that is not public takes the place of the one before at once. For a published story
everyone reads the old one until a moderator decides about the new: until then an edit waits.
"""

from typing import Any

import peewee

from tellback import clock
from tellback.audit import ledger
from tellback.stories import findings
from tellback.stories.about import services_of
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import State
from tellback.stories.submission import (
    SCREENED_FIELDS,
    TEXT_FIELDS,
    current_version,
    title_from,
)

# What an author says of themselves and their visit, and may say otherwise.
FACTS = ("author_role", "display_name", "overall_experience", "visited_on")
WORDS = (*TEXT_FIELDS, "feelings", "lang")


def edit_waits(story: Story) -> bool:
    """Whether a later version of a published story waits for a moderator's decision."""
    return bool(story.state == State.PUBLISHED and story.edit_sent_at is not None)


def an_edit_waits() -> peewee.Expression:
    """The same as a condition on stories."""
    condition: peewee.Expression = (Story.state == State.PUBLISHED.value) & Story.edit_sent_at.is_null(False)
    return condition


def standing(story: Story) -> dict[str, Any]:
    """What an author changes: their latest words, and what they say of themselves and their visit.

    Where the latest are public, it is the words that everyone reads, with what moderators took out of them.
    """
    version = current_version(story)
    text = PublishedText.get_or_none(PublishedText.story == story, PublishedText.version == version)
    words = {field: getattr(text or version, field) for field in TEXT_FIELDS}
    return {**words, "feelings": version.feelings, "lang": version.lang, **facts_of(version)}


def facts_of(version: StoryVersion) -> dict[str, Any]:
    """What its author says of themselves and their visit in this version."""
    return {name: getattr(version.story, name) for name in FACTS} | (version.facts or {})


def merged(before: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What an author tells now: as before (`standing`) but for what they tell otherwise.

    A title that we made of the first words is made of the new ones.
    """
    now = {**before, **told}
    ours = now["title"] == before["title"] == title_from(before["body"])
    return {**now, "title": title_from(now["body"]) if ours else now["title"]}


def keep_version(story: Story, told: dict[str, Any]) -> StoryVersion:
    """Keep `told` (`WORDS` and `FACTS`) as the story's next version, with what screening marks in it.

    In the caller's transaction, which holds the story.
    """
    version = StoryVersion.create(
        story=story,
        number=current_version(story).number + 1,
        **{name: told[name] for name in WORDS if name != "title"},
        title=told["title"] or title_from(told["body"]),
        facts={name: told[name] for name in FACTS},
        salt=ledger.new_salt(),
        written_at=(moment := clock.now()),
        unread_since=moment if findings.is_read_again(told["lang"]) else None,
    )
    services = services_of([story.id]).get(story.id, [])
    findings.keep(version, findings.look(version, SCREENED_FIELDS, services), is_first=False)
    return version


def take_facts(story: Story, version: StoryVersion) -> None:
    """Let the story say of its author and their visit what this version does; in the caller's transaction."""
    if version.facts:
        Story.update(version.facts).where(Story.id == story.id).execute()
        for name, value in version.facts.items():
            setattr(story, name, value)
