"""An operator backs up while the service goes on."""

import contextlib
import dataclasses
import errno
import hashlib
import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from datetime import timedelta

import peewee
import pytest
from click.testing import CliRunner

from tellback import clock, db
from tellback.backups import archive, locks, making, postgresql, sqlite, taken_back
from tellback.cli import tellback
from tellback.errors import NotDone
from tellback.http import pseudonyms
from tellback.http.models import DailyKey
from tellback.stories.models import Story
from tests import people

# What is alike on both engines is tried on one.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def environment(settings):
    return {
        "TELLBACK_DATABASE_URL": settings.database_url,
        "TELLBACK_DATA_DIR": str(settings.data_dir),
        "TELLBACK_OPERATOR": settings.operator,
        "TELLBACK_SECRET_KEY": settings.secret_key,
        "TELLBACK_CONTACT_KEY": settings.contact_key[0],
        "TELLBACK_LEDGER_KEY": settings.ledger_key[0],
    }


def test_one_file_comes_out_that_says_what_is_in_it(told, settings, folder):
    ran = CliRunner().invoke(tellback, ["backup", str(folder)], env=environment(settings))
    assert ran.exit_code == 0, ran.output
    (path,) = archive.all_in(folder)
    assert ran.stdout == f"{path}\n"
    assert path.name.startswith("tellback-2026-11-23T093000Z-00")
    assert "2 stories, 0." in ran.stderr
    assert "the keys are not in it" in ran.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with zipfile.ZipFile(path) as whole:
        manifest = json.loads(whole.read(archive.MANIFEST))
        part = whole.read(manifest["part"])
    assert manifest["engine"] == ("sqlite" if settings.embedded else "postgresql")
    assert manifest["counts"]["story"] == manifest["counts"]["private_link"] == 2
    assert (manifest["sha256"], manifest["size"]) == (hashlib.sha256(part).hexdigest(), len(part))
    for key in (settings.secret_key, settings.contact_key[0], settings.ledger_key[0]):
        assert key.encode() not in part
    assert {kept.name for kept in folder.iterdir()} == {path.name, taken_back.FILE}


def test_the_key_of_the_day_is_in_none(told, settings, folder):
    pseudonyms.forget()
    pseudonyms.pseudonym("203.0.113.7")
    key = bytes(DailyKey.get().key)
    path = making.make(settings, folder).path
    with zipfile.ZipFile(path) as whole:
        manifest = json.loads(whole.read(archive.MANIFEST))
        assert key not in whole.read(manifest["part"])
        assert key.hex().encode() not in whole.read(manifest["part"])
    assert manifest["counts"]["daily_key"] == 0
    assert DailyKey.select().count() == 1


def test_every_story_acknowledged_before_is_in_it_and_none_by_halves(
    places, settings, folder, elsewhere, restore
):
    acknowledged, stop = [], threading.Event()

    def tell_on():
        while not stop.is_set():
            # Who waits too long for the others is refused, and tells another one.
            with contextlib.suppress(peewee.OperationalError):
                acknowledged.append(people.tell().story.public_id)
        db.database.close()

    tellers = [threading.Thread(target=tell_on) for _ in range(4)]
    for teller in tellers:
        teller.start()
    while len(acknowledged) < 20:
        threading.Event().wait(0.01)
    before = set(acknowledged)
    # Apart from what `make` chooses for itself afterwards: the tellers are on the chosen database still.
    folder.mkdir()
    copy = sqlite.copy if settings.embedded else postgresql.copy
    source = making.sqlite_path(settings) if settings.embedded else settings.database_url
    copied = copy(source, folder, lambda *_: None)
    after = len(acknowledged)
    stop.set()
    for teller in tellers:
        teller.join()
    path = folder / archive.name_of(clock.now(), copied.step)
    archive.write(path, copied, clock.now(), lambda *_: None)
    restored = restore(path, elsewhere)
    stories = {story.public_id for story in Story.select()}
    assert before <= stories
    assert len(stories) == restored.stories == copied.counts["story"] <= after + len(tellers)
    for part in ("story_version", "private_link", "ledger_entry", "story_service"):
        assert copied.counts[part] == len(stories)
    # The ledger and the store agree: each of its words opens its commitment.
    assert restored.care == []


@on_sqlite
def test_older_ones_go_only_when_asked_and_only_ours(made, settings, folder):
    (folder / "letter.txt").write_text("mine")
    for _ in range(3):
        clock.pin(clock.now() + timedelta(hours=1))
        last = making.make(settings, folder, keep=2)
    assert [path.name for path in last.deleted] == ["tellback-2026-11-23T103000Z" + made.path.name[27:]]
    assert len(archive.all_in(folder)) == 2
    assert (folder / "letter.txt").exists()


@on_sqlite
def test_a_full_disk_is_said_and_nothing_is_lost(made, settings, folder, monkeypatch):
    clock.pin(clock.now() + timedelta(hours=1))

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "write", full)
    with pytest.raises(NotDone, match="is full, and nothing was changed: make room for twice the size"):
        making.make(settings, folder, keep=1)
    assert {path.name for path in folder.iterdir()} == {made.path.name, taken_back.FILE}


@on_sqlite
def test_what_a_killed_backup_left_goes_with_the_next(settings, places, folder):
    (folder / ".unfinished").mkdir(parents=True)
    (folder / ".unfinished" / "database.sqlite").write_text("half")
    making.make(settings, folder)
    assert not (folder / ".unfinished").exists()


@on_sqlite
def test_two_at_once_are_refused(settings, places, folder):
    folder.mkdir()
    with locks.a_folder(folder), pytest.raises(NotDone, match="another backup is being made"):
        making.make(settings, folder)


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path, empty_sqlite, folder):
    damaged = tmp_path / "damaged.db"
    shutil.copyfile(empty_sqlite, damaged)
    with damaged.open("r+b") as file:
        file.seek(4096 * 40)
        file.write(b"\xff" * 4096 * 20)
    folder.mkdir()
    with pytest.raises((NotDone, sqlite3.DatabaseError)):
        sqlite.copy(damaged, folder, lambda *_: None)


@on_sqlite
def test_where_nothing_is_kept_yet_there_is_nothing_to_back_up(settings, tmp_path, folder):
    nowhere = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(NotDone, match="nothing to back up: run `tellback db upgrade`"):
        making.make(nowhere, folder)
    assert list(folder.iterdir()) == []


def test_tools_that_are_missing_or_older_than_the_server_are_named(monkeypatch):
    monkeypatch.setattr(postgresql.shutil, "which", lambda tool: None if tool == "pg_dump" else tool)
    with pytest.raises(NotDone, match="pg_dump is not here: apt-get install postgresql-client"):
        postgresql._require_tools(150_000)
    monkeypatch.undo()
    if shutil.which("pg_dump"):
        with pytest.raises(NotDone, match="cannot dump: apt-get install postgresql-client-99"):
            postgresql._require_tools(990_000)


def test_a_password_is_on_no_command_line():
    pytest.importorskip("psycopg")
    given = postgresql._environment("postgresql://tell:s%40cret@db.example:5433/stories?sslmode=require")
    asked = {
        name: given[name] for name in ("PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "PGDATABASE", "PGSSLMODE")
    }
    assert list(asked.values()) == ["tell", "s@cret", "db.example", "5433", "stories", "require"]
