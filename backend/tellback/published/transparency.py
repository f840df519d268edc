"""What became of all stories ever told, also of those that nobody can read: counted from the public ledger.

So anyone can count it again for the whole installation. Which service a story is about stands in no entry, so
those numbers of one service are ours alone to give.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from statistics import median
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


def transparency(service: Service | None) -> dict[str, Any]:
    """What became of the stories told of a service and those below it, else of all that were told here.

    `told` is the sum of the six outcomes; days are those of the ledger. The same few queries, however many
    stories, and those that count only once the ledger has grown.
    """
    last = ledger.newest()
    ended, waits = _counted(last.hash if last else "", tuple(sorted(below(service))) if service else None)
    outcomes = dict.fromkeys(_OUTCOMES.values(), 0)
    for end in ended:
        outcomes[_OUTCOMES[Step(end.step)]] += end.stories
    told = sum(outcomes.values())
    waiting_since = min((end.first_day for end in ended if end.step == Step.RECEIVED), default=None)
    withheld = service is not None and 0 < outcomes["rejected"] < FEWEST_BY_REASON
    return {
        "told": told,
        **outcomes,
        "few": told < FEW,
        "rejected_by_reason": None if withheld else _by_reason(ended, Step.REJECTED, REJECTED),
        "removed_by_reason": _by_reason(ended, Step.REMOVED, {**REMOVED, AGED: AGED_TEXT}),
        "ever_published": waits.total(),
        "median_days_to_publish": median(waits.elements()) if waits else None,
        "longest_waiting_days": _days(waiting_since, clock.today().isoformat()) if waiting_since else None,
    }


# The last hash stands for all entries before it, so what was counted at it holds until another is the last.
@lru_cache(maxsize=256)
def _counted(_last: str, family: tuple[int, ...] | None) -> tuple[list[Any], Counter[int]]:
    return _ended(family), _waits(family)


def _ended(family: tuple[int, ...] | None) -> list[Any]:
    """The last steps that stories took, by reason: how many `stories`, and the `first_day` of any of them."""
    last = _of(family, _standing()).group_by(LedgerEntry.story)
    query = (
        LedgerEntry.select(
            LedgerEntry.step,
            LedgerEntry.reason,
            fn.COUNT(LedgerEntry.number).alias("stories"),
            fn.MIN(LedgerEntry.day).alias("first_day"),
        )
        .where(LedgerEntry.number.in_(last))
        .group_by(LedgerEntry.step, LedgerEntry.reason)
    )
    return list(query.objects())


def _standing() -> Any:
    """The number of the entry by which a story stands where it stands, over a story's entries.

    The last; but one that is published stays so, whatever becomes of what its author tells otherwise.
    """
    shown, ended = (
        fn.COALESCE(fn.MAX(Case(None, [(LedgerEntry.step.in_(steps), LedgerEntry.number)])), 0)
        for steps in (_SHOWN, _ENDED)
    )
    return Case(None, [(shown > ended, shown)], fn.MAX(LedgerEntry.number))


def _waits(family: tuple[int, ...] | None) -> Counter[int]:
    """How many stories waited how many days from being received to being published first."""
    told, shown = (
        fn.MIN(Case(None, [(LedgerEntry.step == step.value, LedgerEntry.day)]))
        for step in (Step.RECEIVED, Step.PUBLISHED)
    )
    stories = (
        _of(family, told.alias("told"), shown.alias("shown"))
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


def _of(family: tuple[int, ...] | None, *columns: Any) -> "peewee.ModelSelect[LedgerEntry]":
    """A query of the entries of stories about these services (ids); of all, for None."""
    # That words went by their age changes nothing of what became of a story.
    query: peewee.ModelSelect[LedgerEntry] = LedgerEntry.select(*columns).where(
        LedgerEntry.step != Step.AGED.value
    )
    if family is None:
        return query
    told = Story.select(Story.public_id).join(StoryService).where(StoryService.service.in_(family))
    return query.where(LedgerEntry.story.in_(told))


def _by_reason(ended: list[Any], step: Step, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The stories that ended by this step, by reason, the most frequent first."""
    found = sorted((end for end in ended if end.step == step), key=lambda end: (-end.stories, end.reason))
    return [
        {
            "reason": end.reason,
            "reason_text": texts.get(end.reason, say("For another reason.")),
            "stories": end.stories,
        }
        for end in found
    ]


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
