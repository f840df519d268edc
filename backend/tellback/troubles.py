"""What goes wrong with a database, told apart; and pools of connections that meet it with patience.

Nothing here tries a statement again: what it did is not known. The request is answered with 503, and its
client asks again under the same key.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import peewee
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase, PooledSqliteDatabase

T = TypeVar("T")

# Seconds for which a server that refused a connection is not asked again: each asks in turn and may wait its
# whole `connect_timeout`, so that else the last of many waited for all.
REFUSED_FOR = 1.0
# Threads of one process that may write to SQLite or wait for it at a time, where nobody gets on; the others
# are there for readers.
WAITING_WRITERS = 4
# Seconds: when writers have waited for so long and none has come to write, whoever holds the place will not
# give it up soon, and nobody else begins to wait.
STUCK_AFTER = 1.0
# Seconds between two looks whether another process writes still, at first and after a while.
_LOOK_AGAIN, _LOOK_AGAIN_AT_LAST = 0.0005, 0.02
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


def _is_busy(error: peewee.OperationalError) -> bool:
    """Whether SQLite itself said so just now; what was being handled meanwhile does not count."""
    by_sqlite = error.__context__
    return by_sqlite is not None and _kind(by_sqlite) is Trouble.BUSY


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


class Turns:
    """Threads of one process take turns at writing, as they came: one begins, writes and ends, then the next.

    SQLite itself lets in whoever looks just then, so that of a crowd some waited a second while others came
    and went. And a few wait at most once it is plain that nobody gets on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By the number of its thread.
        self._holder: int | None = None
        # A lock for each that waits, in their order: it is opened when their turn has come.
        self._waiting: dict[threading.Lock, int] = {}
        # When one last had its turn, or came to write in it: while some do, the others are only many.
        self._moved = 0.0

    def __len__(self) -> int:
        """How many there are: one whose turn it is, and those who wait."""
        with self._lock:
            return (self._holder is not None) + len(self._waiting)

    def take(self, until: float) -> None:
        """Wait for one's turn until then (`time.monotonic`).

        Raises StuckWriters when it has not come, or when enough others wait and have got nowhere for long.
        """
        mine = threading.Lock()
        with self._lock:
            if self._holder is None:
                self._begin(threading.get_ident())
                return
            mine.acquire()
            self._waiting[mine] = threading.get_ident()
            patience = self._patience(mine, until)
        while not mine.acquire(timeout=max(0.0, patience)):
            with self._lock:
                if mine not in self._waiting:
                    return  # it came in this moment
                patience = self._patience(mine, until)
                if patience <= 0:
                    del self._waiting[mine]
                    raise StuckWriters("others have waited to write for long already")

    def came(self) -> None:
        """Note that the one whose turn it is came to write: nobody outside this process holds it up."""
        self._moved = time.monotonic()

    def give_back(self) -> None:
        """End one's turn, if one has it: whoever has waited longest is next."""
        with self._lock:
            if self._holder != threading.get_ident():
                return
            self._holder = None
            if self._waiting:
                following = next(iter(self._waiting))
                self._begin(self._waiting.pop(following))
                following.release()

    def _begin(self, thread: int) -> None:
        self._holder, self._moved = thread, time.monotonic()

    def _patience(self, mine: threading.Lock, until: float) -> float:
        """Seconds for which one who waits goes on waiting now."""
        is_one_of_few = list(self._waiting).index(mine) < WAITING_WRITERS - 1
        return (until if is_one_of_few else min(until, self._moved + STUCK_AFTER)) - time.monotonic()


class _Patience(threading.local):
    """Seconds that a thread waits to write, where not as long as usual."""

    seconds: float | None = None


class PatientSqlite(PooledSqliteDatabase):
    """A pool of connections to a file, of which a writer that waits leaves room for readers.

    It notices when the file is taken away or another put in its place: what a connection to the old one
    wrote would be in no file, so it is not said to be kept.
    """

    def __init__(self, *args: Any, patience: float, **options: Any) -> None:
        """`patience` is how many seconds a writer waits for its place."""
        self._usual_patience, self._patience = patience, _Patience()
        self._turns = Turns()
        # By the connection's identity: which file it has open. Once one was, none is made anew.
        self._files: dict[int, tuple[int, int]] = {}
        self._was_there = False
        super().__init__(*args, **options)

    def _add_conn_hooks(self, connection: sqlite3.Connection) -> None:
        turn_to_wal(connection)
        super()._add_conn_hooks(connection)

    @contextmanager
    def hurrying(self, seconds: float) -> Iterator[None]:
        """Let this thread wait for no longer than so many seconds where it comes to write."""
        before, self._patience.seconds = self._patience.seconds, seconds
        try:
            yield
        finally:
            self._patience.seconds = before

    def begin(self, lock_type: str | None = None) -> None:
        """Begin a transaction when one's turn comes, which lasts until it ends."""
        begin = super().begin
        self._take_turn(lambda: begin(lock_type))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run a statement; one that writes outside a transaction takes its turn like a transaction."""
        if self.in_transaction() or sql.lstrip()[:6].upper() not in ("INSERT", "UPDATE", "DELETE"):
            return super().execute_sql(sql, params)
        execute_sql = super().execute_sql
        try:
            return self._take_turn(lambda: execute_sql(sql, params))
        finally:
            self._turns.give_back()

    def commit(self) -> None:
        """Commit. Raises OperationalError when what was written is in no file any more."""
        super().commit()
        self._turns.give_back()
        if self._is_gone(self.connection()):
            raise peewee.OperationalError("the database file was taken away or replaced")

    def rollback(self) -> None:
        """Roll back, unless SQLite has done so by itself: then what made it do that is to be heard of."""
        try:
            if self.connection().in_transaction:
                super().rollback()
        finally:
            self._turns.give_back()

    def _take_turn(self, write: Callable[[], T]) -> T:
        """Write as soon as one's turn has come and no other process writes; what fails ends the turn.

        Whether another does is looked at often, by the one thread that waits for it: SQLite would look ever
        less often, and find the place taken by somebody who just came.
        """
        began = time.monotonic()
        until = began + (self._patience.seconds or self._usual_patience)
        self._turns.take(until)
        try:
            with self._not_waiting():
                while True:
                    try:
                        written = write()
                    except peewee.OperationalError as error:
                        now = time.monotonic()
                        if not _is_busy(error) or now >= until:
                            raise
                    else:
                        self._turns.came()
                        return written
                    time.sleep(min(max(_LOOK_AGAIN, (now - began) / 20), _LOOK_AGAIN_AT_LAST))
        except BaseException:
            self._turns.give_back()
            raise

    @contextmanager
    def _not_waiting(self) -> Iterator[None]:
        """Have SQLite say at once that another process writes."""
        cursor = self.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(self._usual_patience * 1000)}")

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
