"""Keyset cursors: where a list goes on, as opaque text."""

import base64
import binascii
import json
from typing import Any

from tellback.errors import InvalidInput


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


def broken() -> InvalidInput:
    """The problem of a cursor that leads nowhere."""
    return InvalidInput(
        "Leave the cursor out to start at the beginning.",
        errors={"cursor": ["This cursor is not one of ours."]},
    )
