"""What is marked in a story that is told or changed: by screening, by what was told and named before, and by
the phrases that staff put on a list for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tellback.blocking import blocks, phrases
from tellback.db import put
from tellback.http import traps
from tellback.organisations.models import Service
from tellback.screening import (
    DISTRESS,
    WHOLE_STORY,
    Certainty,
    Finding,
    can_read_again,
    read_again,
    screen_story,
    unchecked,
)
from tellback.screening.wide_net import RULE as WIDE_NET
from tellback.stories import dismissed, duplicates, misplaced
from tellback.stories.models import StoryFinding, StoryVersion
from tellback.stories.own_names import own_names
from tellback.stories.urgency import Urgency, urgency_of

# What the wide net marked without calling anybody, and nobody dismissed: the second reading knows better.
_ONLY_PERHAPS = (
    (StoryFinding.rule == WIDE_NET)
    & (StoryFinding.certainty == "possible")
    & StoryFinding.dismissed_at.is_null()
)


@dataclass(frozen=True)
class Found:
    """What is marked in a version.

    `rows` are findings without the version, `numbers` what its words are found by, `phrases` the ids of those
    on the list that stand in it.
    """

    rows: list[dict[str, Any]]
    numbers: list[int]
    phrases: set[int]

    @property
    def urgency(self) -> Urgency:
        """How soon a story with these findings must be read."""
        return urgency_of(row["certainty"] for row in self.rows if row["kind"] in DISTRESS)


def look(version: StoryVersion, fields: Sequence[str], services: Sequence[Service]) -> Found:
    """Find what is to be marked in these fields of a version and in its story as a whole, kept or not.

    What a moderator had a rule mark no more in stories about one of the services is left out.
    """
    texts = _texts(version, fields)
    found: list[tuple[str, Finding, str | None]] = [
        (field, finding, None) for field, finding in screen_story(texts, own_names(services))
    ]
    for field, text in texts.items():
        found += [(field, finding, code) for finding, code in misplaced.find_others(text, services)]
    # Most stories hold nothing that could have been dismissed.
    remembered = dismissed.of_services(services) if found else set()
    rows = [
        _row(field, finding, other)
        for field, finding, other in found
        if (finding.rule, dismissed.key(_words(texts, field, finding))) not in remembered
    ]
    words = duplicates.words_of(version)
    numbers = duplicates.bands(words)
    if twin := duplicates.twin_of(version.story, words, numbers):
        rule, certainty = ("same_story", "sure") if twin.share == 1 else ("nearly_same_story", "likely")
        again = Finding("duplicate", rule, 0, 0, certainty)  # type: ignore[arg-type]
        rows.append(_row(WHOLE_STORY, again, other=twin.story.public_id))
    # The phrases that staff put on a list for a time: the desk sees them, and nothing is refused.
    listed = phrases.standing()
    standing = [(field, *place) for field, text in texts.items() for place in phrases.find(text, listed)]
    for field, start, end, _whose in standing:
        rows.append(_row(field, Finding("spam", phrases.RULE, start, end, "sure")))
    return Found(rows, numbers, {whose for *_place, whose in standing})


def is_read_again(lang: str) -> bool:
    """Whether what is written in a language (BCP 47) is read a second time here."""
    return can_read_again() and "crisis" not in unchecked(lang)


def look_again(
    version: StoryVersion, fields: Sequence[str], services: Sequence[Service]
) -> list[dict[str, Any]]:
    """What the second reading finds in these fields of a kept version: findings without the version.

    What a moderator had the rule mark no more is left out, as in `look`, and so is what they dismissed here.
    """
    marked: dict[str, list[Finding]] = {}
    for one in version.findings.where(~_ONLY_PERHAPS):
        certainty: Certainty = "sure" if one.dismissed_at else one.certainty
        marked.setdefault(one.field, []).append(Finding(one.kind, one.rule, one.start, one.end, certainty))
    texts = _texts(version, fields)
    found = [(field, one) for field, text in texts.items() for one in read_again(text, marked.get(field, []))]
    remembered = dismissed.of_services(services) if found else set()
    return [
        _row(field, finding)
        for field, finding in found
        if (finding.rule, dismissed.key(_words(texts, field, finding))) not in remembered
    ]


def keep_again(version: StoryVersion, rows: list[dict[str, Any]]) -> None:
    """Keep what `look_again` found in the place of what only may be; in the caller's transaction."""
    StoryFinding.delete().where(StoryFinding.version == version, _ONLY_PERHAPS).execute()
    _insert(version, rows)


def keep(version: StoryVersion, found: Found, *, is_first: bool) -> None:
    """Keep what was found in a version that is kept; `is_first` of its story. In the caller's transaction."""
    duplicates.keep(version.story, found.numbers, is_new=is_first)
    blocks.count(found.phrases)
    _insert(version, found.rows)


def mark_machine(version: StoryVersion, rules: Sequence[str]) -> None:
    """Mark a story as one that may be from a machine, by each of these rules (`http.traps`)."""
    # A field that nobody sees is filled in by hand only where no style sheet arrives.
    found = [
        Finding("machine", rule, 0, 0, "likely" if rule == traps.FILLED else "possible") for rule in rules
    ]
    _insert(version, [_row(WHOLE_STORY, finding) for finding in found])


def _texts(version: StoryVersion, fields: Sequence[str]) -> dict[str, str]:
    return {field: text for field in fields if (text := getattr(version, field))}


def _insert(version: StoryVersion, rows: list[dict[str, Any]]) -> None:
    put(StoryFinding, [{"version": version, **row} for row in rows])


def _words(texts: dict[str, str], field: str, finding: Finding) -> str:
    return texts.get(field, "")[finding.start : finding.end]


def _row(field: str, finding: Finding, other: str | None = None) -> dict[str, Any]:
    return {
        "field": field,
        "kind": finding.kind,
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "certainty": finding.certainty,
        "offer": finding.offer,
        "other": other,
    }
