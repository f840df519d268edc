"""A text made plain for the patterns: straight quotes, plain spaces and hyphens, ASCII digits, lower case.

Each character becomes one character, so that a place in the plain text is a place in the text; only
characters that cannot be seen are left out, and then `places` leads back. Beside it the text as it would be
said aloud: "wanna diiie" is "want to die".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tellback.screening.rulebook import FOLD, SAID_AS, SKIP, ZEROS

_PLAIN: dict[int, str] = {ord(strange): plain for plain, many in FOLD.items() for strange in many} | {
    ord(zero) + n: str(n) for zero in ZEROS for n in range(10)
}
_LOWER = {n: chr(n + 32) for n in range(ord("A"), ord("Z") + 1)}
_SKIP = dict.fromkeys(map(ord, SKIP))
_UNSEEN = re.compile(f"[{SKIP}]")
_DIGIT = re.compile("[0-9]")
_WORD = re.compile("[a-z0-9']+(?:[*@$!][a-z0-9']+)*")
# Of "Siân" a word of English letters is two.
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")


@dataclass(frozen=True)
class Reading:
    """A text that patterns are tried on, its words, and the place of each character in the plain text."""

    text: str
    words: frozenset[str]
    places: Sequence[int]

    @cached_property
    def sentences(self) -> list[tuple[int, int, frozenset[str]]]:
        """Where each sentence begins and ends, and its words."""
        return [(*match.span(), _words(match[0])) for match in _SENTENCE.finditer(self.text)]

    def word_places(self, words: frozenset[str]) -> set[int]:
        """Where each of `words` stands; of "sheena's" also "sheena"."""
        return {place for word in words & self._places_of.keys() for place in self._places_of[word]}

    @cached_property
    def _places_of(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        patterns = (_WORD,) if self.text.isascii() else (_WORD, _LETTERS)
        for match in (match for pattern in patterns for match in pattern.finditer(self.text)):
            for word in {match[0], match[0].partition("'")[0]}:
                found.setdefault(word, []).append(match.start())
        return found


@dataclass(frozen=True)
class Folded:
    """A text to be screened: plain with its capitals, in lower case, and how many digits it has."""

    plain: str
    lower: str
    digits: int
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the plain text, of at least one character, into the span of the text as given."""
        return self.places[start], self.places[end - 1] + 1

    @cached_property
    def as_written(self) -> Reading:
        """The lower-case text."""
        return Reading(self.lower, _words(self.lower), range(len(self.lower)))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text as written and as said."""
        return self.as_written.words | self.as_said.words

    @cached_property
    def as_said(self) -> Reading:
        """The lower-case text with misspelt, drawn-out and text-speak words as they are said."""
        written = self.as_written
        if SAID_AS.keys().isdisjoint(written.words) and not _DRAWN_OUT.search(self.lower):
            return written
        pieces: list[str] = []
        places: list[int] = []
        at = 0
        for match in _WORD.finditer(self.lower):
            word = match[0]
            short = _DRAWN_OUT.sub(r"\1", word)
            said = SAID_AS.get(word) or SAID_AS.get(short, short)
            if said == word:
                continue
            start, end = match.span()
            pieces += [self.lower[at:start], said]
            places += range(at, start)
            # What is said instead stands where the word stands, the last character at its end.
            places += [min(start + n, end - 1) for n in range(len(said) - 1)] + [end - 1]
            at = end
        text = "".join([*pieces, self.lower[at:]])
        places += range(at, len(self.lower))
        return Reading(text, _words(text), places)


def _words(text: str) -> frozenset[str]:
    """The words of a text, and those before an apostrophe: of "sheena's" also "sheena"."""
    words = _WORD.findall(text)
    whole = words if text.isascii() else [*words, *_LETTERS.findall(text)]
    return frozenset(whole).union(word.partition("'")[0] for word in words if "'" in word)


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
