"""When a letter goes: at once, each morning or each Monday, and never in somebody's quiet hours.

All times of day are the desk's (`rota.hours.ZONE`).
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from tellback.alerts.models import Alert
from tellback.rota import hours

# As people begin to work.
MORNING = time(8)
MONDAY = 0


class Cadence(StrEnum):
    """How soon somebody hears."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


# The sooner first: of several alerts of one person that match, the first tells.
PROMPTNESS = list(Cadence)


def due(alert: Alert, moment: datetime) -> datetime:
    """When a letter about what happens at this moment is to go (UTC)."""
    local = moment.astimezone(hours.ZONE)
    if alert.cadence == Cadence.DAILY:
        local = _next_morning(local, every=1)
    elif alert.cadence == Cadence.WEEKLY:
        local = _next_morning(local, every=7)
    return _after_quiet(alert, local).astimezone(UTC)


def is_paused(alert: Alert, moment: datetime) -> bool:
    """Whether somebody is away and wants no letters for now."""
    return alert.paused_until is not None and hours.local_day(moment) < date.fromisoformat(alert.paused_until)


def _next_morning(local: datetime, *, every: int) -> datetime:
    """The next morning after a moment: of any day, or (every 7) of a Monday."""
    day = local.date()
    if every == 7:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    morning = datetime.combine(day, MORNING, hours.ZONE)
    return morning if morning > local else datetime.combine(day + timedelta(every), MORNING, hours.ZONE)


def _after_quiet(alert: Alert, local: datetime) -> datetime:
    if not (alert.quiet_from and alert.quiet_until):
        return local
    begins, ends = time.fromisoformat(alert.quiet_from), time.fromisoformat(alert.quiet_until)
    now, day = local.time(), local.date()
    if begins < ends:
        return datetime.combine(day, ends, hours.ZONE) if begins <= now < ends else local
    # Over midnight: they end on the day after they begin.
    if now >= begins:
        return datetime.combine(day + timedelta(1), ends, hours.ZONE)
    return datetime.combine(day, ends, hours.ZONE) if now < ends else local
