"""For how long what is kept, why, and what forgets it: one table, which the documentation is made from.

To keep something new that ends by its age, add a Rule. `forget` does at most so many rows at a time, in a
transaction of its own, and says how many: a long table never holds a lock for long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import peewee

from tellback import clock, db
from tellback.accounts.models import Account, ApiToken, StaffSession
from tellback.alerts.models import AlertMatch
from tellback.audit.acts import Act
from tellback.audit.models import AuditEvent
from tellback.blocking.models import Block
from tellback.config import Settings
from tellback.http.models import DailyKey
from tellback.moderation.models import Case, Flag, Reading
from tellback.moderation.reading import READS
from tellback.outbox.messages import DEAD, DROPPED, SENT
from tellback.outbox.models import OutboxMessage, RefusedAddress
from tellback.replies.handing_on import HandOnState
from tellback.replies.models import (
    Absence,
    AnswerLinkUse,
    HandOn,
    RelayMessage,
    RelayThread,
    Reply,
    ReplyDraft,
    ReplyKey,
    Reroute,
)
from tellback.replies.signed_links import LIFE as ANSWER_LINK_LIFE
from tellback.replies.states import ReplyState
from tellback.retention import endings
from tellback.retention.spans import MONTH, YEAR, said
from tellback.stories.models import DismissedWords, LostLink, MeToo, UsedKey
from tellback.websites.models import Sighting
from tellback.websites.sightings import KEPT as SIGHTINGS_KEPT

# Rows that one turn forgets of a kind at most, before others have theirs.
BATCH = 500
# Of rows of a day: all but those of today.
_TODAY = timedelta(0)


@dataclass(frozen=True)
class Rule:
    """One kind of thing, kept until `since` is so long ago. `forget(settings, most)` says how many went."""

    kind: str
    keeps: str
    since: str
    long: Callable[[Settings], timedelta | None]
    why: str
    forget: Callable[[Settings, int], int]

    def how_long(self, settings: Settings) -> str:
        """The time in words: "12 months"; a kind without one is kept."""
        span = self.long(settings)
        return said(span) if span else "until it is taken down or erased"


def _fixed(span: timedelta) -> Callable[[Settings], timedelta | None]:
    return lambda _settings: span


def _key_of(model: Any) -> Any:
    return model._meta.primary_key  # noqa: SLF001 (peewee's name for what describes a table)


def _rows(
    model: type[peewee.Model], moment: peewee.Field, span: timedelta, *also: Callable[[], Any]
) -> Callable[[Settings, int], int]:
    """A `forget` that deletes rows whose moment (or day) is longer ago, and of which `also` holds."""

    def forget(_settings: Settings, most: int) -> int:
        before: Any = clock.now() - span
        if isinstance(moment, peewee.CharField):
            before = before.date().isoformat()
        key = _key_of(model)
        # The oldest first, as an index has them.
        over = model.select(key).where(moment < before, *(one() for one in also)).order_by(moment).limit(most)
        # Read first, so that the delete names few rows by their key and takes nobody else's time.
        keys = [row[0] for row in over.tuples()]
        return int(model.delete().where(key.in_(keys)).execute()) if keys else 0

    return forget


def _blanked(
    model: type[peewee.Model], moment: peewee.Field, span: timedelta, blank: dict[str, Any], left: Any
) -> Callable[[Settings, int], int]:
    """A `forget` that empties columns of old rows in which something is `left`."""

    def forget(_settings: Settings, most: int) -> int:
        key = _key_of(model)
        over = model.select(key).where(moment < clock.now() - span, left).order_by(key).limit(most)
        keys = [row[0] for row in over.tuples()]
        return int(model.update(blank).where(key.in_(keys)).execute()) if keys else 0

    return forget


def _ended_talks(_settings: Settings, most: int) -> int:
    """Private talks whose last message is two years old, with all that belongs to them."""
    last = peewee.fn.MAX(RelayMessage.written_at)
    over = (
        RelayThread.select(RelayThread.id)
        .join(RelayMessage)
        .group_by(RelayThread.id)
        .having(last < clock.now() - 2 * YEAR)
        .order_by(RelayThread.id)
        .limit(most)
    )
    keys = [row[0] for row in over.tuples()]
    return int(RelayThread.delete().where(RelayThread.id.in_(keys)).execute()) if keys else 0


def _settled_messages(_settings: Settings, most: int) -> int:
    """Letters and events that went out, were given up, or had nobody to go to, with every try at them."""
    before = clock.now() - 3 * MONTH
    over = OutboxMessage.select(OutboxMessage.id).where(
        OutboxMessage.state.in_([SENT, DEAD, DROPPED]),
        # Moved on, when it was last tried, by no more than a claim lasts: so far an index leads.
        OutboxMessage.due_at < before,
        peewee.fn.COALESCE(OutboxMessage.sent_at, OutboxMessage.due_at) < before,
    )
    keys = [row[0] for row in over.order_by(OutboxMessage.due_at).limit(most).tuples()]
    return int(OutboxMessage.delete().where(OutboxMessage.id.in_(keys)).execute()) if keys else 0


_SIGN_INS = (Act.SESSION_BEGUN, Act.SESSION_REFUSED, Act.SESSION_CONFIRMED, Act.SESSION_ENDED)


def _a_sign_in() -> Any:
    return AuditEvent.act.in_([act.value for act in _SIGN_INS])


def _of_no_story_that_stands() -> Any:
    """Not of a story whose words are still kept: what was done to them is part of them."""
    erased = AuditEvent.alias()
    gone = erased.select(peewee.SQL("1")).where(
        erased.subject_kind == "story",
        erased.subject_id == AuditEvent.subject_id,
        erased.act.in_([Act.STORY_ERASED.value, Act.STORY_AGED.value]),
    )
    return (AuditEvent.subject_kind != "story") | peewee.fn.EXISTS(gone)


def _unsent() -> Any:
    # That it was never shown leads to the few of them by an index.
    return Reply.state.in_([ReplyState.KEPT.value, ReplyState.RETURNED.value]) & Reply.published_at.is_null()


def _settled_hand_on() -> Any:
    return HandOn.state.not_in([HandOnState.WAITING.value, HandOnState.ANSWERED.value])


def _not_an_authors() -> Any:
    return RefusedAddress.recipient_kind != "author"


RULES: tuple[Rule, ...] = (
    Rule(
        "authors' addresses",
        "the sealed address of a published or taken-down story's author",
        "the last news of the story, of which letters tell",
        lambda settings: settings.contact_months * MONTH,
        "A change comes months after a reply, and its author wants to hear of it; after a year without news "
        "there is nobody to wait for. They are told a month before, with their private link.",
        endings.drop_addresses,
    ),
    Rule(
        "unpublished stories",
        "the words of a story that was sent back, not published, taken down or taken back, and all with them",
        "it came to stand so",
        lambda settings: settings.unpublished_months * MONTH,
        "Its author can ask for a second look and take a copy; a claim for defamation can be brought for a "
        "year (Limitation Act 1980, section 4A). They are told a month before. Not while a case is open.",
        endings.erase_unpublished,
    ),
    Rule(
        "published stories",
        "the words of a published story, and all with them",
        "it was published",
        lambda settings: settings.story_years * YEAR or None,
        "What was said of a service stays, as its answer does, until its author takes it back: to make "
        "criticism vanish by its age is for whoever answers for this place to decide, not for us.",
        endings.erase_published,
    ),
    Rule("keys of tellings", "the hash of the key by which a story is told only once", "it was told",
         _fixed(MONTH), "The embed tries to send a story for a week at most.",
         _rows(UsedKey, UsedKey.created_at, MONTH)),
    Rule("keys of replies", "the same of a reply sent by a program", "it was sent",
         _fixed(MONTH), "A program tries for days, not months.", _rows(ReplyKey, ReplyKey.created_at, MONTH)),
    Rule("messages", "letters and events that are settled (kind, recipient's id, facts; no words of a "
         "story), and each try at sending them", "they were sent or given up",
         _fixed(3 * MONTH), "To find out why a letter did not come.", _settled_messages),
    Rule("refused addresses", "that the address of somebody of the staff refuses letters", "it last did",
         _fixed(YEAR), "An author's goes with the address.",
         _rows(RefusedAddress, RefusedAddress.at, YEAR, _not_an_authors)),
    Rule("alerts sent", "what an alert's letter told of", "it happened",
         _fixed(3 * MONTH), "A link in the letter leads to it.",
         _rows(AlertMatch, AlertMatch.happened_at, 3 * MONTH, lambda: AlertMatch.letter.is_null(False))),
    Rule("drafts of replies", "a reply as far as it was written, with what colleagues said of it",
         "somebody last saved it", _fixed(6 * MONTH), "Nobody goes on with it.",
         _rows(ReplyDraft, ReplyDraft.saved_at, 6 * MONTH)),
    Rule("replies never shown", "a reply that came back, or whose story ended first", "it was written",
         _fixed(YEAR), "Whoever wrote it may want to write it anew.",
         _rows(Reply, Reply.written_at, YEAR, _unsent)),
    Rule("stories handed on", "whom a story was handed on to, in a responder's words, and what they wrote",
         "it was settled", _fixed(YEAR), "The answer that came of it stands under the story.",
         _rows(HandOn, HandOn.settled_at, YEAR, _settled_hand_on)),
    Rule("moves asked for", "why a responder says that a story is not theirs; that it was moved stays",
         "it was decided", _fixed(YEAR), "It may name people.",
         _blanked(Reroute, Reroute.decided_at, YEAR, {"why": "", "note": ""},
                  (Reroute.why != "") | (Reroute.note != ""))),
    Rule("links used", "that somebody answered by a signed link", "they did",
         _fixed(2 * ANSWER_LINK_LIFE), "The links themselves are long over.",
         _rows(AnswerLinkUse, AnswerLinkUse.used_at, 2 * ANSWER_LINK_LIFE)),
    Rule("private talks", "what an author and a service said to each other, sealed", "the last message",
         _fixed(2 * YEAR), "Both may come back to it; the page of the private link offers a copy.",
         _ended_talks),
    Rule("absences", "days on which a responder was away", "the last of them",
         _fixed(3 * MONTH), "Nobody stands in any more.", _rows(Absence, Absence.to_on, 3 * MONTH)),
    Rule("reports", "what a reader wrote of a story, and what was noted about it; that it was reported stays",
         "it was settled", _fixed(YEAR), "It may name people, and who reports the same again is known by it.",
         _blanked(Flag, Flag.settled_at, YEAR, {"words": "", "note": ""},
                  (Flag.words != "") | (Flag.note != ""))),
    Rule("who asked", "who asked that a story be taken down, and all that came from outside in a case",
         "the case was closed", _fixed(YEAR),
         "As long as one can sue for defamation (Limitation Act 1980, section 4A).",
         endings.forget_who_asked),
    Rule("cases", "a closed case, with whom staff told of it, when and how", "it was closed",
         _fixed(6 * YEAR), "As long as one can sue for what was done or not done (Limitation Act 1980, "
         "section 2). Keep a record of your own of safeguarding, as your local policy wants.",
         _rows(Case, Case.closed_at, 6 * YEAR)),
    Rule("words not marked", "words that a moderator said are no name", "they said so",
         _fixed(2 * YEAR), "They may be words of a story that is gone.",
         _rows(DismissedWords, DismissedWords.dismissed_at, 2 * YEAR)),
    Rule("blocks", "why an address or a phrase was blocked, once it is not", "the block ended",
         _fixed(YEAR), "To see whether it comes again.", _rows(Block, Block.ended_at, YEAR)),
    Rule("erased links", "the hash of a private link whose story is erased", "it was erased",
         _fixed(YEAR), "Whoever opens it reads what became of the story.", endings.forget_erased_links),
    Rule("lost links", "that somebody asked for the links of an address, sealed", "they asked",
         _fixed(timedelta(days=1)), "Answered within seconds; a day, where nothing answers.",
         _rows(LostLink, LostLink.asked_at, timedelta(days=1))),
    Rule("me too", "the day's pseudonym of a reader to whom it happened, too", "the day began",
         _fixed(timedelta(days=1)), "So that one reader counts once a day; the count stays.",
         _rows(MeToo, MeToo.day, _TODAY)),
    Rule("keys of the day", "the key that the day's pseudonyms are made with", "the day began",
         _fixed(timedelta(days=1)), "Nobody can test a guess at an address after it.",
         _rows(DailyKey, DailyKey.day, _TODAY)),
    Rule("sightings", "what pages of an origin asked for: no person, no path", "it was last seen",
         _fixed(SIGHTINGS_KEPT), "A webmaster looks whether the tag works.",
         _rows(Sighting, Sighting.last_at, SIGHTINGS_KEPT)),
    Rule("who is reading", "who of the staff had which story open", "they did", _fixed(READS),
         "So that two do not do the same work.", _rows(Reading, Reading.at, READS)),
    Rule("sessions", "the device, in words, of somebody of the staff who is signed in", "they signed in",
         _fixed(timedelta(days=1)), "A session ends after half a day.",
         _rows(StaffSession, StaffSession.began_at, timedelta(days=1))),
    Rule("sign-ins", "that somebody of the staff signed in or out, or was refused", "they did",
         _fixed(YEAR), "To look into a break-in, of which one often hears months later.",
         _rows(AuditEvent, AuditEvent.at, YEAR, _a_sign_in)),
    Rule("acts", "who did what, by ids, of everything but a story whose words are still kept", "it was done",
         _fixed(6 * YEAR), "As long as one can sue for it (Limitation Act 1980, sections 2 and 5).",
         _rows(AuditEvent, AuditEvent.at, 6 * YEAR, _of_no_story_that_stands)),
    Rule("invitations", "the account of somebody who was invited and never came", "the last invitation",
         _fixed(3 * MONTH), "Its link is good for a week.",
         _rows(Account, Account.invited_at, 3 * MONTH)),
    Rule("tokens", "a program's token that is over", "it ended", _fixed(3 * MONTH),
         "Its owner sees why the program stopped.", _rows(ApiToken, ApiToken.expires_at, 3 * MONTH)),
)  # fmt: skip


def forget(rule: Rule, settings: Settings, most: int = BATCH) -> int:
    """Forget up to so many of a kind, in one short transaction; how many."""
    with db.transaction():
        return rule.forget(settings, most)
