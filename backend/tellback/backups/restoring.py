"""Restoring a backup: the database is as it was then, or, whatever happens on the way, as it is now.

What authors took back since is taken back again. In SQLite all is done on a copy beside the database, which
then takes its place in one step. In PostgreSQL the backup comes in in one transaction, with a table that
keeps everybody from serving until the rest is done; to restore again does the rest.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import peewee

from tellback import clock, db, migrations, sealing
from tellback.audit import verification
from tellback.backups import archive, locks, making, postgresql, sqlite, taken_back, upgrading
from tellback.backups.archive import Manifest, Progress
from tellback.backups.upgrading import Tell
from tellback.config import Settings
from tellback.errors import NotDone, SettingsError
from tellback.outbox import standing
from tellback.published import ledger_check
from tellback.stories.models import PrivateLink, Story


@dataclass(frozen=True)
class Restored:
    """What was restored: where the database before is now (empty: there was none), what needs care."""

    aside: str
    stories: int
    taken_back: int
    care: list[str]


def look_at(path: Path, settings: Settings, progress: Progress = lambda *_: None) -> Manifest:
    """What a backup says of itself, once every byte of it was read.

    Raises NotDone when it is not whole, of the other engine, or of a newer release.
    """
    manifest = archive.read(path, progress)
    ours = archive.SQLITE if settings.embedded else archive.POSTGRESQL
    if manifest.engine != ours:
        raise NotDone(
            f"this is a backup of {manifest.engine}, and TELLBACK_DATABASE_URL names a database of {ours}: "
            "restore it into one of its own kind"
        )
    if manifest.step not in migrations.names():
        raise NotDone(
            f"this backup was made by a newer Tellback ({manifest.tellback}, {manifest.step}): "
            "install that release"
        )
    return manifest


def restore(
    path: Path,
    manifest: Manifest,
    settings: Settings,
    tell: Tell,
    progress: Progress,
    *,
    replace: bool = False,
) -> Restored:
    """Put a backup that `look_at` found whole in the place of the database, and bring it to this release.

    With `replace` a database that is there is set aside, not deleted. Raises NotDone without it, while
    somebody uses the database, and when the disk or a tool fails; then all is as it was.
    """
    sealing.use(settings.contact_key)
    with locks.the_database(settings, tell):
        restoring = _Restoring(path, manifest, settings, tell, progress, replace)
        return restoring.into_sqlite() if settings.embedded else restoring.into_postgresql()


@dataclass(frozen=True)
class _Restoring:
    """A backup on its way into the database that the settings name."""

    path: Path
    manifest: Manifest
    settings: Settings
    tell: Tell
    progress: Progress
    replace: bool

    def into_sqlite(self) -> Restored:
        """Do all beside the database, then take its place."""
        database = making.sqlite_path(self.settings)
        there = self._may_replace()
        if there:
            sqlite.make_one_file(database)
        since = self._since(there)
        fresh = database.with_name(f"{database.name}.restoring")
        aside = database.with_name(f"{database.stem}-{_before()}.db")
        with making.in_words(database.parent):
            database.parent.mkdir(parents=True, exist_ok=True)
            sqlite.remove(fresh)
            db.connect(f"sqlite:///{fresh}")
            try:
                with archive.opened(self.path, self.manifest) as part:
                    sqlite.unpack(part, self.manifest.size, fresh, self.progress)
                done = self._rest(since)
                _disconnect()
                sqlite.make_one_file(fresh)
                if there:
                    sqlite.make_one_file(database)
                sqlite.put_in_place(fresh, database, aside)
            finally:
                _disconnect()
                sqlite.remove(fresh)
        return Restored(f"the file {aside}" if there else "", *done)

    def into_postgresql(self) -> Restored:
        """Come in in one transaction, then do the rest; or do the rest of one that came in before."""
        url = self.settings.database_url
        note = postgresql.unfinished(url)
        if note is None:
            there = self._may_replace()
            aside = _before().replace("-", "_") if there else ""
            since = self._since(there)
            postgresql.require_alone(url)
            note = json.dumps({"aside": aside, "since": since})
            with archive.opened(self.path, self.manifest) as part:
                postgresql.bring_in(url, part, self.manifest.size, aside, note, self.progress)
        else:
            self.tell("a backup had come in already and not all was done: doing the rest")
            aside, since = json.loads(note)["aside"], json.loads(note)["since"]
        db.connect(url)
        done = self._rest(since)
        _disconnect()
        postgresql.finish(url)
        return Restored(f"the schema {aside}" if aside else "", *done)

    def _may_replace(self) -> bool:
        """Whether a database is there, which may be set aside."""
        if not making.is_there_any(self.settings):
            return False
        if not self.replace:
            raise NotDone(
                "there is a database already: with --replace it is set aside, and the backup takes its place"
            )
        return True

    def _since(self, there: bool) -> list[str]:
        """What authors took back since, by the list beside the backup and by the database that is there."""
        found = taken_back.lines_beside(self.path.parent)
        if there:
            try:
                db.connect(self.settings.database_url)
                found |= taken_back.lines()
            except peewee.DatabaseError:
                self.tell(
                    "the database as it is now cannot be read: what authors took back is known by the list "
                    f"{taken_back.FILE} beside the backup alone"
                )
            finally:
                _disconnect()
        return taken_back.after(found, self.manifest.moment)

    def _rest(self, since: list[str]) -> tuple[int, int, list[str]]:
        """Bring the chosen database to this release, and say what is in it, and what needs care."""
        upgrading.bring_up_to_date(self.tell)
        again = taken_back.do_again(since)
        return Story.select().count(), again, list(_care())


def _care() -> Iterator[str]:
    """A sentence for each thing that is not as it should be."""
    broken = [*verification.breaks(), *ledger_check.disagreements()]
    if broken:
        yield f"The ledger does not hold: breaks found, {len(broken)}. `tellback ledger verify` names them."
    newest = PrivateLink.select().order_by(PrivateLink.story.desc()).first()
    try:
        if newest:
            sealing.unseal(newest.token_sealed)
    except SettingsError:
        yield (
            "TELLBACK_CONTACT_KEY does not open what is sealed in this backup: give the key of that time, or "
            "no author is written to and nobody's second factor works. On SQLite it is the file contact_key "
            "of the data folder."
        )
    waiting = sum(kept.count for kept in standing.waiting())
    if waiting:
        yield f"Messages that wait, some of which may have gone out since: {waiting}. They go when you serve."


def _before() -> str:
    return f"before-restore-{clock.now():%Y%m%dt%H%M%S}"


def _disconnect() -> None:
    db.database.close_all()
