"""The index of all words of all stories, for those who may read all: kept as a story is told and changed."""

import peewee

from tellback.search.engines import engine
from tellback.search.words import folded, sought

_INDEX = "desk_search"


def put(story_id: int, titles: str, words: str) -> None:
    """Let a story be found by these words instead of any before; in the caller's transaction."""
    engine().put(_INDEX, story_id, folded(titles), folded(words))


def clear() -> None:
    """Let nothing be found; in the caller's transaction."""
    engine().clear(_INDEX)


def sweep() -> None:
    """Leave no trace of words that were put in before others, for an author's words that are erased."""
    engine().sweep(_INDEX)


def found(q: str) -> "peewee.ModelSelect":
    """A query of `story_id` of the stories that hold what `q` asks for, published or not.

    Raises InvalidInput when `q` is too long.
    """
    return engine().holding(_INDEX, sought(q))
