"""A copy of an SQLite database while it is written to, and one put in its place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from tellback.backups import archive
from tellback.backups.archive import SQLITE, STEP, Copied, Progress
from tellback.errors import NotDone

PART = "database.sqlite"
# Pages copied between two words of progress: 8 MB at SQLite's usual size.
_PAGES = 2000
_WRITE_AHEAD = ("-wal", "-shm")


def copy(database: Path, folder: Path, progress: Progress) -> Copied:
    """Copy a database into a folder as it stands at this moment, whoever writes to it.

    One read transaction holds that moment: without it the copying would begin anew whenever somebody else
    writes (https://sqlite.org/c3ref/backup_finish.html), and under load never end. In WAL mode it holds up
    no writer. The copy is one file, checked. Raises NotDone when the database is damaged.
    """
    to = folder / PART
    to.touch(mode=0o600)
    with _opened(database) as live, closing(sqlite3.connect(to, isolation_level=None)) as kept:
        live.execute("BEGIN")
        live.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        # The copy is thrown away when the power goes.
        kept.execute("PRAGMA synchronous = OFF")
        live.backup(
            kept, pages=_PAGES, progress=lambda _s, left, all_: progress("Copying", all_ - left, all_)
        )
        live.execute("COMMIT")
        kept.execute("PRAGMA journal_mode = DELETE")
        _leave_out(kept)
        _require_whole(kept)
        step, counts = kept.execute(STEP).fetchone()[0], _counts(kept)
    return Copied(to, SQLITE, sqlite3.sqlite_version, step, counts)


def unpack(part: IO[bytes], size: int, to: Path, progress: Progress) -> None:
    """Write a database's copy of `size` bytes where nothing is yet, readable by its owner only."""
    done = 0
    with open(to, "xb", opener=archive.owner_only) as file:
        while some := part.read(archive.CHUNK):
            file.write(some)
            done += len(some)
            progress("Bringing in", done, size)


def make_one_file(database: Path) -> None:
    """Bring what stands beside a database into its file. Raises NotDone while somebody else has it open.

    A damaged one is left as it is.

    Leaving the write-ahead log is what SQLite allows to the only connection
    (https://sqlite.org/pragma.html#pragma_journal_mode).
    """
    with _opened(database) as alone:
        try:
            alone.execute("PRAGMA journal_mode = DELETE").fetchone()
            taken = False
        except sqlite3.OperationalError as error:
            taken = error.sqlite_errorname in ("SQLITE_BUSY", "SQLITE_LOCKED")
        except sqlite3.DatabaseError:
            taken = False
    if taken:
        raise NotDone(f"somebody has {database} open: stop `tellback serve` and `tellback outbox work` first")


def put_in_place(fresh: Path, database: Path, aside: Path) -> None:
    """Let `fresh` be the database from now on; what was there before stays under the name `aside`.

    At every moment one of both stands there whole, also when the power goes.
    """
    archive.sync(fresh)
    if database.exists():
        _keep_aside(database, aside)
    fresh.replace(database)
    archive.sync(database.parent)


def remove(database: Path) -> None:
    """Remove a file of ours and what stands beside it."""
    for ending in ("", "-journal", *_WRITE_AHEAD):
        database.with_name(database.name + ending).unlink(missing_ok=True)


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    # Read and write, as the write-ahead log wants it, and never made anew.
    address = f"{database.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        yield connection


def _leave_out(copy: sqlite3.Connection) -> None:
    """Take out of a copy what no backup holds, and overwrite where it stood."""
    copy.execute("PRAGMA secure_delete = ON")
    there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name in there.intersection(archive.NEVER):
        copy.execute(f'DELETE FROM "{name}"')  # noqa: S608 (a name of ours)


def _require_whole(copy: sqlite3.Connection) -> None:
    found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone():
        raise NotDone(
            "the database is damaged, so that no backup of it was kept: run `tellback check`, keep every "
            "backup that you have, and restore the newest"
        )


def _counts(copy: sqlite3.Connection) -> dict[str, int]:
    found = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    count = 'SELECT COUNT(*) FROM "{}"'
    return {name: copy.execute(count.format(name)).fetchone()[0] for (name,) in found}


def _keep_aside(database: Path, aside: Path) -> None:
    """Give the present file a second name, so that the first can be given away in one step."""
    for ending in ("", *_WRITE_AHEAD):
        beside = database.with_name(database.name + ending)
        if beside.exists():
            kept = aside.with_name(aside.name + ending)
            try:
                os.link(beside, kept)
            except FileExistsError:  # Of a restore that was killed at this very place.
                if not kept.samefile(beside):
                    raise
            except OSError:  # A file system without second names.
                shutil.copy2(beside, kept)
            archive.sync(kept)
    # Only beside a damaged file: of a whole one they are in it by now.
    for ending in _WRITE_AHEAD:
        with suppress(FileNotFoundError):
            database.with_name(database.name + ending).unlink()
