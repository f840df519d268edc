"""Proofs of work as a program makes them, with ALTCHA's own library."""

import base64
import json
from typing import Any

import altcha

from tellback.http.limits import Limit, Per

# A story from one person is calm, a second one is not; the sixth is great pressure (`pressure.GREAT`).
TIGHT = (
    Limit("pressure", Per.PERSON, "1 per hour", "So that a test need not tell many."),
    Limit("pressure reports", Per.PERSON, "1 per hour", "Likewise."),
)


def solve(challenge: dict[str, Any]) -> str:
    """The proof that a challenge asks for, as it is sent."""
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    return str(altcha.Payload(asked, solution).to_base64())


def changed(proof: str, *path: str, to: Any) -> str:
    """A proof with one of its members changed."""
    told = json.loads(base64.b64decode(proof))
    inner = told
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = to
    return base64.b64encode(json.dumps(told).encode()).decode()
