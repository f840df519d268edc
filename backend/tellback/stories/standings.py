"""How many stories told of a service stand how, by the public ledger: counted once, and kept.

Sums are kept as the ledger stood at one entry (`StandingMark`): of all stories, and of those told of each
service and those below it. Whoever reads them counts the stories that moved since, so telling writes nothing
here, and rounds take over what moved, some at a time. A story that comes to be about another service is taken
from the sums before and added after (`moving`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from peewee import EXCLUDED, chunked

from tellback.audit import ledger
from tellback.audit.ledger import Step
from tellback.audit.models import LedgerEntry
from tellback.db import database, is_postgresql, prepared, transaction
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.stories.models import StandingMark, StandingSum, Story, StoryService

# Among the sums that of all stories has this number.
ALL = 0
# What is counted besides the step by which a story stands: the day since which it waits, and the days that it
# waited from being received to being published first.
SINCE, WAITED = "since", "waited"
# Entries that rounds take over in one transaction; so few that nobody waits for long.
_AT_ONCE = 500
# Fewer are as well counted by whoever reads.
_WORTH_IT = 100
_VALUES = 500
# What is read of all sums; of the days since which stories wait the first is enough, and they may be many.
_KINDS = (*(step.value for step in Step), WAITED)
_SHOWN = (Step.PUBLISHED.value, Step.EDITED.value)
_ENDED = (Step.REMOVED.value, Step.PAUSED.value, Step.WITHDRAWN.value, Step.ERASED.value)
# That words went by their age changes nothing of what became of a story.
_COUNTS = LedgerEntry.step != Step.AGED.value

# What is counted and what it says: a step with its reason, `SINCE` with a day, `WAITED` with days.
Fact = tuple[str, str]
_Entry = tuple[int, str, str, str]

# The services that stories are about, and all above these.
_FAMILIES = """
WITH RECURSIVE family (story, service) AS (
    SELECT public_id, service_id FROM story JOIN story_service ON story_id = story.id WHERE public_id IN ({})
    UNION SELECT story, parent_id FROM family JOIN service ON id = family.service WHERE parent_id IS NOT NULL
)
SELECT story, service FROM family
"""


def of(service: Service | None) -> Counter[Fact]:
    """How many stories told of a service and those below it (None: all) stand how just now.

    Of the days since which some wait there is the first, and not each other.
    """
    while True:
        mark = _mark()
        found = _as_of(mark, service)
        # Rounds may have taken over more meanwhile; then what was read is of two moments.
        if _mark() == mark:
            return found


def keep_up(worth_it: int = _WORTH_IT) -> int:
    """Take over what moved since, where that is worth it; how many entries."""
    done = 0
    while True:
        last = ledger.newest()
        if last is None or last.number - _mark()[0] < (1 if done else worth_it):
            return done
        done += _take_over()


def count_anew() -> None:
    """Count all from the ledger, whatever the sums said."""
    with transaction():
        _hold()
        _forget()
    keep_up(1)


@contextmanager
def moving(stories: Iterable[str]) -> Iterator[None]:
    """Let stories (public ids) come to be about other services; in the caller's transaction."""
    number, those = _hold(), list(stories)
    _recount(those, number, -1)
    yield
    _recount(those, number, 1)


def told_of(services: Sequence[int]) -> list[str]:
    """The stories told of these services, whether published or not."""
    query = Story.select(Story.public_id).join(StoryService).where(StoryService.service.in_(services))
    return [number for (number,) in query.distinct().tuples()]


def _as_of(mark: tuple[int, str], service: Service | None) -> Counter[Fact]:
    number, found = mark[0] if mark[0] and _stands(*mark) else 0, Counter[Fact]()
    about = service.id if service else ALL
    if number:
        found.update({(what, said): stories for what, said, stories in _sums(about, *_KINDS)})
    for some in _moved_since(number, service):
        for entries in _entries(some).values():
            found.update(_facts(entries))
            found.subtract(_facts(_until(entries, number)))
    if number:
        # As many as moved may wait no more; the one after those does.
        fewer = sum(what == SINCE and stories < 0 for (what, _), stories in found.items())
        found.update({(SINCE, day): stories for day, stories in _days(about, SINCE, fewer + 1)})
    return +found


@prepared
def _there(number: Any, digest: Any) -> Any:
    same = (LedgerEntry.number == number, LedgerEntry.hash == digest)
    return LedgerEntry.select(LedgerEntry.number).where(*same).tuples()


def _stands(number: int, digest: str) -> bool:
    """Whether that entry is still there: a backup may have been brought back."""
    return bool(_there(number, digest))


@prepared
def _sums(service: Any, *what: Any) -> Any:
    columns = (StandingSum.what, StandingSum.said, StandingSum.stories)
    kept = StandingSum.select(*columns).where(StandingSum.service == service)
    return kept.where(StandingSum.what.in_(what)).tuples()


@prepared
def _days(service: Any, since: Any, most: Any) -> Any:
    """The first days since which stories of a service wait, and how many."""
    kept = StandingSum.select(StandingSum.said, StandingSum.stories)
    kept = kept.where(StandingSum.service == service, StandingSum.what == since)
    return kept.order_by(StandingSum.said).limit(most).tuples()


