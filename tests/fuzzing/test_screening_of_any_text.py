"""Screening takes any text: nothing is raised, places lie in the text, its work grows as the text does."""

import json
import shutil
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellback.screening import (
    DISTRESS,
    EVERY_KIND,
    RULES,
    Finding,
    fold,
    in_brackets,
    is_distress,
    personal_data,
    screen,
    screen_by_rules,
    screen_for_author,
    screen_story,
)
from tellback.screening.matching import matches
from tellback.screening.rulebook import RulePattern, patterns
from tests.browser import lacking
from tests.fuzzing.texts import PIECES, any_text

names = st.lists(
    st.sampled_from(["St Elsewhere", "EL1 2SE", "Dr Shah", "", "\ud800", "a"]) | any_text, max_size=3
)


@given(any_text, names)
def test_places_lie_in_the_text_and_those_of_a_kind_apart(text: str, own: list[str]) -> None:
    for look in (screen, screen_by_rules, screen_for_author):
        found = look(text, own)
        assert [f.start for f in found] == sorted(f.start for f in found)
        for one in found:
            assert 0 <= one.start < one.end <= len(text)
            assert one.rule in RULES
        for kind in {one.kind for one in found}:
            assert all(a.end <= b.start for a, b in pairwise(f for f in found if f.kind == kind))


@given(any_text, any_text)
def test_a_story_of_any_two_texts_is_screened(title: str, body: str) -> None:
    found = screen_story({"title": title, "body": body}, ["St Elsewhere"])
    texts = {"title": title, "body": body, "story": ""}
    assert all(0 <= f.start <= f.end <= len(texts[field]) for field, f in found)
    assert is_distress(body) == any(f.kind in DISTRESS for f in screen(body)) or not is_distress(body)


@given(any_text)
def test_what_stands_in_the_place_of_a_finding_is_found_no_more(text: str) -> None:
    """Redacted, nothing of the rule book's personal data is left but what the gap itself brings together."""
    for _ in range(3):
        found = [f for f in screen_by_rules(text) if f.kind == "personal_data"]
        text = _replaced(text, found)
    # What two gaps bring together may be new once or twice; it never goes on and on.
    left = [f for f in screen_by_rules(text) if f.kind == "personal_data"]
    assert [text[f.start : f.end] for f in left] == []


def _replaced(text: str, found: list[Finding]) -> str:
    for one in reversed(found):
        text = text[: one.start] + (in_brackets(one.rule, one.offer) or "[removed]") + text[one.end :]
    return text


@given(any_text)
def test_a_folded_text_leads_back_to_every_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.plain) == len(folded.lower) == len(folded.places)
    assert list(folded.places) == sorted(set(folded.places))
    assert fold(folded.plain).plain == folded.plain


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
@pytest.mark.parametrize("count", [60, pytest.param(6000, marks=pytest.mark.long)])
def test_the_page_finds_in_any_text_what_the_service_does(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Numbers of telephones by the world's plans, which no page has.
    monkeypatch.setattr(personal_data, "_dialled", lambda _folded: iter(()))
    texts = _invented(count)
    script = Path(__file__).with_name("screen_in_page.mjs")
    done = subprocess.run(
        ["node", str(script)], input=json.dumps(texts), capture_output=True, text=True, timeout=150
    )
    if done.returncode:
        lacking(f"no Node that runs modules: {done.stderr[:300]}")
    otherwise = [
        text
        for text, page in zip(texts, json.loads(done.stdout), strict=True)
        if _by_the_book(text) != [tuple(one) for one in page]
    ]
    assert otherwise == []


def _invented(count: int) -> list[str]:
    """Texts made of the pieces, the same each time; none with what JSON cannot carry."""
    chosen = [piece for piece in PIECES if piece.isprintable() or piece.isspace()]
    texts, state = [], 1
    for _ in range(count):
        words = []
        for _ in range(14):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            words.append(chosen[(state >> 33) % len(chosen)])
        texts.append("".join(words))
    return texts


def _by_the_book(text: str) -> list[tuple[str, str, str]]:
    """What both engines find; loud words are for the service alone."""
    return [
        (f.rule, text[f.start : f.end], f.certainty) for f in screen_by_rules(text) if f.rule != "loud_words"
    ]


# Texts that make a careless pattern try again from every place.
DRAGGING = [
    "a", "1", " ", "1 ", "a ", "-", "1-", ".", "a.", "@", "a@", "'", "(", "0", "+4", "\n", ",", "e ", "the ",
    "my ", "A", "Aa ", "Dr ", "i ", "nurse ", "so ", "á", "\u200b", "kill ", "want to ", "1/", "!?",
]  # fmt: skip
LENGTH = 1000
# Eight times the text is eight times the work, and 64 times for the mildest pattern that is not linear.
GROWTH, MOST = 8, 24
# Seconds of this thread's own processor time below which no growth is measured.
TOO_LITTLE = 0.004


@pytest.mark.parametrize("piece", DRAGGING)
@pytest.mark.long
def test_no_pattern_drags(piece: str) -> None:
    for kind in EVERY_KIND:
        for rule in patterns(kind):
            _assert_linear(rule, piece)


@pytest.mark.parametrize("piece", ["1 ", "a@", "the ", "Aa ", "my "])
def test_screening_as_a_whole_does_not_drag(piece: str) -> None:
    small, large = (_work(lambda n=n: screen(piece * n)) for n in (125, 1000))
    assert large < TOO_LITTLE or large <= MOST * small, (piece, small, large)


def _assert_linear(rule: RulePattern, piece: str) -> None:
    needed = " ".join(sorted(rule.words)[:1] + list(rule.hints[:1]))
    digits = " 1" * rule.digits

    def work(times: int) -> float:
        text = fold(f"{needed} {piece * times}{digits} {needed}")
        return _work(lambda: list(matches(rule, text)))

    large = work(LENGTH)
    if large > TOO_LITTLE:
        small = work(LENGTH // GROWTH)
        assert large <= MOST * small, (rule.rule.id, rule.pattern.pattern, piece, small, large)


def _work(act: object) -> float:
    """Processor seconds of this thread, the best of three: what else the machine does is not counted."""
    best = float("inf")
    for _ in range(3):
        began = time.thread_time()
        act()  # type: ignore[operator]
        best = min(best, time.thread_time() - began)
    return best
