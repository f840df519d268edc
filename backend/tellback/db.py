"""One database behind one URL: SQLite in a file, or PostgreSQL. Fields and transactions for both.

SQLite: WAL and `synchronous=FULL`, so that what was answered with 201 survives a power cut
(https://sqlite.org/pragma.html#pragma_synchronous), immediate transactions, so that a
read-then-write never fails half-way with SQLITE_BUSY, and foreign keys on. What goes wrong
with either, and how it is met, is in `troubles.py`.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, cast

import peewee
from flask import Flask

from tellback.errors import SettingsError
from tellback.statements import Slot, Statement, slot_of, write
from tellback.troubles import PatientPostgresql, PatientSqlite

# Seconds a writer waits for another before the request is answered with 503.
BUSY_TIMEOUT = 10
# Connections of one process. A request holds one; more threads than this wait, they do not fail.
POOL_SIZE = 16
# Seconds a request waits for a free connection.
POOL_TIMEOUT = 10
# How each session with PostgreSQL begins, whatever its server or database says.
SESSION = {
    "timezone": "UTC",
    # 201 means on the disk (https://www.postgresql.org/docs/current/wal-async-commit.html).
    "synchronous_commit": "on",
    # Far above any query of ours.
    "statement_timeout": "15s",
    # A request that waits for another's row or place is answered with 503, and others find a thread.
    "lock_timeout": "5s",
    # A process that stopped half-way (a suspended machine) holds up nobody for longer.
    "idle_in_transaction_session_timeout": "60s",
}
# Seconds and milliseconds after which a server that says nothing is taken for gone, rather than after the
# quarter of an hour that TCP itself would wait.
_SILENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# How the sessions of a process are named: with its number.
_OURS = "tellback "
# Seconds that a write waits for others which is not worth a reader's time.
HURRIED = 0.2
# Statements that a process keeps the text of: more than it has, one with many rows at a time included.
_MOST_STATEMENTS = 1000

database: peewee.Database = peewee.DatabaseProxy()

# At DEBUG Peewee writes down every statement with its values, which are a patient's words.
logging.getLogger("peewee").setLevel(logging.INFO)


class UTCDateTimeField(peewee.Field):
    """An aware moment in UTC, with microseconds; `timestamptz`, or sortable text on SQLite.

    peewee's own DateTimeField loses the zone on PostgreSQL. Raises ValueError when
    given a moment without a zone.
    """

    field_type = "UTCDATETIME"

    def db_value(self, value: datetime | None) -> str | None:
        """The moment as ISO 8601 text of fixed width, so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.name} needs an aware datetime")
        return value.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")

    def python_value(self, value: str | datetime | None) -> datetime | None:
        """The stored moment, aware, in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Model(peewee.Model):
    """Base of every table; the database is chosen at start."""

    class Meta:
        """peewee's options."""

        database = database
        legacy_table_names = False

    # Peewee's: the value of the primary key.
    _pk: Any

    def save(self, force_insert: bool = False, only: Any = None) -> Any:
        """As Peewee's; a row that is new goes in by a statement whose text is kept (`statements`)."""
        meta = self._meta
        if only is not None or meta.composite_key or not (force_insert or self._pk is None):
            return super().save(force_insert, only)
        row = dict(self.__data__)
        self._populate_unsaved_relations(row)
        is_numbered = meta.auto_increment and self._pk is None
        if is_numbered:
            row.pop(meta.primary_key.name, None)
        cursor = put(type(self), [row])
        if is_numbered:
            self._pk = cursor.fetchone()[0] if is_postgresql() else cursor.lastrowid
        self._dirty.clear()
        return 1


def put(model: Any, rows: Sequence[dict[str, Any]]) -> Any:
    """Put rows into a table, all with the same fields by name (none: nothing). The driver's cursor."""
    if not rows:
        return None
    names = tuple(rows[0])
    values = [row[name] for row in rows for name in names]
    return _insert(model, names, len(rows), is_postgresql()).run(database, values)


def prepared(make: Callable[..., "peewee.ModelSelect"]) -> Callable[..., list[Any]]:
    """Let a function that makes a query of some values give its rows, the text of the query being kept.

    The function is called once for each engine and number of values, with a slot in place of each: the query
    may depend on nothing else, and a value is never a list.
    """

    @lru_cache(_MOST_STATEMENTS)
    def written(count: int, _on_postgresql: bool) -> Statement:
        return write(make(*(Slot(number) for number in range(count))), database)

    @wraps(make)
    def rows(*values: Any) -> list[Any]:
        return written(len(values), is_postgresql()).rows(database, values)

    return rows


@lru_cache(_MOST_STATEMENTS)
def _insert(model: Any, names: tuple[str, ...], count: int, on_postgresql: bool) -> Statement:
    fields = [model._meta.fields[name] for name in names]  # noqa: SLF001 (Peewee's own way to ask)
    slots = (slot_of(field, number, as_text=not on_postgresql) for number, field in enumerate(fields * count))
    rows = list(zip(*[slots] * len(fields), strict=True))
    return write(model.insert_many(rows, fields=fields), database)


