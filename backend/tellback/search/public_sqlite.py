"""The index of published stories in SQLite: FTS5 (https://sqlite.org/fts5.html) over tokens of our own.

The tokenizer `ascii` takes what stands between spaces as it is. A row's number is its story's place, so that
FTS5 itself walks through what it finds from the newest on and stops where a page is full.
"""

from collections.abc import Sequence

import peewee
from peewee import fn

from tellback.db import database
from tellback.search.places import STORY
from tellback.search.query import Query, Term

_INDEX = peewee.Table("public_search", ("rowid", "title", "words", "about", "said"))
# What every story is about, and it alone.
_ITSELF = "n{}"


def put(place: int, story_id: int, about: Sequence[str], title: str, words: str, said: str) -> None:
    """Hold these tokens of a story that is held by no others."""
    marks = " ".join([*about, _ITSELF.format(story_id)])
    row = {"rowid": place, "title": title, "words": words, "about": marks, "said": said}
    _INDEX.insert(row).execute(database)


def said(story_id: int) -> str:
    """The words that were counted for a story; empty for one that is not held."""
    return _INDEX.select(_INDEX.said).where(_itself(story_id)).scalar(database) or ""


def forget(story_id: int) -> None:
    """Hold no tokens of a story."""
    _INDEX.delete().where(_INDEX.rowid.in_(_INDEX.select(_INDEX.rowid).where(_itself(story_id)))).execute(
        database
    )


def clear() -> None:
    """Hold nothing."""
    _INDEX.delete().execute(database)


def sweep() -> None:
    """Hold no trace of words that were forgotten: of itself FTS5 drops them only when it merges its parts."""
    # The second is that of the code before, as long as it stays (step 0022).
    for index in ("public_search", "story_search"):
        peewee.Table(index, (index,)).insert({index: "optimize"}).execute(database)


def places(query: Query, *, below: int, limit: int) -> list[int]:
    """The newest places below one of the stories that hold what is asked."""
    rows = _holding(query).where(_INDEX.rowid < below).order_by(_INDEX.rowid.desc()).limit(limit)
    return [place for (place,) in rows.tuples().execute(database)]


def tokens(query: Query, *, since: int, limit: int | None) -> list[tuple[int, str, str]]:
    """Place, title and words of the newest stories that hold what is asked, down to a place."""
    rows = _holding(query).select(_INDEX.rowid, _INDEX.title, _INDEX.words).where(_INDEX.rowid >= since)
    return list(rows.order_by(_INDEX.rowid.desc()).limit(limit).tuples().execute(database))


def count(query: Query, most: int) -> int:
    """How many stories hold what is asked, counted to `most`."""
    some = _holding(query).limit(most).alias("some")
    return peewee.Select([some], [fn.COUNT(peewee.SQL("*"))]).scalar(database) or 0


def stories(query: Query) -> peewee.Select:
    """A query of `story_id` of the stories that hold what is asked."""
    return _holding(query).select(_INDEX.rowid.bin_and(STORY).alias("story_id"))


def held() -> peewee.Select:
    """A query of `story_id` of all stories that are held."""
    return _INDEX.select(_INDEX.rowid.bin_and(STORY).alias("story_id"))


def _holding(query: Query) -> peewee.Select:
    if not query.terms:
        return _INDEX.select(_INDEX.rowid).where(peewee.SQL("1 = 0"))
    every = (" OR " if query.some else " AND ").join(_term(term) for term in query.terms)
    scopes = "".join(f" AND about : ({' OR '.join(scope)})" for scope in query.scopes)
    asked = f"{{title words}} : ({every}){scopes}"
    return _INDEX.select(_INDEX.rowid).where(peewee.SQL("public_search MATCH ?", [asked]))


def _term(term: Term) -> str:
    # Tokens hold letters, digits and marks alone, so that a quoted one is never an operator.
    return "(" + " OR ".join('"' + " ".join(tokens) + '"' for tokens in term) + ")"


def _itself(story_id: int) -> peewee.SQL:
    return peewee.SQL("public_search MATCH ?", [f"about : {_ITSELF.format(story_id)}"])
