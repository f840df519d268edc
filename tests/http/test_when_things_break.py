"""The database busy, a fault of ours: a clear answer, nothing stored by halves, no words in the log."""

import logging
import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import config, db
from tellback.app import create_app
from tellback.stories import submission
from tellback.stories.models import Story, StoryVersion, UsedKey
from tests.people import a_story, make_places

KEY = "0b0f3c0e-7a55-4a11-a3a6-2f6d6a1c9c11"


# On PostgreSQL no reader or writer stops a new story.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_another_holds_the_database_a_story_is_asked_for_again_soon(
    settings: config.Settings, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_places()
    # The real wait is ten seconds; here it is over at once.
    monkeypatch.setattr(db, "BUSY_TIMEOUT", 0)
    client = create_app(settings).test_client()
    assert client.get("/api/v1/stories").status_code == 200
    other = sqlite3.connect(Path(settings.database_url.removeprefix("sqlite:///")), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    response = client.post("/api/v1/stories", data=a_story(idempotency_key=KEY))
    other.execute("ROLLBACK")
    other.close()
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.headers["Retry-After"] == "5"
    assert "Nothing was lost" in response.get_json(force=True)["detail"]

    again = client.post("/api/v1/stories", data=a_story(idempotency_key=KEY))
    assert again.status_code == 201
    assert Story.select().count() == 1
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.mark.parametrize("step", ["give", "record"])
def test_a_fault_half_way_stores_nothing_and_logs_no_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    told = a_story(idempotency_key=KEY)

    def break_down(*_: object, **__: object) -> None:
        raise ValueError(told["body"])

    client.application.testing = False
    monkeypatch.setattr(submission.private_links if step == "give" else submission.acts, step, break_down)
    with caplog.at_level(logging.DEBUG):
        response = client.post("/api/v1/stories", data=told)
    problem = response.get_json(force=True)
    assert (response.status_code, problem["status"]) == (500, 500)
    assert "What you typed is still on your page" in problem["detail"]
    assert "unexpected ValueError at stories.tell_story" in caplog.text
    assert "The nurse" not in caplog.text + response.text
    assert [model.select().count() for model in (Story, StoryVersion, UsedKey)] == [0, 0, 0]
