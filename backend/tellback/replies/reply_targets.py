"""Within how many working days an organisation means to answer a story, and how many have gone by."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from tellback.organisations.models import Organisation
from tellback.rota import hours

# Where an organisation has not said.
USUAL_DAYS = 7
_SATURDAY = 5


def days_of(organisation: Organisation) -> int:
    """The target of an organisation, in working days."""
    days: int = organisation.reply_days or USUAL_DAYS
    return days


def working_days_since(moment: datetime, today: date, closed: Collection[date]) -> int:
    """Whole working days (Monday to Friday, closed days left out) after the day of a moment, up to today."""
    day = hours.local_day(moment)
    days = (day + timedelta(days=n) for n in range(1, (today - day).days + 1))
    return sum(one.weekday() < _SATURDAY and one not in closed for one in days)