def connect(url: str) -> None:
    """Choose the database for this process, closing one chosen before. Nothing is opened until a query.

    Raises SettingsError for an address that is neither SQLite nor PostgreSQL, or when the
    PostgreSQL driver is not installed.
    """
    chosen = _sqlite(url) if url.startswith("sqlite:///") else _postgresql(url)
    proxy = cast(peewee.DatabaseProxy, database)
    if proxy.obj is not None:
        proxy.obj.close_all()
    proxy.initialize(chosen)


def transaction() -> AbstractContextManager[Any]:
    """All or nothing; on SQLite it takes the writer's place at once. Nests as savepoints."""
    return cast(AbstractContextManager[Any], database.atomic())


@contextmanager
def hurried() -> Iterator[None]:
    """All or nothing, and given up soon where somebody else holds what it needs (OperationalError)."""
    if is_postgresql():
        with transaction():
            database.execute_sql(f"SET LOCAL lock_timeout = '{int(HURRIED * 1000)}ms'")
            yield
        return
    with cast(peewee.DatabaseProxy, database).obj.hurrying(HURRIED), transaction():
        yield


def try_writing() -> None:
    """Write, and change nothing. Raises what the database raises when it cannot, within seconds."""
    with hurried():
        if is_postgresql():
            # No row, and still refused by a server that only reads; then a number that is put on record.
            database.execute_sql("DELETE FROM schema_migration WHERE false")
            database.execute_sql("SELECT txid_current()")
        else:
            # A number that SQLite keeps for programs and ours does not use: its page goes to the disk anew.
            database.execute_sql("PRAGMA user_version = 0")


def empty_log() -> bool:
    """Empty what SQLite writes ahead, where rows that were deleted may still be read; whether it could be.

    PostgreSQL, which has no such file beside it, is left to its own ways.
    """
    if is_postgresql():
        return True
    (busy, *_pages) = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def is_postgresql() -> bool:
    """Whether the chosen database is PostgreSQL."""
    return isinstance(cast(peewee.DatabaseProxy, database).obj, peewee.PostgresqlDatabase)


def processes() -> int:
    """How many other processes of this service PostgreSQL has sessions of: each may open `POOL_SIZE`."""
    ours = database.execute_sql(
        "SELECT COUNT(DISTINCT (client_addr, application_name)) FROM pg_stat_activity"
        " WHERE datname = current_database()"
        " AND starts_with(application_name, %s) AND application_name <> %s",
        (_OURS, f"{_OURS}{os.getpid()}"),
    )
    (found,) = ours.fetchone()
    return int(found)


def init_app(app: Flask) -> None:
    """Give each request's connection back when the request is over."""

    @app.teardown_appcontext
    def give_back(_error: BaseException | None) -> None:
        if not database.is_closed():
            database.close()


def _sqlite(url: str) -> peewee.Database:
    path = url.removeprefix("sqlite:///")
    if not path or path == ":memory:":
        raise SettingsError("TELLBACK_DATABASE_URL needs a file: sqlite:////var/lib/tellback/tellback.db")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return PatientSqlite(
        path,
        pragmas={
            "synchronous": "full",
            # Where fsync leaves it to the drive when to write (macOS), ask for more; elsewhere it is nothing.
            "fullfsync": 1,
            "checkpoint_fullfsync": 1,
            "foreign_keys": 1,
            # What is erased is overwritten in the file; some builds of SQLite do so anyway.
            "secure_delete": 1,
            # The pool takes peewee's `timeout` for itself, so the wait for a lock is set here.
            "busy_timeout": BUSY_TIMEOUT * 1000,
        },
        patience=BUSY_TIMEOUT,
        lock_type="IMMEDIATE",
        timeout=POOL_TIMEOUT,
        max_connections=POOL_SIZE,
        check_same_thread=False,
        field_types={"UTCDATETIME": "TEXT"},
    )


def _postgresql(url: str) -> peewee.Database:
    try:
        import psycopg
    except ImportError as error:
        raise SettingsError("PostgreSQL needs its driver: pip install 'tellback[postgres]'") from error
    try:
        # All that libpq knows may stand in the address: `sslmode`, a client certificate, a password file.
        given = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # What libpq says of it would quote the password.
        raise SettingsError("TELLBACK_DATABASE_URL is no address of PostgreSQL: it cannot be read") from None
    # By it `processes` counts those of ours, and an administrator knows them.
    given.setdefault("application_name", f"{_OURS}{os.getpid()}")
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    return PatientPostgresql(
        given.pop("dbname", ""),
        prefer_psycopg3=True,
        max_connections=POOL_SIZE,
        timeout=POOL_TIMEOUT,
        stale_timeout=600,
        options=f"{given.pop('options', '')} {session}",
        field_types={"UTCDATETIME": "TIMESTAMPTZ"},
        **(_SILENCE | given),
    )
