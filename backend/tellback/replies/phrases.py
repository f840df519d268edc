"""The words by which a reply thanks, explains, promises, guesses or hands on, in the languages we can read.

They stand in phrases.json, read when first asked for; its "about" says how.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Pattern = re.Pattern[str]

_PART = re.compile("<([a-z]+)>")


@dataclass(frozen=True)
class Phrases:
    """What is looked for in one language. `idle` words say nothing of one story: they stand in most."""

    introduces: Pattern
    thanks: Pattern
    apologises: Pattern
    non_apology: Pattern
    explains: Pattern
    acts: Pattern
    invites: Pattern
    in_person: Pattern
    complaints_desk: Pattern
    guesses: Pattern
    asks_identity: Pattern
    jargon: Pattern
    claims_change: Pattern
    idle: frozenset[str]


def of_language(lang: str) -> Phrases | None:
    """The phrases of a language (BCP 47), or None for one in which we cannot look."""
    return _read().get(main_language(lang))


def main_language(lang: str) -> str:
    """A language without its region or script: "en" of "en-GB"."""
    return lang.split("-")[0].lower()


@cache
def _read() -> dict[str, Phrases]:
    text = resources.files(__package__).joinpath("phrases.json").read_text(encoding="utf-8")
    book = json.loads(text)
    return {lang: _phrases(book[lang], book["parts"]) for lang in ("en", "cy")}


def _phrases(listed: dict[str, Any], parts: dict[str, str]) -> Phrases:
    idle = frozenset(listed.pop("idle").split())
    return Phrases(idle=idle, **{name: _any(patterns, parts) for name, patterns in listed.items()})


def _any(patterns: list[str], parts: dict[str, str]) -> Pattern:
    """One pattern for any of them, that matches no part of a word."""
    spelled_out = _PART.sub(lambda named: parts[named[1]], "|".join(patterns))
    return re.compile(rf"(?<!\w)(?:{spelled_out})(?!\w)")
