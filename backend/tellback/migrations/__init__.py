"""The schema's ordered steps, each recorded; run by `tellback db upgrade`.

A step is a file of `steps/` with `up(migrator, db)`. It holds its own frozen copy of the
tables it makes, so that it means the same for ever. peewee's own runner keeps the record.
"""

from pathlib import Path

from playhouse.migrations import Runner

from tellback import db
from tellback.errors import SettingsError

STEPS = Path(__file__).parent / "steps"


def upgrade() -> list[str]:
    """Apply every pending step, each in a transaction with its record; the names applied."""
    return list(_runner().up())


def require_current() -> None:
    """Refuse to start on an older or newer schema.

    Raises SettingsError that says the command to run.
    """
    status = _runner().status()
    older = [step.name for step in status if step.path and not step.applied]
    newer = [step.name for step in status if not step.path]
    if older:
        raise SettingsError(
            f"the database lacks {len(older)} step(s) ({older[0]} …): run `tellback db upgrade` first"
        )
    if newer:
        raise SettingsError(
            f"the database was made by a newer Tellback (it has {newer[-1]}): install that release"
        )


def _runner() -> Runner:
    # The runner looks at the database's kind, so it needs the chosen one, not the stand-in.
    return Runner(db.database.obj, directory=str(STEPS))
