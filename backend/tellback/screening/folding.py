"""A text made plain for the patterns: straight quotes, plain spaces and hyphens, ASCII digits, lower case.

Each character becomes one character, so that a place in the plain text is a place in the text; only
characters that cannot be seen are left out, and then `places` leads back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tellback.screening.rulebook import FOLD, SKIP, ZEROS

_PLAIN: dict[int, str] = {ord(strange): plain for plain, many in FOLD.items() for strange in many} | {
    ord(zero) + n: str(n) for zero in ZEROS for n in range(10)
}
_LOWER = {n: chr(n + 32) for n in range(ord("A"), ord("Z") + 1)}
_SKIP = dict.fromkeys(map(ord, SKIP))
_UNSEEN = re.compile(f"[{SKIP}]")
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text to be screened: plain with its capitals, in lower case, and how many digits it has."""

    plain: str
    lower: str
    digits: int
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the plain text, of at least one character, into the span of the text as given."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Make any text plain, also one with NULs or lone surrogates."""
    places: Sequence[int] = range(len(text))
    if text.isascii():
        plain = text
    elif _UNSEEN.search(text):
        places = [n for n, character in enumerate(text) if ord(character) not in _SKIP]
        plain = text.translate(_SKIP | _PLAIN)
    else:
        plain = text.translate(_PLAIN)
    # str.lower() is not used: it makes two characters of some ones, and places would shift.
    lower = plain.lower() if plain.isascii() else plain.translate(_LOWER)
    return Folded(plain, lower, len(_DIGIT.findall(lower)), places)
