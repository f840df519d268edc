"""Another process holds the database for long: readers go on, writers hear soon, no story is told twice."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import peewee
import pytest

from tellback import clock, db, troubles
from tellback.config import Settings
from tellback.http import pseudonyms
from tellback.stories import topics
from tellback.websites.models import Website
from tests import people
from tests.durability import truth
from tests.durability.service import PATIENCE, Service, environment, running
from tests.durability.tellers import Told

# Seconds that a writer waits in the service; ten are the usual.
BUSY = 8


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_readers_find_a_thread_while_many_wait_to_write(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    clock.pin(None)
    people.make_places()
    db.database.close()
    stories = [Told(number) for number in range(16)]
    first = f"from tellback import db\ndb.BUSY_TIMEOUT = {BUSY}"
    with running(Service(environment(settings), workers=1, first=first, log=tmp_path / "log")) as service:

        def tell(told: Told) -> tuple[int, float]:
            began = time.monotonic()
            answer = service.ask("/api/v1/stories", told.form)
            if answer.status == 201:
                told.answers.append((answer.json["id"], answer.json["private_link"]))
            else:
                assert answer.headers["Retry-After"] == "5"
            return answer.status, time.monotonic() - began

        service.ask("/api/v1/stories")
        other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(len(stories)) as pool:
            told = [pool.submit(tell, one) for one in stories]
            reads = []
            while not all(one.done() for one in told):
                began = time.monotonic()
                assert service.ask("/api/v1/stories?service=RXH01").status == 200
                reads.append(time.monotonic() - began)
        other.execute("ROLLBACK")
        other.close()
        assert {status for status, _took in (one.result() for one in told)} == {503}
        # More threads wait to write than the service has: without room kept, a reader waited all of BUSY.
        assert max(reads) < BUSY - 1, f"{max(reads):.1f} s"
        assert [tell(one)[0] for one in stories] == [201] * len(stories)
    truth.all_holds(stories)


def test_a_process_that_opens_a_restored_file_while_another_does_waits_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A restored file does not write ahead yet, and the workers of a service open it together.
    path = tmp_path / "restored.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(troubles.time, "sleep", lambda _seconds: other.execute("COMMIT"))
    db.connect(f"sqlite:///{path}")
    assert db.database.execute_sql("PRAGMA journal_mode").fetchone() == ("wal",)
    db.database.close_all()  # type: ignore[attr-defined]
    other.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_a_new_day_processes_count_under_one_key_although_nothing_can_be_written(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "HURRIED", 0.01)
    clock.pin(clock.now().replace(hour=23, minute=30))
    pseudonyms.make_ready()
    clock.pin(clock.now() + timedelta(hours=1))
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = pseudonyms.pseudonym("192.0.2.1")
    pseudonyms.forget()  # as another process
    assert pseudonyms.pseudonym("192.0.2.1") == first
    other.close()


def test_when_some_have_waited_for_long_others_do_not_begin_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "STUCK_AFTER", 0.1)
    queue = Queue()
    for number in range(troubles.WAITING_WRITERS):
        queue.join(number)
    with pytest.raises(troubles.StuckWriters):
        queue.turns.take(time.monotonic() + PATIENCE)
    # Those who waited before go on.
    assert queue.let_all_write() == list(range(troubles.WAITING_WRITERS))
    queue.turns.take(time.monotonic())
    queue.turns.give_back()


def test_while_some_come_to_write_the_others_are_only_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "WAITING_WRITERS", 2)
    queue = Queue()
    for number in range(6):
        queue.join(number)
    assert queue.let_all_write() == list(range(6))


def test_who_waited_in_vain_is_not_given_a_turn() -> None:
    queue = Queue()
    queue.join(0)
    with pytest.raises(troubles.StuckWriters):
        queue.turns.take(time.monotonic())
    queue.join(1)
    assert queue.let_all_write() == [0, 1]


def test_only_whose_turn_it_is_can_end_it() -> None:
    queue = Queue()
    queue.join(0)
    queue.turns.give_back()
    with pytest.raises(troubles.StuckWriters):
        queue.turns.take(time.monotonic())
    assert queue.let_all_write() == [0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_ends_a_transaction_ends_the_turn(database: str) -> None:
    with db.transaction():
        people.make_places()
    with pytest.raises(RuntimeError, match="half-way"), db.transaction():
        raise RuntimeError("half-way")
    with pytest.raises(peewee.IntegrityError), db.transaction():
        people.make_places()
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(peewee.OperationalError), db.hurried():
        pass
    other.close()
    # Each of these has an end of its own, outside a transaction, too.
    for write in (topics.bring_themes, lambda: Website.update(name="Elm").execute()):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_in_a_hurry, write).result()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_waits_for_another_process_writes_as_soon_as_that_is_done(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    for write in (people.make_places, lambda: Website.update(name="Elm").execute()):
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(troubles.time, "sleep", lambda _seconds: other.execute("COMMIT"))
        write()
    assert Website.get().name == "Elm"
    other.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mistake_is_no_busy_database_even_where_one_is_being_dealt_with(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(db, "HURRIED", 0.01)
    try:
        with db.hurried():
            pass
    except peewee.OperationalError:
        other.close()
        monkeypatch.setattr(troubles.time, "sleep", lambda _seconds: pytest.fail("it was tried again"))
        with pytest.raises(peewee.OperationalError, match="no such table"):
            db.database.execute_sql("INSERT INTO nowhere VALUES (1)")


def _in_a_hurry(write: Callable[[], object]) -> None:
    with db.hurried():
        write()
    write()
    db.database.close()


class Queue:
    """Threads that wait for their turns, and write down their numbers when they come."""

    def __init__(self) -> None:
        self.turns = troubles.Turns()
        self._wrote: list[int] = []
        self._threads: list[threading.Thread] = []
        self._leave = threading.Event()

    def join(self, number: int) -> None:
        """Have one more wait, behind all others; the first has its turn at once."""
        thread = threading.Thread(target=self._write, args=(number,))
        self._threads.append(thread)
        thread.start()
        until = time.monotonic() + PATIENCE
        while len(self.turns) < len(self._threads) and time.monotonic() < until:
            thread.join(0.001)

    def let_all_write(self) -> list[int]:
        """Let them go on; in which order they wrote."""
        self._leave.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        return self._wrote

    def _write(self, number: int) -> None:
        self.turns.take(time.monotonic() + PATIENCE)
        self._leave.wait(PATIENCE)
        self._wrote.append(number)
        self.turns.give_back()
