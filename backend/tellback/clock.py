"""The one source of time, so that a test can pin it."""

from datetime import UTC, date, datetime

_pinned: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _pinned or datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def pin(moment: datetime | None) -> None:
    """Hold the clock at an aware moment (tests only); `None` lets it run again.

    Raises ValueError for a moment without a time zone.
    """
    global _pinned
    if moment is not None and moment.tzinfo is None:
        raise ValueError("pin() needs an aware datetime")
    _pinned = moment
