"""The names by which a story's own services go: their town, postcode or telephone is nobody's secret."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

from tellback.screening.findings import DISTRESS, Finding
from tellback.screening.folding import Folded, fold
from tellback.screening.rulebook import OWN_TITLES, RULES

FEWEST_CHARACTERS = 3
"""A shorter name would excuse more than it names."""

_ABROAD = re.compile(r"^(?:00)?(?:44)?0?(?=[1-9])")


class OwnNames:
    """The names by which a folded text's own services go, and where it has them."""

    def __init__(self, names: Iterable[str], folded: Folded) -> None:
        self._names = tuple(names)
        self._folded = folded

    def leave_out(self, findings: list[Finding]) -> list[Finding]:
        """Leave out the findings that lie within one of the names, however it is spaced and capitalised.

        Words of crisis that are the whole of a name stay: a topic may be called "Suicide", and a cry for help
        may say no more. A doctor by whose name a practice goes is named by everyone who names the practice:
        of a rule `within_own_names`, a finding whose last word stands in a name with a doctor's title goes
        too.
        """
        if not self._names:
            return findings
        return [finding for finding in findings if not self._excuse(finding)]

    def _excuse(self, finding: Finding) -> bool:
        if _within(finding, self._reach):
            return True
        if finding.rule == "phone_number":
            return _number(finding, self._folded) in self._numbers
        return RULES[finding.rule].within_own_names and _last_word(finding, self._folded) in self._doctors

    # Most texts have no finding that a name could excuse: nothing is looked for before there is one.
    @cached_property
    def _lower(self) -> list[str]:
        return [fold(name).lower for name in self._names]

    @cached_property
    def _keys(self) -> set[str]:
        return {key for name in self._lower if len(key := _key(name)[0]) >= FEWEST_CHARACTERS}

    @cached_property
    def _reach(self) -> list[int]:
        """For each place of the text, the furthest end of the names that start there or before."""
        furthest = [0] * len(self._folded.lower)
        key, places = _key(self._folded.lower)
        for name in self._keys:
            for start, end in _occurrences(name, key, places, self._folded.lower):
                furthest[start] = max(furthest[start], end)
        return list(accumulate(furthest, max))

    @cached_property
    def _numbers(self) -> set[str]:
        return {_as_dialled_at_home(key) for key in self._keys if key.isdigit()}

    @cached_property
    def _doctors(self) -> set[str]:
        """The words of the names that have a doctor's title."""
        return {word for name in self._lower if OWN_TITLES & set(words := _words(name)) for word in words}


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


def _within(finding: Finding, reach: list[int]) -> bool:
    if finding.kind not in DISTRESS:
        return reach[finding.start] >= finding.end
    return reach[finding.start] > finding.end or (
        finding.start > 0 and reach[finding.start - 1] >= finding.end
    )


def _occurrences(name: str, key: str, places: list[int], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands in a text whose letters and digits are `key`, each at one of `places`."""
    found = key.find(name)
    while found >= 0:
        start, end = places[found], places[found + len(name) - 1] + 1
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
        found = key.find(name, found + 1)


def _key(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a folded text, and the place of each."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    return "".join([text[place] for place in places]), places
