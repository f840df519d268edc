"""By when a waiting story is to be read, and which are late: in staffed hours, or in working days.

A working day is counted from the day after the story came: who tells on Monday is read by Wednesday's end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import reduce
from itertools import islice
from operator import or_

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.rota import hours
from tellback.rota.hours import ZONE, Hours, local_day
from tellback.rota.models import ReadingTarget
from tellback.stories.models import Story
from tellback.stories.urgency import Urgency, ranks_of

_A_DAY = timedelta(days=1)
# Nobody promises to read a story after longer, in either unit.
LONGEST = 60


class Unit(StrEnum):
    """What a target is counted in."""

    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Target:
    """How long a story of some urgency may wait."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """The target as the desk says it: "within 2 working days"."""
        noun = "staffed hour" if self.unit == Unit.HOURS else "working day"
        return f"within {self.amount} {noun}{'' if self.amount == 1 else 's'}"


# What authors are promised (`own_story.STATE_WORDS`), and sooner where somebody may be in danger.
USUAL = {
    Urgency.NOW: Target(4, Unit.HOURS),
    Urgency.PERHAPS: Target(1, Unit.DAYS),
    Urgency.USUAL: Target(2, Unit.DAYS),
}


@dataclass(frozen=True)
class Targets:
    """The targets by urgency, and the hours they are counted in."""

    by_urgency: Mapping[Urgency, Target]
    hours: Hours

    def due(self, urgency: int, since: datetime) -> datetime:
        """The last moment for a story of this urgency that waits since then."""
        return self.within(self.by_urgency[Urgency(urgency)], since)

    def within(self, target: Target, since: datetime) -> datetime:
        """The last moment for what is to be done within a target that runs since then."""
        if target.unit == Unit.HOURS:
            return self._after_hours(since, timedelta(hours=target.amount))
        return self._end_of_days(local_day(since), target.amount)

    def late_before(self, urgency: int, moment: datetime) -> datetime:
        """What waits since before this is late at that moment: `due` from its other end, for a query."""
        target = self.by_urgency[Urgency(urgency)]
        if target.unit == Unit.HOURS:
            return self._before_hours(moment, timedelta(hours=target.amount))
        day = local_day(moment)
        while self._end_of_days(day - _A_DAY, target.amount) >= moment:
            day -= _A_DAY
        return datetime.combine(day, time(), ZONE).astimezone(UTC)

    def is_late(self) -> peewee.Expression:
        """The condition that a story waits longer than its target allows."""
        return reduce(or_, (self.is_late_of(urgency) for urgency in Urgency))

    def is_late_of(self, urgency: Urgency) -> peewee.Expression:
        """The condition that a story of this urgency does; it is looked up in the queue's index."""
        before = self.late_before(urgency, clock.now())
        return Story.queue_rank.in_(ranks_of(urgency)) & (Story.waits_since < before)

    def _end_of_days(self, day: date, count: int) -> datetime:
        closings = [closes for _, closes in islice(self.hours.windows(day + _A_DAY), count)]
        if len(closings) == count:
            return closings[-1]
        # Nobody reads for over a year: each day counts.
        return datetime.combine(day + count * _A_DAY, time(17), ZONE).astimezone(UTC)

    def _after_hours(self, since: datetime, left: timedelta) -> datetime:
        for opens, closes in self.hours.windows(local_day(since)):
            begun = max(opens, since)
            if begun < closes:
                if closes - begun >= left:
                    return begun + left
                left -= closes - begun
        return since + left

    def _before_hours(self, moment: datetime, left: timedelta) -> datetime:
        for opens, closes in self.hours.windows(local_day(moment), -1):
            until = min(closes, moment)
            if opens < until:
                if until - opens >= left:
                    return until - left
                left -= until - opens
        return moment - left


def keep(chosen: Mapping[int, tuple[int, str]], *, by: Account) -> None:
    """Say by when stories are to be read: an amount of "hours" or "days" for each urgency.

    Raises NotAllowed, and InvalidInput for an urgency that is missing or a time that cannot be held.
    """
    require(by, Action.KEEP_ROTA)
    if set(chosen) != set(Urgency) or not all(
        0 < amount <= LONGEST and unit in set(Unit) for amount, unit in chosen.values()
    ):
        raise InvalidInput(errors={"targets": [f"Write a number from 1 to {LONGEST} for each."]})
    rows = [{"urgency": int(u), "amount": amount, "unit": unit} for u, (amount, unit) in chosen.items()]
    with transaction():
        ReadingTarget.delete().execute()
        ReadingTarget.insert_many(rows).execute()
        said = {Urgency(u).name.lower(): str(Target(a, Unit(unit))) for u, (a, unit) in chosen.items()}
        acts.record(acts.Act.TARGETS_CHANGED, acts.staff(by.id), "rota", "targets", **said)


def current() -> Targets:
    """The targets and the hours as they are kept now."""
    kept = {Urgency(row.urgency): Target(row.amount, Unit(row.unit)) for row in ReadingTarget.select()}
    return Targets({**USUAL, **kept}, hours.current())
