"""One at a time, among all processes: whoever is killed lets go."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tellback.backups import archive, postgresql
from tellback.config import Settings
from tellback.errors import NotDone

# Under this number PostgreSQL lets one process at a time change the schema; any that nobody else uses.
_ONE_AT_A_TIME = 7_316_404_022
# Seconds between two looks whether another process is done.
_BETWEEN_LOOKS = 0.2
_SAID = "another process is upgrading or restoring this database: waiting for it"


@contextmanager
def the_database(settings: Settings, tell: Callable[[str], object]) -> Iterator[None]:
    """Be the only one who upgrades or restores the database, waiting for whoever does; `tell` it, once."""
    if settings.embedded:
        path = Path(settings.database_url.removeprefix("sqlite:///") + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a", opener=archive.owner_only) as file:
            _wait(lambda: _taken(file.fileno()), tell)
            yield
    else:
        with postgresql.connected(settings.database_url) as connection:
            take = f"SELECT pg_try_advisory_lock({_ONE_AT_A_TIME})"
            _wait(lambda: bool(connection.execute(take).fetchone()[0]), tell)  # type: ignore[index]
            yield


@contextmanager
def a_folder(folder: Path) -> Iterator[None]:
    """Be the only one who makes backups in a folder. Raises NotDone while another does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not _taken(descriptor):
            raise NotDone(f"another backup is being made in {folder}: wait until it is done")
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(take: Callable[[], bool], tell: Callable[[str], object]) -> None:
    if take():
        return
    tell(_SAID)
    while not take():
        time.sleep(_BETWEEN_LOOKS)
