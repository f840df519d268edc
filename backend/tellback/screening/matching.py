"""Trying the rule book's patterns on a folded text: the part that the embed repeats in JavaScript."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from tellback.screening.findings import Finding, marked
from tellback.screening.folding import Folded
from tellback.screening.rulebook import RulePattern

Check: TypeAlias = Callable[[str], bool]
"""Says whether the matched text is what the pattern takes it for; the book names it."""


def matches(rule: RulePattern, folded: Folded, checks: dict[str, Check]) -> Iterator[Finding]:
    """Yield a finding, in places of the folded text, for each match of a pattern that stands.

    Hints and digits come first because most texts have none, and a pattern costs a thousand times a hint.
    """
    if folded.digits < rule.digits:
        return
    if rule.hints and not any(hint in folded.lower for hint in rule.hints):
        return
    text = folded.plain if rule.case else folded.lower
    excused: bytearray | None = None
    for match in rule.pattern.finditer(text):
        # The first group, where there is one, is what stands before the finding.
        start, end = match.end(1) if rule.pattern.groups else match.start(), match.end()
        if rule.check and not checks[rule.check](text[start:end]):
            continue
        if excused is None:
            spans = [found.span() for unless in rule.unless for found in unless.finditer(text)]
            excused = marked(spans, len(text))
        if not any(excused[start:end]):
            yield Finding(rule.rule.kind, rule.rule.id, start, end, rule.certainty, rule.offer)
