"""The file is taken away, replaced or made read-only under the service: no 201 for what nobody can find."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import clock, db
from tellback.audit import ledger
from tellback.config import Settings
from tellback.http import pseudonyms
from tellback.stories.models import Story
from tests.people import ORIGIN, a_story

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "0b0f3c0e-7a55-4a11-a3a6-2f6d6a1c9c11"
ENDS = ("", "-wal", "-shm")


def _tell(client: FlaskClient, **changes: str) -> int:
    form = a_story(idempotency_key=KEY, **changes)
    return client.post("/api/v1/stories", data=form, headers={"Origin": ORIGIN}).status_code


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _move(path: Path, to: Path) -> None:
    for end in ENDS:
        if Path(f"{path}{end}").exists():
            shutil.move(f"{path}{end}", f"{to}{end}")


def test_while_the_file_is_away_no_story_is_taken_and_none_is_made_in_its_place(
    client: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    path, away = _file(settings), tmp_path / "away.db"
    assert client.get("/api/v1/stories").status_code == 200
    _move(path, away)
    assert _tell(client) == 503
    assert client.get("/api/v1/stories").status_code == 503
    assert not path.exists()
    _move(away, path)
    assert _tell(client) == 201
    assert Story.select().count() == 1


def test_a_file_put_in_its_place_is_the_one_that_is_written(
    client: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    path, other = _file(settings), tmp_path / "other.db"
    db.database.close_all()  # type: ignore[attr-defined]
    shutil.copyfile(path, other)
    assert client.get("/api/v1/stories").status_code == 200
    old = tmp_path / "old.db"
    _move(path, old)
    _move(other, path)
    assert _tell(client) == 201
    db.connect(f"sqlite:///{old}")
    assert Story.select().count() == 0
    db.connect(settings.database_url)
    assert Story.select().count() == 1


def test_a_story_whose_file_goes_while_it_is_kept_is_not_acknowledged(
    client: FlaskClient, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, path, away = ledger.append, _file(settings), tmp_path / "away.db"

    def and_the_file_goes(*args: object, **options: object) -> object:
        entry = append(*args, **options)  # type: ignore[arg-type]
        shutil.move(path, away)
        return entry

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "append", and_the_file_goes)
        assert _tell(client) == 503
    shutil.move(away, path)
    assert _tell(client) == 201
    assert Story.select().count() == 1


def test_what_can_only_be_read_is_read_even_on_a_new_day(client: FlaskClient) -> None:
    assert _tell(client) == 201
    clock.pin(clock.now().replace(day=24))
    db.database.execute_sql("PRAGMA query_only = 1")
    told = client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN})
    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    assert "What you typed is not lost" in told.get_json(force=True)["detail"]
    assert client.get("/api/v1/stories").status_code == 200
    assert client.get("/readyz").get_json()["database"] == "read-only"
    db.database.execute_sql("PRAGMA query_only = 0")
    assert client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}).status_code == 201


def test_a_process_that_could_keep_no_key_takes_the_common_one_once_there_is_one(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.database.execute_sql("PRAGMA query_only = 1")
    own = pseudonyms.pseudonym("192.0.2.1")
    assert pseudonyms.pseudonym("192.0.2.1") == own
    db.database.execute_sql("PRAGMA query_only = 0")
    monkeypatch.setattr(pseudonyms, "_own_until", 0.0)  # half a minute later
    common = pseudonyms.pseudonym("192.0.2.1")
    pseudonyms.forget()
    assert pseudonyms.pseudonym("192.0.2.1") == common != own
