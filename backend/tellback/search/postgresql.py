"""The index in PostgreSQL: a tsvector with a GIN index, stemmed by Snowball's English rules.

The text search configuration `tellback` (made by a migration) has no stop words, so that what SQLite finds
is found here too (https://www.postgresql.org/docs/current/textsearch-controls.html).
"""

from functools import reduce

import peewee
from peewee import fn

from tellback.db import database

_INDEX = peewee.Table("story_search", ("story_id", "words"))
_AS_WE_DO = peewee.SQL("'tellback'")


def put(story_id: int, title: str, words: str) -> None:
    """Hold these folded words of a story instead of any before."""
    database.execute_sql(
        "INSERT INTO story_search (story_id, words) VALUES (%s,"
        " setweight(to_tsvector('tellback', %s), 'A') || setweight(to_tsvector('tellback', %s), 'D'))"
        " ON CONFLICT (story_id) DO UPDATE SET words = excluded.words",
        (story_id, title, words),
    )


def forget(story_id: int) -> None:
    """Hold no words of a story."""
    database.execute_sql("DELETE FROM story_search WHERE story_id = %s", (story_id,))


def clear() -> None:
    """Hold nothing."""
    database.execute_sql("DELETE FROM story_search")


def found(phrases: list[str]) -> "peewee.Select":
    """`story_id` and `score` of the stories that hold all these folded phrases."""
    asked = reduce(
        lambda one, other: peewee.Expression(one, "&&", other),
        (fn.phraseto_tsquery(_AS_WE_DO, phrase) for phrase in phrases),
    )
    # ts_rank is a fraction in single precision; as a whole number it goes through a cursor unharmed.
    score = fn.ROUND(fn.ts_rank(_INDEX.words, asked) * 1_000_000).cast("integer")
    return _INDEX.select(_INDEX.story_id, score.alias("score")).where(
        peewee.Expression(_INDEX.words, "@@", asked)
    )
