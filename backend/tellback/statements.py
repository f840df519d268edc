"""SQL whose text is put together once, and run again with other values.

Peewee writes the text of a query anew each time, which takes several times as long as SQLite takes to run it.
What every story asks is therefore written once for each engine, by Peewee itself: `db.prepared` for what is
asked, `db.put` for rows.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import peewee


class Slot(peewee.Node):
    """Where one of the values goes that a statement is run with; `convert` makes of it what is stored."""

    def __init__(self, number: int, convert: Callable[[Any], Any] | None = None) -> None:
        self._number, self._convert = number, convert

    def __sql__(self, ctx: Any) -> Any:
        """A placeholder. Beside a field, a value is converted as that field's values are."""
        return ctx.value(_Place(self._number, self._convert or ctx.state.converter), converter=False)


class _Place(NamedTuple):
    number: int
    convert: Callable[[Any], Any] | None


class Statement:
    """A query, its text for one engine, and what its placeholders stand for: constants and places."""

    def __init__(self, query: Any, sql: str, parameters: Sequence[Any]) -> None:
        self.sql = sql
        self._query, self._parameters = query, parameters
        # What makes of a row what the query asks for. Peewee works that out for each answer anew.
        self._read: Callable[[Any], Any] | None = None

    def run(self, database: "peewee.Database", values: Sequence[Any]) -> Any:
        """Run it with these values. The cursor, as the driver gives it."""
        given = [_given(one, values) if isinstance(one, _Place) else one for one in self._parameters]
        return database.execute_sql(self.sql, given)

    def rows(self, database: "peewee.Database", values: Sequence[Any]) -> list[Any]:
        """Run it with these values. Its rows in the form that the query asks for."""
        cursor = self.run(database, values)
        found = cursor.fetchall()
        if not found:
            return []
        read = self._read = self._read or self._reader(cursor)
        return [read(row) for row in found]

    def _reader(self, cursor: Any) -> Callable[[Any], Any]:
        wrapped = self._query._get_cursor_wrapper(cursor)  # noqa: SLF001 (no other way)
        wrapped.initialize()
        # It knows the columns by now; a connection must not be kept with it.
        wrapped.cursor = None
        read: Callable[[Any], Any] = wrapped.process_row
        return read


def write(query: "peewee.BaseQuery", database: "peewee.Database") -> Statement:
    """Put a query with slots together for a database."""
    sql, parameters = database.get_sql_context().sql(query).query()
    return Statement(query, sql, parameters)


def slot_of(field: "peewee.Field", number: int, *, as_text: bool) -> "peewee.Node":
    """The slot of a value that is put into a field; `as_text` where JSON is text to the driver (SQLite)."""
    if as_text and isinstance(field, peewee.JSONField):
        return peewee.fn.json(Slot(number, _dumped))
    return Slot(number, field.db_value)


def _given(place: _Place, values: Sequence[Any]) -> Any:
    value = values[place.number]
    return place.convert(value) if place.convert else value


def _dumped(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
