"""Made-up sentences and what screening must find in each: the same file will judge the embed's screening."""

import json
import re
from pathlib import Path

import pytest

from tellback.screening import RULES, screen
from tellback.screening.folding import fold
from tellback.screening.matching import matches
from tellback.screening.personal_data import CHECKS
from tellback.screening.rulebook import patterns

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["vectors"]
PATTERNS = patterns("personal_data") + patterns("crisis")


@pytest.mark.parametrize("vector", VECTORS, ids=[ascii(vector["text"])[:60] for vector in VECTORS])
def test_it_finds_what_the_sentence_holds_and_nothing_else(vector):
    text = vector["text"]
    found = [
        {"rule": finding.rule, "words": text[finding.start : finding.end], "certainty": finding.certainty}
        for finding in screen(text, vector.get("own_names", ()))
    ]
    assert found == vector["findings"]


def test_every_rule_has_a_sentence():
    assert {finding["rule"] for vector in VECTORS for finding in vector["findings"]} == set(RULES)


def test_every_pattern_has_a_sentence():
    texts = [fold(vector["text"]) for vector in VECTORS]
    idle = [
        pattern.pattern.pattern
        for pattern in PATTERNS
        if not any(next(matches(pattern, text, CHECKS), None) for text in texts)
    ]
    assert idle == []


@pytest.mark.parametrize("pattern", PATTERNS, ids=[f"{p.rule.id}-{n}" for n, p in enumerate(PATTERNS)])
def test_a_pattern_reads_alike_in_python_and_javascript(pattern):
    for expression in (pattern.pattern, *pattern.unless):
        # What is left of "(?" is a look-behind (older iPhones then read nothing of a script), a named
        # group or a flag; the rest is known to one of the languages only, or a dot, which means two things.
        plain = re.sub(r"\[(?:\\.|[^\]\\])+\]|\(\?[:=!]|\\[^AZzpkK1-9]", "", expression.pattern)
        assert not re.search(r"\(\?|\\|[*+?}]\+|\.", plain)
        assert pattern.case or not re.search("[A-Z]", plain), "it is tried on lower case only"
    assert pattern.pattern.groups <= 1
    assert all(hint == hint.lower() for hint in pattern.hints)
