"""An operator restores a backup: the database is as it was then, or as it is now, and never half."""

import dataclasses
import json
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tellback import clock, db, migrations
from tellback.authorship import erasure, own_contact, own_story
from tellback.backups import archive, making, postgresql, restoring, sqlite, taken_back, upgrading
from tellback.cli import tellback
from tellback.errors import NotDone, SettingsError
from tellback.moderation import decisions
from tellback.stories.models import AuthorContact, PublishedText, Story, StoryVersion
from tests import people
from tests.backups.test_backing_up import environment, on_sqlite


class Killed(BaseException):
    """The power goes."""


def test_on_another_machine_everything_is_there_again(told, made, elsewhere, restore):
    versions = sorted(StoryVersion.select(StoryVersion.body, StoryVersion.salt).tuples())
    restored = restore(made.path, elsewhere)
    assert (restored.aside, restored.stories, restored.taken_back) == ("", 2, 0)
    assert {story.public_id for story in Story.select()} == set(told)
    assert sorted(StoryVersion.select(StoryVersion.body, StoryVersion.salt).tuples()) == versions
    # Letters to both wait; nothing else needs care.
    assert [sentence[:19] for sentence in restored.care] == ["Messages that wait,"]
    people.tell()
    migrations.require_current()
    # What is there now is not written over unasked.
    with pytest.raises(NotDone, match="there is a database already: with --replace it is set aside"):
        restore(made.path, elsewhere)
    # With the same connections, as a service that was stopped would have let go of them.
    db.database.close_all()
    again = restore(made.path, elsewhere, replace=True)
    assert Story.select().count() == 2
    _find_three_aside(again.aside)


def _find_three_aside(aside):
    kind, _, name = aside.removeprefix("the ").partition(" ")
    if kind == "schema":
        assert db.database.execute_sql(f"SELECT COUNT(*) FROM {name}.story").fetchone() == (3,)
    else:
        db.connect(f"sqlite:///{name}")
        assert Story.select().count() == 3


@on_sqlite
def test_it_asks_first_and_says_what_it_did_and_what_to_do(made, elsewhere):
    command = ["restore", str(made.path)]
    asked = CliRunner().invoke(tellback, command, env=environment(elsewhere), input="n\n")
    assert asked.exit_code == 1
    assert "backup of 23 November 2026, 09:30 UTC: 2 stories, by Tellback 0." in asked.stderr
    ran = CliRunner().invoke(tellback, [*command, "--yes"], env=environment(elsewhere))
    assert ran.exit_code == 0, ran.output
    assert ran.stdout == "restored: 2 stories of 23 November 2026, 09:30 UTC\n"
    assert "Then run `tellback check`, and start `tellback serve`" in ran.stderr


@on_sqlite
def test_what_authors_took_back_since_is_taken_back_again(told, made, settings, folder, elsewhere, restore):
    kept = people.tell(contact_email="cy@example.org", consent_contact="true").story
    clock.pin(clock.now() + timedelta(minutes=1))
    before = making.make(settings, folder)
    clock.pin(clock.now() + timedelta(days=1))
    erased, withdrawn = (Story.get(Story.public_id == public_id) for public_id in told)
    erasure.erase(erased)
    own_story.withdraw(withdrawn)
    own_contact.set_address(kept, None)
    db.database.close_all()
    # The database is lost with its disk; the list beside the backups was written by the run of that night.
    making.make(settings, folder)
    restored = restore(before.path, elsewhere)
    assert restored.taken_back == 3
    states = dict(Story.select(Story.public_id, Story.state).tuples())
    assert [states[public_id] for public_id in told] == ["withdrawn", "withdrawn"]
    assert not any(version.body for version in erased.versions)
    assert AuthorContact.select().count() == 0
    assert [sentence for sentence in restored.care if "ledger" in sentence] == []


@on_sqlite
def test_what_was_taken_down_since_is_not_shown(moira, settings, folder, elsewhere, restore):
    story = people.tell().story
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    made = making.make(settings, folder)
    story = Story.get_by_id(story.id)
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
    taken_back.keep(folder, taken_back.lines())
    assert restore(made.path, elsewhere).taken_back == 1
    assert Story.get_by_id(story.id).state == "paused"
    assert PublishedText.select().count() == 0


def test_a_list_that_a_later_release_wrote_is_read(folder):
    folder.mkdir()
    line = "2026-11-23T09:30:00.000000Z story:words:unheard_of abc"
    (folder / taken_back.FILE).write_text(f"{line}\n")
    assert taken_back.lines_beside(folder) == {line}
    assert taken_back.do_again([line]) == 0
    (folder / taken_back.FILE).write_text("a letter\n")
    with pytest.raises(NotDone, match="line 1: not as Tellback wrote it"):
        taken_back.lines_beside(folder)


@on_sqlite
def test_what_the_database_that_is_replaced_knows_is_taken_back_again(told, made, settings, restore):
    own_story.withdraw(Story.get(Story.public_id == told[0]))
    db.database.close_all()
    assert restore(made.path, settings, replace=True).taken_back == 1
    assert Story.get(Story.public_id == told[0]).state == "withdrawn"


