"""What hangs on a wall: a poster of what was changed, and a thank-you of one page. Paper cannot be mended.

So the poster names what there is in all, newest first, whatever became of it, and leads to the page that goes
on; and a quotation stays as long as its author agreed to.
"""

import re
from typing import Any

# What fits an A4 page beside its head and its foot, in characters of about 11 points.
_ROOM = 1500
# What a change takes besides its words: its heading, its date, the frame around it.
_EACH = 130
_EACH_STORY = 60
MOST_ON_POSTER = 5
# Titles of stories beside one change.
MOST_TITLES = 3
# Characters of a story whose author agreed to the open licence; it may be used again, in full.
_WHOLE = 1100
# Characters of any other: a short quotation, with its source (Copyright, Designs and Patents Act 1988,
# section 30(1ZA)). Paper outlives what is taken back, so no more of it is on paper than that.
_QUOTED = 280
# Characters of a quotation that leaves room for larger letters.
LARGE = 560
_PRAISE = ("very_good", "good")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")


def for_poster(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest changes that fit one page, at least one; `more_stories` is how many each leaves out."""
    found: list[dict[str, Any]] = []
    room = _ROOM
    for change in changes[:MOST_ON_POSTER]:
        titles = change["stories"][:MOST_TITLES]
        fitted = {**change, "stories": titles, "more_stories": len(change["stories"]) - len(titles)}
        room -= _takes(fitted)
        if room < 0 and found:
            break
        found.append(fitted)
    return found


def is_short(changes: list[dict[str, Any]]) -> bool:
    """Whether a poster of these leaves room for larger letters."""
    return sum(_takes(change) for change in changes) < _ROOM * 0.7


def is_praise(story: dict[str, Any]) -> bool:
    """Whether a published story thanks those it is about.

    Its author says that it was good over all; else they say what was good, and nothing that could be better.
    A kind sentence out of a story that was not good is no thanks.
    """
    if story["overall_experience"]:
        return story["overall_experience"] in _PRAISE
    return bool(story["what_was_good"]) and not story["what_could_be_better"]


def quotation(story: dict[str, Any]) -> dict[str, Any]:
    """Published words for the page: `text`, and whether it is `cut`. In full only under the open licence."""
    words = story["body"] if story["licence"] else story["what_was_good"] or story["body"]
    most = _WHOLE if story["licence"] else _QUOTED
    if len(words) <= most:
        return {"text": words, "cut": False}
    return {"text": _shortened(words, most), "cut": True}


def _takes(change: dict[str, Any]) -> int:
    """How much of the page a change takes."""
    why = len(change["why"] or "") if change["state"] == "not_made" else 0
    return len(change["what"]) + why + _EACH + _EACH_STORY * len(change["stories"])


def _shortened(words: str, most: int) -> str:
    """The beginning of a text: whole sentences where one ends in its second half, else whole words."""
    start = words[:most]
    ends = [found.end() for found in _SENTENCE_END.finditer(start) if found.end() > most // 2]
    return start[: ends[-1]] if ends else f"{start.rpartition(' ')[0] or start} …"
