"""The words that a reader looked for, marked where they stand in a story."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tellback.search.marks import marks
from tellback.search.query import Term
from tellback.stories.states import State

_FIELDS = ("title", "body", "what_was_good", "what_could_be_better")
_BETWEEN_PARAGRAPHS = re.compile(r"(?:\r?\n){2,}")

# A stretch of a text, and whether it is marked.
Piece = tuple[str, bool]


def highlights(story: dict[str, Any], terms: Sequence[Term]) -> dict[str, list[list[int]]]:
    """Where a story, as the API shows it, holds the terms: stretches of its fields, in code points."""
    if story["state"] != State.PUBLISHED.value:
        return {}
    found = {field: marks(story[field], story["lang"], terms) for field in _FIELDS if story[field]}
    return {field: stretches for field, stretches in found.items() if stretches}


def pieces(text: str, stretches: Sequence[Sequence[int]]) -> list[Piece]:
    """A text cut where its marked stretches begin and end; whoever prints the pieces escapes them."""
    return list(_cut(text, stretches or (), 0, len(text)))


def paragraphs(text: str, stretches: Sequence[Sequence[int]]) -> Iterator[list[Piece]]:
    """The same by paragraph, as pages set a text: an empty line parts two."""
    begins = 0
    for gap in [*_BETWEEN_PARAGRAPHS.finditer(text), None]:
        ends = gap.start() if gap else len(text)
        written = text[begins:ends]
        if written.strip():
            start = begins + len(written) - len(written.lstrip())
            yield list(_cut(text, stretches or (), start, begins + len(written.rstrip())))
        begins = gap.end() if gap else ends


def _cut(text: str, stretches: Sequence[Sequence[int]], at: int, end: int) -> Iterator[Piece]:
    for first, last in stretches:
        first, last = max(first, at), min(last, end)
        if first < last:
            yield text[at:first], False
            yield text[first:last], True
            at = last
    yield text[at:end], False
