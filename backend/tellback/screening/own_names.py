"""The names by which a story's own services go: their town, postcode or telephone is nobody's secret."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from tellback.screening.findings import DISTRESS, Finding
from tellback.screening.folding import Folded, fold
from tellback.screening.rulebook import OWN_TITLES, RULES

FEWEST_CHARACTERS = 3
"""A shorter name would excuse more than it names."""

_ABROAD = re.compile(r"^(?:00)?(?:44)?0?(?=[1-9])")


def without_own_names(findings: list[Finding], folded: Folded, own_names: Iterable[str]) -> list[Finding]:
    """Leave out the findings that lie within one of `own_names`, however it is spaced and capitalised.

    Words of crisis that are the whole of a name stay: a topic may be called "Suicide", and a cry for help
    may say no more. A doctor by whose name a practice goes is named by everyone who names the practice: of a
    rule `within_own_names`, a finding whose last word stands in a name with a doctor's title goes too.
    """
    if not findings:
        return findings
    folded_names = [fold(name).lower for name in own_names]
    names = {key for name in folded_names if len(key := _key(name)[0]) >= FEWEST_CHARACTERS}
    doctors = {word for name in folded_names if OWN_TITLES & set(words := _words(name)) for word in words}
    reach = _reach([span for name in names for span in _occurrences(name, folded)], len(folded.lower))
    numbers = {_as_dialled_at_home(name) for name in names if name.isdigit()}
    return [
        finding
        for finding in findings
        if not _excused(finding, reach)
        and not (finding.rule == "phone_number" and _number(finding, folded) in numbers)
        and not (RULES[finding.rule].within_own_names and _last_word(finding, folded) in doctors)
    ]


def _words(folded_text: str) -> list[str]:
    """The words of a folded text: letters and digits, without apostrophes and without 's at their end."""
    return re.findall(r"[^\W_]+", re.sub(r"'s\b|'", "", folded_text))


def _last_word(finding: Finding, folded: Folded) -> str:
    return _words(folded.lower[finding.start : finding.end])[-1]


def _number(finding: Finding, folded: Folded) -> str:
    return _as_dialled_at_home(_key(folded.lower[finding.start : finding.end])[0])


def _as_dialled_at_home(digits: str) -> str:
    """Leave off what goes before a British number when it is dialled, so that +44 1273 is 01273."""
    return _ABROAD.sub("", digits)


def _reach(spans: Iterable[tuple[int, int]], length: int) -> list[int]:
    """Return for each place the furthest end of the spans that start there or before."""
    furthest = [0] * length
    for start, end in spans:
        furthest[start] = max(furthest[start], end)
    return list(accumulate(furthest, max))


def _excused(finding: Finding, reach: list[int]) -> bool:
    if finding.kind not in DISTRESS:
        return reach[finding.start] >= finding.end
    return reach[finding.start] > finding.end or (
        finding.start > 0 and reach[finding.start - 1] >= finding.end
    )


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
