"""The rule book, rules.json, read once: patterns in the dialect that Python and JavaScript share.

Its "about" says how it is to be read, so that the page a patient types in can read it too.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tellback.screening.findings import FOR_AUTHORS, Certainty, Kind, Rule
from tellback.translations.sentences import say_as


@dataclass(frozen=True, slots=True)
class RulePattern:
    """One pattern of a rule, with what must hold before it is tried and what makes it no finding."""

    rule: Rule
    certainty: Certainty
    offer: str | None
    pattern: re.Pattern[str]
    unless: tuple[re.Pattern[str], ...]
    words: frozenset[str]
    first: bool
    in_a_sentence: bool
    hints: tuple[str, ...]
    digits: int
    case: bool
    said: bool
    check: str | None
    not_a_phone: bool


# Digits and signs never stand between these brackets, so [^<>"] is left alone.
_PART = re.compile(r"<([A-Za-z_]+)>")


def _read() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("rules.json").read_text(encoding="utf-8")
    book: dict[str, Any] = json.loads(text)
    return book


_BOOK = _read()

SKIP: str = _BOOK["skip"]
"""Characters that cannot be seen and may stand inside a number or a word."""

ZEROS: str = _BOOK["zeros"]
"""The digit nought of other scripts; the nine that follow each are its 1 to 9."""

FOLD: dict[str, str] = _BOOK["fold"]
"""A plain character, and those that are read as it."""

SAID_AS: dict[str, str] = {
    spelt: said for said, many in _BOOK["said_as"].items() for spelt in many.split(" ")
}
"""A word as people type it (misspelt, short, slang), and the words that it stands for."""

FIRST_NAMES = frozenset(_BOOK["first_names"].split(" "))
"""First names that are nothing else."""

ABOUT_CARE = frozenset(_BOOK["about_care"].split(" "))
"""Words of whoever speaks of being cared for."""

ABOUT_OTHER_TRADES = frozenset(_BOOK["about_other_trades"].split(" "))
"""Words of whoever speaks of a school, a shop, a bank or the like."""

# Translators meet them as words of this file (backend/catalogues.py).
REASONS: dict[str, str] = {
    slug: say_as("why words were taken out", text) for slug, text in _BOOK["reasons"].items()
}
"""Why words may be redacted: slug, and what the author and the public read."""

RULES: dict[str, Rule] = {
    entry["id"]: Rule(
        entry["id"],
        entry["kind"],
        entry["title"],
        entry.get("replacement"),
        entry.get("reason"),
        entry.get("within_own_names", False),
    )
    for entry in _BOOK["rules"]
}
"""Every rule by its id."""

OFFERS: dict[str, str] = _BOOK["offers"]
"""What an author may write in place of words that show who someone is: slug, and the words in English."""

NOTHING = "nothing"
"""The offer to leave the words out."""

OWN_TITLES = frozenset(_BOOK["own_titles"])
"""Words by which a service's name is known to hold a doctor's."""


def in_brackets(rule: str, offer: str | None) -> str | None:
    """What the public reads in place of words of a rule (an id), where a moderator writes nothing better.

    It follows the offer where that depends on the words ("[a doctor]"); None for words of crisis, and for a
    rule that the book has no more.
    """
    if offer in OFFERS and offer not in RULES:
        return f"[{OFFERS[offer]}]"
    return RULES[rule].replacement if rule in RULES else None


def can_check(lang: str) -> dict[str, bool]:
    """What is looked for in a language (a tag of ours) well enough to rely on; numbers are in every one."""
    return {"numbers": True, "names": False, "crisis": False, **_BOOK["can_check"].get(lang, {})}


def unchecked(lang: str) -> list[str]:
    """What is not looked for well enough in a language (BCP 47) to rely on: of "names", "crisis" and "rest".

    The rest is how people look, insults, complaints and all else that the desk alone is told; numbers are
    looked for in every language.
    """
    main = lang.split("-")[0].lower()
    able = can_check(main)
    return [what for what in ("names", "crisis") if not able[what]] + ([] if main == "en" else ["rest"])


def for_pages() -> dict[str, Any]:
    """The book as a page reads it, without what only the desk or the service needs.

    A page makes do without `words` and `first`, which only save the service time.
    """
    rules = [
        {name: value for name, value in rule.items() if name not in ("title", "patterns")}
        | {
            "patterns": [
                {name: value for name, value in pattern.items() if name not in ("words", "first")}
                for pattern in rule["patterns"]
            ]
        }
        for rule in _BOOK["rules"]
        if rule["kind"] in FOR_AUTHORS
    ]
    needed = _parts_in(json.dumps(rules))
    parts = {name: part for name, part in _BOOK["parts"].items() if name in needed}
    left_out = ("about", "about_care", "about_other_trades")
    book = {name: value for name, value in _BOOK.items() if name not in left_out}
    return {**book, "parts": parts, "rules": rules}


def _parts_in(text: str) -> set[str]:
    """The names of the parts that a text stands on, and of those that these stand on."""
    named: set[str] = set(_PART.findall(text))
    return named.union(*(_parts_in(_BOOK["parts"][name]) for name in named & _BOOK["parts"].keys()))


def spelled_out(pattern: str) -> str:
    """Put the book's named parts, such as <month>, in their places."""
    while (named := _PART.sub(lambda m: _BOOK["parts"][m[1]], pattern)) != pattern:
        pattern = named
    return pattern


def _words(named: str) -> frozenset[str]:
    """The words of a pattern, of which a text must have one; <first_names> stands for all of them."""
    return frozenset(named.replace("<first_names>", _BOOK["first_names"]).split())


@cache
def patterns(kind: Kind) -> tuple[RulePattern, ...]:
    """Return the patterns of the rules of one kind, in the order of the book."""
    return tuple(
        RulePattern(
            rule=RULES[entry["id"]],
            certainty=item["certainty"],
            offer=item.get("offer", entry.get("offer", entry["id"])) if kind == "personal_data" else None,
            pattern=re.compile(spelled_out(item["pattern"]), re.ASCII),
            unless=tuple(re.compile(spelled_out(unless), re.ASCII) for unless in item.get("unless", ())),
            words=_words(item.get("words", "")),
            first=item.get("first", False),
            # Names and numbers may hold a full stop: "Dr. Shah", "ref. 4711".
            in_a_sentence="words" in item and kind != "personal_data",
            hints=tuple(item.get("hints", ())),
            digits=item.get("digits", 0),
            case=item.get("case", False),
            said=item.get("said", entry.get("said", False)),
            check=item.get("check"),
            not_a_phone=item.get("not_a_phone", False),
        )
        for entry in _BOOK["rules"]
        if entry["kind"] == kind
        for item in entry["patterns"]
    )
