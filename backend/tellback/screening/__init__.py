"""Screening: a text and the names of its own services in, findings out. Pure, and it refuses nobody.

It reads twice. The first time by rules, and by words that were weighed: that takes less than a millisecond
for most stories, and is done while the teller waits. The second time (`read_again`) it hears harm said in
words that no rule knows, takes some fifty times as long, and needs the extra `reader`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from tellback.screening.findings import (
    DISTRESS,
    FOR_AUTHORS,
    WHOLE_STORY,
    Certainty,
    Finding,
    Kind,
    Rule,
    as_sure,
    surest,
)
from tellback.screening.folding import Folded, fold
from tellback.screening.likely_names import find_names
from tellback.screening.matching import is_nhs_number, matches, worth_trying
from tellback.screening.own_names import OwnNames
from tellback.screening.personal_data import find_personal_data
from tellback.screening.rulebook import (
    NOTHING,
    OFFERS,
    REASONS,
    RULES,
    RulePattern,
    can_check,
    in_brackets,
    unchecked,
)
from tellback.screening.second_reader import is_here as can_read_again
from tellback.screening.second_reader import read
from tellback.screening.whole_story import find_capitals, find_whole_story
from tellback.screening.wide_net import RULE as WIDE_NET
from tellback.screening.wide_net import cast

__all__ = [
    "DISTRESS",
    "EVERY_KIND",
    "FOR_AUTHORS",
    "NOTHING",
    "OFFERS",
    "REASONS",
    "RULES",
    "WHOLE_STORY",
    "Certainty",
    "Finding",
    "Kind",
    "Rule",
    "can_check",
    "can_read_again",
    "fold",
    "in_brackets",
    "is_distress",
    "is_nhs_number",
    "read_again",
    "screen",
    "screen_by_rules",
    "screen_for_author",
    "screen_story",
    "unchecked",
]

EVERY_KIND: tuple[Kind, ...] = get_args(Kind)


def screen(text: str, own_names: Iterable[str] = ()) -> list[Finding]:
    """Find what is marked in `text` for the desk, in its order; findings of one kind never overlap.

    `own_names` are the names, towns, postcodes and telephone numbers of the services that the story is about.
    Places count code points of `text` as given. Any text is taken, and nothing is raised.
    """
    return _screen(text, own_names, EVERY_KIND, learned=True)


def screen_by_rules(text: str, own_names: Iterable[str] = ()) -> list[Finding]:
    """As `screen`, by the rule book alone, as a page that had the whole book would find it."""
    return _screen(text, own_names, EVERY_KIND, learned=False)


def screen_for_author(text: str, own_names: Iterable[str] = ()) -> list[Finding]:
    """Find what an author hears of while they write: by the rule book alone, of FOR_AUTHORS.

    What was learned is for the desk: a page that stops a writer for what is rarely meant silences them.
    """
    return _screen(text, own_names, FOR_AUTHORS, learned=False)


def is_distress(text: str) -> bool:
    """Whether there are words of crisis, or of harm to somebody, that are likely to be meant."""
    found = _screen(text, (), DISTRESS, learned=True)
    return any(finding.rule != WIDE_NET or finding.certainty == "likely" for finding in found)


def read_again(text: str, found: Sequence[Finding]) -> list[Finding]:
    """Find the sentences of an English text that speak of harm, in whatever words; places as in `screen`.

    Where one of `found` (of crisis or safeguarding) is as sure, nothing is said again. Only where
    `can_read_again` says so.
    """
    folded = fold(text)
    distress = [one for one in found if one.kind in DISTRESS]
    return [
        heard
        for heard in _in_text(folded, list(read(folded)))
        if not any(
            one.start < heard.end and heard.start < one.end and as_sure(one.certainty, heard.certainty)
            for one in distress
        )
    ]


def _screen(text: str, own_names: Iterable[str], kinds: tuple[Kind, ...], *, learned: bool) -> list[Finding]:
    folded = fold(text)
    own = OwnNames(own_names, folded)
    kept = [
        finding
        for kind, rules in worth_trying(kinds, folded).items()
        for finding in surest(own.leave_out(_of_kind(kind, rules, folded, learned)))
    ]
    if learned:
        kept += own.leave_out(list(cast(folded, kept)))
    return _in_text(folded, kept)


def _in_text(folded: Folded, findings: list[Finding]) -> list[Finding]:
    spans = [folded.span(finding.start, finding.end) for finding in findings]
    return sorted(
        (
            replace(finding, start=start, end=end)
            for finding, (start, end) in zip(findings, spans, strict=True)
        ),
        key=lambda finding: (finding.start, finding.kind, finding.end),
    )


def screen_story(texts: Mapping[str, str], own_names: Iterable[str] = ()) -> list[tuple[str, Finding]]:
    """Find what is marked in a story's fields (name and text), and what holds of it as a whole.

    Each finding comes with its field's name, WHOLE_STORY for one of the whole, whose places are 0 and 0.
    """
    names = tuple(own_names)
    found = [(field, finding) for field, text in texts.items() for finding in screen(text, names)]
    whole = find_whole_story(fold(" ".join(texts.values())), [finding for _, finding in found])
    return found + [(WHOLE_STORY, finding) for finding in whole]


def _of_kind(kind: Kind, rules: list[RulePattern], folded: Folded, learned: bool) -> list[Finding]:
    if kind == "personal_data":
        return find_personal_data(rules, folded) + (list(find_names(folded)) if learned else [])
    if kind == "capitals":
        return find_capitals(folded)
    return [finding for rule in rules for finding in matches(rule, folded)]
