"""How well a story answers a search: a rule that knows the story alone, so that a list can be paged by it.

A weight that depends on all other stories, as BM25's does, would move whenever one of them is published, and
a reader who turns a page would miss stories or meet them twice.
"""

from itertools import pairwise
from math import log2

from tellback.search.query import Query

# A word in the title counts as so many that are said once in the story.
IN_TITLE = 4.0
# Two words of the search that stand side by side count once more.
SIDE_BY_SIDE = 2.0
# A story is worth twice as much as one that is older by so many years, and otherwise its equal.
YEARS_THAT_HALVE = 4
_YEAR = 365.25 * 24 * 3600


def score(title: str, words: str, asked: Query, published_at: float) -> int:
    """A whole number, the higher the sooner: how well the tokens of a story answer, and how new it is.

    Each term: 4 for the title, and n / (n + 1) twice for n times in the story, times its weight; 2 for two
    terms side by side; all of it times the square of the share of the weights that is there. Recency is
    added to its logarithm (`published_at`, seconds since 1970), so that no order changes as time goes by.
    """
    weights = asked.weights or (1,) * len(asked.terms)
    held, total = 0, 0.0
    title, words = _apart(title), _apart(words)
    looked_for = [[_apart(" ".join(tokens)) for tokens in term] for term in asked.terms]
    for forms, weight in zip(looked_for, weights, strict=True):
        in_title = any(form in title for form in forms)
        times = sum(words.count(form) for form in forms)
        held += weight * (in_title or times > 0)
        total += weight * (IN_TITLE * in_title + 2 * times / (times + 1))
    for one, other in pairwise(looked_for):
        # Its own forms, and not all words that begin so.
        pairs = [first + second for first in one[:2] for second in other[:2]]
        total += SIDE_BY_SIDE * any(pair in title or pair in words for pair in pairs)
    worth = total * (held / sum(weights)) ** 2
    return round(1000 * (log2(worth or 1) + published_at / _YEAR / YEARS_THAT_HALVE))


def _apart(tokens: str) -> str:
    """Each token between spaces of its own, so that one can be counted as text."""
    return f" {tokens.replace(' ', '  ')} "
