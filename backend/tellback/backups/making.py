"""Making a backup of all that is kept, while people go on telling."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tellback import clock, db
from tellback.backups import archive, locks, postgresql, sqlite, taken_back
from tellback.backups.archive import Copied, Manifest, Progress
from tellback.config import Settings
from tellback.errors import NotDone

# Where a backup is until it is whole; what is left there is of one that was killed.
_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Made:
    """A backup that was made and read back: its file, what it says of itself, the older ones deleted."""

    path: Path
    manifest: Manifest
    deleted: list[Path]


def make(
    settings: Settings, folder: Path, progress: Progress = lambda *_: None, *, keep: int | None = None
) -> Made:
    """Back the database up into a folder, which is made when it is not there.

    All that was answered before this was called is in the backup. With `keep` the oldest backups are deleted
    until so many are left, once the new one is on the disk. Raises NotDone, and leaves nothing behind, when
    there is no database, it is damaged, the disk is full, or a tool of PostgreSQL's is missing.
    """
    moment = clock.now()
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locks.a_folder(folder), _workplace(folder / _UNFINISHED) as place:
            copied = _copy(settings, place, progress)
            path = folder / archive.name_of(moment, copied.step)
            if path.exists():
                raise NotDone(f"{path} is there already: wait a second")
            written = place / path.name
            archive.write(written, copied, moment, progress)
            manifest = archive.read(written, progress)
            written.rename(path)
            archive.sync(folder)
            deleted = _delete_oldest(folder, keep)
            db.connect(settings.database_url)
            taken_back.keep(folder, taken_back.lines())
    return Made(path, manifest, deleted)


def is_there_any(settings: Settings) -> bool:
    """Whether there is a database that holds something."""
    if settings.embedded:
        path = sqlite_path(settings)
        return path.exists() and path.stat().st_size > 0
    return bool(postgresql.tables(settings.database_url))


def sqlite_path(settings: Settings) -> Path:
    """The file of an embedded database."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Raise NotDone with what the disk of a folder said, and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NotDone(_full(folder)) from error
        raise NotDone(
            f"{error.filename or folder}: {error.strerror or type(error).__name__}; nothing was changed"
        ) from error
    except sqlite3.Error as error:
        if error.sqlite_errorname == "SQLITE_FULL":
            raise NotDone(_full(folder)) from error
        raise NotDone(f"SQLite says {error.sqlite_errorname}; nothing was changed") from error


def _copy(settings: Settings, place: Path, progress: Progress) -> Copied:
    if not is_there_any(settings):
        raise NotDone("there is no database yet, so nothing to back up: run `tellback db upgrade`")
    if settings.embedded:
        return sqlite.copy(sqlite_path(settings), place, progress)
    return postgresql.copy(settings.database_url, place, progress)


def _delete_oldest(folder: Path, keep: int | None) -> list[Path]:
    oldest = archive.all_in(folder)[:-keep] if keep else []
    for path in oldest:
        path.unlink()
    return oldest


@contextmanager
def _workplace(place: Path) -> Iterator[Path]:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _full(folder: Path) -> str:
    return (
        f"the disk of {folder} is full, and nothing was changed: make room for twice the size of the "
        "database, or name a folder on another disk"
    )
