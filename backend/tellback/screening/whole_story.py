"""What holds of a story as a whole: loud words, many links, and too little to have happened."""

import re
from collections.abc import Sequence

from tellback.screening.findings import Finding, Kind
from tellback.screening.folding import Folded
from tellback.screening.rulebook import ABOUT_CARE, ABOUT_OTHER_TRADES

LINKS = 2
"""So many addresses of websites in one story are an advertisement more often than not."""

LOUD_WORDS = 5
"""So many words in capitals, one after another, are loud; NHS, A&E and MRI are not."""

FEWEST_WORDS = 3
"""Fewer words tell nothing that happened."""

FEW_WORDS = 40
"""In more words than these somebody tells something, whatever else they say."""

_LOUD = re.compile(rf"\b[A-Z][A-Z']*(?:[ ,.;:!?&/-]{{1,3}}[A-Z][A-Z']*){{{LOUD_WORDS - 1},200}}\b")
_WORD = re.compile(r"[^\W\d_]+")
# What was: without it nothing is told, of oneself or of others.
_PAST = re.compile(
    r"\b(?:was|were|had|did|got|went|came|told|gave|took|saw|said|made|felt|kept|left|rang|been|done|sent|waited|"
    r"found|knew|met|put|held|sat|spoke|lost|paid|thought|brought|has|have|'ve|(?!need|bleed|speed|feed|indeed)"
    r"[a-z]{2,}ed)\b"
)
_OF_ONESELF = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|i'm|i've|i'd)\b")
_OUGHT = re.compile(
    r"\b(?:should|must|ought|needs? to|deserves?|have to|vote|stop|bring back|scrap|ban|sack)\b"
)


def find_capitals(folded: Folded) -> list[Finding]:
    """Find runs of words in capitals."""
    return [
        Finding("capitals", "loud_words", match.start(), match.end(), "sure")
        for match in _LOUD.finditer(folded.plain)
        if sum(len(word) > 1 for word in _WORD.findall(match[0])) >= LOUD_WORDS - 1
    ]


def find_whole_story(folded: Folded, found: Sequence[Finding]) -> list[Finding]:
    """Say what holds of a story whose whole text is `folded`, and in which `found` was marked."""
    whole = []
    if sum(finding.rule == "web_address" for finding in found) >= LINKS:
        whole.append(_whole("spam", "many_links"))
    words = _WORD.findall(folded.lower)
    if len(words) < FEWEST_WORDS:
        whole.append(_whole("not_an_experience", "too_short"))
    elif len(words) <= FEW_WORDS and not _PAST.search(folded.lower):
        if folded.lower.rstrip(" )\"'").endswith("?"):
            whole.append(_whole("not_an_experience", "only_a_question"))
        elif _OUGHT.search(folded.lower) and not _OF_ONESELF.search(folded.lower):
            whole.append(_whole("not_an_experience", "nothing_lived_through"))
    elsewhere = not ABOUT_OTHER_TRADES.isdisjoint(words) and ABOUT_CARE.isdisjoint(words)
    if elsewhere and not any(finding.kind in ("spam", "complaint") for finding in found):
        whole.append(_whole("wrong_service", "another_trade"))
    return whole


def _whole(kind: Kind, rule: str) -> Finding:
    return Finding(kind, rule, 0, 0, "possible")
