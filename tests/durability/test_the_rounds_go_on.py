"""Whatever happens in a round, the next one comes; and /readyz says when none does."""

import threading

import pytest
from flask.testing import FlaskClient

from tellback import rounds
from tellback.config import Settings
from tellback.http import health
from tests.durability.service import PATIENCE

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ONE_ENGINE
@pytest.mark.parametrize("error", [MemoryError, SystemExit, KeyboardInterrupt, OSError])
def test_a_round_that_fails_ends_no_other(
    settings: Settings, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "BETWEEN_ROUNDS", 0.001)
    seen, twice = [], threading.Event()

    def fail(_settings: Settings) -> None:
        seen.append(1)
        if len(seen) > 2:
            twice.set()
            # Until the test is over.
            threading.Event().wait()
        raise error

    fail.__name__ = "fail"
    threading.Thread(target=rounds._go_for_ever, args=(settings, [fail], "of the tests"), daemon=True).start()
    assert twice.wait(PATIENCE)
    monkeypatch.setattr(rounds, "LONGEST_ROUND", 0)
    assert not rounds.are_on_time()
    rounds._began.clear()
    assert rounds.are_on_time()


def test_a_service_that_can_keep_stories_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.get_json() == {"state": "ready", "database": "well", "schema": "well"}


@ONE_ENGINE
def test_what_stories_can_be_told_without_degrades_it(client: FlaskClient) -> None:
    health.watch(client.application, "rounds", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["state"]) == (200, "degraded")
    assert answer.get_json()["rounds"] == "degraded"


@ONE_ENGINE
def test_a_schema_of_another_release_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tellback.errors import SettingsError

    def another() -> None:
        raise SettingsError("the database lacks a step")

    monkeypatch.setattr(health._readiness(client.application), "_require_schema", another)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.get_json() == {"state": "not ready", "database": "well", "schema": "of another release"}


@ONE_ENGINE
def test_asking_often_writes_seldom(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("tellback.db.try_writing", lambda: asked.append(1))
    for _ in range(20):
        client.get("/readyz")
    assert asked == [1]
