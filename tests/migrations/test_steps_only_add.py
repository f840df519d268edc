"""A step takes nothing away that the release before works with, so that both may serve side by side.

What nobody uses any more may go one release later, by a step whose name says so (`_serves_from_`, see
CONTRIBUTING): releases that still use it then refuse to start on it. `test_side_by_side.py` has two serve.
"""

from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from tellback import db, migrations


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[migrations.Runner]:
    """Steps, to be applied one by one to an empty file."""
    db.connect(f"sqlite:///{tmp_path / 'steps.db'}")
    yield migrations._runner()
    db.database.close_all()  # type: ignore[attr-defined]


def schema() -> dict[str, peewee.ColumnMetadata]:
    """Each column that there is, as `table.column`."""
    return {
        f"{table}.{column.name}": column
        for table in db.database.get_tables()
        for column in db.database.get_columns(table)
    }


def missing_after(
    before: dict[str, peewee.ColumnMetadata], after: dict[str, peewee.ColumnMetadata]
) -> set[str]:
    """What a release that knows the schema `before` would look for in vain, or not know to fill in."""
    tables = {name.partition(".")[0] for name in before}
    demanded = {
        name
        for name, column in after.items()
        if name not in before
        and name.partition(".")[0] in tables
        and not column.null
        and column.default is None
    }
    return (before.keys() - after.keys()) | demanded


def test_no_step_takes_away_or_demands_what_the_release_before_does_not_know(
    runner: migrations.Runner,
) -> None:
    before: dict[str, peewee.ColumnMetadata] = {}
    for step in migrations.names():
        runner.up(step)
        after = schema()
        assert "_serves_from_" in step or not missing_after(before, after), step
        before = after


def test_a_column_that_goes_and_one_that_must_be_filled_are_seen(runner: migrations.Runner) -> None:
    runner.up(migrations.names()[0])
    before = schema()
    db.database.execute_sql("ALTER TABLE topic DROP COLUMN name")
    db.database.execute_sql("ALTER TABLE topic ADD COLUMN kind TEXT")
    assert missing_after(before, schema()) == {"topic.name"}
    db.database.execute_sql("CREATE TABLE other (id INTEGER PRIMARY KEY, must TEXT NOT NULL)")
    assert missing_after(before, schema()) == {"topic.name"}
    demanding = {**schema(), "topic.must": peewee.ColumnMetadata("must", "TEXT", False, False, "topic", None)}
    assert missing_after(before, demanding) == {"topic.name", "topic.must"}
