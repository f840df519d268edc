"""A text made plain for the patterns: straight quotes, plain spaces and hyphens, ASCII digits, lower case.

Each character becomes one character, so that a place in the plain text is a place in the text; only
characters that cannot be seen are left out, and then `places` leads back. Beside it the text as it would be
said aloud: "wanna diiie" is "want to die".
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from string import digits

from tellback.screening.rulebook import FOLD, SAID_AS, SKIP, ZEROS

_PLAIN: dict[int, str] = {ord(strange): plain for plain, many in FOLD.items() for strange in many} | {
    ord(zero) + n: str(n) for zero in ZEROS for n in range(10)
}
_LOWER = {n: chr(n + 32) for n in range(ord("A"), ord("Z") + 1)}
_SKIP = dict.fromkeys(map(ord, SKIP))
_UNSEEN = re.compile(f"[{SKIP}]")
_WORD = re.compile("[a-z0-9']+(?:[*@$!][a-z0-9']+)*")
_PART = re.compile("[a-z]+|[0-9]+")
# Of "Siân" a word of English letters is two.
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")

NUMBER = "<digits>"
"""The word of `Reading.places_of` under which every number stands."""


@dataclass(frozen=True)
class Reading:
    """A text that patterns are tried on, and the place of each of its characters in the plain text."""

    text: str
    places: Sequence[int]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends."""
        return [match.span() for match in _SENTENCE.finditer(self.text)]

    @cached_property
    def sentence_starts(self) -> list[int]:
        """Where each sentence begins."""
        return [start for start, _ in self.sentences]

    @cached_property
    def words(self) -> list[tuple[str, int]]:
        """Each word and where it begins, in their order."""
        return [(match[0], match.start()) for match in _WORD.finditer(self.text)]

    @cached_property
    def places_of(self) -> dict[str, list[int]]:
        """Where each word begins, and each run of letters or digits in it: of "sheena's" also "sheena"."""
        found: dict[str, list[int]] = {}
        for word, place in self.words:
            found.setdefault(word, []).append(place)
            if word.isalpha():
                continue
            # Of "'can't" in quotation marks also "can't".
            parts = [(match[0], match.start()) for match in _PART.finditer(word)]
            parts.append((bare := word.strip("'"), word.find(bare)))
            for part, start in parts:
                if part != word:
                    found.setdefault(part, []).append(place + start)
                if part[:1].isdigit():
                    found.setdefault(NUMBER, []).append(place + start)
        if not self.text.isascii():
            for match in _LETTERS.finditer(self.text):
                if not match[0].isascii():
                    found.setdefault(match[0], []).append(match.start())
        return found

    def word_places(self, words: frozenset[str]) -> list[int]:
        """Where any of `words` begins, in the order of the text."""
        places_of = self.places_of
        # A pattern may have thousands of words (first names), and so may a text: the fewer are looked up.
        if len(words) > len(places_of):
            words = words.intersection(places_of)
        return sorted({place for word in words if word in places_of for place in places_of[word]})


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
        return Reading(self.lower, range(len(self.lower)))

    @cached_property
    def words(self) -> Set[str]:
        """The words of the text as written and as said."""
        if self.as_said is self.as_written:
            return self.as_written.places_of.keys()
        return self.as_written.places_of.keys() | self.as_said.places_of.keys()

    @cached_property
    def as_said(self) -> Reading:
        """The lower-case text with misspelt, drawn-out and text-speak words as they are said."""
        pieces: list[str] = []
        places: list[int] = []
        at = 0
        for word, start in self.as_written.words:
            said = _said(word)
            if said == word:
                continue
            end = start + len(word)
            pieces += [self.lower[at:start], said]
            places += range(at, start)
            # What is said instead stands where the word stands, the last character at its end.
            places += [min(start + n, end - 1) for n in range(len(said) - 1)] + [end - 1]
            at = end
        if not pieces:
            return self.as_written
        places += range(at, len(self.lower))
        return Reading("".join([*pieces, self.lower[at:]]), places)


@lru_cache(maxsize=20_000)
def _said(word: str) -> str:
    short = _DRAWN_OUT.sub(r"\1", word)
    return SAID_AS.get(word) or SAID_AS.get(short, short)


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
    return Folded(plain, lower, sum(map(lower.count, digits)), places)
