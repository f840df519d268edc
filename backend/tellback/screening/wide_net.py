"""The wide net: sentences that may be about suicide, self-harm or harm to somebody, by families of words.

Rules know phrases, and most who are in danger say it otherwise ("some nights I count the tablets"). Here each
word belongs to families (means, taking, fear, control, neglect …); which families stand near one another, and
near which words, is weighed, and the sum is compared with two thresholds; a few words raise an alarm alone.
The families were written by hand; the weights were learned (tests/screening/learning.py makes wide_net.json
anew). For the desk alone.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from math import fsum
from typing import Any

from tellback.screening.findings import DISTRESS, Certainty, Finding, marked
from tellback.screening.folding import Folded

RULE = "perhaps_in_danger"
"""The rule of the findings that the net alone makes."""

MOST_WORDS = 40
"""A longer sentence is read as several: whoever writes without full stops says more in one."""

FEWEST_WORDS = 3
"""Fewer words, as are left beside what a rule marked, say too little to be weighed."""

# Words apart: two families are near one another, a family is beside a word.
_NEAR = 6
_NEXT = 3
# Words of a stretch of a long sentence, and from one stretch to the next.
_STRETCH = 10
_STEP = 5
_BOOK: dict[str, Any] = json.loads(
    resources.files(__package__).joinpath("wide_net.json").read_text(encoding="utf-8")
)
_WEIGHTS: dict[str, float] = _BOOK["weights"]
_KNOWN = frozenset(_BOOK["words"].split())
_WHOLE: dict[str, set[str]] = {}
_BEGINNINGS: dict[str, set[str]] = {}
for _family in _BOOK["families"].values():
    for _word in _family["words"].split():
        (_BEGINNINGS if _word.endswith("*") else _WHOLE).setdefault(_word.rstrip("*"), set()).add(
            _family["sign"]
        )
_ALARMS = frozenset(word for word in _BOOK["alarms"].split() if not word.endswith("*"))
_ALARM_BEGINNINGS = frozenset(word[:-1] for word in _BOOK["alarms"].split() if word.endswith("*"))
_LENGTHS = range(min(map(len, _BEGINNINGS)), max(map(len, _BEGINNINGS)) + 1)

_WORD = re.compile(r"[a-z0-9$@]+(?:![a-z0-9$@]+)*(?:'[a-z]+)?|[.?!\n,;:]")
_SENTENCE_ENDS = frozenset(".?!\n")
_WITHIN = frozenset(",;:")
_DISGUISED = re.compile(r"[a-z][0-9!$@]+[a-z]|[0-9!$@][a-z]{2}")
_DISGUISES = str.maketrans("34015!$@", "eaoisisa")
_ENDINGS = ("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("es", ""), ("ly", ""), ("s", "")


def cast(folded: Folded, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield, in places of the folded text, sentences that may be about harm, without what `found` marks."""
    spans = [(finding.start, finding.end) for finding in found if finding.kind in DISTRESS]
    taken = marked(spans, len(folded.lower))
    places = folded.as_said.places
    for first, last, words in sentences(folded, taken):
        start, end = places[first], places[last - 1] + 1
        certainty = certainty_of(words)
        # Words that stand for several ("kms") may begin one sentence and end another.
        if certainty and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            yield Finding("crisis", RULE, start, end, certainty)


def sentences(folded: Folded, without: bytearray | None = None) -> Iterator[tuple[int, int, list[str]]]:
    """Yield where each sentence begins and ends in the text as it is said, and its words.

    What is marked in `without`, a byte for each place of the folded text, ends a sentence and is left out.
    """
    words: list[str] = []
    first = last = 0
    for match in _WORD.finditer(folded.as_said.text):
        word = match[0]
        left_out = without is not None and without[folded.as_said.places[match.start()]]
        if left_out or word in _SENTENCE_ENDS or len(words) >= MOST_WORDS:
            if words:
                yield first, last, words
            words = []
        if left_out or word in _SENTENCE_ENDS:
            continue
        if word in _WITHIN:
            words += [","] if words else []
            continue
        if not words:
            first = match.start()
        last = match.end()
        words.append(_plain(word))
    if words:
        yield first, last, words


def certainty_of(words: Sequence[str]) -> Certainty | None:
    """How sure it is that a sentence, or a stretch of it, speaks of harm; None when it does not seem to."""
    weight = max(weigh(part) for part in parts(words))
    if len(words) >= FEWEST_WORDS and weight >= _BOOK["likely"]:
        return "likely"
    heavy = len(words) >= FEWEST_WORDS and weight >= _BOOK["possible"]
    return "possible" if heavy or any(map(_alarms, words)) else None


def parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The sentence, and stretches of it: what comes after must not water down what was said."""
    yield words
    if len(words) > _STRETCH + _STEP:
        for place in range(0, len(words) - _STEP, _STEP):
            yield words[place : place + _STRETCH]


def weigh(words: Sequence[str]) -> float:
    """How much words speak of harm; `sentences` gives them."""
    weight = _WEIGHTS.get
    return float(_BOOK["bias"]) + fsum(weight(feature, 0.0) for feature in features(words, _KNOWN))


@lru_cache(maxsize=20_000)
def _alarms(word: str) -> bool:
    return word in _ALARMS or any(word[:length] in _ALARM_BEGINNINGS for length in _LENGTHS)


def features(words: Sequence[str], known: frozenset[str]) -> set[str]:
    """What is weighed: known words, families, those near one another, and those beside a known word."""
    stems = [stem(word) for word in words]
    families = [families_of(word) for word in words]
    seen = {word for word in stems if word in known}
    placed = [place for place, has in enumerate(families) if has]
    for place in placed:
        for one in families[place]:
            seen.add(one)
            for after in range(place + 1, min(place + _NEAR, len(words))):
                seen.update(one + other for other in families[after])
            for beside in range(max(0, place - _NEXT), min(place + _NEXT + 1, len(words))):
                if beside != place and stems[beside] in known:
                    seen.add(f"{one}{'>' if beside > place else '<'}{stems[beside]}")
    return seen


@lru_cache(maxsize=20_000)
def families_of(word: str) -> tuple[str, ...]:
    """The families that a word belongs to, each by its sign (a capital)."""
    found = set(_WHOLE.get(word, ()))
    for length in _LENGTHS:
        found |= _BEGINNINGS.get(word[:length], set())
    return tuple(sorted(found))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending: "hitting" and "hits" are both "hit"."""
    word = word.removesuffix("'s")
    for ending, instead in _ENDINGS if len(word) > 4 else ():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + instead
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _plain(word: str) -> str:
    """A word without a disguise: "s3lf h4rm" is "self harm"."""
    if len(word) > 2 and _DISGUISED.search(word):
        word = word.translate(_DISGUISES)
    return word.strip("$@") or word
