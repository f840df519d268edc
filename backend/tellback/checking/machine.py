"""What stands on this machine: the folder, the keys, the counters, the clock."""

import ctypes
import itertools
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from limits.storage import storage_from_string

from tellback import clock
from tellback.backups import archive
from tellback.checking.lines import Line, State
from tellback.config import PREFIX, Settings

# Bytes, below which a disk is nearly full.
LITTLE_ROOM = 500_000_000
# One is made each night; the next morning one may be missing, not the day after.
OLD = timedelta(days=2)
KEYS = ("secret_key", "contact_key", "ledger_key")
# Different characters of a key: one made by chance has some 30 of 64, a word typed over and over a few.
FEW = 12
# What adjtimex(2) returns where nothing sets the clock by another.
_UNSYNCHRONISED = 5


def data_folder(settings: Settings) -> Iterator[Line]:
    """The folder for the database file, the counters and the keys: there, writable, and its keys our own."""
    folder = settings.data_dir
    if not (settings.embedded or settings.ratelimit_url.startswith("sqlite:")):
        return  # Several hosts: all that is kept is elsewhere.
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Line(State.BROKEN, f"The data folder {folder} is not there, or cannot be written to.")
        return
    yield Line(State.WELL, f"The data folder {folder} can be written to.")
    for key in KEYS:
        path = folder / key
        if _others_can_read(path):
            yield Line(State.CARE, f"Others on this machine can read {path}: chmod 600 {path}")
    if shutil.disk_usage(folder).free < LITTLE_ROOM:
        yield Line(
            State.CARE, "The disk of the data folder is nearly full: make room before stories are refused."
        )


def keys_apart(settings: Settings) -> Iterator[Line]:
    """The keys: each its own, made by chance, and readable by nobody else."""
    held = {name.upper(): getattr(settings, name) for name in KEYS}
    for one, other in itertools.combinations(held, 2):
        if set(_each(held[one])) & set(_each(held[other])):
            text = (
                f"{PREFIX}{one} and {PREFIX}{other} are the same: whoever learns one has both. Make another."
            )
            yield Line(State.BROKEN, text)
    for name, keys in held.items():
        if any(len(set(key)) < FEW for key in _each(keys)):
            yield Line(State.BROKEN, f"{PREFIX}{name} is no key made by chance, and can be guessed.")
        path = os.environ.get(f"{PREFIX}{name}_FILE")
        if path and _others_can_read(Path(path)):
            yield Line(State.CARE, f"Others on this machine can read {path}: chmod 600 {path}")


def limits(settings: Settings) -> Iterator[Line]:
    """The counters of the limits: on, and shared by all who count."""
    if not settings.ratelimit_enabled:
        text = "No limit holds anybody: take TELLBACK_RATELIMIT_ENABLED=false away."
        yield Line(State.BROKEN, text)
    if settings.ratelimit_url.startswith("sqlite:"):
        if not settings.embedded:
            text = (
                "Limits are counted in a file of this host: with several hosts, set TELLBACK_RATELIMIT_URL."
            )
            yield Line(State.WELL, text)
    elif not storage_from_string(settings.ratelimit_url).check():
        host = urlsplit(settings.ratelimit_url).hostname
        text = f"The counters of the limits ({host}) do not answer: each host counts alone meanwhile."
        yield Line(State.CARE, text)


def clock_of_this_machine(_settings: Settings) -> Iterator[Line]:
    """The clock: whether something sets it by others. Days of the ledger, links and limits go by it."""
    # A struct timex with `modes` 0 asks and sets nothing; 208 bytes on 64-bit Linux. Elsewhere: not asked.
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    if ask and ask(ctypes.create_string_buffer(256)) == _UNSYNCHRONISED:
        text = "Nothing sets this machine's clock by others: apt-get install systemd-timesyncd, or chrony."
        yield Line(State.CARE, text)


def backups(folder: Path) -> Iterator[Line]:
    """The folder of backups: whether its newest is of last night, and whether there is room for the next."""
    if not os.access(folder, os.R_OK | os.X_OK):
        yield Line(State.BROKEN, f"The folder of backups {folder} is not there, or cannot be read.")
        return
    newest = max(archive.all_in(folder), key=lambda path: path.name, default=None)
    made_at = archive.moment_of(newest) if newest else None
    if newest is None or made_at is None:
        yield Line(State.BROKEN, f"There is no backup in {folder}: `tellback backup {folder}`.")
        return
    if clock.now() - made_at > OLD:
        yield Line(State.BROKEN, f"The newest backup is of {made_at:%-d %B %Y}: see why no other was made.")
    else:
        yield Line(State.WELL, f"The newest backup is of {made_at:%-d %B %Y, %H:%M} UTC.")
    if shutil.disk_usage(folder).free < 2 * newest.stat().st_size:
        yield Line(State.CARE, f"The disk of {folder} is nearly full: the next backups have no room.")


def _each(keys: str | tuple[str, ...]) -> tuple[str, ...]:
    """Every key of a setting that may hold several."""
    return (keys,) if isinstance(keys, str) else keys


def _others_can_read(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
