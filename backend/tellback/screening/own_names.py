"""The names by which a story's own services are known: their name, town, postcode or telephone is nobody's secret."""

from collections.abc import Iterable, Iterator

from tellback.screening.findings import Finding
from tellback.screening.folding import Folded, fold

FEWEST_CHARACTERS = 3
"""A shorter name would excuse more than it names."""


def without_own_names(
    findings: Iterable[Finding], folded: Folded, own_names: Iterable[str]
) -> list[Finding]:
    """Leave out the findings that lie within one of `own_names`, however it is spaced and capitalised.

    Words of crisis that are the whole of a name stay: a topic may be called "Suicide", and so may a cry for help.
    """
    findings = list(findings)
    names = {key for name in own_names if len(key := _key(fold(name).lower)[0]) >= FEWEST_CHARACTERS}
    if not findings or not names:
        return findings
    spans = [span for name in sorted(names) for span in _occurrences(name, folded)]
    return [finding for finding in findings if not any(_excuses(span, finding) for span in spans)]


def _excuses(span: tuple[int, int], finding: Finding) -> bool:
    start, end = span
    whole = (start, end) == (finding.start, finding.end)
    return start <= finding.start and finding.end <= end and not (whole and finding.kind == "crisis")


def _occurrences(name: str, folded: Folded) -> Iterator[tuple[int, int]]:
    text = folded.lower
    key, places = _key(text)
    found = key.find(name)
    while found >= 0:
        start, end = places[found], places[found + len(name) - 1] + 1
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
        found = key.find(name, found + 1)


def _key(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a folded text, and the place of each."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    return "".join(text[place] for place in places), places
