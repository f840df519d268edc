"""Limits hold over real processes that share a socket: what is counted is the rows that were kept.

`.venv/bin/python -m pytest tests/http/test_limits_under_workers.py -m long -s` prints README's figures.
"""

import contextlib
import http.client
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import redis

from tellback import db
from tests import people

URL = os.environ.get("TELLBACK_TEST_REDIS_URL", "")
# Ten stories an hour are taken from one address without a page, and no proof of work is asked of so few.
LIMIT = 10


@pytest.fixture
def folder(empty_sqlite: Path, tmp_path: Path) -> Path:
    """A data folder whose database holds the places."""
    (tmp_path / "tellback.db").write_bytes(empty_sqlite.read_bytes())
    db.connect(f"sqlite:///{tmp_path / 'tellback.db'}")
    people.make_places()
    db.database.close_all()
    db.database.initialize(None)
    return tmp_path


@contextlib.contextmanager
def _served(folder: Path, workers: int, counted_at: str) -> Iterator[int]:
    """`tellback serve` behind one trusted proxy, which the test plays; yields its port."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")},
        "TELLBACK_DATA_DIR": str(folder),
        "TELLBACK_OPERATOR": "The Tellback Trust",
        "TELLBACK_TRUSTED_PROXIES": "1",
        "TELLBACK_RATELIMIT_URL": counted_at,
    }
    command = [sys.executable, "-m", "tellback", "serve", "--port", "0", "--workers", str(workers)]
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout
    try:
        said = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert said, "it did not start"
        yield int(said[1])
    except BaseException as error:
        error.add_note(f"The log of the service:\n{(folder / 'log').read_text()}")
        raise
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _fire(port: int, addresses: int, times: int, threads: int) -> Counter[int]:
    """Each address tells so often, from many threads at once; how often the service answered what."""
    services = ("RXH01", "RXH01-ward-5", "G81001")
    tries = [(address, services[address % 3]) for _ in range(times) for address in range(addresses)]

    def tell(one: tuple[int, str]) -> int:
        address, service = one
        body = urlencode(people.a_story(service=service, idempotency_key=str(uuid.uuid4())), doseq=True)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            # What stands on the left the visitor made up, each time anew.
            "X-Forwarded-For": f"10.{uuid.uuid4().int % 200}.0.1, 192.0.{address}.7",
        }
        while True:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            with contextlib.closing(line):
                line.request("POST", "/api/v1/stories", body, headers)
                answer = line.getresponse()
            # The disk is slower than so many at once; the embed waits as it is told, and sends again, too.
            if answer.status != 503:
                return answer.status
            threading.Event().wait(int(answer.headers["Retry-After"]))

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(tell, tries))


def _kept(folder: Path, what: str = "story") -> int:
    with contextlib.closing(sqlite3.connect(folder / "tellback.db")) as file:
        (rows,) = file.execute(f"SELECT count(*) FROM {what}").fetchone()
    return int(rows)


@contextlib.contextmanager
def _empty_redis() -> Iterator[str]:
    """A database of the Redis in which nobody else counts; emptied of our keys before and after."""
    address = f"{URL.rsplit('/', 1)[0]}/14"
    with redis.Redis.from_url(address) as server:
        server.delete("nothing", *server.keys("tellback:*"))
        yield address
        server.delete("nothing", *server.keys("tellback:*"))


def test_two_workers_together_keep_exactly_the_limit(folder: Path) -> None:
    with _served(folder, 2, "") as port:
        # Else each would need it at once, and one that cannot wait counts under a key of its own.
        assert _kept(folder, "daily_key") == 1, "the key of the day is there before a worker is"
        assert _fire(port, addresses=2, times=12, threads=4) == {201: 2 * LIMIT, 429: 4}
    assert _kept(folder) == 2 * LIMIT


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("store", ["sqlite", "redis"])
def test_eight_workers_under_many_threads_keep_exactly_the_limit_also_after_a_restart(
    folder: Path, store: str
) -> None:
    if store == "redis" and not URL:
        pytest.skip("Redis is not at hand: see the first lines of tests/run.py")
    with _empty_redis() if store == "redis" else contextlib.nullcontext("") as counted_at:
        with _served(folder, 8, counted_at) as port:
            began = time.monotonic()
            answers = _fire(port, addresses=18, times=50, threads=48)
            seconds = time.monotonic() - began
        with _served(folder, 8, counted_at) as port:
            after = _fire(port, addresses=18, times=3, threads=48)
    print(
        f"\n{store}: {sum(answers.values())} tries in {seconds:.0f} s: {dict(answers)}, {_kept(folder)} rows"
    )
    assert _kept(folder) == answers[201] == 18 * LIMIT
    assert after == {429: 54}
