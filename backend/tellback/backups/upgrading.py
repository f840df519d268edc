"""Bringing the database to this release: by one process, with a backup before, and all or none of it."""

from collections.abc import Callable
from pathlib import Path

from tellback import db, migrations
from tellback.backups import locks, making
from tellback.backups.archive import Progress
from tellback.config import Settings
from tellback.published import ledger_check
from tellback.stories import public_words, shelves, standings, topics

Tell = Callable[[str], object]


def upgrade(settings: Settings, tell: Tell) -> None:
    """Bring the schema to this release, and say what was done.

    Raises SettingsError for a database of a newer release, NotDone when a step fails; then nothing is
    changed.
    """
    # First, since an address that names no file is refused here.
    db.connect(settings.database_url)
    with locks.the_database(settings, tell):
        migrations.require_none_newer()
        if not migrations.pending():
            tell("the database is up to date")
        bring_up_to_date(tell)


def upgrade_before_serving(settings: Settings, folder: Path, tell: Tell, progress: Progress) -> None:
    """Where the schema is of an older release, back it up into a folder and bring it to this one.

    Of several processes that start together one does it, and the others wait. A newer schema that this
    release may serve is left as it is: a newer one takes its place, host by host. Raises as `upgrade`, and
    NotDone when no backup could be made: nothing is changed without one.
    """
    with locks.the_database(settings, tell):
        had_any = making.is_there_any(settings)
        db.connect(settings.database_url)
        if not migrations.pending():
            return
        if had_any:
            made = making.make(settings, folder, progress)
            tell(f"backed up into {made.path}")
        bring_up_to_date(tell)


def bring_up_to_date(tell: Tell) -> None:
    """Apply what the chosen database lacks, the steps and what they need besides, and say each."""
    for name in migrations.upgrade():
        tell(f"applied {name}")
    topics.bring_themes()
    shelves.put_all()
    standings.keep_up(1)
    found = public_words.keep_missing()
    if found:
        tell(f"{found} {'story' if found == 1 else 'stories'} more can be found by everyone")
    older = ledger_check.bring_older_stories()
    if older:
        tell(f"entered {older} older {'story' if older == 1 else 'stories'} in the public ledger")
