"""Advice before an author sends words later: what could show who someone is, and who helps at once.

It is given once: who sends the same words after reading it is not asked again.
"""

from typing import Any

from tellback.stories import checking, telling
from tellback.stories.about import services_of
from tellback.stories.checking import CHECKED_FIELDS, Looked
from tellback.stories.models import Story
from tellback.stories.own_names import own_names
from tellback.stories.submission import current_version


class LookFirst(Exception):
    """There is something in the words that their author should look at first; `looked` says what."""

    def __init__(self, looked: Looked) -> None:
        super().__init__("words to look at first")
        self.looked = looked


def require_looked(story: Story, words: dict[str, Any]) -> None:
    """Raise LookFirst where these words (by field) could show who someone is, or are words of crisis."""
    looked = checking.look(_told(story, words), own_names(_services(story)))
    if looked.places or looked.distress:
        raise LookFirst(looked)


def reword(story: Story, words: dict[str, Any], at: str) -> dict[str, str]:
    """The field in which what is offered at a place (its `at`) now stands; nothing when that is gone."""
    written = checking.reword(_told(story, words), own_names(_services(story)), at)
    return {written[0]: written[1]} if written else {}


def support(story: Story, public_url: str) -> dict[str, Any]:
    """Who helps at once, where the story was."""
    facts = telling.describe(_services(story), None, current_version(story).lang, public_url)
    return {"support": facts["support"], "staffed": facts["staffed"]}


def _told(story: Story, words: dict[str, Any]) -> dict[str, Any]:
    lang = words.get("lang") or current_version(story).lang
    return dict.fromkeys(CHECKED_FIELDS) | words | {"lang": lang}


def _services(story: Story) -> list[Any]:
    return services_of([story.id]).get(story.id, [])
