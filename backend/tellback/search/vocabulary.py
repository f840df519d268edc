"""The words that stand in published stories, each with how many stories hold it; the same on both engines.

It says how a word may go on, and which word was meant. A word goes with the last story that holds it, so that
nothing in it was not published.
"""

from collections import Counter
from collections.abc import Iterable

import peewee
from peewee import EXCLUDED, chunked, fn

from tellback.db import database
from tellback.search.words import FEWEST_LETTERS, folded

# What nobody types is not worth keeping.
LONGEST = 40
# How a word may go on, in the most common words: more would say nothing of what was meant.
MOST_ENDINGS = 32
# Words that one is compared with, the most common first.
MOST_COMPARED = 2_000
# Rows in one statement.
_AT_ONCE = 400

_WORDS = peewee.Table("search_word", ("word", "stories"))


def of_text(text: str) -> list[str]:
    """The different words of a text that are kept, sorted: no numbers, nothing short."""
    return sorted(
        {word for word in folded(text).split() if FEWEST_LETTERS <= len(word) <= LONGEST and word.isalpha()}
    )


def change(gone: Iterable[str], come: Iterable[str]) -> None:
    """Count a story's words, and no more those it held before; in the caller's transaction."""
    changed = Counter(come)
    changed.subtract(Counter(gone))
    counted = {_WORDS.stories: _WORDS.stories + EXCLUDED.stories}
    # Sorted, so that two who publish at once wait for each other in one order.
    for rows in chunked(sorted(item for item in changed.items() if item[1]), _AT_ONCE):
        kept = _WORDS.insert([{"word": word, "stories": change} for word, change in rows])
        kept.on_conflict(conflict_target=[_WORDS.word], update=counted).execute(database)
        less = [word for word, change in rows if change < 0]
        _WORDS.delete().where(_WORDS.word.in_(less), _WORDS.stories <= 0).execute(database)


def clear() -> None:
    """Know no words."""
    _WORDS.delete().execute(database)


def stories_with(word: str) -> int:
    """How many stories hold exactly this folded word."""
    return _WORDS.select(_WORDS.stories).where(_WORDS.word == word).scalar(database) or 0


def beginning(word: str) -> list[str]:
    """Words that begin with a folded one, the most common first."""
    rows = _WORDS.select(_WORDS.word).where(_begins(word)).order_by(_WORDS.stories.desc(), _WORDS.word)
    return [row for (row,) in rows.limit(MOST_ENDINGS).tuples().execute(database)]


def about_as_long(word: str, difference: int) -> list[tuple[str, int]]:
    """Words, and how many stories hold them, that may have been meant: the most common first.

    They begin with the first or the second letter of this one, and are at most so much longer or shorter.
    """
    lengths = fn.LENGTH(_WORDS.word).between(len(word) - difference, len(word) + difference)
    begins = _begins(word[0]) | _begins(word[1])
    rows = _WORDS.select(_WORDS.word, _WORDS.stories).where(begins, lengths)
    ordered = rows.order_by(_WORDS.stories.desc(), _WORDS.word).limit(MOST_COMPARED)
    return list(ordered.tuples().execute(database))


def _begins(letters: str) -> peewee.Expression:
    """A range of the primary key, which both engines keep in the order of code points."""
    return (_WORDS.word >= letters) & (_WORDS.word < letters + "\U0010ffff")
