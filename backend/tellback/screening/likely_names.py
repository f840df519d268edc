"""Names of people that no title goes before: each word that may be one is weighed by what stands around it.

"Grace brought me tea" and "by the grace of God", "Zofia was kind" and "Zopiclone was kind": a list of names
alone cannot tell. What a word looks like, the lists that it is in, its ending and its neighbours are weighed;
the weights were learned (tests/screening/learning.py makes names.json anew). For the desk alone: a page has
the rule book's patterns.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from math import fsum
from typing import Any, NamedTuple

from tellback.screening.findings import Finding, marked
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

# What excuses a first name of the rule book, written with a capital and without.
_NOBODYS = {
    rule.pattern.search("Anna") is not None: rule.unless
    for rule in patterns("personal_data")
    if rule.check == "first_name"
}

_PIECE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+|[^\w\s]|\n")
_POSSESSIVE = re.compile(r"'[sS]?$")
_LONGEST = 30
# English stories have four common words in five, those in our other languages one in ten.
_ENGLISH = 0.35
# Fewer words say nothing of their language.
_FEW = 3
TITLES = frozenset(_BOOK["titles"].split())
"""What stands before a name, and is none itself."""

_NONE = "|"
# What stands between two names of a list.
_JOINS = ("and", "&", ",", "or", "/")


class Piece(NamedTuple):
    """A word, number or sign of a text, and where it begins."""

    text: str
    start: int
    looks: "Looks"

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


class Looks(NamedTuple):
    """What is known of a word before its neighbours are."""

    lower: str
    shape: str
    kind: str


def find_names(folded: Folded) -> Iterator[Finding]:
    """Yield what is likely to be a name, in places of the folded text; words side by side are one name."""
    pieces = cut(folded.plain)
    never: dict[bool, bytearray] = {}
    begun: Piece | None = None
    last: Piece | None = None
    sure = 0.0
    english = _is_english(pieces)
    for place in candidates(pieces):
        if not (english or _is_listed(pieces[place].looks)):
            continue
        weight = weigh(pieces, place)
        if weight < _BOOK["possible"]:
            continue
        piece = pieces[place]
        capital = piece.looks.shape != "low"
        if capital not in never:
            never[capital] = _nobody(folded.plain, capital)
        if any(never[capital][piece.start : piece.end]):
            continue
        if begun and last and piece.start - last.end == 1 and folded.plain[last.end] in " -":
            last, sure = piece, max(sure, weight)
            continue
        if begun and last:
            yield _finding(begun, last, sure)
        begun, last, sure = piece, piece, weight
    if begun and last:
        yield _finding(begun, last, sure)


def _is_english(pieces: Sequence[Piece]) -> bool:
    """Whether so many words are common in English that an uncommon one means something."""
    words = [piece.looks.lower for piece in pieces if piece.text[0].isalpha()]
    return len(words) < _FEW or sum(word in _COMMON for word in words) >= _ENGLISH * len(words)


def _is_listed(looks: Looks) -> bool:
    """Whether a word is a name by the lists, in a text whose other words the weights do not know."""
    return looks.shape == "Cap" and looks.kind in ("first", "either", "more")


def _finding(first: Piece, last: Piece, weight: float) -> Finding:
    certainty = "likely" if weight >= _BOOK["likely"] else "possible"
    return Finding("personal_data", RULE, first.start, last.end, certainty, "someone")  # type: ignore[arg-type]


def _nobody(plain: str, capital: bool) -> bytearray:
    """Mark where the rule book knows that a first name, with a capital or not, is nobody's: "St Luke's"."""
    excuses = _NOBODYS[capital]
    return marked([found.span() for excuse in excuses for found in excuse.finditer(plain)], len(plain))


def cut(plain: str) -> list[Piece]:
    """A text in pieces; the possessive 's is left off."""
    pieces = []
    for match in _PIECE.finditer(plain):
        text = match[0]
        if "'" in text:
            text = _POSSESSIVE.sub("", text) or text
        pieces.append(Piece(text, match.start(), looks_of(text)))
    return pieces


def candidates(pieces: Sequence[Piece]) -> list[int]:
    """The places of what may be a name: words with a capital, and names of the lists without one."""
    return [
        place
        for place, piece in enumerate(pieces)
        if 1 < len(piece.text) <= _LONGEST
        and piece.looks.kind != "never"
        and (
            piece.looks.shape == "Cap"
            or piece.looks.kind in ("first", "either")
            or (piece.looks.kind == "more" and piece.looks.lower not in _COMMON)
            or (place and _introduces(pieces[place - 1].looks.lower) and _may_be_named(piece.looks))
        )
    ]


def _introduces(word: str) -> bool:
    """Whether what comes after may be a name however it is written: "nurse agnieszka", "a man called bao"."""
    return word in TITLES or word in ("called", "named")


def _may_be_named(looks: Looks) -> bool:
    return looks.shape == "CAPS" or (looks.shape == "low" and looks.lower not in _COMMON)


def weigh(pieces: Sequence[Piece], place: int) -> float:
    """How much speaks for a candidate being a name; exactly, in whatever order it is added up."""
    weight = _WEIGHTS.get
    return float(_BOOK["bias"]) + fsum(weight(one, 0.0) for one in features(pieces, place, _KNOWN, _COMMON))


def features(
    pieces: Sequence[Piece],
    place: int,
    known: frozenset[str],
    common: frozenset[str],
    kinds: dict[str, str] | None = None,
) -> set[str]:
    """What is weighed of a candidate. `kinds` says of some words what lists they shall count as in."""

    def around(offset: int) -> tuple[str, str, str]:
        at = place + offset
        if not 0 <= at < len(pieces) or pieces[at].looks.shape == "end":
            return _NONE, _NONE, _NONE
        lower, shape, kind = pieces[at].looks
        if kinds:
            kind = kinds.get(lower, kind)
        kind = "common" if kind == "" and lower in common else kind
        return (lower if lower in known else kind or "?"), kind, shape

    piece = pieces[place]
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
        seen.update((f"is {piece.looks.lower} {shape}", f"is {piece.looks.lower} {after_kind} {after_shape}"))
    for sign, join, partner in (("-", before, around(-2)), ("+", after, around(2))):
        if join in _JOINS:
            seen.add(f"with{sign} {partner[1]} {partner[2]}")
    seen.update(_of_the_word(piece, kind))
    if after == _NONE:
        seen.add(f"last {first}")
    return seen


def _of_the_word(piece: Piece, kind: str) -> Iterator[str]:
    """What is weighed of how a word is written."""
    if "-" in piece.text:
        yield "joined"
    if kind not in ("common", "never"):
        yield f"ends {piece.looks.lower[-3:]}"
        yield f"ends {piece.looks.lower[-2:]}"
        yield f"length {min(len(piece.text), 9)}"


def _whose(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a possessive 's was left off, which leaves a gap."""
    return place + 1 < len(pieces) and pieces[place + 1].start - pieces[place].end > 1


@lru_cache(maxsize=20_000)
def looks_of(text: str) -> Looks:
    """What is known of a word by itself."""
    lower = text.lower()
    return Looks(lower, _shape(text), kind_of(lower) if len(text) <= _LONGEST else "")


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
