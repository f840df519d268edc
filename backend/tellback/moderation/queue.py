"""What waits for a moderator, most urgent first, then the most critical, then what waits longest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

import peewee
from peewee import fn

from tellback import clock
from tellback.accounts.models import Account
from tellback.db import UTCDateTimeField
from tellback.http import pagination
from tellback.moderation import filters, reading, targets
from tellback.moderation.filters import Filters
from tellback.moderation.models import Reading
from tellback.moderation.reading import ReadBy
from tellback.moderation.targets import Targets
from tellback.organisations.models import Service
from tellback.replies import answering_back
from tellback.replies.changes import Review, in_full
from tellback.replies.models import AnswerBack, ChangeClaim, Reply
from tellback.replies.responding import ReplyState
from tellback.stories.about import is_latest, latest_versions, services_of
from tellback.stories.models import Story, StoryFinding, StoryService, StoryVersion
from tellback.stories.urgency import Urgency, in_queue, ranks_of

# One screen; the next follows it.
PAGE = 50
# Of replies and changes, one screen; the rest follows when these are done.
OTHERS = 50
# Beyond it, exactly how many wait says nothing more to anybody, and takes longer to count the more there are.
MOST_COUNTED = 1000
_MOMENT = UTCDateTimeField()
# The order of the queue, as an index keeps it (`urgency.rank`).
_ORDER = (Story.queue_rank, Story.waits_since, Story.id)


@dataclass(frozen=True)
class Waiting:
    """A story in the queue, with all that its row shows.

    `found` counts what screening found, by kind, without what was dismissed; `due` is when it should be
    read by at the latest, `readers` are those who read it just now.
    """

    story: Story
    version: StoryVersion
    services: list[str]
    found: dict[str, int]
    due: datetime
    late: bool
    readers: list[ReadBy]
    assigned: str


@dataclass(frozen=True)
class Page:
    """A screen of the queue, the cursor of the next one, and how many there are.

    `total` wait in all, `matching` of them pass the filters, `late` of all are over their target. Of each no
    more than one over `MOST_COUNTED` are counted, so that a long queue opens as fast as a short one.
    """

    stories: list[Waiting]
    next: str | None
    total: int
    matching: int
    late: int


def page(account: Account, asked: Filters | None = None, cursor: str | None = None) -> Page:
    """A screen of what waits and passes the filters. Raises InvalidInput for a filter or cursor not of ours.

    What somebody has decided about is out of the queue at once, also while the decision waits.
    """
    asked = asked or Filters()
    found = list(_rows(account, asked, cursor))
    total = _counted(Story.select().where(in_queue()))
    aims = targets.current()
    late = sum(_counted(Story.select().where(aims.is_late_of(urgency))) for urgency in Urgency)
    return Page(
        stories=_described([row[-1] for row in found[:PAGE]], account, aims),
        next=_cursor(found[PAGE - 1], asked) if len(found) > PAGE else None,
        total=total,
        matching=_counted(_waiting(account, asked)) if asked.given() else total,
        late=min(late, MOST_COUNTED + 1),
    )


def every(account: Account, asked: Filters) -> Iterable[Waiting]:
    """All that waits and passes the filters, in order, some at a time: for a list to take away."""
    cursor: str | None = None
    while True:
        found = list(_rows(account, asked, cursor))
        yield from _described([row[-1] for row in found[:PAGE]], account, targets.current())
        if len(found) <= PAGE:
            return
        cursor = _cursor(found[PAGE - 1], asked)


def next_to_read(account: Account, asked: Filters) -> Story | None:
    """The story to go on with after another: the first that nobody is reading; None when none is left.

    What came in meanwhile may be first. What one left undecided a moment ago comes after all others; what
    somebody else reads is theirs, and so is what is about an organisation that one has a role at.
    """
    own = [held.organisation_id for held in account.memberships if held.organisation_id is not None]
    read = reading.now_reading().select(Reading.story)
    free = _waiting(account, asked).where(Story.id.not_in(read.where(Reading.account != account)))
    if own:
        about = StoryService.select(StoryService.story).join(Service).where(Service.organisation.in_(own))
        free = free.where(Story.id.not_in(about))
    in_order = free.order_by(*_ORDER)
    found: Story | None = in_order.where(Story.id.not_in(read)).first() or in_order.first()
    return found


def beside(story: Story, account: Account, asked: Filters, *, after: bool) -> Story | None:
    """The story that follows one in the queue, or (not `after`) stands before it; None at an end.

    Beside a story that waits no more, the queue begins.
    """
    found: Story | None = _beside(story, account, asked, after=after).first()
    return found


def replies() -> list[Reply]:
    """Replies that wait for a moderator, the longest waiting first; at most `OTHERS`."""
    query = (
        Reply.select(Reply, Service, Story)
        .join(Service)
        .switch(Reply)
        .join(Story)
        .where(Reply.state == ReplyState.SUBMITTED.value)
        .order_by(Reply.written_at, Reply.id)
        .limit(OTHERS)
    )
    return list(query)


def answers_back() -> list[AnswerBack]:
    """What authors answered to replies, still to be read, the longest waiting first; at most `OTHERS`."""
    return answering_back.waiting(OTHERS)


def changes() -> list[ChangeClaim]:
    """What services say they change, still to be read, the longest waiting first; at most `OTHERS`."""
    waiting = in_full().where(ChangeClaim.review == Review.WAITING.value)
    return list(waiting.order_by(ChangeClaim.written_at, ChangeClaim.id).limit(OTHERS))


def _waiting(account: Account, asked: Filters, at: Any = None) -> Any:
    """What waits and passes the filters; `at` is a condition on places in the queue, if not all are meant."""
    stories = filters.narrow(Story.select().where(in_queue() if at is None else at), asked, account)
    if asked.urgency:
        # The same in places of the queue, which its index finds.
        stories = stories.where(Story.queue_rank <= ranks_of(Urgency(int(asked.urgency)))[-1])
    return stories


def _counted(stories: Any) -> int:
    """How many these are, counted until they are more than is worth telling."""
    count: int = stories.select(peewee.SQL("1")).limit(MOST_COUNTED + 1).count()
    return count


def _described(ids: list[int], account: Account, aims: Targets) -> list[Waiting]:
    """The stories of these ids in their order, with all that is shown of them: some queries for all."""
    stories = {story.id: story for story in Story.select().where(Story.id.in_(ids))}
    versions, about, marked = latest_versions(ids), services_of(ids), _marked(ids)
    reading_now, names = reading.readers(ids, besides=account), _names(stories.values())
    return [
        Waiting(
            story=story,
            version=versions[story.id],
            services=[service.name for service in about.get(story.id, [])],
            found=marked.get(story.id, {}),
            due=(due := aims.due(story.urgency, story.waits_since)),
            late=due < clock.now(),
            readers=reading_now.get(story.id, []),
            assigned=names.get(story.assigned_to_id, ""),
        )
        for story in (stories[number] for number in ids if number in stories)
    ]


def _marked(ids: list[int]) -> dict[int, dict[str, int]]:
    """How many findings of each kind stand in the latest version, by story id."""
    rows = (
        StoryFinding.select(StoryVersion.story, StoryFinding.kind, fn.COUNT(StoryFinding.id))
        .join(StoryVersion)
        .where(StoryVersion.story.in_(ids), is_latest(), StoryFinding.dismissed_at.is_null())
        .group_by(StoryVersion.story, StoryFinding.kind)
    )
    found: dict[int, dict[str, int]] = {}
    for story_id, kind, count in rows.tuples():
        found.setdefault(story_id, {})[kind] = count
    return found


def _names(stories: Iterable[Story]) -> dict[int | None, str]:
    ids = {story.assigned_to_id for story in stories}
    return {account.id: account.name for account in Account.select().where(Account.id.in_(ids))}


def _cursor(row: tuple[Any, ...], asked: Filters) -> str:
    rank, since, number = row
    return pagination.encode({"of": _mark(asked), "after": [rank, _MOMENT.db_value(since), number]})


def _beside(story: Story, account: Account, asked: Filters, *, after: bool) -> Any:
    if story.queue_rank is None:
        return _waiting(account, asked).order_by(*_ORDER).limit(1)
    # Compared as the columns hold it, so that a moment read and written again is the same. What waits for
    # nobody has no place to be compared with.
    here = peewee.Tuple(story.queue_rank, _MOMENT.db_value(story.waits_since), story.id)
    if after:
        return _waiting(account, asked, peewee.Tuple(*_ORDER) > here).order_by(*_ORDER).limit(1)
    backwards = [column.desc() for column in _ORDER]
    return _waiting(account, asked, peewee.Tuple(*_ORDER) < here).order_by(*backwards).limit(1)


def _rows(account: Account, asked: Filters, cursor: str | None) -> Any:
    """A query of what a page is ordered by, for its stories and one more."""
    waiting = _waiting(account, asked, _behind(cursor, asked) if cursor else None)
    return waiting.select(*_ORDER).order_by(*_ORDER).limit(PAGE + 1).tuples()


def _behind(cursor: str, asked: Filters) -> Any:
    """The condition to follow where the page before ended. Nothing in a cursor is taken on trust."""
    match pagination.decode(cursor):
        case {"of": of, "after": [int(rank), str(since), int(number)]} if of == _mark(asked):
            return peewee.Tuple(*_ORDER) > peewee.Tuple(*_place(rank, since, number))
        case {"of": int()}:
            raise pagination.of_another_list()
    raise pagination.broken()


def _place(rank: int, since: str, number: int) -> tuple[int, str | None, int]:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise pagination.broken() from error
    if moment.tzinfo is None or not (0 <= rank < 100 and 0 <= number < 2**31):
        raise pagination.broken()
    return rank, _MOMENT.db_value(moment), number


def _mark(asked: Filters) -> int:
    """A short mark of a list, by which a cursor of another is known."""
    return crc32(repr(sorted(asked.given().items())).encode())
