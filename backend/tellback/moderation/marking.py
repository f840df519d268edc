"""A version's text cut into pieces, so that a screen can mark findings and redactions in place."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from tellback.moderation.models import Redaction
from tellback.moderation.redaction import of_version
from tellback.stories.models import StoryFinding, StoryVersion
from tellback.stories.submission import SCREENED_FIELDS

Mark = TypeVar("Mark", StoryFinding, Redaction)


@dataclass(frozen=True)
class Segment:
    """A stretch of text with what is marked on it."""

    text: str
    finding: StoryFinding | None = None
    redaction: Redaction | None = None


def marked(version: StoryVersion) -> dict[str, list[Segment]]:
    """Each told field as segments whose texts together are the field, whole."""
    findings = list(version.findings.order_by(StoryFinding.start, StoryFinding.id))
    redactions = of_version(version)
    return {
        field: _cut(
            text, [f for f in findings if f.field == field], [r for r in redactions if r.field == field]
        )
        for field in SCREENED_FIELDS
        if (text := getattr(version, field))
    }


def open_findings(version: StoryVersion) -> list[StoryFinding]:
    """Findings that no redaction has settled yet, in the order of the text."""
    redactions = of_version(version)
    findings = version.findings.order_by(StoryFinding.start, StoryFinding.id)
    waiting = [f for f in findings if not any(_settles(r, f) for r in redactions)]
    return sorted(waiting, key=lambda f: (SCREENED_FIELDS.index(f.field), f.start))


def _settles(redaction: Redaction, finding: StoryFinding) -> bool:
    if redaction.field != finding.field:
        return False
    if finding.rule == "persons_name":
        # "Nurse" may stay where "Joy Bell" was taken out of "Nurse Joy Bell".
        return bool(redaction.start < finding.end and finding.start < redaction.end)
    return bool(redaction.start <= finding.start and finding.end <= redaction.end)


def _cut(text: str, findings: list[StoryFinding], redactions: list[Redaction]) -> list[Segment]:
    edges = {0, len(text)} | {place for mark in [*findings, *redactions] for place in (mark.start, mark.end)}
    places = sorted(place for place in edges if place <= len(text))
    return [
        Segment(text[start:end], _over(findings, start, end), _over(redactions, start, end))
        for start, end in pairwise(places)
    ]


def _over(marks: list[Mark], start: int, end: int) -> Mark | None:
    return next((mark for mark in marks if mark.start <= start and end <= mark.end), None)
