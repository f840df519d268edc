"""What became of all stories ever told, also of those that nobody can read: counted from the public ledger.

So anyone can count it again for the whole installation. Which service a story is about stands in no entry, so
those numbers of one service are ours alone to give.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Any

import peewee
from peewee import Case, fn

from tellback import clock
from tellback.audit import ledger
from tellback.audit.ledger import Step
from tellback.audit.models import LedgerEntry
from tellback.db import database
from tellback.moderation.reasons import AGED, AGED_TEXT, REJECTED, REMOVED
from tellback.organisations.catalogue import below
from tellback.organisations.models import Service
from tellback.stories.models import Story, StoryService
from tellback.translations.sentences import say

# Below this many stories, one more may change every number.
FEW = 20
# The reason why one of a few was not published could tell those who work at a service whose story it was. Of
# the whole installation the ledger shows each, with no service beside it.
FEWEST_BY_REASON = 5
# What became of a story, by its last step. A published one stays so while its author tells it otherwise.
_OUTCOMES = {
    Step.RECEIVED: "waiting",
    Step.PUBLISHED: "published",
    Step.EDITED: "published",
    Step.RETURNED: "returned",
    Step.REJECTED: "rejected",
    Step.REMOVED: "removed",
    # Whether it is shown again waits to be settled.
    Step.PAUSED: "waiting",
    Step.WITHDRAWN: "withdrawn",
    Step.ERASED: "withdrawn",
}

_SHOWN = (Step.PUBLISHED.value, Step.EDITED.value)
_ENDED = (Step.REMOVED.value, Step.PAUSED.value, Step.WITHDRAWN.value, Step.ERASED.value)


@dataclass(frozen=True)
class _Counts:
    """What became of stories, as the ledger says it up to its entry `number`.

    `ended` are stories by the step, its reason and its day by which they stand; `waits` are stories by the
    days from being received to being published first.
    """

    number: int
    hash: str
    ended: Counter[tuple[str, str, str]]
    waits: Counter[int]


# Of all stories, as they were counted last by this process.
_whole: _Counts | None = None


def transparency(service: Service | None) -> dict[str, Any]:
    """What became of the stories told of a service and those below it, else of all that were told here.

    `told` is the sum of the six outcomes; days are those of the ledger. The same few queries, however many
    stories, and those that count only once the ledger has grown.
    """
    last = ledger.newest()
    if last is None:
        counts = _Counts(0, "", Counter(), Counter())
    elif service is None:
        counts = _counted_on(last)
    else:
        counts = _counted(last.number, last.hash, tuple(sorted(below(service))))
    outcomes = dict.fromkeys(_OUTCOMES.values(), 0)
    for (step, _, _), stories in counts.ended.items():
        outcomes[_OUTCOMES[Step(step)]] += stories
    told = sum(outcomes.values())
    waiting_since = min((day for step, _, day in counts.ended if step == Step.RECEIVED), default=None)
    withheld = service is not None and 0 < outcomes["rejected"] < FEWEST_BY_REASON
    waits = counts.waits
    return {
        "told": told,
        **outcomes,
        "few": told < FEW,
        "rejected_by_reason": None if withheld else _by_reason(counts, Step.REJECTED, REJECTED),
        "removed_by_reason": _by_reason(counts, Step.REMOVED, {**REMOVED, AGED: AGED_TEXT}),
        "ever_published": waits.total(),
        "median_days_to_publish": _median(waits) if waits else None,
        "longest_waiting_days": _days(waiting_since, clock.today().isoformat()) if waiting_since else None,
    }


# The last hash stands for all entries before it, so what was counted at it holds until another is the last.
@lru_cache(maxsize=256)
def _counted(number: int, last: str, family: tuple[int, ...]) -> _Counts:
    told = Story.select(Story.public_id).join(StoryService).where(StoryService.service.in_(family))
    return _count(told, number, last)


def _counted_on(last: LedgerEntry) -> _Counts:
    """What became of all stories. Entries are only ever added: so only those that moved are counted again."""
    global _whole
    before = _whole
    if before is None or not _is_in_the_ledger(before):
        counts = _count(None, last.number, last.hash)
    elif before.number >= last.number:
        return before
    else:
        moved = LedgerEntry.select(LedgerEntry.story).where(
            LedgerEntry.number.between(before.number + 1, last.number)
        )
        was, now = _count(moved, before.number, before.hash), _count(moved, last.number, last.hash)
        ended, waits = before.ended - was.ended + now.ended, before.waits - was.waits + now.waits
        counts = _Counts(last.number, last.hash, ended, waits)
    _whole = counts
    return counts


def _is_in_the_ledger(counts: _Counts) -> bool:
    """Whether the entry to which they were counted is still there: a backup may have been brought back."""
    same = LedgerEntry.select().where(LedgerEntry.number == counts.number, LedgerEntry.hash == counts.hash)
    return same.exists()


def _count(stories: Any, number: int, last: str) -> _Counts:
    """Count to this entry what became of these stories: a query of public ids, or None for all."""
    entries = LedgerEntry.select().where(
        LedgerEntry.number <= number,
        # That words went by their age changes nothing of what became of a story.
        LedgerEntry.step != Step.AGED.value,
    )
    if stories is not None:
        entries = entries.where(LedgerEntry.story.in_(stories))
    return _Counts(number, last, _ended(entries), _waits(entries))


def _ended(entries: "peewee.ModelSelect[LedgerEntry]") -> Counter[tuple[str, str, str]]:
    """How many stories stand by which step, reason and day."""
    by = (LedgerEntry.step, LedgerEntry.reason, LedgerEntry.day)
    last = entries.select(_standing()).group_by(LedgerEntry.story)
    query = LedgerEntry.select(*by, fn.COUNT(LedgerEntry.number)).where(LedgerEntry.number.in_(last))
    return Counter({tuple(end): stories for *end, stories in query.group_by(*by).tuples()})


def _standing() -> Any:
    """The number of the entry by which a story stands where it stands, over a story's entries.

    The last; but one that is published stays so, whatever becomes of what its author tells otherwise.
    """
    shown, ended = (
        fn.COALESCE(fn.MAX(Case(None, [(LedgerEntry.step.in_(steps), LedgerEntry.number)])), 0)
        for steps in (_SHOWN, _ENDED)
    )
    return Case(None, [(shown > ended, shown)], fn.MAX(LedgerEntry.number))


def _waits(entries: "peewee.ModelSelect[LedgerEntry]") -> Counter[int]:
    """How many stories waited how many days from being received to being published first."""
    told, shown = (
        fn.MIN(Case(None, [(LedgerEntry.step == step.value, LedgerEntry.day)]))
        for step in (Step.RECEIVED, Step.PUBLISHED)
    )
    stories = (
        entries.select(told.alias("told"), shown.alias("shown"))
        .group_by(LedgerEntry.story)
        .having(shown.is_null(False))
        .alias("stories")
    )
    # Counted by the database for each pair of days: of those there are few, however many stories.
    pairs = (
        peewee.Select([stories], [stories.c.told, stories.c.shown, fn.COUNT(peewee.SQL("*"))])
        .group_by(stories.c.told, stories.c.shown)
        .bind(database)
    )
    waits: Counter[int] = Counter()
    for told_on, shown_on, count in pairs.tuples():
        waits[_days(told_on, shown_on)] += count
    return waits


def _median(counted: Counter[int]) -> float:
    """The median of so many of each number, of which there are far fewer than of stories."""
    numbers = sorted(counted)
    ends = list(accumulate(counted[number] for number in numbers))
    low, high = (numbers[bisect_right(ends, place)] for place in ((ends[-1] - 1) // 2, ends[-1] // 2))
    return low if low == high else (low + high) / 2


def _by_reason(counts: _Counts, step: Step, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The stories that ended by this step, by reason, the most frequent first."""
    found: Counter[str] = Counter()
    for (ended_by, reason, _), stories in counts.ended.items():
        if ended_by == step:
            found[reason] += stories
    return [
        {
            "reason": reason,
            "reason_text": texts.get(reason, say("For another reason.")),
            "stories": stories,
        }
        for reason, stories in sorted(found.items(), key=lambda end: (-end[1], end[0]))
    ]


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
