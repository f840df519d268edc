"""The index of published words: kept in the transaction that publishes, removes or withdraws a story.

Only what the public reads is ever put in, so that nobody can find what they may not read. Words are folded
and stemmed here, and the engines hold plain tokens: SQLite and PostgreSQL find the same in the same order.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from math import log2
from typing import Any, NamedTuple

import peewee

from tellback.search import query, relevance, tokens, vocabulary
from tellback.search.engines import public_engine
from tellback.search.places import FIRST, place, seconds_of, story_at
from tellback.search.query import Query, Term

# Matches, the newest, that are weighed against each other; all older ones follow by their date alone. It
# bounds what a word of every story costs.
WEIGHED = 500
# Further the matches of a search are not counted.
COUNTED = 1_000

Scopes = tuple[tuple[str, ...], ...]


class Spot(NamedTuple):
    """Where a page of matches ended: the score of the last (0 below those that are weighed) and its place.

    `since` is the place from which on matches are weighed: it stays as it was for the first page.
    """

    score: int
    place: int
    since: int


class Match(NamedTuple):
    """A story that was found, and where it stands in its list."""

    story_id: int
    spot: Spot


def put(text: Any, *, lang: str, published_at: datetime, about: Iterable[str]) -> None:
    """Let a story be found by a `PublishedText` in a language, and no other words.

    In the caller's transaction. `about` are the marks of what it is about (`service`, `topic` below), by
    which searches are narrowed.
    """
    parts = [text.body, text.what_was_good, text.what_could_be_better]
    words = "\n".join(part for part in parts if part)
    said = vocabulary.of_text(f"{text.title}\n{words}")
    engine, number = public_engine(), text.story_id
    vocabulary.change(engine.said(number).split(), said)
    engine.forget(number)
    engine.put(
        place(published_at, number),
        number,
        list(about),
        " ".join(tokens.of_text(text.title, lang)),
        " ".join(tokens.of_text(words, lang)),
        " ".join(said),
    )


def service(number: int) -> str:
    """The mark of a story that is about a service, by its id."""
    return f"s{number}"


def topic(number: int) -> str:
    """The mark of a story that is about a topic, by its id."""
    return f"t{number}"


def forget(story: Any) -> None:
    """Let a `Story` be found no more; in the caller's transaction."""
    vocabulary.change(public_engine().said(story.id).split(), [])
    public_engine().forget(story.id)


def clear() -> None:
    """Let nothing be found; in the caller's transaction."""
    public_engine().clear()
    vocabulary.clear()


def sweep() -> None:
    """Leave no trace of what was forgotten, for an author's words that are erased."""
    public_engine().sweep()


def held() -> peewee.Select:
    """A query of `story_id` of the stories that can be found."""
    return public_engine().held()


def read(q: str, scopes: Scopes = ()) -> Query:
    """What `q` looks for, in stories with a mark of each scope. Raises InvalidInput when `q` is too long."""
    return query.read(
        q,
        scopes,
        stands=lambda term: bool(public_engine().count(Query((term,), scopes=scopes), 1)),
        beginning=vocabulary.beginning,
    )


def of_term(term: Term) -> Query:
    """One term, in all stories."""
    return Query((term,))


def count(asked: Query) -> int:
    """How many stories it finds, counted to one over COUNTED."""
    return public_engine().count(asked, COUNTED + 1)


def of_some(asked: Query, weights: tuple[int, ...] = ()) -> Query:
    """The same for stories that hold a part of it; the fewer stories a term is in, the more it weighs.

    A page that follows another gives the weights of that one's `Query`, so that no order changes in between.
    Raises ValueError when they are of another search.
    """
    terms = asked.telling()
    if not weights:
        many = [min(public_engine().count(replace(asked, terms=(one,)), COUNTED), COUNTED) for one in terms]
        weights = tuple(1 + round(log2(COUNTED / max(number, 1))) for number in many)
    if len(weights) != len(terms) or not all(weights):
        raise ValueError("weights of another search")
    return replace(asked, terms=terms, weights=weights)


def found(asked: Query) -> peewee.Select:
    """A query of `story_id` of all that it finds."""
    return public_engine().stories(asked)


def newest(asked: Query, *, after: Spot | None, limit: int) -> list[Match]:
    """The stories that it finds, the newest first, from a spot on."""
    below = after.place if after else FIRST
    places = public_engine().places(asked, below=below, limit=limit)
    return [Match(story_at(one), Spot(0, one, FIRST)) for one in places]


def best(asked: Query, *, after: Spot | None, limit: int) -> list[Match]:
    """The stories that it finds, the best first (`relevance.score`), from a spot on.

    The newest matches are weighed, those below them follow the newest first.
    """
    if after and not after.score:
        return newest(asked, after=after, limit=limit)
    engine = public_engine()
    since = after.since if after else 0
    weighed = engine.tokens(asked, since=since, limit=None if after else WEIGHED)
    if not after and weighed:
        since = weighed[-1][0]
    ranked = sorted(
        (
            Spot(relevance.score(title, words, asked, seconds_of(one)), one, since)
            for one, title, words in weighed
        ),
        reverse=True,
    )
    page = [spot for spot in ranked if after is None or spot < after][:limit]
    if len(page) < limit:
        rest = engine.places(asked, below=since, limit=limit - len(page))
        page += [Spot(0, one, since) for one in rest]
    return [Match(story_at(spot.place), spot) for spot in page]
