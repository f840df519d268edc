"""The index of published words: kept in the transaction that publishes, removes or withdraws a story.

An engine is a module with `put`, `forget`, `clear` and `found`; the database chosen at start says which.
Only `PublishedText` is ever put in, so that nobody can find what they may not read.
"""

from types import ModuleType

import peewee

from tellback import db
from tellback.search import postgresql, sqlite
from tellback.search.words import folded, sought
from tellback.stories.models import PublishedText, Story


def put(text: PublishedText) -> None:
    """Let a story be found by the words that the public reads, and no others; in the caller's transaction."""
    parts = (text.body, text.what_was_good, text.what_could_be_better)
    _engine().put(text.story_id, folded(text.title), folded("\n".join(part for part in parts if part)))


def forget(story: Story) -> None:
    """Let a story be found no more; in the caller's transaction."""
    _engine().forget(story.id)


def rebuild() -> int:
    """Make the index anew from what is public; how many stories it holds."""
    with db.transaction():
        _engine().clear()
        texts = list(PublishedText.select())
        for text in texts:
            put(text)
    return len(texts)


def found(q: str) -> "peewee.ModelSelect":
    """A query of `story_id` and `score` (a whole number) of the public stories that hold what `q` asks for.

    A title counts more than the story below it, and a word said often more than one said once. The score is
    made of the story alone, so that it stays while others come and go, and a list can be paged by it.
    Raises InvalidInput when `q` is too long.
    """
    return _engine().found(sought(q))


def _engine() -> ModuleType:
    return postgresql if db.is_postgresql() else sqlite
