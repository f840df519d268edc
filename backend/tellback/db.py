"""One database behind one URL: SQLite in a file, or PostgreSQL. Fields and transactions for both.

SQLite: WAL and `synchronous=FULL`, so that what was answered with 201 survives a power cut
(https://sqlite.org/pragma.html#pragma_synchronous), immediate transactions, so that a
read-then-write never fails half-way with SQLITE_BUSY, and foreign keys on.
"""

import logging
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import peewee
from flask import Flask
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from tellback.errors import SettingsError

# Seconds a writer waits for another before the request is answered with 503.
BUSY_TIMEOUT = 10
# Connections of one process. A request holds one; more threads than this wait, they do not fail.
POOL_SIZE = 16
# Seconds a request waits for a free connection.
POOL_TIMEOUT = 10
# Milliseconds after which PostgreSQL gives up on a statement: far above any query of ours.
STATEMENT_TIMEOUT = 15_000

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


def is_postgresql() -> bool:
    """Whether the chosen database is PostgreSQL."""
    return isinstance(cast(peewee.DatabaseProxy, database).obj, peewee.PostgresqlDatabase)


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
    return PooledSqliteDatabase(
        path,
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            # The pool takes peewee's `timeout` for itself, so the wait for a lock is set here.
            "busy_timeout": BUSY_TIMEOUT * 1000,
        },
        lock_type="IMMEDIATE",
        timeout=POOL_TIMEOUT,
        max_connections=POOL_SIZE,
        check_same_thread=False,
        field_types={"UTCDATETIME": "TEXT"},
    )


def _postgresql(url: str) -> peewee.Database:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise SettingsError("PostgreSQL needs its driver: pip install 'tellback[postgres]'") from error
    parts = urlsplit(url)
    options = {
        "host": parts.hostname,
        "port": parts.port,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
    }
    return PooledPostgresqlDatabase(
        parts.path.lstrip("/"),
        prefer_psycopg3=True,
        max_connections=POOL_SIZE,
        timeout=POOL_TIMEOUT,
        stale_timeout=600,
        connect_timeout=5,
        options=f"-c statement_timeout={STATEMENT_TIMEOUT} -c timezone=UTC",
        field_types={"UTCDATETIME": "TIMESTAMPTZ"},
        **{name: value for name, value in options.items() if value is not None},
    )
