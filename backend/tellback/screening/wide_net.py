"""The wide net: sentences that may be about suicide, self-harm or harm to somebody, by the words in them.

Rules know phrases, and most who are in danger say it otherwise ("some nights I count the tablets"). Here each
word is weighed: by itself, by the families that it belongs to (means, taking, fear, control, neglect …), by
the letters it is made of, so that a word never met still sounds like its kin, and with the word after it. The
sum is compared with two thresholds; a few words raise an alarm alone. The families were written by hand; the
weights were learned (tests/screening/learning.py makes wide_net.json anew). For the desk alone.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import accumulate, pairwise
from operator import add
from typing import Any

from tellback.screening.findings import DISTRESS, Certainty, Finding, marked
from tellback.screening.folding import Folded

RULE = "perhaps_in_danger"
"""The rule of the findings that the net alone makes."""

MOST_WORDS = 40
"""A longer sentence is read as several: whoever writes without full stops says more in one."""

FEWEST_WORDS = 4
"""Fewer words say too little to be weighed."""

FEWEST_BESIDE = 8
"""So do fewer that are left of a sentence in which a rule marked the others: that one is read anyway."""

STRETCH = 12
"""So many words of a longer sentence are weighed together, so that what comes after waters nothing down."""

# From one stretch to the next.
_STEP = 6
# So many letters are weighed together, and of so many of a word.
_LETTERS = (3, 4)
_LONGEST = 30
_BOOK: dict[str, Any] = json.loads(
    resources.files(__package__).joinpath("wide_net.json").read_text(encoding="utf-8")
)
# In hundredths, so that a sum is the same in whatever order it is added up.
_WEIGHTS: dict[str, int] = _BOOK["weights"]
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

_WORD = re.compile(r"[a-z0-9$@]+(?:![a-z0-9$@]+)*(?:'[a-z]+)?|[,;:]")
# Within a word "!" may stand for a letter: "k!ll".
_SENTENCE = re.compile(r"[a-z0-9$@][^.?!\n]*(?:(?<=[a-z0-9$@])![a-z0-9$@][^.?!\n]*)*(?<=[a-z0-9$@])")
_DISGUISED = re.compile(r"[a-z][0-9!$@]+[a-z]|[0-9!$@][a-z]{2}")
_DISGUISES = str.maketrans("34015!$@", "eaoisisa")
_ENDINGS = ("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("es", ""), ("ly", ""), ("s", "")


def cast(folded: Folded, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield, in places of the folded text, sentences that may be about harm, without what `found` marks."""
    said, places = folded.as_said.text, folded.as_said.places
    spans = [(finding.start, finding.end) for finding in found if finding.kind in DISTRESS]
    taken = marked(spans, len(folded.lower))
    if spans:
        said = "".join(["\n" if taken[place] else one for one, place in zip(said, places, strict=True)])
    for begin, until, words in sentences(said):
        start, end = places[begin], places[until - 1] + 1
        if len(words) < FEWEST_BESIDE and any(taken[max(0, start - 2) : end + 2]):
            continue
        # Words that stand for several ("kms") may begin one sentence and end another.
        if (certainty := certainty_of(words)) and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            yield Finding("crisis", RULE, start, end, certainty)


def sentences(said: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield from where to where each sentence reaches in a text as it is said, and its words and commas."""
    for sentence in _SENTENCE.finditer(said):
        begin, until = sentence.span()
        words = _WORD.findall(said, begin, until)
        if len(words) <= MOST_WORDS:
            yield begin, until, list(map(_plain, words))
            continue
        found = list(_WORD.finditer(said, begin, until))
        for part in (found[first : first + MOST_WORDS] for first in range(0, len(found), MOST_WORDS)):
            yield part[0].start(), part[-1].end(), [_plain(match[0]) for match in part]


def certainty_of(words: Sequence[str]) -> Certainty | None:
    """How sure it is that a sentence, or a stretch of it, speaks of harm; None when it does not seem to."""
    weight = heaviest(words) if len(words) >= FEWEST_WORDS else _BOOK["possible"] - 1
    if weight >= _BOOK["likely"]:
        return "likely"
    return "possible" if weight >= _BOOK["possible"] or any(map(alarms, words)) else None


def heaviest(words: Sequence[str]) -> int:
    """How much the heaviest stretch of a sentence, which `sentences` gives, speaks of harm; in hundredths."""
    stems, own = zip(*map(_heard, words), strict=True)
    beside = [0, *(_WEIGHTS.get(f"{first} {second}", 0) for first, second in pairwise(stems))]
    sums = [0, *accumulate(map(add, own, beside))]
    return _BOOK["bias"] + max(
        sums[end] - sums[begin] - beside[begin] for begin, end in stretches(len(words))
    )


def stretches(length: int) -> Iterator[tuple[int, int]]:
    """Where the stretches of a sentence of so many words begin and end, the last of them shorter."""
    if length <= STRETCH + _STEP // 2:
        yield 0, length
    else:
        for begin in range(0, length - _STEP, _STEP):
            yield begin, min(begin + STRETCH, length)


@lru_cache(maxsize=20_000)
def alarms(word: str) -> bool:
    """Whether a word is enough by itself."""
    return word in _ALARMS or any(word[:length] in _ALARM_BEGINNINGS for length in _LENGTHS)


@lru_cache(maxsize=20_000)
def _heard(word: str) -> tuple[str, int]:
    """The stem of a word, and what the word weighs by itself."""
    weight = _WEIGHTS.get
    return stem(word), sum([weight(feature, 0) for feature in _of_the_word(word)])


def features(words: Sequence[str], known: frozenset[str]) -> list[str]:
    """What is weighed of a stretch, as often as it has it: of each word, and known stems side by side."""
    stems = [stem(word) for word in words]
    beside = [f"{one} {two}" for one, two in pairwise(stems) if one in known and two in known]
    return [feature for word in words for feature in _of_the_word(word)] + beside


def _of_the_word(word: str) -> list[str]:
    """What is weighed of a word: its stem (after "="), its families (their signs) and its letters.

    Digits are no letters: of a telephone number nothing is weighed.
    """
    if word.isdigit():
        return [f"={word}", *families_of(word)]
    spelt = f"^{word[:_LONGEST]}$"
    letters = [spelt[begin : begin + many] for many in _LETTERS for begin in range(len(spelt) - many + 1)]
    return [f"={stem(word)}", *families_of(word), *letters]


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


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    """A word without a disguise: "s3lf h4rm" is "self harm"; what parts a sentence is a comma."""
    if word in ",;:":
        return ","
    if len(word) > 2 and _DISGUISED.search(word):
        word = word.translate(_DISGUISES)
    return word.strip("$@") or word
