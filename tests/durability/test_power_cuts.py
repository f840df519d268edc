"""The power goes while stories are told: what was answered with 201 is on the disk, and opens by itself.

Each cut is an image of the files as they are at one moment, taken while the service stands still. What of
them was not yet asked to be on the disk may be missing or torn after a real one: that is tried, too.
"""

import os
import random
import re
import shutil
import signal
import struct
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tellback import clock, db
from tellback.config import Settings
from tellback.stories.models import Story
from tests import people
from tests.durability import truth
from tests.durability.service import Service, environment, running, until
from tests.durability.tellers import Tellers, Told

SEED = 20261123
# Seconds between two cuts, at most.
LONGEST = 0.2
SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def _standing_still(service: Service) -> Iterator[None]:
    assert service.process
    os.killpg(service.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(service.process.pid, signal.SIGCONT)


@contextmanager
def _opened(copy: Path, original: str) -> Iterator[None]:
    db.connect(f"sqlite:///{copy}")
    try:
        yield
    finally:
        db.connect(original)


def _image(path: Path, folder: Path, *, shared_memory: bool) -> Path:
    """The files as they are, in a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for end in ("", "-wal", *(["-shm"] if shared_memory else [])):
        shutil.copyfile(f"{path}{end}", folder / f"{path.name}{end}")
    return folder / path.name


def _tear(copy: Path, chance: random.Random) -> None:
    """Cut off the end of what was written last, or leave half a page of it as something else."""
    wal = Path(f"{copy}-wal")
    size = wal.stat().st_size
    # What is being copied into the database was on the disk before that began: a cut takes none of it. The
    # shared memory says how many frames that is (nBackfillAttempted, https://sqlite.org/walformat.html).
    (copied,) = struct.unpack_from("=I", Path(f"{copy}-shm").read_bytes(), 128)
    at = chance.randrange(min(32 + copied * (24 + 4096), size), size + 1)
    Path(f"{copy}-shm").unlink()
    with wal.open("r+b") as file:
        if chance.random() < 0.5:
            file.truncate(at)
        else:
            file.seek(at)
            file.write(chance.randbytes(min(2048, size - at)))


def _cut(settings: Settings, folder: Path, cuts: int) -> tuple[int, int]:
    """Cut so often; how many stories were told, and in how many torn images one of them was missing."""
    clock.pin(None)
    people.make_places()
    db.database.close()
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    chance, moment, lacking = random.Random(SEED), threading.Event(), 0
    with running(Service(environment(settings))) as service, Tellers(service, 4) as telling:
        until(lambda: len(telling.kept) > 3, "stories are kept")
        for number in range(cuts):
            moment.wait(chance.uniform(0, LONGEST))
            # What was answered so far; what is answered while the image is made may be in it or not.
            answered: list[Told] = list(telling.kept)
            # Nobody tells on while it is looked at, else each image is larger than the one before by what was
            # told meanwhile, and to look at two hundred takes hours.
            with _standing_still(service):
                whole = _image(path, folder / "whole", shared_memory=number % 2 == 0)
                torn = _image(path, folder / "torn", shared_memory=True)
                with _opened(whole, settings.database_url):
                    truth.all_holds(answered, alone=False)
                _tear(torn, chance)
                with _opened(torn, settings.database_url):
                    ids = {story.public_id for story in Story.select()}
                    there = [told for told in answered if told.id in ids]
                    truth.all_holds(there, alone=False)
                    lacking += len(there) < len(answered)
        telling.finish()
        assert not telling.wrong, telling.wrong
        truth.all_holds(telling.kept)
    return len(telling.kept), lacking


@SQLITE_ONLY
def test_what_was_answered_is_in_the_files(database: str, settings: Settings, tmp_path: Path) -> None:
    _cut(settings, tmp_path, 2)


@pytest.mark.long
@pytest.mark.timeout(1800)
@SQLITE_ONLY
def test_whenever_the_power_goes(database: str, settings: Settings, tmp_path: Path) -> None:
    kept, lacking = _cut(settings, tmp_path, 200)
    print(f"\n200 cuts while {kept} stories were told; of the torn images {lacking} lacked one")
    assert lacking > 20, "what is torn off is felt"


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not at hand: apt-get install strace")
@SQLITE_ONLY
def test_the_disk_is_asked_to_keep_it_before_201_is_said(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    clock.pin(None)
    people.make_places()
    db.database.close()
    trace = tmp_path / "trace"
    watched = "trace=fdatasync,fsync,pwrite64,sendto"
    under = ("strace", "-f", "-y", "-s", "20", "-e", watched, "-e", "signal=none", "-o", str(trace))
    service = Service(environment(settings), workers=1, under=under)
    with running(service):
        for number in range(8):
            assert service.ask("/api/v1/stories", Told(number).form).status == 201
    # By each thread: whether it wrote to the log and did not ask for it to be on the disk yet.
    written: dict[str, set[str]] = defaultdict(set)
    said = 0
    for line in trace.read_text(errors="replace").splitlines():
        thread, _, call = line.partition(" ")
        if "tellback.db-wal>" in call and re.search(r"pwrite64\(", call):
            written["unsynced"].add(thread)
            written["ever"].add(thread)
        elif "tellback.db-wal>" in call and re.search(r"f(data)?sync\(", call):
            written["unsynced"].discard(thread)
            written["synced"].add(thread)
        elif "HTTP/1.1 201" in call:
            said += 1
            assert written["synced"], "nothing was asked to be on the disk"
            assert thread not in written["unsynced"], "201 was said before the disk had it"
            written["synced"].clear()
    assert said == 8
