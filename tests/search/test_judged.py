"""Searches of real comments are answered at least as well as they were measured to be."""

import pytest

from tests.search import judged

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not judged.COMMENTS.is_file(), reason="the real comments are not beside this checkout"
    ),
]


def test_judged_searches_are_answered_as_well_as_they_were(database: str) -> None:
    judged.publish_comments()
    measured = judged.measure()
    assert measured.ndcg >= 0.73
    assert measured.recall >= 0.80
    assert measured.slips >= 22
