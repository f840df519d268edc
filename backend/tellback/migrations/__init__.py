"""The schema's ordered steps, each recorded; run by `tellback db upgrade` and `tellback serve --upgrade`.

A step is a file of `steps/` with `up(migrator, db)`. It holds its own frozen copy of the
tables it makes, so that it means the same for ever. peewee's own runner keeps the record.

Beside a step that only adds the releases before go on serving, so that hosts are replaced one by one. One
that takes away, or that older code must not meet, says so by the end of its name.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from tellback import db
from tellback.errors import NotDone, SettingsError

STEPS = Path(__file__).parent / "steps"
# A table of this name stands in a PostgreSQL database from when a backup came in until all that belongs to
# that is done (`backups.restoring`); nobody may serve from it before.
UNFINISHED = "restore_unfinished"
# How the name of a step ends that not every older release can serve beside: with the oldest step whose
# release can, as in `_serves_from_0031`. A release without the step's file can read nothing but its name.
_SERVES_FROM = re.compile(r"_serves_from_(\d{4})$")
# Seconds a step waits until those who still use a table let it go.
_LOCK_TIMEOUT = 60


def upgrade() -> list[str]:
    """Apply every pending step; the names applied.

    All or none: one transaction holds the steps and their records, so that a failing one leaves the schema
    that the release before works with. Raises NotDone that names the failing step.
    """
    runner = _runner()
    applied, name = runner.applied(), ""
    lacking = [step.name for step in runner.migrations() if step.name not in applied]
    try:
        with _for_steps(), db.transaction():
            if db.is_postgresql():
                db.database.execute_sql("SET LOCAL statement_timeout = 0")
                db.database.execute_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}s'")
            for name in lacking:
                runner.up(name)
            _require_whole()
    except Exception as error:
        # Only the kind of failure: a driver's message may quote a row.
        raise NotDone(
            f"the step {name} failed ({type(error).__name__}) and nothing was changed: the release before "
            "works on with this database; start that one again"
        ) from error
    return lacking


def pending() -> list[str]:
    """The names of the steps that this database lacks, in their order.

    Raises SettingsError when it has steps of a newer release that this one cannot serve beside, or when a
    restore was not finished.
    """
    if db.is_postgresql() and db.database.table_exists(UNFINISHED):
        raise SettingsError(
            "a backup came in here and not all was done with it: run `tellback restore` again"
        )
    status = _runner().status()
    lacking = [step.name for step in status if not step.applied]
    newer = [step.name for step in status if not step.path]
    # A newer release applies all that came before: where something lacks, these are of no later one of ours.
    beyond = newer if lacking else [name for name in newer if not goes_on_beside(name, names()[-1])]
    if beyond:
        raise _made_by_a_newer_one(beyond[-1])
    return lacking


def goes_on_beside(newer: str, ours: str) -> bool:
    """Whether the release whose newest step is `ours` may serve a schema that has the step `newer`, too."""
    least = _SERVES_FROM.search(newer)
    return ours < newer and (least is None or least[1] <= ours)


def require_none_newer() -> None:
    """Refuse what only the newest release should do, such as putting stories into its lists.

    Raises SettingsError when the database has steps that this release does not know.
    """
    newer = [step.name for step in _runner().status() if not step.path]
    if newer:
        raise _made_by_a_newer_one(newer[-1])


def require_current() -> None:
    """Refuse to start on an older schema, or on a newer one that this release cannot serve beside.

    Raises SettingsError that says the command to run.
    """
    older = pending()
    if older:
        raise SettingsError(
            f"the database lacks {len(older)} step(s) ({older[0]} …): run `tellback db upgrade` first"
        )


def names() -> list[str]:
    """The names of all steps of this release, in their order."""
    return sorted(step.stem for step in STEPS.glob("[0-9]*.py"))


def _made_by_a_newer_one(step: str) -> SettingsError:
    return SettingsError(f"the database was made by a newer Tellback (it has {step}): install that release")


@contextmanager
def _for_steps() -> Iterator[None]:
    """Let tables be made anew without what refers to their rows going with them.

    SQLite asks for that outside of a transaction; `_require_whole` looks at the references afterwards.
    """
    if db.is_postgresql():
        yield
        return
    db.database.execute_sql("PRAGMA foreign_keys = 0")
    try:
        yield
    finally:
        db.database.execute_sql("PRAGMA foreign_keys = 1")


def _require_whole() -> None:
    if not db.is_postgresql() and db.database.execute_sql("PRAGMA foreign_key_check").fetchone():
        raise RuntimeError("a row refers to one that is not there")


def _runner() -> Runner:
    # The runner looks at the database's kind, so it needs the chosen one, not the stand-in.
    return Runner(db.database.obj, directory=str(STEPS))
