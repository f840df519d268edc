"""The index in SQLite: FTS5 (https://sqlite.org/fts5.html), stemmed by Porter's rules."""

import peewee
from peewee import fn

from tellback.db import database

_INDEX = peewee.Table("story_search", ("rowid", "title", "words"))
# Times that a word in the title outweighs one in the story.
_TITLE_WEIGHT = 100


def put(story_id: int, title: str, words: str) -> None:
    """Hold these folded words of a story instead of any before."""
    forget(story_id)
    database.execute_sql(
        "INSERT INTO story_search (rowid, title, words) VALUES (?, ?, ?)", (story_id, title, words)
    )


def forget(story_id: int) -> None:
    """Hold no words of a story."""
    database.execute_sql("DELETE FROM story_search WHERE rowid = ?", (story_id,))


def clear() -> None:
    """Hold nothing."""
    database.execute_sql("DELETE FROM story_search")


def found(phrases: list[str]) -> "peewee.Select":
    """`story_id` and `score` of the stories that hold all these folded phrases.

    bm25() is not used: it weighs a story by all others, and moves whenever one of them is published.
    """
    # Folded phrases hold letters, digits and spaces alone, so that a quoted one is never an operator.
    asked = " ".join(f'"{phrase}"' for phrase in phrases)
    score = _hits(0, _INDEX.title) * _TITLE_WEIGHT + _hits(1, _INDEX.words)
    return _INDEX.select(_INDEX.rowid.alias("story_id"), score.alias("score")).where(
        peewee.SQL("story_search MATCH ?", [asked])
    )


def _hits(column: int, text: "peewee.Column") -> "peewee.Expression":
    """How often a column holds what was asked for: the marks that highlight() puts there, counted."""
    return fn.LENGTH(fn.highlight(peewee.SQL("story_search"), column, "*", "")) - fn.LENGTH(text)
