"""An index in SQLite: FTS5 (https://sqlite.org/fts5.html), stemmed by Porter's rules."""

import peewee
from peewee import fn

from tellback.db import database

# Times that a word in the title outweighs one in the story.
_TITLE_WEIGHT = 100


def put(index: str, story_id: int, title: str, words: str) -> None:
    """Hold these folded words of a story instead of any before."""
    row = {"rowid": story_id, "title": title, "words": words}
    _table(index).insert(row).on_conflict_replace().execute(database)


def forget(index: str, story_id: int) -> None:
    """Hold no words of a story."""
    table = _table(index)
    table.delete().where(table.rowid == story_id).execute(database)


def clear(index: str) -> None:
    """Hold nothing."""
    _table(index).delete().execute(database)


def sweep(index: str) -> None:
    """Hold no trace of words that were forgotten: of itself FTS5 drops them only when it merges its parts."""
    peewee.Table(index, (index,)).insert({index: "optimize"}).execute(database)


def holding(index: str, phrases: list[str]) -> "peewee.Select":
    """`story_id` of the stories that hold all these folded phrases."""
    # Folded phrases hold letters, digits and spaces alone, so that a quoted one is never an operator.
    asked = " ".join(f'"{phrase}"' for phrase in phrases)
    table = _table(index)
    return table.select(table.rowid.alias("story_id")).where(peewee.SQL(f"{index} MATCH ?", [asked]))


def found(index: str, phrases: list[str]) -> "peewee.Select":
    """`story_id` and `score` of the stories that hold all these folded phrases.

    bm25() is not used: it weighs a story by all others, and moves whenever one of them is put in.
    """
    table = _table(index)
    score = _hits(index, 0, table.title) * _TITLE_WEIGHT + _hits(index, 1, table.words)
    return holding(index, phrases).select(table.rowid.alias("story_id"), score.alias("score"))


def _hits(index: str, column: int, text: "peewee.Column") -> "peewee.Expression":
    """How often a column holds what was asked for: the marks that highlight() puts there, counted."""
    return fn.LENGTH(fn.highlight(peewee.SQL(index), column, "*", "")) - fn.LENGTH(text)


def _table(index: str) -> peewee.Table:
    return peewee.Table(index, ("rowid", "title", "words"))
