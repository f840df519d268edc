"""Phrases that are marked for the desk for a time. None keeps a story out: a person reads each."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from tellback import clock
from tellback.audit import acts
from tellback.blocking import blocks
from tellback.blocking.models import Block
from tellback.db import prepared, transaction
from tellback.errors import InvalidInput
from tellback.screening import fold

LONGEST = 100
SHORTEST = 4
# The rule by which a story's finding says that such a phrase stands in it (screening/rules.json).
RULE = "unwanted_phrase"


class Listed(NamedTuple):
    """A phrase that is marked now: the id of its block, and its words."""

    id: int
    phrase: str


def block(typed: str, reason: str, days: int | None, *, by: acts.Actor) -> Block:
    """Mark a phrase in every story that is told from now on. Raises InvalidInput by field."""
    errors = blocks.errors_in(blocks.PHRASE, reason, days)
    phrase = " ".join(typed.split())
    if sum(character.isalnum() for character in phrase) < SHORTEST or len(phrase) > LONGEST:
        errors["phrase"] = [f"Write {SHORTEST} letters or more, and up to {LONGEST} characters."]
    elif any(_words(one.phrase) == _words(phrase) for one in standing()):
        errors["phrase"] = ["It is on the list already."]
    if errors or days is None:
        raise InvalidInput(errors=errors)
    with transaction():
        return blocks.make(blocks.PHRASE, reason, days, by, phrase=phrase)


def standing() -> list[Listed]:
    """The phrases that are marked now, to be given to `find`."""
    return [Listed(*row) for row in _standing(clock.now())]


def find(text: str, listed: list[Listed]) -> list[tuple[int, int, int]]:
    """Where phrases stand in a text, whole words in any case: start and end (code points), and whose (id)."""
    if not listed:
        return []
    folded = fold(text)
    lower = folded.lower.lower()
    return [
        (*folded.span(*found.span()), one.id)
        for one in listed
        # Quickly past those of which not even the first word is there.
        if _words(one.phrase)[0] in lower
        for found in _pattern(one.phrase).finditer(folded.lower)
    ]


def marks(text: str) -> tuple[str, ...]:
    """The rule that marks a text in which such a phrase stands, if one does; counted on the phrase."""
    found = {whose for *_place, whose in find(text, standing())}
    blocks.count(found)
    return (RULE,) if found else ()


@prepared
def _standing(at: Any) -> Any:
    return blocks.standing(blocks.PHRASE, at).select(Block.id, Block.phrase).tuples()


@lru_cache(maxsize=2 * blocks.MOST)
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, _words(phrase))) + r"(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=2 * blocks.MOST)
def _words(phrase: str) -> list[str]:
    return fold(phrase).lower.lower().split()
