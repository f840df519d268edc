"""A reader reports a story; a moderator settles it with a note. A report never hides a story by itself."""

from collections.abc import Sequence
from enum import StrEnum

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import matching
from tellback.audit import acts
from tellback.blocking import phrases
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.moderation.models import Flag
from tellback.screening import is_distress
from tellback.stories.about import organisations_of
from tellback.stories.models import PublishedText, Story
from tellback.stories.submission import new_public_id
from tellback.translations.sentences import say

# Why a reader reports a story, in the reader's words.
REASONS = {
    "names_someone": say("It names someone, or shows who they are"),
    "about_me": say("It is about me, and I did not agree to it"),
    "not_true": say("It is not true"),
    "abusive": say("Its words are cruel or full of hate"),
    "unsafe": say("Someone may be in danger"),
    "advertising": say("It advertises something"),
    "other": say("Something else"),
}
LONGEST_WORDS = 1000
LONGEST_NOTE = 1000
# One screen; the rest follows when these are settled.
PAGE = 50


class FlagState(StrEnum):
    """Where a report stands."""

    OPEN = "open"
    SETTLED = "settled"


def public_story(public_id: str) -> PublishedText:
    """The words of a story that can be reported, for it can be read. Raises NotFound for any other."""
    query = PublishedText.select(PublishedText, Story).join(Story)
    text: PublishedText | None = query.where(
        Story.public_id == public_id, Story.published_at.is_null(False)
    ).first()
    if text is None:
        raise NotFound(say("This story is not here to be read any more."))
    return text


def tell(public_id: str, reason: str, words: str, marks: Sequence[str] = ()) -> Flag:
    """Keep a report until a moderator settles it; the same again counts on the open one.

    `marks` are rules by which it may be from a machine (`http.traps`); a phrase of the list marks it, too.
    Raises NotFound for a story that nobody can read, InvalidInput for a reason not in the list.
    """
    story = public_story(public_id).story
    if reason not in REASONS:
        raise InvalidInput(errors={"reason": [say("Choose a reason from the list.")]})
    with transaction():
        again = open_flags().where(Flag.story == story, Flag.reason == reason, Flag.words == words)
        flag: Flag | None = again.first()
        if flag is not None:
            Flag.update(times=Flag.times + 1).where(Flag.id == flag.id).execute()
            return flag
        flag = Flag.create(
            public_id=new_public_id(),
            story=story,
            reason=reason,
            words=words,
            urgent=reason == "unsafe" or is_distress(words),
            marks=" ".join((*marks, *phrases.marks(words))),
            state=FlagState.OPEN.value,
            told_at=clock.now(),
        )
        acts.record(acts.Act.FLAG_TOLD, acts.READER, "story", story.public_id, flag=flag.public_id)
        matching.story_flagged(story)
    return flag


def open_flags() -> "peewee.ModelSelect[Flag]":
    """A query of reports that wait, with their stories: the urgent first, then the longest waiting."""
    query: peewee.ModelSelect[Flag] = (
        Flag.select(Flag, Story)
        .join(Story)
        .where(_is_open())
        .order_by(Flag.urgent.desc(), Flag.told_at, Flag.id)
    )
    return query


def of_story(story: Story) -> list[Flag]:
    """The reports on a story that wait, as ordered as all."""
    return list(open_flags().where(Flag.story == story))


def settled_of(story: Story) -> list[Flag]:
    """The reports on a story that were settled, the first first."""
    return list(story.flags.where(Flag.state == FlagState.SETTLED.value).order_by(Flag.settled_at, Flag.id))


def open_count() -> int:
    """How many reports wait."""
    count: int = Flag.select().where(_is_open()).count()
    return count


def get(public_id: str) -> Flag:
    """The report of this id, with its story. Raises NotFound."""
    query = Flag.select(Flag, Story).join(Story).where(Flag.public_id == public_id)
    flag: Flag | None = query.first()
    if flag is None:
        raise NotFound("There is no such report.")
    return flag


def settle(flag: Flag, by: Account, *, note: str) -> None:
    """Close a report, saying what was found or done; what it asks for is a decision of its own.

    Raises NotAllowed, InvalidInput without a note, Conflict when someone else has settled it.
    """
    require(by, Action.SETTLE_FLAGS)
    require_no_interest(by, organisations_of(flag.story))
    said = note.strip()
    if not said:
        raise InvalidInput(errors={"note": ["Say what you found, or what you did."]})
    if len(said) > LONGEST_NOTE:
        raise InvalidInput(errors={"note": [f"Keep it to {LONGEST_NOTE:,} characters."]})
    with transaction():
        if not _close(flag, said, acts.staff(by.id), by):
            raise Conflict("Someone else has settled this report. Your note was not kept.")


def settle_all(story: Story, note: str, actor: acts.Actor, by: Account | None = None) -> None:
    """Close what is open on a story that nobody can read any more; in the caller's transaction."""
    for flag in of_story(story):
        _close(flag, note, actor, by)


def _close(flag: Flag, note: str, actor: acts.Actor, by: Account | None) -> bool:
    """Settle a report unless that is done already; whether it was not."""
    changed = (
        Flag.update(state=FlagState.SETTLED.value, settled_at=clock.now(), settled_by=by, note=note)
        .where(Flag.id == flag.id, _is_open())
        .execute()
    )
    if changed:
        acts.record(acts.Act.FLAG_SETTLED, actor, "story", flag.story.public_id, flag=flag.public_id)
    return bool(changed)


def _is_open() -> "peewee.Expression":
    return Flag.state == FlagState.OPEN.value
