"""The data layer on both engines: schema, moments, transactions."""

import re
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

from tellback import clock, db, migrations
from tellback.errors import SettingsError
from tellback.organisations.models import Organisation

PACKAGE = Path(db.__file__).parent


def _every_model() -> list[type[db.Model]]:
    for path in PACKAGE.glob("*/models.py"):
        import_module(f"tellback.{path.parent.name}.models")
    return [model for model in db.Model.__subclasses__() if model.__module__.startswith("tellback.")]


def test_the_steps_make_exactly_the_tables_of_the_models(database: str) -> None:
    assert str(diff_models(db.database.obj, _every_model())) == ""  # type: ignore[attr-defined]


def test_a_moment_comes_back_as_it_went_in_whatever_its_zone(database: str) -> None:
    summer = datetime(2026, 7, 1, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    made = Organisation.create(code="X1", name="A trust", created_at=summer)
    back = Organisation.get_by_id(made.id).created_at
    assert back == summer
    assert back.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: str) -> None:
    with pytest.raises(ValueError, match="created_at needs an aware datetime"):
        Organisation.create(code="X1", name="A trust", created_at=datetime(2026, 7, 1))


def test_moments_are_ordered_in_queries(database: str) -> None:
    for minutes in (10, 2, 33):
        Organisation.create(code=f"X{minutes}", name="-", created_at=clock.now() + timedelta(minutes=minutes))
    found = [row.code for row in Organisation.select().order_by(Organisation.created_at)]
    assert found == ["X2", "X10", "X33"]


def test_what_fails_half_way_leaves_nothing(database: str) -> None:
    with pytest.raises(RuntimeError), db.transaction():
        Organisation.create(code="X1", name="A trust", created_at=clock.now())
        raise RuntimeError("the power went")
    assert Organisation.select().count() == 0


def test_the_sqlite_file_is_written_to_the_disk_before_an_answer(tmp_path: Path) -> None:
    db.connect(f"sqlite:///{tmp_path / 'a.db'}")
    pragmas = {
        name: db.database.execute_sql(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    }
    db.database.close_all()  # type: ignore[attr-defined]
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


def test_an_older_schema_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    db.connect(f"sqlite:///{tmp_path / 'old.db'}")
    with pytest.raises(SettingsError, match=re.escape("run `tellback db upgrade` first")):
        migrations.require_current()
    assert migrations.upgrade() == sorted(step.stem for step in migrations.STEPS.glob("[0-9]*.py"))
    migrations.require_current()
    assert migrations.upgrade() == []
    db.database.close_all()  # type: ignore[attr-defined]


def test_a_schema_that_a_newer_release_took_from_is_refused(database: str) -> None:
    history = migrations._runner().History
    row = history.create(name="9999_old_words_go_serves_from_9999")
    with pytest.raises(SettingsError, match="made by a newer Tellback"):
        migrations.require_current()
    row.delete_instance()
