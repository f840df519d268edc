"""Screening: a text and the names of its own services in, findings out. Pure, and it refuses nobody."""

from collections.abc import Iterable
from dataclasses import replace

from tellback.screening.crisis import find_crisis
from tellback.screening.findings import Certainty, Finding, Kind, Rule, surest
from tellback.screening.folding import fold
from tellback.screening.own_names import without_own_names
from tellback.screening.personal_data import find_personal_data, is_nhs_number
from tellback.screening.rulebook import NOTHING, OFFERS, REASONS, RULES, can_check, in_brackets

__all__ = [
    "NOTHING",
    "OFFERS",
    "REASONS",
    "RULES",
    "Certainty",
    "Finding",
    "Kind",
    "Rule",
    "can_check",
    "in_brackets",
    "is_nhs_number",
    "screen",
]


def screen(text: str, own_names: Iterable[str] = ()) -> list[Finding]:
    """Find personal data and words of crisis in `text`, in its order; those of one kind never overlap.

    `own_names` are the names, towns, postcodes and telephone numbers of the services that the story is about.
    Places count code points of `text` as given. Any text is taken, and nothing is raised.
    """
    folded = fold(text)
    names = tuple(own_names)
    kept = [
        finding
        for found in (find_personal_data(folded), find_crisis(folded))
        for finding in surest(without_own_names(found, folded, names))
    ]
    spans = [folded.span(finding.start, finding.end) for finding in kept]
    return sorted(
        (replace(finding, start=start, end=end) for finding, (start, end) in zip(kept, spans, strict=True)),
        key=lambda finding: (finding.start, finding.kind, finding.end),
    )
