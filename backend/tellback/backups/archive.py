"""A backup as a file: a ZIP archive of the database's copy and a manifest that says what must be in it.

It is written under another name, read back, and only then given its own, so that whatever is called
`tellback-….backup` is whole. It holds no key: what is sealed in it stays sealed to whoever takes it.
"""

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from tellback import __version__
from tellback.errors import NotDone

# What is done, how much of it, of how much in all; shown to the operator as it goes on.
Progress = Callable[[str, int, int], object]

SQLITE, POSTGRESQL = "sqlite", "postgresql"
# Of this layout; a reader refuses a later one.
FORMAT = 1
MANIFEST = "manifest.json"
# The newest step of a copy's schema.
STEP = "SELECT MAX(name) FROM schema_migration"
# What must be gone when its day is over, and so is in no backup: the day's key of pseudonyms, used proofs.
NEVER = ("daily_key", "used_proof")
# Bytes handled at once.
CHUNK = 1024 * 1024
# The fastest: stronger ones take several times as long for little.
_COMPRESSION = 1
_NAME = re.compile(r"tellback-(\d{4}-\d\d-\d\dT\d{6})Z-(\d{4})\.backup")
_MOMENT = "%Y-%m-%dT%H%M%S"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    `engine` is sqlite or postgresql, `step` the newest step of the schema, `counts` the rows of each table,
    `part` the name of the database's copy in the archive with its SHA-256 (hexadecimal) and bytes.
    """

    format: int
    tellback: str
    engine: str
    engine_version: str
    step: str
    made_at: str
    counts: dict[str, int]
    part: str
    sha256: str
    size: int

    @property
    def moment(self) -> datetime:
        """When it was begun: all that was kept before is in it, and nothing that came later."""
        return datetime.fromisoformat(self.made_at)

    @property
    def stories(self) -> int:
        """How many stories are in it."""
        return self.counts.get("story", 0)


@dataclass(frozen=True)
class Copied:
    """A database's copy: of which engine and schema it is, and the rows of each table in it."""

    path: Path
    engine: str
    engine_version: str
    step: str
    counts: dict[str, int]


def name_of(moment: datetime, step: str) -> str:
    """The file name of a backup begun at a moment, with its schema; names sort by time."""
    return f"tellback-{moment.astimezone(UTC).strftime(_MOMENT)}Z-{step[:4]}.backup"


def moment_of(path: Path) -> datetime | None:
    """When the backup of this name was begun; None for a file that is not named as one."""
    named = _NAME.fullmatch(path.name)
    return datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC) if named else None


def all_in(folder: Path) -> list[Path]:
    """The backups of a folder by their names, the oldest first."""
    return sorted(path for path in folder.iterdir() if moment_of(path))


def write(path: Path, copied: Copied, moment: datetime, progress: Progress) -> Manifest:
    """Write the archive of a copy begun at a moment, and keep it on the disk; readable by its owner only."""
    copy, digest = copied.path, hashlib.sha256()
    size = copy.stat().st_size
    with (
        open(path, "xb", opener=owner_only) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive,
    ):
        with copy.open("rb") as source, archive.open(copy.name, "w", force_zip64=True) as part:
            done = 0
            while some := source.read(CHUNK):
                digest.update(some)
                part.write(some)
                done += len(some)
                progress("Writing", done, size)
        manifest = Manifest(
            format=FORMAT,
            tellback=__version__,
            engine=copied.engine,
            engine_version=copied.engine_version,
            step=copied.step,
            made_at=moment.astimezone(UTC).isoformat(),
            counts=copied.counts,
            part=copy.name,
            sha256=digest.hexdigest(),
            size=size,
        )
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    sync(path)
    return manifest


def read(path: Path, progress: Progress) -> Manifest:
    """The manifest of a backup whose every byte was read and is as it was written.

    Raises NotDone for a file that is no backup, was cut short or changed, or is of a later layout.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest_in(archive)
            done, digest = 0, hashlib.sha256()
            with archive.open(manifest.part) as part:
                while some := part.read(CHUNK):
                    digest.update(some)
                    done += len(some)
                    progress("Checking", done, manifest.size)
    except OSError as error:
        raise NotDone(f"{path} cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError, zlib.error) as error:
        raise NotDone(f"{path} is no whole backup of Tellback: take another one") from error
    if (done, digest.hexdigest()) != (manifest.size, manifest.sha256):
        raise NotDone(f"{path} is not as it was written: take another backup")
    return manifest


@contextmanager
def opened(path: Path, manifest: Manifest) -> Iterator[IO[bytes]]:
    """The database's copy of a backup that `read` found whole, to be read."""
    with zipfile.ZipFile(path) as archive, archive.open(manifest.part) as part:
        yield part


def sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder, before anything that relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def owner_only(path: str, flags: int) -> int:
    """Open a file that nobody else may read, from its first byte: for `open(…, opener=…)`."""
    return os.open(path, flags, 0o600)


def _manifest_in(archive: zipfile.ZipFile) -> Manifest:
    members = json.loads(archive.read(MANIFEST))
    if members["format"] > FORMAT:
        raise NotDone(f"this backup was made by Tellback {members['tellback']}: restore it with that release")
    return Manifest(**members)
