"""The finder: a care service by its name, town, postcode or code, however it was typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any
from zlib import crc32

import peewee
from peewee import Case, fn

from tellback import db
from tellback.errors import InvalidInput
from tellback.http import pagination
from tellback.organisations.models import Service
from tellback.organisations.naming import CODE, is_storable, tidy_code, words
from tellback.translations.sentences import say

# Services on a page unless asked otherwise, and at most.
USUAL_LIMIT = 10
HIGHEST_LIMIT = 50
# A pasted postal address fits; a pasted letter does not.
LONGEST_QUERY = 200
MOST_WORDS = 20
_LAST_RANK = 5

# Typed in full by some, short by others; the registers know the short form only.
_ALSO = {"st": "saint", "dr": "doctor", "drs": "doctors"}
_SHORT = {long: short for short, long in _ALSO.items()}


@dataclass(frozen=True)
class Found:
    """A page of services in order, the cursor of the next one, and how many there are in all."""

    items: list[Service]
    next: str | None
    total: int


def search_words(service: Service, above: str = "") -> str:
    """The line of folded words that the finder looks in: those of the name, a bar, all others.

    `above` is the line of the service this one belongs to: a ward is found by its hospital's name too.
    """
    name = words(service.name)
    # "The" never leads, so that the surgery is found at the head of the list by its own name.
    named = dict.fromkeys([*_without_article(name), *name, *words(service.official_name)])
    named |= dict.fromkeys(_ALSO[word] for word in list(named) if word in _ALSO)
    others = dict.fromkeys(
        word
        for text in (
            service.postcode,
            service.postcode.replace(" ", ""),
            service.code,
            service.town,
            service.address,
            service.organisation.name,
            *service.local_codes,
            above.replace("|", " "),
        )
        for word in words(text)
    )
    return f" {' '.join(named)} | {' '.join(word for word in others if word not in named)} "


def find(q: str = "", cursor: str | None = None, limit: int = USUAL_LIMIT, *, closed: bool = False) -> Found:
    """Services that hold every word of `q`, or one that begins with it, best first; an empty `q` finds all.

    Those that have closed are left out, unless `closed` asks for them, too.

    First the one of that code; then names that begin so; names that hold all the words; what has them as
    whole words (a town, a postcode), hospitals before their wards; then the rest.
    Raises InvalidInput for a query too long, a limit out of range, or a cursor that is not of this query.
    """
    _check(q, limit)
    sought = list(dict.fromkeys(words(q)))
    matching = Service.select() if closed else Service.select().where(Service.closed_on.is_null())
    if sought:
        matching = matching.where(_all(_at(f" {word}") > 0 for word in sought))
    elif q.strip():
        # Signs alone ask for something too, and nothing answers them.
        matching = matching.where(peewee.SQL("1 = 0"))
    rank = _rank(q, sought)
    # PostgreSQL would sort by the server's language; code-point order is the same on both.
    by_code_point = '"C"' if db.is_postgresql() else "BINARY"
    order = (rank, Service.name.collate(by_code_point), Service.code.collate(by_code_point))
    page: Any = matching.select(Service.id, rank.alias("rank"), Service.name, Service.code)
    if cursor:
        page = page.where(peewee.Tuple(*order) > peewee.Tuple(*_place(cursor, sought)))
    rows: list[tuple[int, int, str, str]] = list(page.order_by(*order).limit(limit + 1).tuples())
    onward = _cursor(rows[limit - 1][1:], sought) if len(rows) > limit else None
    return Found(_services(row[0] for row in rows[:limit]), onward, matching.count())


def holding(q: str) -> Any:
    """A query of all services, those that have closed too, that hold every word of `q` as `find` does.

    Raises InvalidInput for a query too long.
    """
    _check(q, USUAL_LIMIT)
    sought = dict.fromkeys(words(q))
    if not sought:
        return Service.select().where(peewee.SQL("1 = 0"))
    return Service.select().where(_all(_at(f" {word}") > 0 for word in sought))


def _check(query: str, limit: int) -> None:
    if len(query) > LONGEST_QUERY or len(words(query)) > MOST_WORDS:
        raise InvalidInput(errors={"q": [say("Use fewer words: a name, a town, a postcode or a code.")]})
    if not 1 <= limit <= HIGHEST_LIMIT:
        raise InvalidInput(errors={"limit": [say("Must be from 1 to {most}.", most=HIGHEST_LIMIT)]})


def _cursor(place: tuple[int, str, str], sought: list[str]) -> str:
    return pagination.encode({"of": _mark(sought), "after": place})


def _place(cursor: str, sought: list[str]) -> tuple[int, str, str]:
    """Where the page before ended. Anyone may write a cursor, so nothing in it is taken on trust."""
    match pagination.decode(cursor):
        case {"of": of, "after": [int(rank), str(name), str(code)]} if (
            of == _mark(sought) and 0 <= rank <= _LAST_RANK and is_storable(name + code)
        ):
            return rank, name, code
    raise pagination.broken()


def _mark(sought: list[str]) -> int:
    """A short mark of a query, by which a cursor that came from another is known."""
    return crc32(" ".join(sought).encode())


def _rank(query: str, sought: list[str]) -> Any:
    """How well a service answers, 0 the best; an expression of SQL."""
    if not sought:
        # A bare number in ORDER BY would mean a column's place.
        return peewee.SQL(f"{_LAST_RANK} + 0")
    beginning = " ".join(_SHORT.get(word, word) for word in _without_article(words(query)))
    bar = _at("|")
    whole = _all(_at(f" {word} ") > 0 for word in sought)
    return Case(
        None,
        [
            (Service.code == _as_code(query), 0),
            (_at(f" {beginning}") == 1, 1),
            (_all(_at(f" {word}") < bar for word in sought), 2),
            (whole & Service.parent.is_null(), 3),
            (whole, 4),
        ],
        _LAST_RANK,
    )


def _as_code(query: str) -> str:
    """The query as a code; what could never be one stays empty, and finds none."""
    return tidy_code(query) if CODE.fullmatch(query.strip()) else ""


def _at(text: str) -> Any:
    """Where a text stands in the search words, from 1; 0 for nowhere. Nothing in it is a wildcard."""
    return (fn.STRPOS if db.is_postgresql() else fn.INSTR)(Service.search_words, text)


def _all(conditions: Iterable[Any]) -> Any:
    return reduce(and_, conditions)


def _without_article(name: list[str]) -> list[str]:
    return name[1:] if name[:1] == ["the"] and len(name) > 1 else name


def _services(ids: Iterable[int]) -> list[Service]:
    order = {service_id: place for place, service_id in enumerate(ids)}
    query = Service.in_full().where(Service.id.in_(list(order)))
    return sorted(query, key=lambda service: order[service.id])
