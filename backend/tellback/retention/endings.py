"""What ends by its age and belongs to an author: their address, their words. They are told a month before.

The letter goes to whoever gave an address; in whose way it stands nobody has to do anything. What happens to
a story meanwhile (an answer, a decision, a new address) begins its time anew.
"""

from datetime import datetime, timedelta
from typing import Any

import peewee

from tellback import clock
from tellback.audit import acts
from tellback.authorship import erasure
from tellback.config import Settings
from tellback.db import transaction
from tellback.moderation import case_requests
from tellback.moderation.cases import CaseState
from tellback.moderation.models import Case
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tellback.replies.models import RelayMessage, RelayThread, Reply, StoryChange
from tellback.retention.spans import MONTH, YEAR
from tellback.stories import contact, private_links
from tellback.stories.models import AuthorContact, Story, StoryVersion
from tellback.stories.states import State, hold, in_states

# Told so long before.
AHEAD = MONTH
ADDRESS_LETTER, STORY_LETTER = "address_ends", "story_ends"
# A letter told of an end, if it is no older than this: another time began since, else.
_TOLD_WITHIN = 2 * AHEAD
# What is asked for where only matters whether there is a row.
_ONE = peewee.SQL("1")


def drop_addresses(settings: Settings, most: int) -> int:
    """Drop the addresses of authors of whose stories there was no news for so long; how many."""
    before = clock.now() - settings.contact_months * MONTH
    _tell(ADDRESS_LETTER, _without_news(before + AHEAD), most)
    dropped = 0
    for story in _told(ADDRESS_LETTER, _without_news(before), most):
        contact.forget(story)
        acts.record(acts.Act.CONTACT_AGED, acts.SYSTEM, "story", story.public_id)
        dropped += 1
    return dropped


def erase_unpublished(settings: Settings, most: int) -> int:
    """Erase the words of stories that nobody could read for so long; how many."""
    before = clock.now() - settings.unpublished_months * MONTH
    _tell(STORY_LETTER, _unpublished(before + AHEAD), most)
    return _erase(_unpublished(before), most)


def erase_published(settings: Settings, most: int) -> int:
    """Erase the stories that were published so long ago, where a setting says so; how many."""
    if not settings.story_years:
        return 0
    before = clock.now() - settings.story_years * YEAR
    _tell(STORY_LETTER, _published(before + AHEAD), most)
    return _erase(_published(before), most)


def forget_who_asked(_settings: Settings, _most: int) -> int:
    """Forget who asked that a story be taken down, long after that was settled; how many cases."""
    return case_requests.forget_old()


def forget_erased_links(_settings: Settings, _most: int) -> int:
    """Forget which links led to stories that were erased long ago; how many."""
    return private_links.forget_word()


def _without_news(before: datetime) -> Any:
    """Stories whose authors gave an address, and of which nothing was to be told since a moment."""
    spoken = RelayThread.select(_ONE).join(RelayMessage).where(RelayMessage.written_at >= before)
    return (
        in_states(State.PUBLISHED, State.REMOVED, State.PAUSED)
        & (Story.state_since < before)
        & Story.edit_sent_at.is_null()
        & Story.id.in_(AuthorContact.select(AuthorContact.story).where(AuthorContact.created_at < before))
        & ~_its(Reply, Reply.published_at >= before)
        & ~_its(StoryChange, (StoryChange.linked_at >= before) | (StoryChange.shown_at >= before))
        & ~peewee.fn.EXISTS(spoken.where(RelayThread.story == Story.id))
        & _no_case_is_open()
    )


def _unpublished(before: datetime) -> Any:
    ended = in_states(State.RETURNED, State.REJECTED, State.REMOVED, State.WITHDRAWN)
    return ended & (Story.state_since < before) & _has_words() & _no_case_is_open()


def _published(before: datetime) -> Any:
    return in_states(State.PUBLISHED) & (Story.published_at < before) & _has_words() & _no_case_is_open()


def _has_words() -> Any:
    return _its(StoryVersion, StoryVersion.body != "")


def _no_case_is_open() -> Any:
    return ~_its(Case, Case.state != CaseState.CLOSED.value)


def _its(model: Any, *which: Any) -> Any:
    """Whether there is such a row of the story: looked up for each that has come of age, not for all."""
    return peewee.fn.EXISTS(model.select(_ONE).where(model.story == Story.id, *which))


def _tell(letter: str, which: Any, most: int) -> None:
    """Write to the authors of these stories, once, where they gave an address."""
    query = Story.select().where(which, _its(AuthorContact), ~_letter_of(letter, _TOLD_WITHIN))
    for story in list(query.order_by(Story.state_since).limit(most)):
        messages.put(letter, "author", story.public_id)


def _told(letter: str, which: Any, most: int) -> list[Story]:
    """Of these stories those whose authors were told long enough ago, or cannot be."""
    lately, ever = _letter_of(letter, AHEAD), _letter_of(letter, _TOLD_WITHIN)
    query = Story.select().where(which, ~_its(AuthorContact) | (ever & ~lately))
    return list(query.order_by(Story.state_since).limit(most))


def _letter_of(kind: str, within: timedelta) -> Any:
    """Whether its author was written such a letter in this time."""
    letters = OutboxMessage.select(_ONE).where(
        OutboxMessage.recipient_kind == "author",
        OutboxMessage.recipient_id == Story.public_id,
        OutboxMessage.kind == kind,
        OutboxMessage.created_at > clock.now() - within,
    )
    return peewee.fn.EXISTS(letters)


def _erase(which: Any, most: int) -> int:
    # Words of one story stand in many tables: fewer at a time.
    over = _told(STORY_LETTER, which, max(1, most // 20))
    done = 0
    for story in over:
        with transaction():
            hold(story)
            # Its author, or a moderator, may have been first.
            if Story.select().where(Story.id == story.id, which).exists():
                erasure.erase_by_age(story)
                done += 1
    return done
