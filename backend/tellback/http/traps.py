"""Two traps for machines that fill in forms: a field that nobody sees, and the moment when a form was opened.

Neither refuses anybody. What steps into one is kept like everything else, and marked for those who read it: a
browser may fill in what its owner never saw, and who pastes a text written before is quick. The moment stands
in the form itself, signed, so nothing is kept of a form that was opened, and it holds without JavaScript,
over a restart, among many processes, and in a page that came back from the browser's memory days later.
"""

import hmac
from dataclasses import dataclass
from typing import Any

from flask import current_app
from marshmallow import Schema, fields

from tellback import clock

# Seconds in which nobody reads a form, answers it and sends it. A story takes a box of text, two choices, and
# a second page; a report one choice; a request to take a story down a name, an address and a text.
LEAST = {"story": 5, "report": 2, "removal": 4}
# Seconds for which a form's moment says anything: a browser brings back a tab after weeks.
LONGEST = 30 * 24 * 3600

# What is said of a write that stepped into a trap: ids of rules of the rule book (`screening/rules.json`).
FILLED, TOO_SOON, NO_PROOF = "filled_unseen", "sent_too_soon", "sent_without_proof"


class GuardedSchema(Schema):
    """What a form sends besides its answers; all of it may be absent."""

    # A name that machines like, and no browser or keeper of passwords has anything for.
    subject = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "Leave it out: only machines fill it in, and what they send is marked."},
    )
    opened = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "When a form of ours was opened, as that form says it."},
    )
    proof = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "The solved challenge of a `proof-needed` answer, in Base64."},
    )


@dataclass(frozen=True)
class Sent:
    """What came with a write: the rules that mark it, whether its form's moment holds, and a proof."""

    marks: tuple[str, ...]
    in_time: bool
    proof: str | None


def take(given: dict[str, Any], purpose: str) -> Sent:
    """Take the fields of GuardedSchema out of what it loaded. `purpose` is one of LEAST."""
    filled, opened, proof = (given.pop(name) for name in ("subject", "opened", "proof"))
    age = _age(opened, purpose)
    too_soon = age is not None and age < LEAST[purpose]
    marks = [rule for rule, is_so in ((FILLED, bool(filled)), (TOO_SOON, too_soon)) if is_so]
    return Sent(tuple(marks), age is not None and not too_soon, proof)


def stamp(purpose: str) -> str:
    """This moment, signed, for a form that is opened now."""
    return _signed(int(clock.now().timestamp()), purpose)


def keep(opened: str | None, purpose: str) -> str:
    """The moment that a form brought along, or this one where that says nothing."""
    return opened if opened and _age(opened, purpose) is not None else stamp(purpose)


def _age(opened: str | None, purpose: str) -> float | None:
    """Seconds since a form was opened; None where it does not say, or so long ago that it says nothing."""
    digits = (opened or "").partition(".")[0]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        return None
    if not hmac.compare_digest(_signed(int(digits), purpose).encode(), (opened or "").encode()):
        return None
    age = clock.now().timestamp() - int(digits)
    if age < 0:
        # This machine's clock was put back, or another one's is ahead: no sign of anything.
        return float(LEAST[purpose])
    return age if age <= LONGEST else None


def _signed(second: int, purpose: str) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    made = hmac.digest(secret.encode(), f"form opened:{purpose}:{second}".encode(), "sha256")
    return f"{second}.{made.hex()[:32]}"
