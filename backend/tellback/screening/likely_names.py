"""Names of people that no title goes before: each word that may be one is weighed by what stands around it.

"Grace brought me tea" and "by the grace of God", "Zofia was kind" and "Zopiclone was kind": a list of names
alone cannot tell. What a word looks like, the lists that it is in, its ending and its neighbours are weighed;
the weights were learned (tests/screening/learning.py makes names.json anew). For the desk alone: a page has
the rule book's patterns.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import fsum
from typing import Any, NamedTuple

from tellback.screening.findings import Finding
from tellback.screening.folding import Folded
from tellback.screening.rulebook import FIRST_NAMES, patterns

RULE = "persons_name"

_BOOK: dict[str, Any] = json.loads(
    resources.files(__package__).joinpath("names.json").read_text(encoding="utf-8")
)
_WEIGHTS: dict[str, float] = _BOOK["weights"]
_MORE_FIRST_NAMES = frozenset(_BOOK["first_names"].split())
_NAMES_AND_WORDS = frozenset(_BOOK["names_and_words"].split())
_NO_NAMES = frozenset(_BOOK["no_names"].split())
_COMMON = frozenset(_BOOK["common_words"].split())
_KNOWN = frozenset(_BOOK["neighbours"].split())

_PIECE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+|[^\w\s]|\n")
_POSSESSIVE = re.compile(r"'[sS]?$")
_LONGEST = 30
# No excuse reaches further from the name that it excuses.
_AROUND = 60
# English stories have four common words in five, those in our other languages one in ten.
_ENGLISH = 0.35
# Fewer words say nothing of their language.
_FEW = 3
TITLES = frozenset(_BOOK["titles"].split())
"""What stands before a name, and is none itself."""

_NONE = "|"
# What stands between two names of a list.
_JOINS = ("and", "&", ",", "or", "/")


class Looks(NamedTuple):
    """What is known of a word before its neighbours are."""

    lower: str
    shape: str
    kind: str
    is_word: bool
    common: bool
    may_be_named: bool
    """Whether it may be a name whatever stands before it."""


@dataclass(frozen=True)
class Pieces:
    """The words, numbers and signs of a text, where each begins, and its looks."""

    texts: list[str]
    starts: list[int]
    looks: list[Looks]

    def end(self, place: int) -> int:
        """Where a piece ends; of "Anna's" before the apostrophe."""
        return self.starts[place] + len(self.texts[place])


def find_names(folded: Folded) -> Iterator[Finding]:
    """Yield what is likely to be a name, in places of the folded text; words side by side are one name."""
    plain = folded.plain
    pieces = cut(plain)
    english = _is_english(pieces)
    begun = last = None
    sure = 0.0
    for place in candidates(pieces):
        looks, start, end = pieces.looks[place], pieces.starts[place], pieces.end(place)
        if not (english or _is_listed(looks)):
            continue
        weight = weigh(pieces, place)
        if weight < _BOOK["possible"] or _is_nobodys(plain, start, end, looks.shape != "low"):
            continue
        if begun is not None and last is not None:
            if start - last == 1 and plain[last] in " -":
                last, sure = end, max(sure, weight)
                continue
            yield _finding(begun, last, sure)
        begun, last, sure = start, end, weight
    if begun is not None and last is not None:
        yield _finding(begun, last, sure)


def _is_english(pieces: Pieces) -> bool:
    """Whether so many words are common in English that an uncommon one means something."""
    words = [looks.common for looks in pieces.looks if looks.is_word]
    return len(words) < _FEW or sum(words) >= _ENGLISH * len(words)


def _is_listed(looks: Looks) -> bool:
    """Whether a word is a name by the lists, in a text whose other words the weights do not know."""
    return looks.shape == "Cap" and looks.kind in ("first", "either", "more")


def _finding(start: int, end: int, weight: float) -> Finding:
    certainty = "likely" if weight >= _BOOK["likely"] else "possible"
    return Finding("personal_data", RULE, start, end, certainty, "someone")  # type: ignore[arg-type]


@cache
def _nobodys() -> dict[bool, tuple[re.Pattern[str], ...]]:
    """What excuses a first name of the rule book, written with a capital and without."""
    # When first asked: it makes all patterns, which takes a fifth of the time in which the service starts.
    return {
        rule.pattern.search("Anna") is not None: rule.unless
        for rule in patterns("personal_data")
        if rule.check == "first_name"
    }


def _is_nobodys(plain: str, start: int, end: int, capital: bool) -> bool:
    """Whether the rule book knows that a first name, with a capital or not, is nobody's here: "St Luke's"."""
    return any(
        found.start() < end and start < found.end()
        for excuse in _nobodys()[capital]
        for found in excuse.finditer(plain, max(0, start - _AROUND), end + _AROUND)
    )


def cut(plain: str) -> Pieces:
    """A text in pieces; the possessive 's is left off."""
    found = list(_PIECE.finditer(plain))
    texts = [match[0] for match in found]
    if "'" in plain:
        texts = [_POSSESSIVE.sub("", text) or text if "'" in text else text for text in texts]
    starts = [match.start() for match in found]
    return Pieces(texts, starts, list(map(looks_of, texts)))


