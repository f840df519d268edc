"""When a change is planned for or was made, and where it can be seen: what can be wrong with either."""

import re
from datetime import date
from urllib.parse import urlsplit

from tellback import clock

# A date further away than this is a slip of the keyboard.
_MOST_YEARS_AWAY = 10
_MONTH_OR_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


def wrong_with_date(on: str | None, state: str | None) -> str | None:
    """What to say of a month or day that a change is `planned` for or was `made` on, when it cannot be."""
    if not on:
        return "Say when: the month is enough."
    found = _MONTH_OR_DAY.fullmatch(on)
    try:
        date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else date(0, 0, 0)
    except ValueError:
        return "There is no such date. Write it like 15 1 2027, or leave out the day."
    if abs(int(on[:4]) - clock.today().year) > _MOST_YEARS_AWAY:
        return "Check the year."
    if state == "planned" and is_over(on):
        return "That is over. Say when it is planned for, or that it was made."
    if state == "made" and on > _today(on):
        return "That is still to come. Say when it was made, or that it is planned."
    return None


def is_over(on: str) -> bool:
    """Whether a month or day is past."""
    return on < _today(on)


def is_public_address(address: str) -> bool:
    """Whether this is an https address of a named host: shown as a link to everyone, fetched by nobody."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        plain = parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError:
        return False
    readable = not re.search(r"[\s\"<>\\^`{|}]", address)
    return parts.scheme == "https" and plain and readable and bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+", host))


def _today(on: str) -> str:
    """Today as a day or a month, as `on` is one; such texts of one length order as their dates do."""
    return clock.today().isoformat()[: len(on)]
