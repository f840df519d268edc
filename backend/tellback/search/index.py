"""The index of published words: kept in the transaction that publishes, removes or withdraws a story.

Only what the public reads is ever put in, so that nobody can find what they may not read.
"""

from collections.abc import Iterable
from typing import Any

import peewee

from tellback import db
from tellback.search.engines import engine
from tellback.search.words import folded, sought

_INDEX = "story_search"


def put(text: Any) -> None:
    """Let a story be found by a `PublishedText`, and no other words; in the caller's transaction."""
    parts = (text.body, text.what_was_good, text.what_could_be_better)
    engine().put(_INDEX, text.story_id, folded(text.title), folded("\n".join(part for part in parts if part)))


def forget(story: Any) -> None:
    """Let a `Story` be found no more; in the caller's transaction."""
    engine().forget(_INDEX, story.id)


def sweep() -> None:
    """Leave no trace of what was forgotten, for an author's words that are erased."""
    engine().sweep(_INDEX)


def rebuild(texts: Iterable[Any]) -> int:
    """Make the index anew from all that is public; how many stories it holds."""
    kept = list(texts)
    with db.transaction():
        engine().clear(_INDEX)
        for text in kept:
            put(text)
    return len(kept)


def found(q: str) -> "peewee.ModelSelect":
    """A query of `story_id` and `score` (a whole number) of the public stories that hold what `q` asks for.

    A title counts more than the story below it, and a word said often more than one said once. The score is
    made of the story alone, so that it stays while others come and go, and a list can be paged by it.
    Raises InvalidInput when `q` is too long.
    """
    return engine().found(_INDEX, sought(q))
