"""A database of any earlier schema, with rows in all its tables, becomes this release's and loses nothing."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tellback import db, migrations
from tellback.errors import NotDone
from tests.migrations import filling

STEPS = migrations.names()
FAILING = """
def up(_migrator, db):
    db.execute_sql("CREATE TABLE half_way (id INTEGER)")
    db.execute_sql("ALTER TABLE story ADD COLUMN half_way INTEGER")
    db.execute_sql("UPDATE story SET state = 'lost'")
    db.execute_sql("SELECT no_such_thing")
"""
WORKING = """
def up(_migrator, db):
    db.execute_sql("ALTER TABLE story ADD COLUMN worked INTEGER")
"""
BREAKING = """
def up(_migrator, db):
    db.execute_sql("DELETE FROM website")
"""
# As many stories as a region's patients tell in some years, in the tables of the first step.
MANY = (
    "INSERT INTO story (id, public_id, state, state_since, revision, author_role, consent_publish,"
    " consent_licence, consent_contact, consent_version, told_at)"
    " SELECT n, 'c' || n, 'published', {moment}, 1,"
    " 'patient', {yes}, {yes}, {yes}, '2026', {moment} FROM ({numbers}) AS numbers",
    "INSERT INTO story_version (story_id, number, title, body, feelings, lang, written_at)"
    " SELECT n, 1, 'Night ' || n, 'The nurse sat with me until my daughter came.', '[]', 'en', {moment}"
    " FROM ({numbers}) AS numbers",
    "INSERT INTO published_text (story_id, version_id, title, body, redactions)"
    " SELECT story_id, id, title, body, '[]' FROM story_version",
    "INSERT INTO decision (story_id, version_id, act, message, decided_at)"
    " SELECT story_id, id, 'publish', '', {moment} FROM story_version",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind with no table in it, connected, by its URL."""
    on_postgres = request.param == "postgresql"
    url = request.getfixturevalue("spare_postgres")() if on_postgres else f"sqlite:///{tmp_path / 'old.db'}"
    db.connect(url)
    yield url
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Callable[[str], set[tuple[object, ...]]]:
    """The schema that a fresh install of the same kind has."""

    def schema_like(url: str) -> set[tuple[object, ...]]:
        if url.startswith("postgresql:"):
            db.connect(request.getfixturevalue("postgres").url)
        else:
            db.connect(f"sqlite:///{request.getfixturevalue('empty_sqlite')}")
        return filling.schema()

    return schema_like


def test_rows_of_every_schema_go_all_the_way_to_the_schema_of_a_fresh_install(nothing, fresh) -> None:
    rows = filling.Rows()
    for number, step in enumerate(STEPS, 1):
        migrations._runner().up(step)
        with db.transaction():
            rows.fill(number)
    assert rows.lost_or_changed() == []
    assert set(rows.kept) == set(filling.tables())
    assert filling.schema() == fresh(nothing)


def test_the_first_schema_goes_all_the_way_in_one_go(nothing, fresh) -> None:
    rows = _at(STEPS[0])
    assert migrations.upgrade() == STEPS[1:]
    assert rows.lost_or_changed() == []
    assert filling.schema() == fresh(nothing)


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS[:-1])
def test_every_schema_goes_all_the_way_in_one_go(nothing, fresh, step) -> None:
    rows = _at(step)
    assert migrations.upgrade() == STEPS[STEPS.index(step) + 1 :]
    assert rows.lost_or_changed() == []
    assert filling.schema() == fresh(nothing)


def test_a_step_that_fails_leaves_the_schema_that_the_release_before_works_with(
    database, places, monkeypatch, tmp_path
) -> None:
    before, rows = filling.schema(), filling.Rows()
    rows.fill(1)
    released = migrations.STEPS
    release(monkeypatch, tmp_path / "steps", WORKING, FAILING)
    with pytest.raises(NotDone, match=r"the step 9002_new failed .*and nothing was changed"):
        migrations.upgrade()
    monkeypatch.setattr(migrations, "STEPS", released)
    assert filling.schema() == before
    assert rows.lost_or_changed() == []
    migrations.require_current()


def test_a_step_that_breaks_what_rows_refer_to_fails(tmp_path, empty_sqlite, monkeypatch) -> None:
    path = tmp_path / "old.db"
    shutil.copyfile(empty_sqlite, path)
    db.connect(f"sqlite:///{path}")
    rows = filling.Rows()
    rows.fill(1)
    release(monkeypatch, tmp_path / "steps", BREAKING)
    with pytest.raises(NotDone, match="nothing was changed"):
        migrations.upgrade()
    assert rows.lost_or_changed() == []
    assert db.database.execute_sql("PRAGMA foreign_keys").fetchone() == (1,)
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.mark.long
def test_connections_that_stayed_open_go_on_after_another_process_upgraded(
    spare_postgres, monkeypatch, tmp_path
) -> None:
    url = spare_postgres()
    db.connect(url)
    migrations.upgrade()
    stories = "SELECT COUNT(*) FROM story"
    for _ in range(8):  # often enough for psycopg to have the server prepare it
        db.database.execute_sql(stories).fetchone()
    serving = db.database.obj  # type: ignore[attr-defined]
    db.database.close()
    db.database.initialize(None)  # type: ignore[attr-defined]
    db.connect(url)
    release(monkeypatch, tmp_path / "steps", WORKING)
    assert migrations.upgrade() == ["9001_new"]
    db.database.close_all()  # type: ignore[attr-defined]
    db.database.initialize(serving)  # type: ignore[attr-defined]
    assert db.database.execute_sql(stories).fetchone() == (0,)
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_fifty_thousand_stories_of_the_first_schema_are_brought_along(nothing, capsys) -> None:
    migrations._runner().up(STEPS[0])
    numbers = (
        "WITH RECURSIVE u(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM u WHERE n < 50000) SELECT n FROM u"
    )
    facts = {"moment": "'2026-01-01 09:30:00.000000+00:00'", "yes": "true" if db.is_postgresql() else "1"}
    with db.transaction():
        for query in MANY:
            db.database.execute_sql(query.format(numbers=numbers, **facts))
    began = time.monotonic()
    migrations.upgrade()
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{nothing.partition(':')[0]}: 50,000 stories from {STEPS[0]} to {STEPS[-1]} in {took:.1f} s")
    assert migrations.pending() == []


def _at(step: str) -> filling.Rows:
    """Rows in all tables of the schema as of a step."""
    migrations._runner().up(step)
    rows = filling.Rows()
    with db.transaction():
        rows.fill(1)
    return rows


def release(monkeypatch, folder: Path, *steps: str, named: str = "new") -> None:
    """Let there be a release with more steps."""
    shutil.copytree(migrations.STEPS, folder)
    for number, step in enumerate(steps, 9001):
        (folder / f"{number}_{named}.py").write_text(step)
    monkeypatch.setattr(migrations, "STEPS", folder)
