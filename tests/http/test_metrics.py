"""/metrics, as Prometheus reads it: exact though processes are killed, and for nobody without the token."""

import contextlib
import dataclasses
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tellback import config, db, metrics
from tellback.app import create_app
from tellback.errors import SettingsError
from tests import people
from tests.durability.service import Service, environment, running, until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TOKEN = "a token of the tests by which metrics are read"


@pytest.fixture
def service(settings: config.Settings, database: str, tmp_path: Path) -> Iterator[Service]:
    """Two workers that count, and limit."""
    people.make_places()
    db.database.close_all()  # type: ignore[attr-defined]
    environ = environment(settings, TELLBACK_METRICS_TOKEN=TOKEN, TELLBACK_RATELIMIT_ENABLED="true")
    with running(Service(environ, workers=2, log=tmp_path / "log")) as found:
        yield found


def scrape(service: Service) -> dict[str, float]:
    """Every sample by its name and the values of its labels, as Prometheus's own parser reads them."""
    answer = service.ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200, answer.body
    families = text_string_to_metric_families(answer.body.decode())
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
        if "le" not in sample.labels
    }


def workers_begun(service: Service) -> float:
    # One that is killed takes the connection along that it had just taken.
    with contextlib.suppress(OSError):
        return scrape(service).get("tellback_workers_begun_total", 0)
    return 0


def ask_often(service: Service) -> None:
    """Ten pages, five addresses that there are not, and more private links than a person may ask for."""
    for _ in range(10):
        assert service.ask("/services/RXH01").status == 200
    for _ in range(5):
        assert service.ask("/nowhere/tamsin").status == 404


def test_counts_of_two_workers_are_exact_also_when_one_is_killed_and_replaced(service: Service) -> None:
    until(lambda: workers_begun(service) == 2, "both workers count")
    ask_often(service)
    asked = [service.ask("/api/v1/lost-links", {"email": "a@mail.example"}).status for _ in range(23)]
    assert asked.count(429) == 3
    found = scrape(service)
    assert found["tellback_request_seconds_count GET /services/<code> 2xx"] == 10
    assert found["tellback_request_seconds_count GET none 4xx"] == 5
    assert found["tellback_request_seconds_count POST /api/v1/lost-links 4xx"] == 3
    assert found["tellback_limits_refused_total asking-for-a-link"] == 3
    assert found["tellback_up database"] == 1

    os.kill(service.children()[0], signal.SIGKILL)
    until(lambda: workers_begun(service) == 3, "another takes its place and counts")
    ask_often(service)
    found = scrape(service)
    assert found["tellback_request_seconds_count GET /services/<code> 2xx"] == 20
    assert found["tellback_request_seconds_count GET none 4xx"] == 10
    assert found["tellback_limits_refused_total asking-for-a-link"] == 3
    text = service.ask("/metrics", Authorization=f"Bearer {TOKEN}").body.decode()
    assert not [word for word in ("tamsin", "RXH01", "127.0.0.1") if word in text]


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer a wrong token", f"Basic {TOKEN}", "Bearer é"])
def test_nobody_reads_them_without_the_token(settings: config.Settings, database: str, given: str) -> None:
    client = create_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client()
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"tellback_" not in answer.data


def test_where_no_token_is_set_there_is_no_such_page(settings: config.Settings, database: str) -> None:
    assert create_app(settings).test_client().get("/metrics").status_code == 404


def test_a_token_that_can_be_guessed_stops_the_start(settings: config.Settings, database: str) -> None:
    given = {"TELLBACK_OPERATOR": "We", "TELLBACK_DATA_DIR": str(settings.data_dir)}
    with pytest.raises(SettingsError, match="TELLBACK_METRICS_TOKEN"):
        config.load({**given, "TELLBACK_METRICS_TOKEN": "short"})


def test_without_the_extra_it_says_what_to_install(
    settings: config.Settings, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(SettingsError, match=r"tellback\[metrics\]"):
        metrics.begin(tmp_path)
