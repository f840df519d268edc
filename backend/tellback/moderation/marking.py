"""A version's text cut into pieces, so that a screen can mark findings and redactions in place."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from tellback.moderation.models import Redaction
from tellback.moderation.redaction import of_version
from tellback.screening import DISTRESS, WHOLE_STORY
from tellback.screening.findings import CERTAINTIES
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
    """Each told field as segments whose texts together are the field, whole, without what was dismissed."""
    findings = sorted(_standing(version), key=_gravest_first)
    redactions = of_version(version)
    return {
        field: _cut(
            text, [f for f in findings if f.field == field], [r for r in redactions if r.field == field]
        )
        for field in SCREENED_FIELDS
        if (text := getattr(version, field))
    }


def open_findings(version: StoryVersion) -> list[StoryFinding]:
    """Findings that nobody has settled yet: of the whole story first, then in the order of the text."""
    redactions = of_version(version)
    waiting = [f for f in _standing(version) if not any(_settles(r, f) for r in redactions)]
    return sorted(waiting, key=_in_reading_order)


def dismissed_findings(version: StoryVersion) -> list[StoryFinding]:
    """Findings that a moderator dismissed, in the same order."""
    gone = version.findings.where(StoryFinding.dismissed_at.is_null(False))
    return sorted(gone, key=_in_reading_order)


def _standing(version: StoryVersion) -> list[StoryFinding]:
    return list(version.findings.where(StoryFinding.dismissed_at.is_null()).order_by(StoryFinding.id))


def _in_reading_order(finding: StoryFinding) -> tuple[int, int, int]:
    field = -1 if finding.field == WHOLE_STORY else SCREENED_FIELDS.index(finding.field)
    return field, finding.start, finding.id


def _gravest_first(finding: StoryFinding) -> tuple[bool, int, int]:
    # Of several on the same words, the mark shows the one that matters most.
    return finding.kind not in DISTRESS, CERTAINTIES.index(finding.certainty), finding.id


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