@on_sqlite
def test_a_database_that_nobody_can_read_is_replaced_too(made, settings, restore):
    db.database.close_all()
    making.sqlite_path(settings).write_bytes(b"not a database" * 1000)
    restored = restore(made.path, settings, replace=True)
    assert restored.stories == 2
    assert "before-restore" in restored.aside


@on_sqlite
def test_a_backup_of_an_earlier_schema_is_brought_along(tmp_path, folder, elsewhere, restore, settings):
    first = migrations.names()[0]
    db.connect(f"sqlite:///{tmp_path / 'old.db'}")
    migrations._runner().up(first)
    db.database.execute_sql(
        "INSERT INTO story (public_id, state, state_since, revision, author_role, consent_publish,"
        " consent_licence, consent_contact, consent_version, told_at)"
        " VALUES ('x', 'submitted', '2026-01-01', 1, 'patient', 1, 1, 1, '2026', '2026-01-01')"
    )
    old = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'old.db'}")
    made = making.make(old, folder)
    assert made.manifest.step == first
    assert restore(made.path, elsewhere).stories == 1
    migrations.require_current()


@on_sqlite
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"engine": "postgresql"}, "this is a backup of postgresql"),
        ({"step": "9999_later", "tellback": "7.0"}, r"made by a newer Tellback \(7.0, 9999_later\)"),
        ({"format": 2, "tellback": "7.0"}, "made by Tellback 7.0: restore it with that release"),
        ({"sha256": "0" * 64}, "is not as it was written: take another backup"),
        ({"part": "../../etc/passwd"}, "no whole backup of Tellback"),
    ],
)
def test_what_cannot_be_restored_is_refused_in_words(made, settings, change, said, tmp_path):
    path = tmp_path / made.path.name
    with zipfile.ZipFile(made.path) as whole, zipfile.ZipFile(path, "w") as changed:
        members = json.loads(whole.read(archive.MANIFEST)) | change
        changed.writestr(archive.MANIFEST, json.dumps(members))
        changed.writestr(sqlite.PART, whole.read(sqlite.PART))
    with pytest.raises(NotDone, match=said):
        restoring.look_at(path, settings)


@on_sqlite
def test_a_file_that_was_cut_short_or_is_another_is_refused(made, settings, tmp_path):
    for content in (made.path.read_bytes()[:-100], b"PK\x03\x04", b"", b"a letter"):
        path = tmp_path / "cut.backup"
        path.write_bytes(content)
        with pytest.raises(NotDone, match="is no whole backup of Tellback: take another one"):
            restoring.look_at(path, settings)


def test_nobody_may_use_the_database_meanwhile(told, made, settings, restore, monkeypatch):
    monkeypatch.setattr(postgresql, "LEAVING", 0)
    serving = db.database.obj
    serving.connect(reuse_if_open=True)
    db.database.initialize(None)
    with pytest.raises(NotDone, match=r"stop `tellback serve` and `tellback outbox work`"):
        restore(made.path, settings, replace=True)
    db.database.initialize(serving)
    assert Story.select().count() == 2


@on_sqlite
def test_another_key_is_said(made, elsewhere, restore):
    other = dataclasses.replace(elsewhere, contact_key=("another key than they were sealed with",))
    restored = restore(made.path, other)
    assert restored.stories == 2
    assert [one for one in restored.care if "TELLBACK_CONTACT_KEY does not open what is sealed" in one]


@on_sqlite
@pytest.mark.parametrize("moment", ["unpack", "make_one_file", "put_in_place", "replace"])
def test_when_the_power_goes_on_sqlite_the_database_of_now_stands(
    told, made, settings, restore, monkeypatch, moment
):
    people.tell()
    db.database.close_all()

    def goes(*_arguments, **_options):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        if moment == "replace":
            patch.setattr("pathlib.Path.replace", goes)
        elif moment == "make_one_file":
            patch.setattr(upgrading, "bring_up_to_date", goes)
        else:
            patch.setattr(sqlite, moment, goes)
        restore(made.path, settings, replace=True)
    db.connect(settings.database_url)
    assert Story.select().count() == 3
    db.database.close_all()
    assert restore(made.path, settings, replace=True).stories == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_when_the_power_goes_on_postgresql_all_is_as_before_or_the_rest_is_done_next_time(
    told, made, elsewhere, restore, monkeypatch
):
    def goes(*_arguments):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(postgresql.shutil, "copyfileobj", goes)
        restore(made.path, elsewhere)
    assert not making.is_there_any(elsewhere)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(upgrading, "bring_up_to_date", goes)
        restore(made.path, elsewhere)
    with pytest.raises(SettingsError, match="run `tellback restore` again"):
        migrations.require_current()
    db.database.close_all()
    assert restore(made.path, elsewhere).stories == 2
    migrations.require_current()
