"""Backups while a real service is told stories, restored elsewhere; restores killed at any moment."""

import itertools
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tellback import clock, db, migrations
from tellback.audit.models import LedgerEntry
from tellback.backups import archive, postgresql
from tellback.config import Settings
from tellback.errors import SettingsError
from tellback.published import ledger_check
from tellback.stories.models import PrivateLink, Story, StoryVersion
from tests import crowd, people
from tests.durability.service import Service, environment, running, until
from tests.durability.tellers import Told

SEED = 20261123
KILLS = 20


class Telling:
    """People who tell stories to a service side by side, and how long each answer took."""

    def __init__(self, service: Service, tellers: int) -> None:
        self.service = service
        # When it was told, when it was answered (monotonic), and the id.
        self.answered: list[tuple[float, float, str]] = []
        self.refused = 0
        self._stopping = threading.Event()
        self._numbers = itertools.count()
        self._threads = [threading.Thread(target=self._tell_on) for _ in range(tellers)]

    def __enter__(self) -> "Telling":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def between(self, begin: float, end: float) -> str:
        """How many stories were told in a second of this time; what half and 99 of 100 took at most."""
        took = sorted(done - told for told, done, _id in self.answered if begin <= told and done <= end)
        if not took:
            return "none"
        half, most = (1000 * took[int(len(took) * share)] for share in (0.5, 0.99))
        return f"{len(took) / (end - begin):.1f} a second in {half:.0f} ms (p99 {most:.0f} ms)"

    def _tell_on(self) -> None:
        while not self._stopping.is_set():
            number, began = next(self._numbers), time.monotonic()
            story = Told(number, f"{SEED}-{number:012}")
            # A machine that does much else may have no time for a story; then it is told once more.
            while (kept := self._send(story)) is None and not self._stopping.is_set():
                self.refused += 1
            if kept:
                self.answered.append((began, time.monotonic(), kept))

    def _send(self, story: Told) -> str | None:
        """The id of the story once it is kept; None when it is to be told again."""
        try:
            answer = self.service.ask("/api/v1/stories", story.form, patience=60)
        except TimeoutError:
            return None
        assert answer.status in (201, 503), answer
        return str(answer.json["id"]) if answer.status == 201 else None


def _tellback(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tellback", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=600, check=False)


def _back_up_a_service_at_work(
    settings: Settings, elsewhere: Settings, folder: Path, *, waiting: int, tellers: int, usually: int
) -> str:
    """`tellback backup` beside `tellback serve`, restored elsewhere and looked through; what it took.

    `waiting` stories are there already, and `usually` are told before it, to know what is usual.
    """
    with running(Service(environment(settings))) as service, Telling(service, tellers) as telling:
        until(lambda: telling.answered, "a story is told")
        started = time.monotonic()
        until(lambda: len(telling.answered) > usually, "stories are told", patience=300)
        began = time.monotonic()
        before = {story for _, done, story in list(telling.answered) if done <= began}
        ran = _tellback(environment(settings), "backup", str(folder))
        took = time.monotonic() - began
        assert ran.returncode == 0, ran.stderr
    path = Path(ran.stdout.strip())
    manifest = archive.read(path, lambda *_: None)
    began_back = time.monotonic()
    restored = _tellback(environment(elsewhere), "restore", str(path), "--yes")
    back = time.monotonic() - began_back
    assert restored.returncode == 0, restored.stderr
    db.connect(elsewhere.database_url)
    there = {story.public_id: story.id for story in Story.select().where(Story.id > waiting)}
    assert before <= set(there)
    ids = set(there.values())
    for model, column in ((StoryVersion, StoryVersion.story), (PrivateLink, PrivateLink.story)):
        found = [row[0] for row in model.select(column).where(column > waiting).tuples()]
        assert sorted(found) == sorted(ids)
    assert {entry.story for entry in LedgerEntry.select()} >= set(there)
    assert Story.select().count() == manifest.stories
    return (
        f"{manifest.engine}: {manifest.stories} stories, {path.stat().st_size / 1e6:.1f} MB of "
        f"{manifest.size / 1e6:.1f} MB copied; backup {took:.1f} s, restore {back:.1f} s; told before it "
        f"{len(before)}, {telling.between(started, began)}; meanwhile "
        f"{telling.between(began, began + took)}; told again: {telling.refused}"
    )


@pytest.mark.by_turns
def test_every_story_acknowledged_before_is_there_whole(
    database: str, settings: Settings, folder: Path, elsewhere: Settings
) -> None:
    clock.pin(None)
    people.make_places()
    db.database.close()
    _back_up_a_service_at_work(settings, elsewhere, folder, waiting=0, tellers=3, usually=12)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_so_it_is_of_twenty_thousand(
    database: str, settings: Settings, folder: Path, elsewhere: Settings, places: people.Places
) -> None:
    clock.pin(None)
    crowd.wait(20_000, places.ward)
    db.database.close()
    said = _back_up_a_service_at_work(settings, elsewhere, folder, waiting=20_000, tellers=8, usually=300)
    print(f"\n{said}")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(made, elsewhere, restore, monkeypatch):
    monkeypatch.setattr(postgresql, "LEAVING", 60)
    restore(made.path, elsewhere)
    db.database.close_all()
    chance, environ, outcomes = random.Random(SEED), environment(elsewhere), []
    command = [sys.executable, "-m", "tellback", "restore", str(made.path), "--yes", "--replace"]
    pipe, began = subprocess.DEVNULL, time.monotonic()
    assert _tellback(environ, *command[3:]).returncode == 0
    whole = time.monotonic() - began
    for _ in range(KILLS):
        db.connect(elsewhere.database_url)
        marker, count = people.tell().story.public_id, Story.select().count()
        db.database.close_all()
        with subprocess.Popen(command, env=environ, stdout=pipe, stderr=pipe) as process:
            time.sleep(chance.uniform(0.2, 1.1) * whole)
            process.kill()
        if not elsewhere.embedded:
            # What it had begun ends without it.
            postgresql.require_alone(elsewhere.database_url)
        db.connect(elsewhere.database_url)
        outcomes.append(_outcome(marker, count))
        db.database.close_all()
        if outcomes[-1] == "to be finished":
            assert _tellback(environ, *command[3:]).returncode == 0
            db.connect(elsewhere.database_url)
            assert _outcome(marker, count) == "new"
            db.database.close_all()
    print(f"\n{made.manifest.engine}, restores killed: {Counter(outcomes)}")
    assert set(outcomes) >= {"old"}


def _outcome(marker: str, count: int) -> str:
    """Which database stands: the old one whole, the new one whole, or one that nobody may serve from yet."""
    if db.database.table_exists(migrations.UNFINISHED):
        with pytest.raises(SettingsError, match="run `tellback restore` again"):
            migrations.require_current()
        return "to be finished"
    migrations.require_current()
    assert not list(ledger_check.disagreements())
    if Story.get_or_none(Story.public_id == marker):
        assert Story.select().count() == count
        return "old"
    assert Story.select().count() == 2
    return "new"
