"""What screening has reached is kept: floors under the figures that README shows (measure.py counts them)."""

import pytest

from tellback.screening import is_distress
from tests.screening import measure

# On the sentences that nobody who writes rules reads: precision and recall, a little under what was measured
# in November 2026.
FRESH = {"persons_name": (0.94, 0.94), "crisis": (0.32, 0.98), "place_number": (0.95, 0.85)}


@pytest.fixture(scope="module")
def fresh():
    return measure.count("fresh")


@pytest.mark.parametrize("label", FRESH)
def test_what_was_found_and_rightly_so_stays_found(fresh, label):
    precision, recall = FRESH[label]
    assert fresh[label].precision >= precision
    assert fresh[label].recall >= recall


def test_an_ordinary_story_calls_nobody_in_the_night():
    ordinary = measure.lines_of([measure.ORDINARY])
    assert sum(map(is_distress, ordinary)) <= 0.01 * len(ordinary)


def test_crisis_said_in_ways_that_nothing_learned_from_is_mostly_marked():
    blind = measure.count_items(measure.bracketed(["blind_two.txt", "blind_three.txt"], "crisis"))["crisis"]
    assert blind.recall >= 0.92


def test_hints_are_mostly_marked_when_a_story_is_read_twice():
    items = measure.bracketed(["blind_two.txt", "blind_three.txt"], "crisis")
    assert measure.count_items(items, measure.twice)["crisis"].recall >= 0.96
