"""By when the next thing is to be done in a case: in working time, or as a law counts it."""

from datetime import UTC, date, datetime, time, timedelta

from tellback.moderation import targets
from tellback.moderation.case_paths import ByLaw, Limit
from tellback.moderation.targets import Target
from tellback.rota import hours
from tellback.rota.hours import ZONE, local_day

_A_DAY = timedelta(days=1)
_LAW = timedelta(hours=48)
_SATURDAY = 5
# Days after the one on which a notice went to its author: the last on which they can answer.
_DAYS_TO_ANSWER = 5


def due(limit: Limit, since: datetime) -> datetime:
    """The last moment for what a limit allows time for since then, when somebody is at the desk.

    What the law gives an author to answer is left to them whole: then its next 48 hours run.
    """
    if isinstance(limit, Target):
        return targets.current().within(limit, since)
    if limit == ByLaw.FIFTH_DAY:
        since = _midnight(last_day_to_answer(since) + _A_DAY)
    return _while_staffed(_forty_eight_hours(since), since)


def last_day_to_answer(asked_at: datetime) -> date:
    """The last day on which the law lets an author answer a notice that they were sent at this moment."""
    return local_day(asked_at) + _DAYS_TO_ANSWER * _A_DAY


def _forty_eight_hours(since: datetime) -> datetime:
    """48 hours later, with Saturdays and Sundays left out.

    The law leaves bank holidays out too; where we count them, it is only sooner than it asks.
    """
    at, left = since, _LAW
    while True:
        day = local_day(at)
        ends = _midnight(day + _A_DAY)
        if day.weekday() < _SATURDAY:
            if ends - at >= left:
                return at + left
            left -= ends - at
        at = ends


def _while_staffed(moment: datetime, since: datetime) -> datetime:
    """The moment, or when the desk closes before it; the moment all the same, where nobody comes before."""
    for opens, closes in hours.current().windows(local_day(moment), -1):
        if opens < moment:
            staffed = min(closes, moment)
            return staffed if staffed > since else moment
    return moment


def _midnight(day: date) -> datetime:
    """When a day begins at the desk."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
