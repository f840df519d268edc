"""Times that rules are made of, and how they are said."""

from datetime import timedelta

MONTH = timedelta(days=30)
YEAR = timedelta(days=365)


def said(span: timedelta) -> str:
    """A span in its largest whole unit: "12 months", "2 years", "14 days", "15 minutes"."""
    days = span.days
    for unit, length in (("year", YEAR.days), ("month", MONTH.days), ("day", 1)):
        if days >= length and days % length == 0:
            count = days // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{int(span.total_seconds()) // 60} minutes"
