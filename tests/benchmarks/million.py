"""A million stories beside a thousand: `.venv/bin/python -m tests.benchmarks.million`.

What it takes to read, moderate and tell where a whole nation has told (`tests.scale.nation`), beside
where few have: milliseconds of CPU for one request, of our process and on PostgreSQL of its server's, too; no
answer is kept from one request to the next. Both are asked by turns, so that whatever else the machine does
falls on both, and the least of each is told. Read the ratios: 1.0 says that the cost does not grow. Measured
on SQLite, and on PostgreSQL where TELLBACK_TEST_POSTGRES_URL names a server of this machine, in half an hour
and 5 GB for each; `--many 100000` is content with less, `--engine SQLite` with one.
"""

import argparse
import atexit
import contextlib
import os
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback import db, migrations
from tellback.accounts import passwords
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.app import create_app
from tests import people
from tests.benchmarks import search
from tests.benchmarks.settings import settings_of
from tests.scale import nation

FEW, MANY = 1000, 1_000_000
ROUNDS = 15
POSTGRES = os.environ.get("TELLBACK_TEST_POSTGRES_URL", "")
PASSWORD = "three blue ferries and a raft"
READ = {
    "a service's first page of 20": f"/api/v1/stories?service={nation.BUSIEST}&limit=20",
    "the whole country's first page of 20": "/api/v1/stories?limit=20",
    "a topic's first page of 20": "/api/v1/stories?topic=staff-attitude&limit=20",
    "an organisation's first page of 20": "/api/v1/stories?organisation=O1&limit=20",
    "the longest waiting for an answer": f"/api/v1/stories?service={nation.BUSIEST}&order=waiting&limit=20",
    "one story": "/api/v1/stories/n000000000000100",
    "a service in numbers": f"/api/v1/services/{nation.BUSIEST}/summary",
    "what became of a service's stories": f"/api/v1/services/{nation.BUSIEST}/transparency",
    "what became of all stories": "/api/v1/transparency",
    "a service's feed": f"/services/{nation.BUSIEST}/stories.atom",
    "a topic in numbers": "/api/v1/topics/staff-attitude/summary",
    "a service's page": f"/services/{nation.BUSIEST}",
    "the finder": "/api/v1/services?q=service+77",
    "a search for a rare word": "/api/v1/stories?q=77&limit=20",
    "a search for a common word": "/api/v1/stories?q=nurse&limit=20",
    "the same, best first": "/api/v1/stories?q=nurse&order=relevant&limit=20",
    "a search within a service": f"/api/v1/stories?service={nation.BUSIEST}&q=nurse&limit=20",
    "a slip": "/api/v1/stories?q=nruse&order=relevant&limit=20",
    "the ledger, a page": "/api/v1/ledger?after=500",
    "the queue, its first page": "/admin/stories",
    "the next story to read": "/admin/stories/n000000000000003/next",
}
PAGE_50 = "the whole country's page 50, by cursor"
TELLING = "a story told"

_client: FlaskClient


def main() -> None:
    """Measure, and print a table for each engine."""
    asked = argparse.ArgumentParser(description="A million stories beside a thousand.")
    asked.add_argument("--many", type=int, default=MANY)
    engines = ("SQLite", "PostgreSQL") if POSTGRES else ("SQLite",)
    asked.add_argument("--engine", choices=engines)
    many, only = asked.parse_args().many, asked.parse_args().engine
    for engine in (only,) if only else engines:
        with databases(engine) as urls:
            for url, stories in zip(urls, (FEW, many), strict=True):
                db.connect(url)
                migrations.upgrade()
                nation.fill(stories)
                search.count_words(stories)
            costs = measured(urls)
        print(f"\n{engine}: milliseconds of CPU for one request\n")
        print(f"| | {FEW:,} stories | {many:,} | times |\n|---|---|---|---|")
        for what, (few, much) in costs.items():
            print(f"| {what} | {few:.2f} | {much:.2f} | {much / few:.2f} |")


def measured(urls: Iterable[str]) -> dict[str, list[float]]:
    """Milliseconds of CPU for each kind of request to each of these databases, which are filled."""
    with contextlib.ExitStack() as services:
        # A process for each: a service keeps in its memory what it learned from its database.
        asked = [
            services.enter_context(ProcessPoolExecutor(1, get_context("spawn"), _begin, (url,)))
            for url in urls
        ]
        costs = {}
        for what in (*READ, PAGE_50, TELLING):
            rounds = [[one.submit(_cost, what).result() for one in asked] for _ in range(ROUNDS + 1)]
            costs[what] = [min(spent) for spent in zip(*rounds[1:], strict=True)]
        for one in asked:
            one.submit(_end).result()
        return costs


@contextmanager
def databases(engine: str) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases."""
    if engine == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'few.db'}", f"sqlite:///{Path(folder) / 'many.db'}"
        return
    import psycopg

    names = [f"tellback_{number}_{os.getpid()}" for number in ("few", "many")]
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        for name in names:
            server.execute(f"CREATE DATABASE {name}")
    try:
        few, many = (urlsplit(POSTGRES)._replace(path=f"/{name}").geturl() for name in names)
        yield few, many
    finally:
        db.database.close_all()  # type: ignore[attr-defined]
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            for name in names:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _begin(url: str) -> None:
    """Be a service on a filled database, and Moira, who moderates, signed in."""
    global _client
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    settings = settings_of(folder, url)
    db.connect(url)
    _client = create_app(settings).test_client()
    if not Account.select().exists():
        moira = people.make_account("Moira", Role.MODERATOR)
        moira.password = passwords.hashed(PASSWORD)
        moira.save()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', _client.get("/admin/sign-in").text)
    assert token
    form = {"email": "moira@example.org", "password": PASSWORD, "csrf_token": token[1]}
    assert _client.post("/admin/sign-in", data=form).status_code == 302


def _end() -> None:
    """Give the connections back."""
    db.database.close_all()  # type: ignore[attr-defined]


def _cost(what: str) -> float:
    """Milliseconds of CPU for one request."""
    address = READ.get(what) or _leafed()
    began = _cpu()
    answer = _tell() if what == TELLING else _client.get(address)
    spent = 1000 * (_cpu() - began)
    assert answer.status_code in (200, 201, 302), (what, answer.status_code)
    return spent


@cache
def _leafed() -> str:
    """The address of the list's page 50, where each has ten."""
    cursor = ""
    for _ in range(49):
        cursor = _client.get(f"/api/v1/stories?limit=10&cursor={cursor}").json["next"]
    return f"/api/v1/stories?limit=10&cursor={cursor}"


def _tell() -> TestResponse:
    words = "I waited four hours, and then the nurse sat with me until my daughter came. " * 4
    form = people.a_story(service=nation.BUSIEST, body=words, idempotency_key=str(uuid.uuid4()))
    return _client.post("/api/v1/stories", data=form, headers={"Origin": "http://127.0.0.1:8000"})


def _cpu() -> float:
    """Seconds of CPU that this process has used; with the server's process for us, where there is one."""
    if not db.is_postgresql():
        return time.process_time()
    (server,) = db.database.execute_sql("SELECT pg_backend_pid()").fetchone()
    # Nanoseconds on a processor (Linux, proc(5)): /proc/PID/stat counts in hundredths of a second.
    return time.process_time() + int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