def _moved_since(number: int, service: Service | None) -> Iterator[Sequence[str]]:
    """The stories of a service that have entries behind this one, some at a time."""
    if service is not None and not number:
        yield from chunked(told_of(catalogue.below(service)), _VALUES)
        return
    moved = LedgerEntry.select(LedgerEntry.story).where(LedgerEntry.number > number)
    # Those behind a mark are few: SQLite would go along all of the ledger to name each of them once.
    rows = dict.fromkeys(moved.tuples()) if number else moved.distinct().tuples()
    family = set(catalogue.below(service)) if service else set()
    for some in chunked((story for (story,) in rows), _VALUES):
        if service is None:
            yield some
        else:
            about = Story.select(Story.public_id, StoryService.service).join(StoryService)
            told = about.where(Story.public_id.in_(some)).tuples()
            yield sorted({story for story, one in told if one in family})


def _entries(stories: Sequence[str]) -> dict[str, list[_Entry]]:
    """The entries of stories, each story's in their order."""
    columns = (LedgerEntry.story, LedgerEntry.number, LedgerEntry.day, LedgerEntry.step, LedgerEntry.reason)
    query = LedgerEntry.select(*columns).where(LedgerEntry.story.in_(stories), _COUNTS)
    found = defaultdict(list)
    for story, *entry in query.order_by(LedgerEntry.number).tuples():
        found[story].append(tuple(entry))
    return found


def _until(entries: list[_Entry], number: int) -> list[_Entry]:
    return [entry for entry in entries if entry[0] <= number]


def _facts(entries: list[_Entry]) -> Iterator[Fact]:
    """What is counted of a story, by its entries.

    It stands by its last; but one that is published stays so, whatever becomes of what its author tells
    otherwise.
    """
    if not entries:
        return
    shown, ended = (
        max((entry for entry in entries if entry[2] in steps), default=None) for steps in (_SHOWN, _ENDED)
    )
    standing = shown if shown and (ended is None or shown > ended) else entries[-1]
    _number, day, step, reason = standing
    yield step, reason
    if step == Step.RECEIVED:
        yield SINCE, day
    published = min((day for _, day, step, _ in entries if step == Step.PUBLISHED), default=None)
    if published:
        received = min((day for _, day, step, _ in entries if step == Step.RECEIVED), default=published)
        yield WAITED, str((date.fromisoformat(published) - date.fromisoformat(received)).days)


def _take_over() -> int:
    """Count on by some entries; how many."""
    with transaction():
        number = _hold()
        moved = LedgerEntry.select(LedgerEntry.story, LedgerEntry.number, LedgerEntry.hash).where(
            LedgerEntry.number > number
        )
        rows = list(moved.order_by(LedgerEntry.number).limit(_AT_ONCE).tuples())
        if not rows:
            return 0
        until, digest = rows[-1][1:]
        changed: Counter[tuple[int, str, str]] = Counter()
        for some in chunked(sorted({story for story, *_ in rows}), _VALUES):
            families = _families(some)
            for story, entries in _entries(some).items():
                facts = Counter(_facts(_until(entries, until)))
                facts.subtract(_facts(_until(entries, number)))
                for service in (ALL, *families[story]):
                    for fact, stories in facts.items():
                        changed[service, *fact] += stories
        _add(changed)
        StandingMark.update(number=until, hash=digest).execute()
        return len(rows)


def _recount(stories: Sequence[str], number: int, sign: int) -> None:
    """Add stories to the sums of their services as they stood at an entry, or take them from these."""
    changed: Counter[tuple[int, str, str]] = Counter()
    for some in chunked(stories, _VALUES):
        families = _families(some)
        for story, entries in _entries(some).items():
            for fact in _facts(_until(entries, number)):
                for service in families[story]:
                    changed[service, *fact] += sign
    _add(changed)


def _families(stories: Sequence[str]) -> dict[str, list[int]]:
    query = _FAMILIES.format(", ".join([database.param] * len(stories)))
    found = defaultdict(list)
    for story, service in database.execute_sql(query, list(stories)).fetchall():
        found[story].append(service)
    return found


def _add(changed: Counter[tuple[int, str, str]]) -> None:
    """Change sums by so many; what comes to nought goes, or each day of years would stay."""
    rows = [(*key, stories) for key, stories in sorted(changed.items()) if stories]
    key = [StandingSum.service, StandingSum.what, StandingSum.said]
    for some in chunked(rows, _VALUES):
        StandingSum.insert_many(some, fields=[*key, StandingSum.stories]).on_conflict(
            conflict_target=key, update={StandingSum.stories: StandingSum.stories + EXCLUDED.stories}
        ).execute()
        about = StandingSum.service.in_(sorted({row[0] for row in some}))
        StandingSum.delete().where(about, StandingSum.stories == 0).execute()


def _mark() -> tuple[int, str]:
    """Up to which entry is counted, and its hash."""
    return next(iter(_marks()), (0, ""))


@prepared
def _marks() -> Any:
    return StandingMark.select(StandingMark.number, StandingMark.hash).tuples()


def _hold() -> int:
    """Let nobody else change the sums until the transaction ends; up to which entry they count.

    Where that entry is not in the ledger any more, for a backup was brought back, all is counted anew.
    """
    StandingMark.insert(id=1, number=0, hash="").on_conflict_ignore().execute()
    query = StandingMark.select()
    if is_postgresql():
        # SQLite lets one writer in anyway.
        query = query.for_update()
    mark = query.get()
    if mark.number and not _stands(mark.number, mark.hash):
        _forget()
        return 0
    number: int = mark.number
    return number


def _forget() -> None:
    StandingSum.delete().execute()
    StandingMark.update(number=0, hash="").execute()
