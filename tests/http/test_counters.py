"""Hits are counted exactly in any stretch of time; a place out of reach is told of once, and comes back."""

import logging
import multiprocessing
import os
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from tellback import clock
from tellback.http import counters
from tellback.http.counters import Counter, Counters

URL = os.environ.get("TELLBACK_TEST_REDIS_URL", "")
AN_HOUR = 3600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "limits.db"


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the machine has been running, for a test to change."""
    now = [1000.0]
    monkeypatch.setattr("tellback.http.counters.time.monotonic", lambda: now[0])
    return now


def _file(path: Path) -> Counters:
    return Counters(f"sqlite:///{path}")


def _take(storage: Counters, times: int, limit: int = 100) -> int:
    return sum(storage.acquire_entry("a key", limit, AN_HOUR) for _ in range(times))


def _later(seconds: float) -> None:
    clock.pin(clock.now() + timedelta(seconds=seconds))


def _hits_of_a_process(path: str, times: int) -> int:
    return _take(_file(Path(path)), times)


def test_four_processes_together_let_exactly_the_limit_through(path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        let_through = pool.starmap(_hits_of_a_process, [(str(path), 100)] * 4)
    assert sum(let_through) == 100


def test_a_process_that_starts_anew_goes_on_counting(path: Path) -> None:
    assert _take(_file(path), 60) == 60
    assert _take(_file(path), 60) == 40


def test_no_hour_has_more_than_the_limit_wherever_it_begins(path: Path) -> None:
    storage = _file(path)
    assert _take(storage, 100, 60) == 60
    # By windows that begin on the hour, sixty more would fit a minute later, 120 within that minute.
    _later(AN_HOUR - 60)
    assert _take(storage, 100, 60) == 0
    _later(60)
    assert _take(storage, 1, 60) == 0, "the second of the first hits is not over yet"
    _later(1)
    assert _take(storage, 100, 60) == 60


def test_room_comes_back_as_it_was_used(path: Path) -> None:
    storage = _file(path)
    for _ in range(6):
        assert _take(storage, 10, 60) == 10
        _later(60)
    _later(AN_HOUR - 6 * 60 + 1)
    assert _take(storage, 100, 60) == 10


def test_the_time_that_is_named_is_the_time_at_which_one_more_fits(path: Path) -> None:
    storage = _file(path)
    _later(0.75)
    _take(storage, 60, 60)
    _later(1234.5)
    start, hits = storage.get_moving_window("a key", 60, AN_HOUR)
    assert hits == 60
    left = start + AN_HOUR - clock.now().timestamp()
    _later(left - 0.25)
    assert _take(storage, 1, 60) == 0
    _later(0.25)
    assert _take(storage, 1, 60) == 1


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_a_window(path: Path) -> None:
    storage = _file(path)
    _take(storage, 60, 60)
    _later(-365 * 86_400)
    assert _take(storage, 1, 60) == 1, "hits of the future are no hits of this hour"


def test_a_clock_that_was_set_back_a_little_gives_nobody_more(path: Path) -> None:
    storage = _file(path)
    _take(storage, 60, 60)
    _later(-600)
    assert _take(storage, 1, 60) == 0


def test_what_has_run_off_is_swept_out(path: Path) -> None:
    storage = _file(path)
    storage.acquire_entry("another key", 10, AN_HOUR)
    _later(AN_HOUR + 1)
    _take(storage, 1)
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT key FROM hit").fetchall() == [("a key",)]


def test_who_has_many_hits_in_a_second_takes_one_row(path: Path) -> None:
    _take(_file(path), 100)
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT hits FROM hit").fetchall() == [(100,)]


@pytest.mark.parametrize("place", ["a file", "Redis"])
def test_several_are_counted_at_once_each_up_to_its_own_limit(place: str, path: Path) -> None:
    if place == "Redis" and not URL:
        pytest.skip("Redis is not at hand: see the first lines of tests/run.py")
    storage = _file(path) if place == "a file" else Counters(URL, own=str(path))
    few, many = (
        Counter(f"{name} {uuid.uuid4()}", limit, AN_HOUR) for name, limit in (("few", 2), ("many", 100))
    )
    for _ in range(3):
        storage.take_each([few, many])
    storage.take_each([])
    assert [window.hits for window in storage.windows([many, few])] == [3, 2]
    assert storage.windows([]) == []
    assert not storage.acquire_entry(*few)
    for one in (few, many):
        storage.clear(one.key)


@pytest.mark.parametrize("place", ["a file", "Redis"])
def test_the_first_without_room_ends_a_turn_and_those_behind_it_are_not_used_up(
    place: str, path: Path
) -> None:
    if place == "Redis" and not URL:
        pytest.skip("Redis is not at hand: see the first lines of tests/run.py")
    storage = _file(path) if place == "a file" else Counters(URL, own=str(path))
    turn = [
        Counter(f"{name} {uuid.uuid4()}", limit, AN_HOUR)
        for name, limit in (("own", 3), ("network", 2), ("everyone", 100))
    ]
    assert [storage.take_in_turn(turn) for _ in range(4)] == [3, 3, 1, 0]
    assert [window.hits for window in storage.windows(turn)] == [3, 2, 2]
    assert storage.take_in_turn([]) == 0
    for one in turn:
        storage.clear(one.key)


def test_a_worker_that_opens_the_file_while_another_does_waits_its_turn(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(counters.time, "sleep", lambda seconds: other.execute("COMMIT"))
    table = counters.Table(path)
    assert [table.take("a", 1, 60, 1) for _ in range(2)] == [True, False]
    other.close()


def test_a_file_that_cannot_be_written_loosens_limits_and_is_told_of_once(
    path: Path, passing: list[float], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "_PATIENCE_WITH_A_FILE", 0)
    storage = _file(path)
    _take(storage, 60, 60)
    locking = sqlite3.connect(path, isolation_level=None)
    locking.execute("BEGIN EXCLUSIVE")
    with caplog.at_level(logging.WARNING):
        # In memory, each process for itself: an attack is still held, and no story is refused for it.
        assert _take(storage, 100, 60) == 60
        passing[0] += 6
        assert _take(storage, 1, 60) == 0
        locking.execute("ROLLBACK")
        passing[0] += 6
        assert _take(storage, 1, 60) == 0, "the file remembers its sixty"
    locking.close()
    assert [record.getMessage() for record in caplog.records] == [
        "limits: a file of this host is out of reach, so the memory of each process alone counts "
        "(OperationalError)",
        "limits: a file of this host counts again",
    ]


class Unplugged(counters.Shared):
    """A Redis that can be taken away."""

    away = False
    asked = 0

    def take(self, key: str, limit: int, expiry: int, amount: int) -> bool:
        """Count, unless it is away."""
        Unplugged.asked += 1
        if Unplugged.away:
            raise redis.ConnectionError
        return super().take(key, limit, expiry, amount)


def test_a_redis_that_goes_away_and_comes_back_is_told_of_twice(
    path: Path, passing: list[float], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not URL:
        pytest.skip("Redis is not at hand: see the first lines of tests/run.py")
    other, key = Counters(URL, own=str(path)), uuid.uuid4().hex
    monkeypatch.setattr(counters, "Shared", Unplugged)
    storage = Counters(URL, own=str(path))

    def take(one: Counters = storage) -> bool:
        return one.acquire_entry(key, 3, 60)

    with caplog.at_level(logging.WARNING):
        assert take()
        Unplugged.away = True
        # The host's file counts, for all of its processes.
        assert [take() for _ in range(5)] == [True, True, True, False, False]
        assert Unplugged.asked == 2, "only once in five seconds is it asked for again"
        passing[0] += 6
        take()
        assert Unplugged.asked == 3
        Unplugged.away = False
        passing[0] += 6
        assert [take(), take(other), take()] == [True, True, False], "all count together again"
    storage.clear(key)
    assert [record.getMessage() for record in caplog.records] == [
        "limits: Redis is out of reach, so a file of this host counts (ConnectionError)",
        "limits: Redis counts again",
    ]


def test_a_redis_that_holds_something_else_under_our_keys_stops_nothing(path: Path) -> None:
    if not URL:
        pytest.skip("Redis is not at hand: see the first lines of tests/run.py")
    storage, key, server = Counters(URL, own=str(path)), uuid.uuid4().hex, redis.Redis.from_url(URL)
    server.set(f"tellback:{key}", "not a list")
    assert storage.acquire_entry(key, 3, 60)
    server.delete(f"tellback:{key}")
    server.close()
