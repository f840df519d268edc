"""Isso and Tellback in one run: `.venv/bin/python -m tests.benchmarks.beside_isso path/to/isso`.

Isso from PyPI in an environment of its own (`pip install isso gunicorn`), run as its documentation says. Both
hold 1,000: Isso comments of one thread, four in ten of them replies; Tellback published stories of one
hospital. Read is what each embed asks for: a page of 25 comments, a page of 20 stories. Written are comments
and stories of like length, one after the other, each from an address of its own; what is stored is counted
in the tables, not in what was answered.
"""

import contextlib
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests import people
from tests.benchmarks.reading import PAGE, rounds, service
from tests.benchmarks.served import Load, cpu_of, load, memory_of, running
from tests.browser import free_port

COMMENTS = 1000
# Below what asks a sender for a proof of work: 60 an hour for one hospital.
WRITTEN = 50
CONNECTIONS = 8
THREAD = "/thread/"
WORDS = "The nurse sat with me until my daughter came. "
# Path, body and headers of what is sent.
Sent = tuple[str, str, dict[str, str]]
_COMMENT = (
    "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author, voters)"
    " VALUES (1, ?, ?, ?, 1, '127.0.0.0', ?, 'A patient', ?)"
)


def main() -> None:
    """Measure, and print a table for README."""
    executable = Path(sys.argv[1])
    with (
        tempfile.TemporaryDirectory() as name,
        isso(executable, Path(name)) as (theirs, their_process, comments),
        service(Path(name)) as (ours, process),
    ):
        read = rounds(
            {
                "Isso": lambda n: load(
                    f"{theirs}/?{urlencode({'uri': THREAD, 'limit': 25, 'nested_limit': 5})}",
                    their_process,
                    connections=n,
                ),
                "Tellback": lambda n: load(ours + PAGE, process.pid, connections=n),
            },
            CONNECTIONS,
        )
        stories = Path(name) / "tellback.db"
        wrote = {
            "Isso": _write(theirs, their_process, _a_comment, comments, "comments"),
            "Tellback": _write(ours, process.pid, _a_story, stories, "story"),
        }
        held = {"Isso": memory_of(their_process), "Tellback": memory_of(process.pid)}
    print("| | a page: CPU, ms | a second | p50, ms | told: CPU, ms | of 50 stored | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for who, seen in read.items():
        cpu, stored = wrote[who]
        print(f"| {who} | {_said(seen)} | {cpu:.1f} | {stored} | {held[who]:.0f} |")
    print(f"\nOf Isso's page ours takes one part in {_cpu(read['Isso']) / _cpu(read['Tellback']):,.0f}.")


@contextmanager
def isso(executable: Path, folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Isso with a thread of comments: its address, its process and its database."""
    port, database, settings = free_port(), folder / "comments.db", folder / "isso.cfg"
    url = f"http://127.0.0.1:{port}"
    settings.write_text(
        f"[general]\ndbpath = {database}\nhost = {people.ORIGIN}\n[guard]\nenabled = false\n"
        f"[server]\nlisten = {url}\n"
    )
    command = [
        *(str(executable.parent / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "4", "--preload"),
        *("--log-level", "critical", "isso.run"),
    ]
    environment = os.environ | {"ISSO_SETTINGS": str(settings)}
    environment.pop("PYTHONPATH", None)
    with running(command, f"{url}/config", env=environment, stderr=subprocess.DEVNULL) as process:
        with contextlib.closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("INSERT INTO threads (id, uri, title) VALUES (1, ?, 'A thread')", (THREAD,))
            for number in range(1, COMMENTS + 1):
                # Of five, three stand by themselves, and two are replies to the first of them.
                parent = number - (number - 1) % 5 if (number - 1) % 5 > 2 else None
                row = (number, parent, time.time() - COMMENTS + number, WORDS * 8, bytes(256))
                connection.execute(_COMMENT, row)
        yield url, process.pid, database


def _write(url: str, server: int, one: Callable[[], Sent], database: Path, table: str) -> tuple[float, int]:
    """Milliseconds of CPU for one, and how many were stored."""
    before, used = _rows(database, table), cpu_of(server)
    for number in range(WRITTEN):
        path, body, headers = one()
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        connection.request("POST", path, body, headers | {"X-Forwarded-For": f"10.{number}.0.1"})
        assert connection.getresponse().status == http.HTTPStatus.CREATED
        connection.close()
    return 1000 * (cpu_of(server) - used) / WRITTEN, _rows(database, table) - before


def _a_comment() -> Sent:
    body = json.dumps({"text": f"{WORDS * 15}{uuid.uuid4()}", "author": "A patient"})
    headers = {"Content-Type": "application/json", "Origin": people.ORIGIN}
    return f"/new?{urlencode({'uri': THREAD})}", body, headers


def _a_story() -> Sent:
    form = people.a_story(body=f"{WORDS * 15}{uuid.uuid4()}", idempotency_key=str(uuid.uuid4()))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": people.ORIGIN}
    return "/api/v1/stories", urlencode(form), headers


def _rows(database: Path, table: str) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _cpu(seen: list[Load]) -> float:
    return statistics.median(one.cpu for one in seen)


def _said(seen: list[Load]) -> str:
    rate, median = (
        statistics.median(values) for values in zip(*((one.rate, one.median) for one in seen), strict=True)
    )
    return f"{_cpu(seen):.2f} | {rate:,.0f} | {median:.1f}"


if __name__ == "__main__":
    main()
