"""Trying the rule book's patterns on a folded text: the part that the embed repeats in JavaScript."""

import re
import threading
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from tellback.screening.findings import Finding, Kind, marked
from tellback.screening.folding import Folded, Reading
from tellback.screening.rulebook import FIRST_NAMES, RulePattern, patterns

Check: TypeAlias = Callable[[str], bool]
"""Says whether the matched text is what the pattern takes it for; the book names it."""

_Shelf: TypeAlias = tuple[list[RulePattern], list[int], dict[str, list[int]]]
# Patterns of kinds; the places of those that need no word, and of the others by each of theirs.
_SHELVES: dict[tuple[Kind, ...], _Shelf] = {}
_filling = threading.Lock()

# No name or number reaches further from the word that it needs, nor what excuses it.
_BEFORE, _BEHIND = 100, 200
_NAME_WORD = re.compile("[^ ,.-]+")


def is_nhs_number(text: str) -> bool:
    """Say whether the digits of `text` are ten and the last is their check digit.

    The weights are 10 down to 2, the sum is taken modulo 11, the check digit is 11 less the rest; 11 is
    written 0 and 10 is never given out (datadictionary.nhs.uk, "NHS NUMBER"). One in eleven random numbers
    passes.
    """
    digits = [int(digit) for digit in re.sub("[^0-9]", "", text)]
    if len(digits) != 10:
        return False
    rest = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (11 - rest) % 11 == digits[9]


def _first_name(text: str) -> bool:
    return _NAME_WORD.findall(text.lower())[0] in FIRST_NAMES


CHECKS: dict[str, Check] = {"nhs_number": is_nhs_number, "first_name": _first_name}
"""The checks that the rule book asks for, by their names in it."""


def worth_trying(kinds: tuple[Kind, ...], folded: Folded) -> dict[Kind, list[RulePattern]]:
    """The patterns of each kind, in the order of the book, without those whose words the text has none of.

    There are hundreds, and a text holds words of a few: each word leads to its patterns.
    """
    rules, always, by_word = _SHELVES.get(kinds) or _fill(kinds)
    found = set(always).union(*(by_word[word] for word in by_word.keys() & folded.words))
    chosen: dict[Kind, list[RulePattern]] = {kind: [] for kind in kinds}
    for place in sorted(found):
        chosen[rules[place].rule.kind].append(rules[place])
    return chosen


def _fill(kinds: tuple[Kind, ...]) -> _Shelf:
    """Make the patterns of kinds, once: a crowd that comes to a new process waits for whoever is at it.

    Each would make all of them, one after another, which took a process with eight threads five seconds.
    """
    with _filling:
        if kinds not in _SHELVES:
            _SHELVES[kinds] = _shelf(kinds)
        return _SHELVES[kinds]


def _shelf(kinds: tuple[Kind, ...]) -> _Shelf:
    rules = [rule for kind in kinds for rule in patterns(kind)]
    by_word: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for word in rule.words:
            by_word.setdefault(word, []).append(place)
    return rules, [place for place, rule in enumerate(rules) if not rule.words], by_word


def matches(rule: RulePattern, folded: Folded) -> Iterator[Finding]:
    """Yield a finding, in places of the folded text, for each match of a pattern that stands.

    Digits, words and hints come first because most texts have none, and a pattern costs a thousand times
    a hint.
    """
    if folded.digits < rule.digits:
        return
    reading = folded.as_said if rule.said else folded.as_written
    if rule.hints and not _has_one(reading.text, rule.hints):
        return
    text = folded.plain if rule.case else reading.text
    places = reading.word_places(rule.words)
    for begin, until in _stretches(rule, reading, places):
        excused: bytearray | None = None
        for match in _each_from(rule, text, places) if rule.first else _each(rule, text, begin, until):
            # The first group, where there is one, is what stands before the finding.
            start, end = match.end(1) if rule.pattern.groups else match.start(), match.end()
            if excused is None:
                excused = _excused(rule, text, begin, until)
            if not any(excused[start - begin : end - begin]):
                first, last = reading.places[start], reading.places[end - 1]
                yield Finding(rule.rule.kind, rule.rule.id, first, last + 1, rule.certainty, rule.offer)


def _has_one(text: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 (any() and its generator cost several times as much as the look itself)
        if hint in text:
            return True
    return False


def _each_from(rule: RulePattern, text: str, places: Sequence[int]) -> Iterator[re.Match[str]]:
    """Yield the matches that begin at one of the places and hold what the rule's check asks for."""
    at = 0
    for place in places:
        if place >= at and (match := rule.pattern.match(text, place)) and _holds(rule, match):
            yield match
            at = match.end()


def _each(rule: RulePattern, text: str, begin: int, until: int) -> Iterator[re.Match[str]]:
    """Yield the matches that hold what the rule's check asks for.

    After one that does not, the next may begin within it: "Is Rakesh there" is no name, "Rakesh" is one.
    """
    at = begin
    while match := rule.pattern.search(text, at, until):
        if _holds(rule, match):
            yield match
            at = match.end()
        else:
            at = match.start() + 1


def _holds(rule: RulePattern, match: re.Match[str]) -> bool:
    found = match.string[match.end(1) if rule.pattern.groups else match.start() : match.end()]
    return bool(found) and (rule.check is None or CHECKS[rule.check](found))


def _stretches(rule: RulePattern, reading: Reading, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where a pattern is tried: in sentences with its words, or, of names and numbers, around them."""
    if not rule.words or (rule.first and places):
        yield 0, len(reading.text)
    elif rule.in_a_sentence:
        sentences, starts = reading.sentences, reading.sentence_starts
        yield from [sentences[at] for at in sorted({bisect(starts, place) - 1 for place in places})]
    else:
        yield from _around(places, len(reading.text))


def _around(places: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    """Yield stretches that reach some way before and behind each of the places, in their order."""
    begin = until = 0
    for place in places:
        if place - _BEFORE > until:
            yield begin, until
            begin = place - _BEFORE
        until = min(length, place + _BEHIND)
    if until:
        yield begin, until


def _excused(rule: RulePattern, text: str, begin: int, until: int) -> bytearray:
    """Mark what the pattern's `unless` match in a stretch of the text."""
    spans = (found.span() for unless in rule.unless for found in unless.finditer(text, begin, until))
    return marked([(start - begin, end - begin) for start, end in spans], until - begin)
