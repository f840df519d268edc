"""Which edition of the database everyone reads now: a value that is another as soon as anything is committed.

Asked of the database itself, so that no writer has to think of it, whatever process or program it is; and
for less than a hundredth of what a page costs. Whatever was made in an edition is right while that stands.
"""

import sqlite3
import threading
from collections.abc import Callable, Hashable
from pathlib import Path

from tellback import db
from tellback.troubles import OUT_OF_REACH

# Seconds to wait for a file that another process is just making.
_PATIENCE = 1

# A snapshot names the transactions that it sees: two alike see the same. A replica's do not name them all.
_SNAPSHOT = "SELECT pg_current_snapshot()::text WHERE NOT pg_is_in_recovery()"


def watch() -> Callable[[], Hashable]:
    """A function that says which edition the database of this process is at; None where nobody can say."""
    return _of_snapshots if db.is_postgresql() else watch_file(db.database.database)


def watch_file(path: str) -> Callable[[], Hashable]:
    """The same of a file of SQLite's."""
    return _File(path).edition


def _of_snapshots() -> Hashable:
    try:
        # Asked before a request begins, so the connection goes back into the pool.
        is_mine = db.database.connect(reuse_if_open=True)
        try:
            found = db.database.execute_sql(_SNAPSHOT).fetchone()
        finally:
            if is_mine:
                db.database.close()
    except OUT_OF_REACH:
        return None
    return found and found[0]


class _File:
    """A connection of its own to SQLite's file, which writes nothing: to it, each commit is another's.

    https://sqlite.org/pragma.html#pragma_data_version
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def edition(self) -> Hashable:
        """The file and its version; another file put in its place is another edition."""
        with self._lock:
            try:
                found = Path(self._path).stat()
                if (found.st_dev, found.st_ino) != self._file:
                    self._begin((found.st_dev, found.st_ino))
                assert self._open is not None
                (version,) = self._open.execute("PRAGMA data_version").fetchone()
            except (OSError, sqlite3.Error):
                return None
            return (self._file, version)

    def _begin(self, file: tuple[int, int]) -> None:
        if self._open is not None:
            self._open.close()
        self._open = sqlite3.connect(self._path, timeout=_PATIENCE, check_same_thread=False)
        self._file = file
