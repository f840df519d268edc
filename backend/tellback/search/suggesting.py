"""“Did you mean …?”: words that do stand in published stories, for one that hardly any story holds."""

from tellback.search import index, vocabulary
from tellback.search.index import Scopes
from tellback.search.query import term
from tellback.search.words import FEWEST_LETTERS, placed

# A word of so few stories may be a slip of the finger, theirs or the reader's …
RARE = 2
# … when another is so many times as common.
TIMES = 10


def suggestion(q: str, scopes: Scopes = ()) -> str | None:
    """What somebody who typed `q` may have meant, where that finds more; None where nothing comes to mind.

    Only words of published stories are offered (`vocabulary`), and only what finds a story in these scopes.
    """
    better, end = "", 0
    for word, start, stop in placed(q):
        better, end = better + q[end:start] + (_meant(word, is_last=stop == len(q)) or q[start:stop]), stop
    better += q[end:]
    if better == q:
        return None
    finds = index.count(index.read(better, scopes))
    return better if finds > index.count(index.read(q, scopes)) else None


def _meant(word: str, *, is_last: bool) -> str | None:
    """The word that was meant, or None for one that may stand as it is."""
    if not (FEWEST_LETTERS <= len(word) <= vocabulary.LONGEST and word.isalpha()):
        return None
    stories = index.count(index.of_term(term((word,))))
    if stories > RARE or (is_last and not stories and vocabulary.beginning(word)):
        return None
    # As many slips as Lucene allows ("AUTO"): one in a short word, two in a longer one.
    slips = 1 if len(word) < 6 else 2
    letters, likely = set(word), []
    for other, common in vocabulary.about_as_long(word, slips):
        # Each slip adds a letter, takes one, or both: most words need no closer look.
        if common >= TIMES * stories and len(letters.symmetric_difference(other)) <= 2 * slips:
            apart = distance(word, other)
            if 0 < apart <= slips:
                likely.append((apart, -common, other))
    return min(likely)[2] if likely else None


def distance(one: str, other: str) -> int:
    """How many letters to add, take away, change, or swap with the next, to make one word of another.

    Optimal string alignment (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
    """
    two_above: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        row = [i + 1]
        for j, its in enumerate(other):
            least = min(above[j + 1] + 1, row[j] + 1, above[j] + (letter != its))
            if i and j and letter == other[j - 1] and one[i - 1] == its:
                least = min(least, two_above[j - 1] + 1)
            row.append(least)
        two_above, above = above, row
    return above[-1]
