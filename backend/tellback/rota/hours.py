"""When the desk is staffed: hours of each weekday in the desk's own time, and days on which it is closed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.rota.models import ClosedDay, StaffedHours

# The four nations whose services are told about share one clock.
ZONE = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Until an installation says otherwise.
USUAL = {weekday: (time(9), time(17)) for weekday in range(5)}
# Days after which a search for staffed hours gives up.
LONGEST_CLOSURE = 400
MOST_CLOSED_DAYS = 200
LONGEST_NAME = 60

Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """Opening and closing by weekday (0 is Monday), and the days that are left out."""

    week: Mapping[int, tuple[time, time]]
    closed: frozenset[date]

    def window(self, day: date) -> Window | None:
        """From when until when (UTC) the desk is staffed on a day; None for a day on which nobody reads."""
        if day in self.closed or day.weekday() not in self.week:
            return None
        opens, closes = self.week[day.weekday()]
        return _at(day, opens), _at(day, closes)

    def windows(self, day: date, step: int = 1) -> Iterator[Window]:
        """The staffed hours from a day on, in order; with `step` -1 from that day back, the last first."""
        for n in range(LONGEST_CLOSURE):
            if window := self.window(day + timedelta(days=n * step)):
                yield window

    def staffed(self, moment: datetime) -> bool:
        """Whether somebody reads at this moment."""
        window = self.window(local_day(moment))
        return window is not None and window[0] <= moment < window[1]

    def next_opening(self, moment: datetime) -> datetime | None:
        """When somebody begins to read after this moment (UTC); None when that is over a year away."""
        return next((opens for opens, _ in self.windows(local_day(moment)) if opens > moment), None)


def current() -> Hours:
    """The hours as they are kept now."""
    week = {
        row.weekday: (time.fromisoformat(row.opens), time.fromisoformat(row.closes))
        for row in StaffedHours.select()
    }
    closed = frozenset(date.fromisoformat(row.day) for row in ClosedDay.select())
    return Hours(week or USUAL, closed)


def closed_days() -> list[ClosedDay]:
    """The closed days from today on, the next first."""
    today = local_day(clock.now()).isoformat()
    return list(ClosedDay.select().where(ClosedDay.day >= today).order_by(ClosedDay.day))


def keep(week: Mapping[int, tuple[str, str]], closed: Mapping[str, str], *, by: Account) -> None:
    """Say when the desk is staffed: ("09:00", "17:00") by weekday; closed days as "2026-12-25": "Christmas".

    A weekday left out, or with two empty times, is not staffed. Days that are past stay as they are.
    Raises NotAllowed, and InvalidInput naming `hours` or `closed`.
    """
    require(by, Action.KEEP_ROTA)
    hours = {weekday: _opening(weekday, *given) for weekday, given in week.items() if any(given)}
    if not hours:
        raise InvalidInput(errors={"hours": ["Somebody must read on one day of the week at least."]})
    days = {_day(day): _called(name) for day, name in closed.items()}
    if len(days) > MOST_CLOSED_DAYS:
        raise InvalidInput(errors={"closed": [f"Keep it to {MOST_CLOSED_DAYS} closed days."]})
    today = local_day(clock.now()).isoformat()
    with transaction():
        StaffedHours.delete().execute()
        StaffedHours.insert_many(
            [{"weekday": weekday, "opens": o, "closes": c} for weekday, (o, c) in sorted(hours.items())]
        ).execute()
        ClosedDay.delete().where(ClosedDay.day >= today).execute()
        coming = [{"day": day, "name": name} for day, name in days.items() if day >= today]
        if coming:
            ClosedDay.insert_many(coming).execute()
        acts.record(
            acts.Act.HOURS_CHANGED,
            acts.staff(by.id),
            "rota",
            "hours",
            hours={WEEKDAYS[weekday]: f"{o}-{c}" for weekday, (o, c) in sorted(hours.items())},
            closed=sorted(days),
        )


def local_day(moment: datetime) -> date:
    """The day that it is at the desk."""
    return moment.astimezone(ZONE).date()


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE).astimezone(UTC)


def _opening(weekday: int, opens: str, closes: str) -> tuple[str, str]:
    try:
        first, last = time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        raise _wrong_hours(weekday, "write both times like 09:00 and 17:00.") from None
    if first >= last:
        raise _wrong_hours(weekday, "it must close after it opens.")
    return first.strftime("%H:%M"), last.strftime("%H:%M")


def _wrong_hours(weekday: int, sentence: str) -> InvalidInput:
    return InvalidInput(errors={"hours": [f"{WEEKDAYS[weekday]}: {sentence}"]})


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        sentence = f"Write each closed day like 2026-12-25 Christmas Day; we could not read {text[:40]}."
        raise InvalidInput(errors={"closed": [sentence]}) from None


def _called(name: str) -> str:
    if len(name.strip()) > LONGEST_NAME:
        raise InvalidInput(
            errors={"closed": [f"Keep the name of a closed day to {LONGEST_NAME} characters."]}
        )
    return name.strip()
