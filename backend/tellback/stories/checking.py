"""What the check page advises without a script, as the embed does while a story is written.

It advises and never blocks: a moderator reads every story before it is shown. What is marked for the desk
alone (screening.FOR_AUTHORS has the rest), or only may be it, is never said here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tellback.screening import DISTRESS, NOTHING, OFFERS, RULES, Finding, is_distress, screen_for_author
from tellback.stories.submission import SCREENED_FIELDS
from tellback.translations.embed_words import word
from tellback.translations.languages import known
from tellback.translations.sentences import spoken

# What is looked at: all that is screened, and the name to show, which should be nobody's.
CHECKED_FIELDS = (*SCREENED_FIELDS, "display_name")
# Characters of the text shown around marked words.
AROUND = 24

_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?\n])\s*$")


@dataclass(frozen=True)
class Place:
    """Words that could show who someone is, and what their author may write in their place.

    `write` is empty where they may be left out, None where nothing is offered. `reason` is a slug of
    screening's REASONS; `at` names the place in a form.
    """

    at: str
    field: str
    before: str
    words: str
    after: str
    reason: str
    write: str | None


@dataclass(frozen=True)
class Looked:
    """What was found in a story that is not sent yet."""

    places: list[Place]
    distress: bool


def look(told: dict[str, Any], own_names: Sequence[str]) -> Looked:
    """Look through a story as `HalfToldStorySchema` loads it."""
    found = [
        (field, finding)
        for field in CHECKED_FIELDS
        if told[field]
        for finding in screen_for_author(told[field], own_names)
    ]
    return Looked(
        places=[_place(told, field, f) for field, f in found if f.kind == "personal_data"],
        distress=any(finding.kind in DISTRESS for _, finding in found),
    )


def in_distress(typed: dict[str, Any]) -> bool:
    """Whether there are words of crisis in a form as it was typed."""
    texts = (typed.get(field) or "" for field in SCREENED_FIELDS)
    return any(is_distress(text) for text in texts)


def reword(told: dict[str, Any], own_names: Sequence[str], at: str) -> tuple[str, str, str] | None:
    """Write at a place (its `at`) what is offered there: the field, its new text, and the words written.

    None when nothing is offered there, or the text is no longer the one that the place was found in.
    """
    for field in CHECKED_FIELDS:
        for finding in screen_for_author(told[field] or "", own_names):
            if finding.kind == "personal_data" and _at(field, finding) == at:
                write = _offer(told, field, finding)
                return None if write is None else (field, _written(told[field], finding, write), write)
    return None


def _place(told: dict[str, Any], field: str, finding: Finding) -> Place:
    text: str = told[field]
    start, end = finding.start, finding.end
    return Place(
        at=_at(field, finding),
        field=field,
        before=("…" if start > AROUND else "") + text[max(0, start - AROUND) : start],
        words=text[start:end],
        after=text[end : end + AROUND] + ("…" if len(text) > end + AROUND else ""),
        reason=RULES[finding.rule].reason or "",
        write=_offer(told, field, finding),
    )


def _at(field: str, finding: Finding) -> str:
    return f"{field}:{finding.start}:{finding.end}"


def _offer(told: dict[str, Any], field: str, finding: Finding) -> str | None:
    """What may be written, in the story's language; None where we have no words for it."""
    tag = known(told["lang"])
    if tag is None:
        return None
    if finding.offer == NOTHING:
        return ""
    if finding.offer not in OFFERS:
        return None
    said: str = spoken(word(f"instead_{finding.offer}"), tag)
    begins = _SENTENCE_BEGINS.search(told[field][: finding.start])
    return said[:1].upper() + said[1:] if begins else said


def _written(text: str, finding: Finding, write: str) -> str:
    before, after = text[: finding.start], text[finding.end :]
    if write:
        return before + write + after
    if before.rstrip().endswith(",") and after.startswith(","):
        # "My nurse, Joy, came": the commas go with the name.
        return before.rstrip()[:-1] + after[1:]
    before = before.rstrip(" ")
    return (before if after[:1] in ("", *" .,;:!?)") else before + " ") + after
