"""What a reply is looked at beside: its story as everyone reads it, and what its organisation said before."""

import re
from typing import Any

from tellback.organisations.models import Organisation, Service
from tellback.replies import phrases
from tellback.replies.coaching import Told
from tellback.replies.models import Reply
from tellback.screening import fold
from tellback.stories import about
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.own_names import own_names

# Replies of the same organisation that a new one is compared with, the newest.
EARLIER = 200
_TEXTS = ("title", "body", "what_was_good", "what_could_be_better")
_WORD = re.compile(r"\w+")
# Letters of a word that was taken out: a shorter one may stand anywhere.
_FEWEST_LETTERS = 3


def told(story: Story, organisation: Organisation | None) -> Told:
    """A published story, and the earlier replies of an organisation, as `coaching.look_at` reads them.

    Something went wrong where its author says so, or where a moderator found it at all critical.
    """
    text = PublishedText.select(PublishedText, StoryVersion).join(StoryVersion)
    text = text.where(PublishedText.story == story).first()
    if text is None:
        return Told()
    services = about.services_of([story.id]).get(story.id, [])
    return Told(
        words=_all_words(text),
        lang=text.version.lang,
        display_name=story.display_name or "",
        negative=_is_negative(story, text),
        own_names=tuple(own_names(services)),
        earlier=tuple(_earlier(story, organisation)) if organisation else (),
    )


def holds_words_taken_out(story: Story, body: str, lang: str) -> bool:
    """Whether a reply holds a word that a moderator took out of its story: for moderators alone to know.

    Whoever writes a reply is never told, or they could find out by trying what was taken out.
    """
    text = PublishedText.get_or_none(PublishedText.story == story)
    if text is None:
        return False
    spoken = phrases.of_language(lang)
    taken_out = _words(_all_words(text.version)) - _words(_all_words(text))
    return bool(taken_out & _words(body) - (spoken.idle if spoken else frozenset()))


def _is_negative(story: Story, text: PublishedText) -> bool:
    feelings = text.version.feelings or []
    return bool(
        text.what_could_be_better
        or story.criticality
        or story.overall_experience in ("poor", "very_poor")
        or any(feeling.startswith("negative:") for feeling in feelings)
    )


def _earlier(story: Story, organisation: Organisation) -> list[str]:
    """An organisation's replies to other stories; to this one they may be mended again and again."""
    query = Reply.select(Reply.body).join(Service)
    query = query.where(Service.organisation == organisation, Reply.story != story)
    return [reply.body for reply in query.order_by(Reply.id.desc()).limit(EARLIER)]


def _all_words(text: Any) -> str:
    return "\n".join(told for name in _TEXTS if (told := getattr(text, name)))


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(fold(text).lower) if len(word) >= _FEWEST_LETTERS}
