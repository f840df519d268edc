"""What goes wrong with a database, told apart; and pools of connections that meet it with patience.

Nothing here tries a statement again: what it did is not known. The request is answered with 503, and its
client asks again under the same key.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import peewee
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase, PooledSqliteDatabase

# Seconds for which a server that refused a connection is not asked again: each asks in turn and may wait its
# whole `connect_timeout`, so that else the last of many waited for all.
REFUSED_FOR = 1.0
# Threads of one process that may wait to write to SQLite at a time; the others are there for readers.
WAITING_WRITERS = 4
# Seconds: when writers have waited for so long and none has come to write, whoever holds the place will not
# give it up soon, and nobody else begins to wait.
STUCK_AFTER = 1.0
# Seconds between two tries to turn a file to WAL, and for which it is tried while others open it, too.
_BETWEEN_TRIES = 0.01
_PATIENCE = 5.0


class Trouble(StrEnum):
    """What is wrong with a database that cannot do what it was asked."""

    # Somebody else holds what is needed, for now.
    BUSY = "busy"
    # It does not answer.
    AWAY = "away"
    # The disk has no room, or a quota is reached.
    FULL = "full"
    # It can be read and not written.
    READ_ONLY = "read-only"
    # Its file cannot be made sense of: a backup has to be restored.
    DAMAGED = "damaged"


# Raised by peewee and, where rows are still being read, by SQLite itself.
ERRORS = (peewee.PeeweeException, sqlite3.Error, MaxConnectionsExceeded)
# Those that mean it whatever else they say: the database is out of reach. Others may be faults of ours.
OUT_OF_REACH = (
    peewee.OperationalError,
    peewee.InterfaceError,
    peewee.InternalError,
    sqlite3.OperationalError,
    MaxConnectionsExceeded,
)
_BY_SQLITE = {
    "SQLITE_BUSY": Trouble.BUSY,
    "SQLITE_LOCKED": Trouble.BUSY,
    "SQLITE_FULL": Trouble.FULL,
    "SQLITE_READONLY": Trouble.READ_ONLY,
    "SQLITE_PERM": Trouble.READ_ONLY,
    "SQLITE_CORRUPT": Trouble.DAMAGED,
    "SQLITE_NOTADB": Trouble.DAMAGED,
}
# By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_BY_POSTGRESQL = {
    "53100": Trouble.FULL,
    "25006": Trouble.READ_ONLY,
    "55P03": Trouble.BUSY,
    "57014": Trouble.BUSY,
    "40P01": Trouble.BUSY,
    "40001": Trouble.BUSY,
    "53300": Trouble.BUSY,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
}


class StuckWriters(peewee.OperationalError):
    """Others have waited to write for so long that nobody else begins to."""


def trouble_of(error: BaseException) -> Trouble | None:
    """What an exception says is wrong with the database; None where nothing is.

    What was being handled when it was raised counts: SQLite ends a transaction by itself when the disk is
    full, and then says of our own rollback that there is nothing to roll back.
    """
    told: BaseException | None = error
    while told is not None:
        if kind := _kind(told):
            return kind
        told = told.__context__
    return Trouble.AWAY if isinstance(error, OUT_OF_REACH) else None


def _kind(error: BaseException) -> Trouble | None:
    if isinstance(error, MaxConnectionsExceeded | StuckWriters):
        return Trouble.BUSY
    # SQLITE_IOERR_WRITE and the like: the first two words are the kind.
    name = "_".join(str(getattr(error, "sqlite_errorname", "") or "").split("_")[:2])
    state = str(getattr(error, "sqlstate", "") or "")
    return _BY_SQLITE.get(name) or _BY_POSTGRESQL.get(state)


def turn_to_wal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer of a file work side by side; as patiently as any statement is run.

    Of two that turn a new or a restored file to WAL at once, SQLite refuses one without waiting, whatever its
    `timeout` says: each would wait for the other's lock (https://sqlite.org/c3ref/busy_handler.html).
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_BETWEEN_TRIES)
        else:
            return


class _Places:
    """Where threads wait to write: a few at a time, and none once it is plain that nobody gets on."""

    def __init__(self) -> None:
        self._waiting: dict[int, float] = {}
        # When one last came to write: while some do, the others are only many.
        self._last_came = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait here. Raises StuckWriters when others have waited for long already."""
        me = threading.get_ident()
        with self._changed:
            while len(self._waiting) >= WAITING_WRITERS:
                since = max(self._last_came, min(self._waiting.values()))
                left = since + STUCK_AFTER - time.monotonic()
                if left <= 0:
                    raise StuckWriters("others have waited to write for long already")
                self._changed.wait(left)
            self._waiting[me] = time.monotonic()
        try:
            yield
            self._last_came = time.monotonic()
        finally:
            with self._changed:
                del self._waiting[me]
                self._changed.notify()