def candidates(pieces: Pieces) -> list[int]:
    """The places of what may be a name: words with a capital, and names of the lists without one."""
    return [
        place
        for place, looks in enumerate(pieces.looks)
        if looks.may_be_named or (place and _is_introduced(pieces.looks[place - 1].lower, looks))
    ]


def _is_introduced(before: str, looks: Looks) -> bool:
    """Whether it may be a name by the word before it: "nurse agnieszka", "a man called bao"."""
    return (
        (before in TITLES or before in ("called", "named"))
        and 1 < len(looks.lower) <= _LONGEST
        and looks.kind != "never"
        and (looks.shape == "CAPS" or (looks.shape == "low" and not looks.common))
    )


def weigh(pieces: Pieces, place: int) -> float:
    """How much speaks for a candidate being a name; exactly, in whatever order it is added up."""
    weight = _WEIGHTS.get
    return float(_BOOK["bias"]) + fsum(weight(one, 0.0) for one in features(pieces, place, _KNOWN, _COMMON))


def features(
    pieces: Pieces,
    place: int,
    known: frozenset[str],
    common: frozenset[str],
    kinds: dict[str, str] | None = None,
) -> set[str]:
    """What is weighed of a candidate. `kinds` says of some words what lists they shall count as in."""

    def around(offset: int) -> tuple[str, str, str]:
        at = place + offset
        if not 0 <= at < len(pieces.looks) or pieces.looks[at].shape == "end":
            return _NONE, _NONE, _NONE
        lower, shape, kind = pieces.looks[at][:3]
        if kinds:
            kind = kinds.get(lower, kind)
        kind = "common" if kind == "" and lower in common else kind
        return (lower if lower in known else kind or "?"), kind, shape

    _, kind, shape = around(0)
    before, before_kind, before_shape = around(-1)
    after, after_kind, after_shape = around(1)
    first = "first" if before == _NONE else "within"
    me = f"{kind or '?'} {shape} {first}"
    before_two, after_two = around(-2)[0], around(2)[0]
    seen = {
        f"me {me}",
        f"kind {kind or '?'}",
        f"- {before}",
        f"+ {after}",
        f"-- {before_two}",
        f"++ {after_two}",
        f"-k {before_kind} {before_shape}",
        f"+k {after_kind} {after_shape}",
        f"-+ {before} {after}",
        f"+++ {after} {after_two}",
        f"--- {before_two} {before}",
        f"me+ {me} {after}",
        f"me- {kind or '?'} {before}",
        f"me+k {me} {after_kind} {after_shape}",
        f"me-k {kind or '?'} {before_kind} {before_shape}",
    }
    if _whose(pieces, place):
        seen.add(f"whose {kind or '?'}")
    if kind == "either":
        lower = pieces.looks[place].lower
        seen.update((f"is {lower} {shape}", f"is {lower} {after_kind} {after_shape}"))
    for sign, join, partner in (("-", before, around(-2)), ("+", after, around(2))):
        if join in _JOINS:
            seen.add(f"with{sign} {partner[1]} {partner[2]}")
    seen.update(_of_the_word(pieces.texts[place], kind))
    if after == _NONE:
        seen.add(f"last {first}")
    return seen


def _of_the_word(text: str, kind: str) -> Iterator[str]:
    """What is weighed of how a word is written."""
    if "-" in text:
        yield "joined"
    if kind not in ("common", "never"):
        yield f"ends {text.lower()[-3:]}"
        yield f"ends {text.lower()[-2:]}"
        yield f"length {min(len(text), 9)}"


def _whose(pieces: Pieces, place: int) -> bool:
    """Whether a possessive 's was left off, which leaves a gap."""
    return place + 1 < len(pieces.starts) and pieces.starts[place + 1] - pieces.end(place) > 1


@lru_cache(maxsize=20_000)
def looks_of(text: str) -> Looks:
    """What is known of a word by itself."""
    lower, shape = text.lower(), _shape(text)
    kind = kind_of(lower) if len(text) <= _LONGEST else ""
    common = lower in _COMMON
    listed = kind in ("first", "either") or (kind == "more" and not common)
    may_be_named = 1 < len(text) <= _LONGEST and kind != "never" and (shape == "Cap" or listed)
    return Looks(lower, shape, kind, text[0].isalpha(), common, may_be_named)


def _shape(text: str) -> str:
    if not text[0].isalpha():
        return "number" if text[0].isdigit() else "end" if text in ".!?\n" else "sign"
    if text.isupper():
        return "CAPS" if len(text) > 1 else "Cap"
    return "Cap" if text[0].isupper() else "low"


def kind_of(lower: str) -> str:
    """Which of the lists a word is in; these are written without accents."""
    if not lower.isascii():
        lower = "".join(one for one in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(one))
    head = lower.partition("-")[0]
    if lower in _NAMES_AND_WORDS:
        return "either"
    if lower in FIRST_NAMES or ("-" in lower and head in FIRST_NAMES):
        return "first"
    if lower in _NO_NAMES:
        return "never"
    return "more" if lower in _MORE_FIRST_NAMES or head in _MORE_FIRST_NAMES else ""
