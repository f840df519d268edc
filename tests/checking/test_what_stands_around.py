"""`tellback check` on what a deployment needs besides the service: keys, limits, proxies, a clock, people."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tellback import checking, clock, db
from tellback.accounts.roles import Role
from tellback.backups import archive
from tellback.checking import Grade, Line, State, machine, reach, store
from tellback.config import Settings
from tellback.http import probing
from tests.people import Places, make_account

Application = Callable[[dict[str, Any], Any], Any]


def said(lines: Iterator[Line]) -> list[tuple[str, str]]:
    """State and words of each line."""
    return [(line.state.value, line.text) for line in lines]


def test_the_grade_is_that_of_the_worst_line() -> None:
    well, care, broken = (Line(state, "so it is") for state in State)
    assert checking.grade([well]) == Grade.READY
    assert checking.grade([well, care]) == Grade.WITH_CARE
    assert checking.grade([broken, care, well]) == Grade.NOT_READY
    assert checking.in_words([care, well, well]).endswith("\n\nReady, with care (2 well, 1 take care).")
    assert '"grade": "not ready"' in checking.as_json([broken])


def test_keys_made_apart_and_kept_to_oneself_are_well(settings: Settings) -> None:
    assert said(machine.keys_apart(settings)) == []


def test_one_key_for_two_purposes_is_broken(settings: Settings) -> None:
    shared = dataclasses.replace(
        settings, ledger_key=("a new one, of many characters", *settings.contact_key)
    )
    words = "CONTACT_KEY and TELLBACK_LEDGER_KEY are the same"
    assert [words in text for _, text in said(machine.keys_apart(shared))] == [True]


def test_a_key_that_can_be_guessed_is_broken(settings: Settings) -> None:
    typed = dataclasses.replace(settings, secret_key="changeme" * 5)
    assert said(machine.keys_apart(typed)) == [
        ("broken", "TELLBACK_SECRET_KEY is no key made by chance, and can be guessed.")
    ]


def test_a_key_file_that_others_can_read_needs_care(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "secret"
    key.touch(0o600)
    monkeypatch.setenv("TELLBACK_SECRET_KEY_FILE", str(key))
    assert said(machine.keys_apart(settings)) == []
    key.chmod(0o640)
    assert said(machine.keys_apart(settings)) == [
        ("take care", f"Others on this machine can read {key}: chmod 600 {key}")
    ]


def test_limits_that_are_off_are_broken(settings: Settings) -> None:
    lifted = dataclasses.replace(settings, ratelimit_enabled=False)
    assert ("broken", "No limit holds anybody: take TELLBACK_RATELIMIT_ENABLED=false away.") in said(
        machine.limits(lifted)
    )


def test_counters_that_do_not_answer_need_care(settings: Settings) -> None:
    away = dataclasses.replace(settings, ratelimit_url="redis://127.0.0.1:1/0")
    assert said(machine.limits(away)) == [
        (
            "take care",
            "The counters of the limits (127.0.0.1) do not answer: each host counts alone meanwhile.",
        )
    ]


@pytest.mark.parametrize(("returned", "count"), [(0, 0), (5, 1)])
def test_a_clock_that_nothing_sets_needs_care(
    returned: int, count: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Library:
        adjtimex = staticmethod(lambda _question: returned)

    monkeypatch.setattr(machine.ctypes, "CDLL", lambda _name: Library)
    assert len(said(machine.clock_of_this_machine(settings))) == count


def test_the_kernel_is_asked_for_its_clock_and_sets_nothing(settings: Settings) -> None:
    assert len(said(machine.clock_of_this_machine(settings))) in (0, 1)


def test_a_backup_of_last_night_is_well_and_an_older_one_or_none_is_not(tmp_path: Path) -> None:
    assert "is not there" in said(machine.backups(tmp_path / "none"))[0][1]
    assert said(machine.backups(tmp_path))[0][1].startswith("There is no backup in")
    (tmp_path / archive.name_of(clock.now() - timedelta(days=1), "0019")).touch()
    assert [state for state, _ in said(machine.backups(tmp_path))] == ["well"]
    clock.pin(clock.now() + timedelta(days=1, seconds=1))
    assert [state for state, _ in said(machine.backups(tmp_path))] == ["broken"]


def proxied(application: Application, *names: str, appends: bool) -> Application:
    """The application behind proxies that see visitors come from these addresses, the first in front."""

    def through(environ: dict[str, Any], start: Any) -> Any:
        for name in names:
            before = environ.get("HTTP_X_FORWARDED_FOR")
            environ["HTTP_X_FORWARDED_FOR"] = f"{before}, {name}" if before and appends else name
        return application(environ, start)

    return through


class Quiet(WSGIRequestHandler):
    """Says nothing on the tests' output."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("trusted", "names", "appends", "state", "words"),
    [
        (0, (), False, "well", "is 0, as it should be"),
        (1, ("198.51.100.7",), False, "well", "is 1, as it should be"),
        (1, ("198.51.100.7",), True, "well", "is 1, as it should be"),
        (2, ("198.51.100.7", "203.0.113.9"), True, "well", "is 2, as it should be"),
        (0, ("198.51.100.7",), False, "broken", "All visitors count as one: TELLBACK_TRUSTED_PROXIES is 0"),
        (1, ("198.51.100.7", "203.0.113.9"), True, "broken", "All visitors count as one"),
        (1, (), False, "broken", "Anybody can claim any address: TELLBACK_TRUSTED_PROXIES is 1"),
        (2, ("198.51.100.7",), True, "broken", "Anybody can claim any address"),
        (2, ("198.51.100.7",), False, "broken", "All visitors count as one"),
    ],
)
def test_proxies_are_counted_by_what_comes_through_them(
    trusted: int,
    names: tuple[str, ...],
    appends: bool,
    state: str,
    words: str,
    settings: Settings,
    assembled: Callable[[Settings], Flask],
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behind = proxied(
        assembled(dataclasses.replace(settings, trusted_proxies=trusted)), *names, appends=appends
    )
    monkeypatch.setattr(reach, "_THIS_MACHINE", ())
    with make_server("127.0.0.1", 0, behind, handler_class=Quiet) as server:
        asked = dataclasses.replace(settings, public_url=f"http://127.0.0.1:{server.server_port}")
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        (line,) = said(reach.proxies(asked))
        serving.join()
    assert line[0] == state
    assert words in line[1]
    db.database.close_all()  # type: ignore[attr-defined]


def test_nobody_else_is_told_of_the_proxies(client: FlaskClient) -> None:
    assert client.get(probing.PATH).status_code == 404
    forged = probing.question("another key than that of this service")
    assert client.get(probing.PATH, headers=forged).status_code == 404


def test_a_service_with_other_keys_cannot_be_asked(
    settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_THIS_MACHINE", ())
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        other = dataclasses.replace(settings, public_url=url, secret_key="the key of quite another service")
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        (line,) = said(reach.proxies(other))
        serving.join()
    assert line[1].startswith("What proxies stand in front cannot be asked (404)")
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answered", "state"), [("200 OK", "broken"), ("401 Unauthorized", "well"), ("404 Not Found", "well")]
)
def test_metrics_that_a_proxy_shows_to_everybody_are_found(
    answered: str, state: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def anything(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response(answered, [])
        return []

    monkeypatch.setattr(reach, "_THIS_MACHINE", ())
    with make_server("127.0.0.1", 0, anything, handler_class=Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        counting = dataclasses.replace(settings, public_url=url, metrics_token="a token")
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        assert [found for found, _ in said(reach.metrics(counting))] == [state]
        serving.join()
    assert said(reach.metrics(settings)) == [], "where none is set, nothing is asked"


def test_an_operator_whom_nobody_can_reach_needs_care(settings: Settings) -> None:
    assert [state for state, _ in said(reach.operator(settings))] == ["take care"]
    reached = dataclasses.replace(settings, operator_contact="post@trust.example")
    assert said(reach.operator(reached)) == []


@pytest.mark.parametrize(
    ("database", "counters", "hosts"),
    [
        ("sqlite:////var/lib/a.db", "sqlite:////var/lib/limits.db", []),
        ("postgresql:///t?host=/run/postgresql", "unix:///run/redis.sock", []),
        ("postgresql://t:t@localhost/t", "redis://127.0.0.1:6379/0", []),
        ("postgresql://t@db.example/t?sslmode=verify-full", "rediss://cache.example/0", []),
        ("postgresql://t@db.example/t?sslmode=require", "redis://cache.example/0", ["db", "cache"]),
        ("postgresql:///t?host=db.example", "sqlite:////var/lib/limits.db", ["db"]),
    ],
)
def test_a_server_on_another_machine_without_tls_needs_care(
    database: str, counters: str, hosts: list[str], settings: Settings
) -> None:
    there = dataclasses.replace(settings, database_url=database, ratelimit_url=counters)
    lines = said(reach.servers(there))
    assert [(state, words.partition(".example without TLS")[0].split()[-1]) for state, words in lines] == [
        ("take care", host) for host in hosts
    ]


def test_a_desk_wants_two_people_and_two_factors(settings: Settings, places: Places) -> None:
    assert said(store.people(settings)) == [
        ("take care", "Nobody moderates yet: `tellback account add --role moderator`.")
    ]
    make_account("Moira", Role.MODERATOR)
    alone = [text for _, text in said(store.people(settings))]
    assert alone == [
        "One person alone moderates: an appeal needs another than who decided. Have two.",
        "A password alone opens the desk: set TELLBACK_SECOND_FACTOR_REQUIRED=true.",
    ]
    make_account("Martin", Role.MODERATOR)
    assert said(store.people(dataclasses.replace(settings, second_factor_required=True))) == []


def test_a_database_that_may_lose_what_it_kept_is_broken(settings: Settings, places: Places) -> None:
    if not db.is_postgresql():
        assert said(store.safe_on_disk(settings)) == []
        return
    db.database.execute_sql("SET synchronous_commit = on")
    assert said(store.safe_on_disk(settings)) == []
    db.database.execute_sql("SET synchronous_commit = off")
    text = "PostgreSQL's synchronous_commit is off: a power cut loses stories. Set it to on."
    assert said(store.safe_on_disk(settings)) == [("broken", text)]


def test_two_clocks_that_differ_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Answer:
        headers = {"Date": "Mon, 12 Oct 2026 09:30:00 GMT"}

    clock.pin(reach.email.utils.parsedate_to_datetime(Answer.headers["Date"]) + timedelta(seconds=20))
    assert said(reach._same_time(Answer())) == []  # type: ignore[arg-type]
    clock.pin(clock.now() + timedelta(seconds=20))
    assert [state for state, _ in said(reach._same_time(Answer()))] == ["broken"]  # type: ignore[arg-type]
