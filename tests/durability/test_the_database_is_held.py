"""Another process holds the database for long: readers go on, writers hear soon, no story is told twice."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tellback import clock, db, troubles
from tellback.config import Settings
from tellback.http import pseudonyms
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
    places, leave, begun = troubles._Places(), threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        with places.one():
            begun.release()
            leave.wait(PATIENCE)

    waiting = [threading.Thread(target=wait) for _ in range(troubles.WAITING_WRITERS)]
    for thread in waiting:
        thread.start()
        begun.acquire()
    with pytest.raises(troubles.StuckWriters), places.one():
        pass
    leave.set()
    for thread in waiting:
        thread.join()
    with places.one():
        pass


def test_while_some_come_to_write_the_others_are_only_many(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(troubles.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(troubles, "WAITING_WRITERS", 2)
    places, leave, begun = troubles._Places(), threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        with places.one():
            begun.release()
            leave.wait(PATIENCE)

    unlucky = threading.Thread(target=wait)
    unlucky.start()
    begun.acquire()
    now[0] += 10 * troubles.STUCK_AFTER
    with places.one():
        pass  # comes to write at once, past the one who has waited for long
    second = threading.Thread(target=wait)
    second.start()
    begun.acquire()
    third = threading.Thread(target=wait)
    third.start()
    leave.set()
    assert begun.acquire(timeout=PATIENCE), "the third waits for its place and comes to write"
    for thread in (unlucky, second, third):
        thread.join()
