"""Erasing a story: its words and all that belongs to them go, for good; an entry of the ledger says so.

What stays is that a story was told, where and about what, how it was decided, and its tombstone if it was
public (docs/ledger.md says why that is nobody's personal data).
"""

from typing import Any

import peewee

from tellback import clock
from tellback.alerts import webhook_events
from tellback.alerts.models import AlertMatch
from tellback.audit import acts, ledger
from tellback.audit.acts import Actor
from tellback.audit.models import LedgerEntry
from tellback.authorship.own_story import withdraw
from tellback.db import transaction
from tellback.moderation import case_closing, flags, waiting
from tellback.moderation.models import AuthorAnswer, Decision, Flag, Reading, Redaction
from tellback.moderation.reasons import AGED
from tellback.replies.models import (
    AnswerLinkUse,
    ComplaintReference,
    HandOn,
    NoRelay,
    RelayThread,
    Reply,
    ReplyDraft,
    Reroute,
    StoryChange,
)
from tellback.search import desk, index
from tellback.stories import desk_words, private_links, shelves
from tellback.stories.models import (
    AuthorContact,
    MeToo,
    PrivateLink,
    PublishedText,
    Story,
    StoryFinding,
    StoryLikeness,
    StoryPause,
    StoryReading,
    StoryVersion,
    UsedKey,
)
from tellback.stories.states import State, hold, move, touch

AGED_TITLE = "Erased: it was kept for as long as stories are."
# Rows that go, each by what it belongs to. A service's answer goes too: it may say again what was told.
GONE_WITH_THE_STORY: tuple[type[peewee.Model], ...] = (
    AlertMatch,
    AnswerLinkUse,
    AuthorContact,
    ComplaintReference,
    Flag,
    HandOn,
    MeToo,
    NoRelay,
    PrivateLink,
    PublishedText,
    Reading,
    RelayThread,
    Reply,
    ReplyDraft,
    Reroute,
    StoryLikeness,
    StoryPause,
    StoryReading,
    UsedKey,
)
GONE_WITH_ITS_WORDS: tuple[type[peewee.Model], ...] = (Redaction, StoryFinding)
_GONE_WITH_A_DECISION: tuple[type[peewee.Model], ...] = (AuthorAnswer,)
_NO_WORDS: dict[str, Any] = {
    "title": "",
    "body": "",
    "what_was_good": None,
    "what_could_be_better": None,
    "feelings": [],
    "facts": None,
    "salt": None,
}
_NO_FACTS = {
    "contact_lang": None,
    "display_name": None,
    "overall_experience": None,
    "topic_words": None,
    "visited_on": None,
    "website_path": None,
}


def erase(story: Story, by: Actor = acts.AUTHOR) -> None:
    """Erase a story, in whatever state it stands; one that was not withdrawn yet is. Nothing brings it back.

    The private link opens nothing afterwards but the word that this was done. Erasing again changes nothing.
    """
    with transaction():
        hold(story)
        if is_erased(story):
            return
        private_links.leave_word(story)
        if story.state != State.WITHDRAWN:
            withdraw(story)
        _let_go(story)
        acts.record(acts.Act.STORY_ERASED, by, "story", story.public_id)
        ledger.append(ledger.Step.ERASED, story.public_id)


def erase_by_age(story: Story) -> None:
    """Erase the words of a story that was kept for as long as it is; it stays what it became.

    Nobody took it back, so neither ledger nor transparency says so. A published one is taken down first.
    """
    with transaction():
        hold(story)
        if is_erased(story):
            return
        private_links.leave_word(story)
        if story.state in (State.PUBLISHED, State.PAUSED):
            _take_down(story)
        _let_go(story)
        # What colleagues read in its place.
        StoryVersion.update(title=AGED_TITLE).where(StoryVersion.story == story).execute()
        acts.record(acts.Act.STORY_AGED, acts.SYSTEM, "story", story.public_id)
        ledger.append(ledger.Step.AGED, story.public_id)


def is_erased(story: Story) -> bool:
    """Whether the words of a story are gone: the ledger says so."""
    gone = [ledger.Step.ERASED.value, ledger.Step.AGED.value]
    return bool(
        LedgerEntry.select().where(LedgerEntry.story == story.public_id, LedgerEntry.step.in_(gone)).exists()
    )


def _take_down(story: Story) -> None:
    waiting.overtake(story)
    move(story, State.REMOVED, ended_at=clock.now(), ended_reason=AGED)
    index.forget(story)
    flags.settle_all(story, AGED_TITLE, acts.SYSTEM)
    webhook_events.story_removed(story)
    ledger.append(ledger.Step.REMOVED, story.public_id, reason=AGED)


def _let_go(story: Story) -> None:
    """The words of a story go, and all that belongs to them; in the caller's transaction, which holds it."""
    versions = StoryVersion.select(StoryVersion.id).where(StoryVersion.story == story)
    decisions = Decision.select(Decision.id).where(Decision.story == story)
    for model in _GONE_WITH_A_DECISION:
        model.delete().where(model.decision.in_(decisions)).execute()
    for model in GONE_WITH_ITS_WORDS:
        model.delete().where(model.version.in_(versions)).execute()
    for model in GONE_WITH_THE_STORY:
        model.delete().where(model.story == story).execute()
    case_closing.erase_words(story)
    StoryChange.update(verdict=None, verdict_at=None).where(StoryChange.story == story).execute()
    StoryVersion.update(_NO_WORDS).where(StoryVersion.story == story).execute()
    Decision.update(message="", paragraph="").where(Decision.story == story).execute()
    Story.update(_NO_FACTS).where(Story.id == story.id).execute()
    touch(story, story.revision)
    desk_words.keep(story)
    shelves.put(story)
    for words in (index, desk):
        words.sweep()
