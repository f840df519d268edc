"""An upgrade backs up, then migrates, by one process; when anything fails the release before goes on."""

import dataclasses
import threading

import pytest

from tellback import db, migrations
from tellback.backups import archive, locks, upgrading
from tellback.errors import NotDone, SettingsError
from tests import people
from tests.backups.conftest import quiet
from tests.backups.test_backing_up import on_sqlite
from tests.migrations import filling
from tests.migrations.test_every_earlier_schema import FAILING, WORKING, release


@pytest.fixture
def older(tmp_path, settings):
    """An install of the first schema, with a row in every table."""
    settings = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'older.db'}")
    db.connect(settings.database_url)
    migrations._runner().up(migrations.names()[0])
    filling.Rows().fill(1)
    return settings


def _upgrade(settings, folder):
    said = []
    upgrading.upgrade_before_serving(settings, folder, said.append, quiet)
    return said


@on_sqlite
def test_an_older_database_is_backed_up_and_brought_to_this_release(older, folder):
    said = _upgrade(older, folder)
    (path,) = archive.all_in(folder)
    assert archive.read(path, quiet).step == migrations.names()[0]
    assert said[:2] == [f"backed up into {path}", f"applied {migrations.names()[1]}"]
    migrations.require_current()
    # The next start finds all done.
    assert _upgrade(older, folder) == []
    assert archive.all_in(folder) == [path]


@on_sqlite
def test_a_first_start_makes_the_schema_and_has_nothing_to_back_up(settings, tmp_path, folder):
    first = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'first' / 'tellback.db'}")
    assert _upgrade(first, folder)[0] == f"applied {migrations.names()[0]}"
    assert not folder.exists()
    migrations.require_current()


@on_sqlite
def test_without_a_backup_nothing_is_changed(older, folder):
    folder.write_text("a file where the backups should go")
    with pytest.raises(NotDone, match="nothing was changed"):
        _upgrade(older, folder)
    assert migrations.pending() == migrations.names()[1:]


@on_sqlite
def test_a_step_that_fails_leaves_the_older_database_as_it_was(older, folder, monkeypatch, tmp_path):
    before = filling.schema()
    release(monkeypatch, tmp_path / "steps", WORKING, FAILING)
    with pytest.raises(NotDone, match="the release before works on with this database; start that one again"):
        _upgrade(older, folder)
    assert filling.schema() == before
    assert len(archive.all_in(folder)) == 1


@on_sqlite
def test_a_database_of_a_newer_release_is_left_alone(settings, database, folder, monkeypatch, tmp_path):
    with monkeypatch.context() as newer:
        release(newer, tmp_path / "steps", WORKING, named="new_serves_from_9001")
        migrations.upgrade()
    with pytest.raises(SettingsError, match="made by a newer Tellback"):
        _upgrade(settings, folder)
    assert not folder.exists()


def test_of_two_that_start_together_one_waits_for_the_other(settings, database):
    said, done = [], threading.Event()

    def second():
        with locks.the_database(settings, said.append):
            said.append("second")
            done.set()

    with locks.the_database(settings, said.append):
        starting = threading.Thread(target=second)
        starting.start()
        while not said:
            threading.Event().wait(0.01)
        said.append("first")
    assert done.wait(60)
    starting.join()
    assert said == [
        "another process is upgrading or restoring this database: waiting for it",
        "first",
        "second",
    ]


@on_sqlite
def test_stories_told_before_an_upgrade_are_in_its_backup(places, settings, folder, monkeypatch, tmp_path):
    people.tell()
    release(monkeypatch, tmp_path / "steps", WORKING)
    _upgrade(settings, folder)
    assert archive.read(archive.all_in(folder)[0], quiet).stories == 1
