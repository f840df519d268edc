"""Backups while a real service is told stories, restored elsewhere; restores killed at any moment."""

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
from tellback.errors import SettingsError
from tellback.published import ledger_check
from tellback.stories.models import PrivateLink, Story, StoryVersion
from tests import crowd, people
from tests.durability.service import Service, environment, running, until
from tests.durability.tellers import Told

SEED = 20261123
TELLERS = 8
STORIES = 20_000
KILLS = 20
# Stories told before a backup is made, to know what is usual.
USUALLY = 150
pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]


class Telling:
    """People who tell stories to a service side by side, and how long each answer took."""

    def __init__(self, service: Service) -> None:
        self.service = service
        # When it was told, when it was answered (monotonic), and the id.
        self.answered: list[tuple[float, float, str]] = []
        self.refused = 0
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._tell_on, args=(n,)) for n in range(TELLERS)]

    def __enter__(self) -> "Telling":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def slowest_of_a_hundred(self, begin: float, end: float) -> tuple[int, float]:
        """How many stories were told in a time, and the milliseconds that 99 of 100 took at most."""
        took = sorted(done - told for told, done, _id in self.answered if begin <= told and done <= end)
        return len(took), 1000 * took[int(len(took) * 0.99)] if took else 0.0

    def _tell_on(self, teller: int) -> None:
        number = teller
        while not self._stopping.is_set():
            number += TELLERS
            began = time.monotonic()
            story = Told(number, f"{SEED}-{number:012}")
            answer = self.service.ask("/api/v1/stories", story.form, patience=60)
            # A machine that does much else may have no time for a story; then it is told once more.
            while answer.status == 503 and not self._stopping.is_set():
                self.refused += 1
                answer = self.service.ask("/api/v1/stories", story.form, patience=60)
            assert answer.status in (201, 503), answer
            if answer.status == 201:
                self.answered.append((began, time.monotonic(), answer.json["id"]))


def _tellback(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tellback", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=600, check=False)


def test_every_story_acknowledged_before_is_there_whole(
    database, settings, folder, elsewhere, places, capsys
):
    clock.pin(None)
    crowd.wait(STORIES, places.ward)
    db.database.close()
    with running(Service(environment(settings))) as service, Telling(service) as telling:
        until(lambda: len(telling.answered) > USUALLY, "stories are told", patience=300)
        began = time.monotonic()
        before = {story for _, done, story in telling.answered if done <= began}
        ran = _tellback(environment(settings), "backup", str(folder))
        took = time.monotonic() - began
        usual, during = (
            telling.slowest_of_a_hundred(0, began),
            telling.slowest_of_a_hundred(began, began + took),
        )
    assert ran.returncode == 0, ran.stderr
    path = Path(ran.stdout.strip())
    manifest = archive.read(path, lambda *_: None)
    began = time.monotonic()
    restored = _tellback(environment(elsewhere), "restore", str(path), "--yes")
    back = time.monotonic() - began
    assert restored.returncode == 0, restored.stderr
    db.connect(elsewhere.database_url)
    there = {story.public_id: story.id for story in Story.select().where(Story.id > STORIES)}
    assert before <= set(there)
    ids = set(there.values())
    for model, column in ((StoryVersion, StoryVersion.story), (PrivateLink, PrivateLink.story)):
        found = [row[0] for row in model.select(column).where(column > STORIES).tuples()]
        assert sorted(found) == sorted(ids)
    assert {entry.story for entry in LedgerEntry.select()} >= set(there)
    assert Story.select().count() == manifest.stories
    with capsys.disabled():
        print(
            f"\n{manifest.engine}: {manifest.stories} stories, {path.stat().st_size / 1e6:.1f} MB of "
            f"{manifest.size / 1e6:.1f} MB copied; backup {took:.1f} s, restore {back:.1f} s; told before "
            f"{len(before)}, p99 {usual[1]:.0f} ms ({usual[0]} told), meanwhile "
            f"{during[1]:.0f} ms ({during[0]}), answered with 503 and told again: {telling.refused}"
        )


def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(
    made, elsewhere, restore, capsys, monkeypatch
):
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
    with capsys.disabled():
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
