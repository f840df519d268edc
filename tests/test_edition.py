"""What everyone reads is of one edition of the database until something is committed, by whomever."""

import sqlite3
from collections.abc import Callable, Hashable
from pathlib import Path

import pytest

from tellback import clock, db, edition
from tellback.organisations.models import Organisation

TRIES = 10_000


def found_an_organisation() -> None:
    Organisation.create(code="RXH", name="St Elsewhere NHS Trust", created_at=clock.now())


def test_it_stands_while_nothing_is_written(database: str) -> None:
    current = edition.watch()
    assert current() is not None
    # A server of PostgreSQL's that other tests write to as well has many editions, but not at every moment.
    assert any(current() == current() for _ in range(TRIES))


def test_it_is_another_once_something_was_committed(database: str) -> None:
    current = edition.watch()
    before = current()
    found_an_organisation()
    assert current() != before


def test_what_is_read_meanwhile_does_not_change_it(database: str) -> None:
    def reads_and_it_stands(current: Callable[[], Hashable]) -> bool:
        before = current()
        assert Organisation.select().count() == 0
        return current() == before

    current = edition.watch()
    assert any(reads_and_it_stands(current) for _ in range(TRIES))


def test_nothing_has_changed_before_it_is_committed(tmp_path: Path) -> None:
    current = edition.watch_file(str(tmp_path / "file.db"))
    writer = sqlite3.connect(tmp_path / "file.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = wal")
    before = current()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("CREATE TABLE one (number INTEGER)")
    assert current() == before
    writer.execute("COMMIT")
    assert current() != before
    writer.close()


def test_another_file_in_its_place_is_another_edition(tmp_path: Path) -> None:
    for name in ("file.db", "other.db"):
        sqlite3.connect(tmp_path / name).close()
    current = edition.watch_file(str(tmp_path / "file.db"))
    before = current()
    (tmp_path / "other.db").replace(tmp_path / "file.db")
    assert current() != before


def test_nobody_can_say_while_the_database_is_away(tmp_path: Path) -> None:
    assert edition.watch_file(str(tmp_path / "nowhere" / "file.db"))() is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nobody_can_say_of_a_server_that_is_away(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    current = edition.watch()
    db.database.close_all()  # type: ignore[attr-defined]

    def refused(*_ignored: object, **_more: object) -> None:
        raise edition.OUT_OF_REACH[0]("refused")

    monkeypatch.setattr(db.database.obj, "connect", refused)  # type: ignore[attr-defined]
    assert current() is None
