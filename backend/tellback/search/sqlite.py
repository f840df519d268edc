"""The desk's index in SQLite: FTS5 (https://sqlite.org/fts5.html), stemmed by Porter's rules."""

import peewee

from tellback.db import database


def put(index: str, story_id: int, title: str, words: str) -> None:
    """Hold these folded words of a story instead of any before."""
    # Written out: every story that is told passes here.
    sql = f"INSERT OR REPLACE INTO {index} (rowid, title, words) VALUES (?, ?, ?)"  # noqa: S608 (our own names)
    database.execute_sql(sql, (story_id, title, words))


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


def _table(index: str) -> peewee.Table:
    return peewee.Table(index, ("rowid", "title", "words"))
