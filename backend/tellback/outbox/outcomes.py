"""How a try at sending can end, and what staff read of it."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a try ended."""

    SENT = "sent"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    BUSY = "busy"
    NOT_ALLOWED = "not_allowed"
    ADDRESS_REFUSED = "address_refused"
    LETTER_REFUSED = "letter_refused"
    ANSWERED_WRONG = "answered_wrong"
    GONE = "gone"
    NOT_PUBLIC = "not_public"
    NOBODY = "nobody"
    UNSAFE = "unsafe"
    BROKEN = "broken"


# To try again would end the same way.
FINAL = frozenset(
    {Outcome.ADDRESS_REFUSED, Outcome.LETTER_REFUSED, Outcome.GONE, Outcome.NOBODY, Outcome.UNSAFE}
)
# The server takes nothing from us just now, whatever we send it.
AWAY = frozenset(
    {
        Outcome.UNREACHABLE,
        Outcome.TOO_SLOW,
        Outcome.NOT_ALLOWED,
        Outcome.NOT_PUBLIC,
        Outcome.ANSWERED_WRONG,
        Outcome.GONE,
    }
)


@dataclass(frozen=True)
class Tried:
    """One try: how it ended, in a sentence for staff, and the server's number for it (SMTP or HTTP).

    `said` holds no address and none of the server's own words, which may quote one.
    """

    outcome: Outcome
    said: str = ""
    status: int | None = None
