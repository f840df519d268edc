"""Made-up sentences and what screening must find in each: the same file will judge the embed's screening."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tellback.screening import (
    DISTRESS,
    EVERY_KIND,
    NOTHING,
    OFFERS,
    RULES,
    can_check,
    in_brackets,
    personal_data,
    screen,
    screen_by_rules,
    screen_for_author,
    screen_story,
)
from tellback.screening.folding import fold
from tellback.screening.matching import matches
from tellback.screening.rulebook import patterns
from tellback.translations.languages import LANGUAGES

EMBED_WORDS = Path(personal_data.__file__).parents[1] / "static" / "embed" / "words.json"

EVERY = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["vectors"]
VECTORS = [vector for vector in EVERY if vector.get("only") != "javascript"]
# What a page finds, which has the book but not the world's numbering plans.
IN_A_PAGE = [vector for vector in EVERY if vector.get("only") != "python"]
PATTERNS = [pattern for kind in EVERY_KIND for pattern in patterns(kind)]
LABELLED = json.loads(
    Path(__file__).with_name("labelled").joinpath("practice.json").read_text(encoding="utf-8")
)
TEXTS = [vector["text"] for vector in EVERY] + [item["text"] for item in LABELLED]
# What is found by what was told or named before, and by two addresses in one story.
NOT_IN_ONE_STORY = {"same_story", "nearly_same_story", "another_service", "many_links", "unwanted_phrase"} | {
    rule for rule, described in RULES.items() if described.kind == "machine"
}


def test_every_sentence_holds_what_it_should_and_nothing_else():
    assert _otherwise(VECTORS, screen_for_author, "findings") == []


def test_the_book_alone_finds_what_a_page_must(monkeypatch):
    monkeypatch.setattr(personal_data, "_dialled", lambda _folded: iter(()))
    assert _otherwise(IN_A_PAGE, screen_for_author, "findings") == []


def test_only_telephone_numbers_need_more_than_the_book():
    kinds = {finding["rule"] for vector in EVERY if "only" in vector for finding in vector["findings"]}
    assert kinds == {"phone_number"}


def test_words_that_may_be_written_instead_are_offered():
    offering = [vector for vector in VECTORS if "offers" in vector]
    assert len(offering) > 20
    for vector in offering:
        found = screen_for_author(vector["text"], vector.get("own_names", ()))
        assert [finding.offer for finding in found] == vector["offers"], vector["text"]


def test_every_offer_has_its_words_and_the_page_has_the_same():
    offered = {pattern.offer for pattern in patterns("personal_data")} - {NOTHING}
    # Ages and numbers of wards may say too much in too many ways to offer other words.
    assert offered - set(OFFERS) == {"persons_age", "place_number", "reference_number"}
    assert set(OFFERS) <= offered
    english = json.loads(EMBED_WORDS.read_text(encoding="utf-8"))["telling"]
    assert {slug: english[f"instead_{slug}"] for slug in OFFERS} == OFFERS
    assert {pattern.offer for kind in DISTRESS for pattern in patterns(kind)} == {None}


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


def test_of_what_only_the_desk_is_shown_both_engines_find_the_same_by_the_book():
    shown = [vector for vector in VECTORS if "desk" in vector]
    assert len(shown) > 100
    assert _otherwise(shown, screen_by_rules, "desk") == []


def _otherwise(vectors, look, expected):
    """The vectors in which something else is found than expected; loud words are for the service alone."""
    wrong = []
    for vector in vectors:
        text = vector["text"]
        found = [
            {"rule": finding.rule, "words": text[finding.start : finding.end], "certainty": finding.certainty}
            for finding in look(text, vector.get("own_names", ()))
            if finding.rule != "loud_words"
        ]
        if found != vector[expected]:
            wrong.append((text, found, vector[expected]))
    return wrong


def test_every_rule_has_a_sentence():
    found = {finding.rule for text in TEXTS for _, finding in screen_story({"body": text})}
    assert found == set(RULES) - NOT_IN_ONE_STORY


def test_every_pattern_has_a_sentence():
    texts = [fold(text) for text in TEXTS]
    idle = [
        pattern.pattern.pattern
        for pattern in PATTERNS
        if not any(next(matches(pattern, text), None) for text in texts)
    ]
    assert idle == []


def test_no_match_is_lost_by_the_words_that_save_time():
    texts = [fold(text) for text in TEXTS]
    for pattern in PATTERNS:
        slow = replace(pattern, words=frozenset(), first=False, in_a_sentence=False)
        for text in texts:
            assert list(matches(pattern, text)) == list(matches(slow, text)), pattern.pattern.pattern


def test_every_pattern_reads_alike_in_python_and_javascript():
    for pattern in PATTERNS:
        for expression in (pattern.pattern, *pattern.unless):
            # What is left of "(?" is a look-behind (older iPhones then read nothing of a script), a named
            # group or a flag; the rest only one of the languages knows, or is a dot, which means two things.
            plain = re.sub(r"\[(?:\\.|[^\]\\])+\]|\(\?[:=!]|\\[^AZzpkK1-9]", "_", expression.pattern)
            assert not re.search(r"\(\?|\\|[*+?}]\+|\.", plain), expression.pattern
            assert pattern.case or not re.search("[A-Z]", plain), f"tried on lower case: {expression.pattern}"
        assert pattern.pattern.groups <= 1, pattern.pattern.pattern
        assert all(hint == hint.lower() for hint in pattern.hints), pattern.hints
