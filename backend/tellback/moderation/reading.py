"""Who reads which story just now (a soft lock: it tells, and stops nobody), and who took it on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.moderation.models import Reading
from tellback.stories.about import organisations_of
from tellback.stories.editing import edit_waits
from tellback.stories.models import Story
from tellback.stories.states import WAITING, State

# Since their last act on a story somebody is taken to be reading it.
READS = timedelta(minutes=15)
# While there is something left to do for whoever takes a story on, besides an edit of a published one.
OPEN = (*WAITING, State.AWAITING_AUTHOR, State.ESCALATED)


@dataclass(frozen=True)
class ReadBy:
    """Somebody who reads a story, and when they last did anything with it."""

    name: str
    at: datetime


def note(story: Story, account: Account) -> None:
    """Note that somebody did something with a story: opened it, took words out, looked again."""
    now = clock.now()
    Reading.delete().where(Reading.at < now - READS).execute()
    Reading.insert(story=story, account=account, at=now).on_conflict(
        conflict_target=[Reading.story, Reading.account], preserve=[Reading.at]
    ).execute()


def is_open(story: Story) -> bool:
    """Whether there is something left to do for whoever takes the story on."""
    return story.state in OPEN or edit_waits(story)


def leave(story: Story, account: Account) -> None:
    """Note that somebody is done with a story."""
    Reading.delete().where(Reading.story == story, Reading.account == account).execute()


def readers(story_ids: list[int], besides: Account) -> dict[int, list[ReadBy]]:
    """Who else reads each of these stories, by story id; the latest act first."""
    rows = (
        now_reading()
        .select(Reading.story, Reading.at, Account.name)
        .join(Account)
        .where(Reading.story.in_(story_ids), Reading.account != besides)
        .order_by(Reading.at.desc(), Reading.id)
    )
    found: dict[int, list[ReadBy]] = {}
    for row in rows:
        found.setdefault(row.story_id, []).append(ReadBy(row.account.name, row.at))
    return found


def now_reading() -> Any:
    """A query of who reads what at this moment."""
    return Reading.select().where(Reading.at >= clock.now() - READS)


def assign(story: Story, to: Account | None, *, by: Account | None) -> None:
    """Give a story to somebody who moderates, or (None) to nobody; `by` None is the service itself.

    It changes nothing about who may decide. Raises NotAllowed, InvalidInput for someone who may not decide
    about it, and Conflict for a story that nobody works on any more.
    """
    if by is not None:
        require(by, Action.DECIDE_STORIES)
        require_no_interest(by, organisations_of(story))
    if not is_open(story):
        raise Conflict("Nobody works on this story any more, so it is given to nobody.")
    if to is not None:
        if not may(to, Action.DECIDE_STORIES):
            raise InvalidInput(errors={"to": ["Choose somebody who moderates."]})
        require_no_interest(to, organisations_of(story))
    with transaction():
        Story.update(assigned_to=to).where(Story.id == story.id).execute()
        actor = acts.SYSTEM if by is None else acts.staff(by.id)
        act = acts.Act.STORY_ASSIGNED if to else acts.Act.STORY_UNASSIGNED
        acts.record(act, actor, "story", story.public_id, **({"to": to.id} if to else {}))
    story.assigned_to = to
