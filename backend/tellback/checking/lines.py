"""A line of `tellback check`: how something stands, in a sentence."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tellback.config import Settings


class State(StrEnum):
    """How something stands."""

    WELL = "well"
    CARE = "take care"
    BROKEN = "broken"


class Grade(StrEnum):
    """How a whole deployment stands."""

    READY = "ready"
    WITH_CARE = "ready, with care"
    NOT_READY = "not ready"


@dataclass(frozen=True)
class Line:
    """How something stands, in a sentence that says what to do where there is something to do."""

    state: State
    text: str


Check = Callable[[Settings], Iterator[Line]]


def grade(lines: Iterable[Line]) -> Grade:
    """How all that was found stands together: as its worst line does."""
    found = {line.state for line in lines}
    if State.BROKEN in found:
        return Grade.NOT_READY
    return Grade.WITH_CARE if State.CARE in found else Grade.READY


def in_words(lines: Iterable[Line]) -> str:
    """All that was found, a line each, and the grade below with how many lines stand how."""
    lines = list(lines)
    found = Counter(line.state for line in lines)
    counted = ", ".join(f"{found[state]} {state}" for state in State if found[state])
    said = [f"{line.state:<11}{line.text}" for line in lines]
    return "\n".join([*said, "", f"{grade(lines).capitalize()} ({counted})."])


def as_json(lines: Iterable[Line]) -> str:
    """The same for a program: the grade, and each line with its state."""
    lines = list(lines)
    found = [{"state": line.state, "text": line.text} for line in lines]
    return json.dumps({"grade": grade(lines), "lines": found}, ensure_ascii=False, indent=2)
