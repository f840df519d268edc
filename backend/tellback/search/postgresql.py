"""The desk's index in PostgreSQL: a tsvector with a GIN index, stemmed by Snowball's English rules.

The text search configuration `tellback` (made by a migration) has no stop words, so that what SQLite finds
is found here too (https://www.postgresql.org/docs/current/textsearch-controls.html).
"""

from functools import reduce

import peewee
from peewee import fn

from tellback.db import database

_AS_WE_DO = peewee.SQL("'tellback'")


def put(index: str, story_id: int, title: str, words: str) -> None:
    """Hold these folded words of a story instead of any before."""
    table = _table(index)
    both = peewee.Expression(_weighed(title, "A"), "||", _weighed(words, "D"))
    kept = table.insert({"story_id": story_id, "words": both})
    kept.on_conflict(conflict_target=[table.story_id], update={table.words: peewee.EXCLUDED.words}).execute(
        database
    )


def forget(index: str, story_id: int) -> None:
    """Hold no words of a story."""
    table = _table(index)
    table.delete().where(table.story_id == story_id).execute(database)


def clear(index: str) -> None:
    """Hold nothing."""
    _table(index).delete().execute(database)


def sweep(index: str) -> None:
    """Hold no trace of words that were forgotten: PostgreSQL clears them away by itself (autovacuum)."""


def holding(index: str, phrases: list[str]) -> "peewee.Select":
    """`story_id` of the stories that hold all these folded phrases."""
    table = _table(index)
    return table.select(table.story_id).where(peewee.Expression(table.words, "@@", _asked(phrases)))


def _asked(phrases: list[str]) -> "peewee.Expression":
    return reduce(
        lambda one, other: peewee.Expression(one, "&&", other),
        (fn.phraseto_tsquery(_AS_WE_DO, phrase) for phrase in phrases),
    )


def _weighed(text: str, weight: str) -> "peewee.Function":
    return fn.setweight(fn.to_tsvector(_AS_WE_DO, text), weight)


def _table(index: str) -> peewee.Table:
    return peewee.Table(index, ("story_id", "words"))