class PatientSqlite(PooledSqliteDatabase):
    """A pool of connections to a file, of which a writer that waits leaves room for readers.

    It notices when the file is taken away or another put in its place: what a connection to the old one
    wrote would be in no file, so it is not said to be kept.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._places = _Places()
        # By the connection's identity: which file it has open. Once one was, none is made anew.
        self._files: dict[int, tuple[int, int]] = {}
        self._was_there = False
        super().__init__(*args, **options)

    def _add_conn_hooks(self, connection: sqlite3.Connection) -> None:
        turn_to_wal(connection)
        super()._add_conn_hooks(connection)

    def begin(self, lock_type: str | None = None) -> None:
        """Begin a transaction, which waits for the writer's place."""
        with self._places.one():
            super().begin(lock_type)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run a statement; one that writes outside a transaction waits like a transaction."""
        if self.in_transaction() or sql.lstrip()[:6].upper() not in ("INSERT", "UPDATE", "DELETE"):
            return super().execute_sql(sql, params)
        with self._places.one():
            return super().execute_sql(sql, params)

    def commit(self) -> None:
        """Commit. Raises OperationalError when what was written is in no file any more."""
        super().commit()
        if self._is_gone(self.connection()):
            raise peewee.OperationalError("the database file was taken away or replaced")

    def rollback(self) -> None:
        """Roll back, unless SQLite has done so by itself: then what made it do that is to be heard of."""
        if self.connection().in_transaction:
            super().rollback()

    def _connect(self) -> Any:
        if self._was_there and not Path(self.database).exists():
            raise peewee.OperationalError("the database file was taken away")
        connection = super()._connect()
        self._files.setdefault(id(connection), _file(self.database))
        self._was_there = True
        return connection

    def _is_closed(self, connection: Any) -> bool:
        if self._is_gone(connection):
            self._close_raw(connection)
            return True
        return bool(super()._is_closed(connection))

    def _is_gone(self, connection: Any) -> bool:
        known = self._files.get(id(connection))
        return known is not None and known != _file(self.database)

    def _close_raw(self, connection: Any) -> None:
        self._files.pop(id(connection), None)
        super()._close_raw(connection)


class _Refused(peewee.PostgresqlDatabase):
    """Connects to PostgreSQL, and does not ask a server again at once that refused."""

    _refused_at = float("-inf")

    def _connect(self) -> Any:
        if time.monotonic() - self._refused_at < REFUSED_FOR:
            raise peewee.OperationalError("the server refused a connection a moment ago")
        try:
            return super()._connect()
        except Exception:
            self._refused_at = time.monotonic()
            raise


class PatientPostgresql(PooledPostgresqlDatabase, _Refused):
    """A pool of connections to a server, each looked at before it is used again."""


def _file(path: str) -> tuple[int, int]:
    """Which file is there: its device and number; (0, 0) for none."""
    try:
        found = Path(path).stat()
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino
