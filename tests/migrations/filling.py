"""Rows for every table of whatever schema is there: made from what the database says of its tables alone.

So the rows are those that a release of that schema could hold, and a new step is tested without a word here.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tellback import db

# What SQLite keeps beside a full-text index.
_SHADOW = re.compile(r".+_search_(data|idx|content|docsize|config)")
# What is read as one of a list of words when a database was brought to this release.
_WORDS = {
    ("story", "state"): "submitted",
    ("story_version", "salt"): "5a" * 32,
    ("published_text", "salt"): "5a" * 32,
}
_MOMENT = "2026-01-{:02} 09:30:00.000000+00:00"
_COLUMNS = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,"
    " COALESCE(a.attnum = ANY(i.indkey), false) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND attnum > 0 AND NOT attisdropped"
)
_REFERENCES = (
    "SELECT f.conrelid::regclass::text, a.attname, f.confrelid::regclass::text, b.attname"
    " FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]"
    " JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1] WHERE f.contype = 'f'"
)
_SCHEMA = (
    "SELECT 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,"
    " pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid"
    " AND d.adnum = a.attnum JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE c.relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
)


@dataclass
class Table:
    """A table as its database tells it: columns by kind, what they refer to, and its key."""

    kinds: dict[str, str] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)

    @property
    def numbered(self) -> bool:
        """Whether the database numbers the rows by itself."""
        return self.key == ["id"] and "char" not in self.kinds["id"]


class Rows:
    """What was put in, table by table, as it was read back at once."""

    def __init__(self) -> None:
        self.kept: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)

    def fill(self, number: int) -> None:
        """Put one row into each table; `number`, from 1, tells it from those of other times."""
        found = tables()
        made: dict[str, dict[str, Any]] = {}
        for name in _in_order(found):
            made[name] = _insert(name, found[name], number, made)
            key = {column: made[name][column] for column in found[name].key}
            self.kept[name].append((key, _read(name, key)))

    def lost_or_changed(self) -> list[str]:
        """A sentence for each row that is gone, or says otherwise in a column that there still is."""
        wrong = []
        for name, rows in self.kept.items():
            for key, before in rows:
                now = _read(name, key)
                changed = [column for column in before if now.get(column, before[column]) != before[column]]
                wrong += [f"{name} {key}: {column} changed" for column in changed]
                wrong += [] if now else [f"{name} {key} is gone"]
        return wrong


def tables() -> dict[str, Table]:
    """All tables but the record of steps, and what belongs to an index."""
    found: dict[str, Table] = defaultdict(Table)
    columns, references = _described()
    for name, column, kind, optional, in_key in columns:
        found[name].kinds[column] = kind.lower()
        found[name].optional |= {column} if optional else set()
        found[name].key += [column] if in_key else []
    for name, column, other, its in references:
        found[name].refers[column] = (other, its or found[other].key[0])
    for table in found.values():
        if not table.key:  # An index of SQLite's numbers its rows as the stories are.
            table.key, table.refers["rowid"] = ["rowid"], ("story", "id")
            table.kinds["rowid"] = "integer"
    return {name: found[name] for name in found if name != "schema_migration" and not _SHADOW.fullmatch(name)}


def schema() -> set[tuple[Any, ...]]:
    """All that the schema is made of: columns, constraints, indexes, triggers."""
    queries = _SCHEMA if db.is_postgresql() else ("SELECT type, name, tbl_name, sql FROM sqlite_master",)
    return {tuple(row) for query in queries for row in db.database.execute_sql(query).fetchall()}


def _described() -> tuple[list[Any], list[Any]]:
    if db.is_postgresql():
        return tuple(db.database.execute_sql(query).fetchall() for query in (_COLUMNS, _REFERENCES))
    names = [row[0] for row in db.database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns, references = [], []
    for name in names:
        about = db.database.execute_sql(f'SELECT name, type, "notnull", pk FROM pragma_table_info("{name}")')
        columns += [(name, column, kind, not needed, pk) for column, kind, needed, pk in about]
        about = db.database.execute_sql(
            f'SELECT "from", "table", "to" FROM pragma_foreign_key_list("{name}")'
        )
        references += [(name, *row) for row in about]
    return columns, references


def _in_order(found: dict[str, Table]) -> list[str]:
    """The tables, each after those that its rows must refer to."""
    ordered: list[str] = []
    while len(ordered) < len(found):
        ready = [
            name for name in sorted(found) if name not in ordered and _needed(name, found[name]) <= {*ordered}
        ]
        assert ready, f"these need each other: {found.keys() - {*ordered}}"
        ordered += ready
    return ordered


def _needed(name: str, table: Table) -> set[str]:
    return {other for column, (other, _) in table.refers.items() if column not in table.optional} - {name}


def _insert(name: str, table: Table, number: int, made: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, kind in table.kinds.items():
        if column in table.refers:
            other, its = table.refers[column]
            row[column] = made.get(other, {}).get(its)
        elif not (table.numbered and column == "id"):
            row[column] = _value(name, column, kind, number)
    names = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join(["%s" if db.is_postgresql() else "?"] * len(row))
    query = f'INSERT INTO "{name}" ({names}) VALUES ({marks})'
    if not table.numbered:
        db.database.execute_sql(query, tuple(row.values()))
        return row
    given = db.database.execute_sql(f"{query} RETURNING id", tuple(row.values())).fetchone()
    return {**row, "id": given[0]}


def _value(name: str, column: str, kind: str, number: int) -> Any:
    if (name, column) in _WORDS:
        return _WORDS[name, column]
    if "timestamp" in kind or column == "at" or column.endswith(("_at", "_since")):
        return _MOMENT.format(1 + number % 28)
    made: tuple[tuple[str, Any], ...] = (
        ("json", "[]"),
        ("int", number),
        ("bool", True),
        ("blob", bytes([number])),
        ("bytea", bytes([number])),
        ("double", number / 2),
        ("real", number / 2),
        ("tsvector", f"'word':{number}"),
    )
    for part, value in made:
        if part in kind:
            return value
    length = re.search(r"\((\d+)\)", kind)
    return f"{number:02}{name} {column}"[: int(length[1]) if length else None]


def _read(name: str, key: dict[str, Any]) -> dict[str, Any]:
    where = " AND ".join(f'"{column}" = {"%s" if db.is_postgresql() else "?"}' for column in key)
    cursor = db.database.execute_sql(f'SELECT * FROM "{name}" WHERE {where}', tuple(key.values()))
    row = cursor.fetchone()
    return dict(zip([column[0] for column in cursor.description], row, strict=True)) if row else {}
