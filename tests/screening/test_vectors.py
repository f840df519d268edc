"""Made-up sentences and what screening must find in each: the same file will judge the embed's screening."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tellback.screening import NOTHING, OFFERS, RULES, can_check, in_brackets, personal_data, screen
from tellback.screening.folding import fold
from tellback.screening.matching import matches
from tellback.screening.personal_data import CHECKS
from tellback.screening.rulebook import patterns
from tellback.translations.languages import LANGUAGES

EMBED_WORDS = Path(personal_data.__file__).parents[1] / "static" / "embed" / "words.json"

EVERY = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["vectors"]
VECTORS = [vector for vector in EVERY if vector.get("only") != "javascript"]
# What a page finds, which has the book but not the world's numbering plans.
IN_A_PAGE = [vector for vector in EVERY if vector.get("only") != "python"]
PATTERNS = patterns("personal_data") + patterns("crisis")


@pytest.mark.parametrize("vector", VECTORS, ids=[ascii(vector["text"])[:60] for vector in VECTORS])
def test_it_finds_what_the_sentence_holds_and_nothing_else(vector):
    assert _found(vector) == vector["findings"]


@pytest.mark.parametrize("vector", IN_A_PAGE, ids=[ascii(vector["text"])[:60] for vector in IN_A_PAGE])
def test_the_book_alone_finds_what_a_page_must(vector, monkeypatch):
    monkeypatch.setattr(personal_data, "_dialled", lambda _folded: iter(()))
    assert _found(vector) == vector["findings"]


def test_only_telephone_numbers_need_more_than_the_book():
    kinds = {finding["rule"] for vector in EVERY if "only" in vector for finding in vector["findings"]}
    assert kinds == {"phone_number"}


@pytest.mark.parametrize("vector", [v for v in VECTORS if "offers" in v], ids=lambda v: ascii(v["text"])[:60])
def test_words_that_may_be_written_instead_are_offered(vector):
    found = screen(vector["text"], vector.get("own_names", ()))
    assert [finding.offer for finding in found] == vector["offers"]


def test_every_offer_has_its_words_and_the_page_has_the_same():
    offered = {pattern.offer for pattern in patterns("personal_data")} - {NOTHING}
    assert offered == set(OFFERS)
    english = json.loads(EMBED_WORDS.read_text(encoding="utf-8"))["telling"]
    assert {slug: english[f"instead_{slug}"] for slug in OFFERS} == OFFERS
    assert {pattern.offer for pattern in patterns("crisis")} == {None}


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Dr Shah was kind", "[a doctor]"),
        ("my nurse Joy", "[name]"),
        ("jo@example.org", "[email address]"),
        ("I want to die", None),
    ],
)
def test_the_public_reads_what_was_there_in_brackets(text, public):
    (finding,) = screen(text)
    assert in_brackets(finding.rule, finding.offer) == public
    assert in_brackets("a_rule_of_once", None) is None


def test_numbers_are_found_in_the_words_of_every_language():
    tried = Counter(vector["lang"] for vector in VECTORS if "lang" in vector)
    assert {tag for tag, count in tried.items() if count >= 2} == set(LANGUAGES) - {"en"}


def test_a_language_is_said_to_be_checked_only_where_it_is():
    checked = {tag: can_check(tag) for tag in LANGUAGES}
    assert checked.pop("en") == {"numbers": True, "names": True, "crisis": True}
    # Its words of crisis are looked for, but no speaker has judged yet whether they are nearly all.
    assert checked.pop("cy") == {"numbers": True, "names": True, "crisis": False}
    assert all(able == {"numbers": True, "names": False, "crisis": False} for able in checked.values())


def _found(vector):
    text = vector["text"]
    return [
        {"rule": finding.rule, "words": text[finding.start : finding.end], "certainty": finding.certainty}
        for finding in screen(text, vector.get("own_names", ()))
    ]


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
        plain = re.sub(r"\[(?:\\.|[^\]\\])+\]|\(\?[:=!]|\\[^AZzpkK1-9]", "_", expression.pattern)
        assert not re.search(r"\(\?|\\|[*+?}]\+|\.", plain)
        assert pattern.case or not re.search("[A-Z]", plain), "it is tried on lower case only"
    assert pattern.pattern.groups <= 1
    assert all(hint == hint.lower() for hint in pattern.hints)
