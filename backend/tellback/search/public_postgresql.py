"""The index of published stories in PostgreSQL: a tsvector of our own tokens with a GIN index.

Both the vector and what is asked of it are written out, so that no parser or dictionary of the server
(https://www.postgresql.org/docs/current/datatype-textsearch.html) has a say in what is found.
"""

from collections.abc import Sequence

import peewee
from peewee import Value, fn

from tellback.db import database
from tellback.search.query import Query, Term

_INDEX = peewee.Table("public_search", ("place", "story_id", "tokens", "title", "words", "said"))
# Further a tsvector does not count.
_LAST = 16_383


def put(place: int, story_id: int, about: Sequence[str], title: str, words: str, said: str) -> None:
    """Hold these tokens of a story that is held by no others."""
    # A place is left free between the two, so that no phrase goes from one into the other.
    placed = enumerate([*title.split(), None, *words.split()], start=1)
    # What it is about stands in capitals, which no folded word has.
    vector = [f"'{mark.upper()}'" for mark in about]
    vector += [f"'{token}':{min(at, _LAST)}" for at, token in placed if token]
    row = {
        "place": place,
        "story_id": story_id,
        "tokens": Value(" ".join(vector)).cast("tsvector"),
        "title": title,
        "words": words,
        "said": said,
    }
    _INDEX.insert(row).execute(database)


def said(story_id: int) -> str:
    """The words that were counted for a story; empty for one that is not held."""
    return _INDEX.select(_INDEX.said).where(_INDEX.story_id == story_id).scalar(database) or ""


def forget(story_id: int) -> None:
    """Hold no tokens of a story."""
    _INDEX.delete().where(_INDEX.story_id == story_id).execute(database)


def clear() -> None:
    """Hold nothing."""
    _INDEX.delete().execute(database)


def sweep() -> None:
    """Hold no trace of words that were forgotten: PostgreSQL clears them away by itself (autovacuum)."""


def places(query: Query, *, below: int, limit: int) -> list[int]:
    """The newest places below one of the stories that hold what is asked."""
    rows = _holding(query).where(_INDEX.place < below).order_by(_INDEX.place.desc()).limit(limit)
    return [place for (place,) in rows.tuples().execute(database)]


def tokens(query: Query, *, since: int, limit: int | None) -> list[tuple[int, str, str]]:
    """Place, title and words of the newest stories that hold what is asked, down to a place."""
    rows = _holding(query).select(_INDEX.place, _INDEX.title, _INDEX.words).where(_INDEX.place >= since)
    return list(rows.order_by(_INDEX.place.desc()).limit(limit).tuples().execute(database))


def count(query: Query, most: int) -> int:
    """How many stories hold what is asked, counted to `most`."""
    some = _holding(query).limit(most).alias("some")
    return peewee.Select([some], [fn.COUNT(peewee.SQL("*"))]).scalar(database) or 0


def stories(query: Query) -> peewee.Select:
    """A query of `story_id` of the stories that hold what is asked."""
    return _holding(query).select(_INDEX.story_id)


def held() -> peewee.Select:
    """A query of `story_id` of all stories that are held."""
    return _INDEX.select(_INDEX.story_id)


def _holding(query: Query) -> peewee.Select:
    if not query.terms:
        return _INDEX.select(_INDEX.place).where(peewee.SQL("false"))
    every = (" | " if query.some else " & ").join(_term(term) for term in query.terms)
    scopes = "".join(f" & ({' | '.join(mark.upper() for mark in scope)})" for scope in query.scopes)
    asked = Value(f"({every}){scopes}").cast("tsquery")
    return _INDEX.select(_INDEX.place).where(peewee.Expression(_INDEX.tokens, "@@", asked))


def _term(term: Term) -> str:
    # Tokens hold letters, digits and marks alone, so that a quoted one is never an operator.
    return "(" + " | ".join(" <-> ".join(f"'{token}'" for token in tokens) for tokens in term) + ")"
