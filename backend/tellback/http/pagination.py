"""Keyset cursors: where a list goes on, as opaque text."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from tellback.errors import InvalidInput
from tellback.translations.sentences import say


def encode(place: dict[str, Any]) -> str:
    """A place in an ordered list (JSON values only) as text that is safe in an address."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str) -> dict[str, Any]:
    """The place a cursor stands for; its values are the caller's to check.

    Raises InvalidInput for text that `encode` did not make.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        place = None
    if not isinstance(place, dict):
        raise broken()
    return place


def after(moment: datetime, number: int) -> str:
    """The cursor of what follows a row in a list by moment and id."""
    return encode({"at": moment.isoformat(), "id": number})


def moment_and_id(cursor: str) -> tuple[datetime, int]:
    """The row that a cursor made by `after` stands for. Raises InvalidInput for any other cursor."""
    place = decode(cursor)
    try:
        moment, number = datetime.fromisoformat(place["at"]), int(place["id"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise broken() from error
    # Beyond what a database counts, or without a zone, it is none of ours.
    if moment.tzinfo is None or not 0 <= number < 2**63:
        raise broken()
    return moment, number


def broken() -> InvalidInput:
    """The problem of a cursor that leads nowhere."""
    return InvalidInput(
        say("Leave the cursor out to start at the beginning."),
        errors={"cursor": [say("This cursor is not one of ours.")]},
    )


def of_another_list() -> InvalidInput:
    """The problem of a cursor that goes on in another list than the one that was asked for."""
    return InvalidInput(
        say("Leave the cursor out to start at the beginning."),
        errors={"cursor": [say("This cursor belongs to a list in another order, or with another filter.")]},
    )
