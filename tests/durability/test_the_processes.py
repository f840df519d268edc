"""The processes of the service end with the one that watches them, come again, and go by no time of day."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.durability.service import PATIENCE, until

# An application that says which process answered; it can be made from the second time on where `away` names a
# file, and its clock is set back by a year after the start where the third argument says so.
SERVED = """
import os, pathlib, sys, time
from tellback import server
from tellback.errors import Unavailable

def application(environ, start_response):
    said = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(said))), ("Content-Type", "text/plain")])
    return [said]

def make():
    away = pathlib.Path(sys.argv[3])
    if sys.argv[2] == "away" and not away.exists():
        away.touch()
        raise Unavailable("The database is away.")
    return application

def ready(address):
    print(address, flush=True)
    if sys.argv[2] == "set back":
        real = time.time
        time.time = lambda: real() - 31_536_000

server.limits.BEGIN_AGAIN_AFTER = 0.1
server.limits.REQUEST_DEADLINE, server.limits.CLEAN_UP_EVERY = 0.5, 0.1
server.serve(make, port=int(sys.argv[4]), workers=int(sys.argv[1]), ready=ready)
"""
GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Running:
    """One that runs, and its port."""

    def __init__(self, *arguments: str, log: Path) -> None:
        with log.open("a") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVED, *arguments],
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout
        self.port = int((re.search(r":(\d+)$", self.process.stdout.readline().strip()) or ["", "0"])[1])

    def ask(self) -> bytes:
        """Which process answers; nothing when none does."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.sendall(GET)
            return line.makefile("rb").read().rpartition(b"\r\n")[2]
        return b""

    def end(self) -> None:
        """End it by force, with its workers."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Run some, each ended after the test."""
    running: list[Running] = []

    def begin(workers: int, manner: str = "as it is", port: int = 0) -> Running:
        arguments = (str(workers), manner, str(tmp_path / "away"), str(port))
        running.append(Running(*arguments, log=tmp_path / "log"))
        return running[-1]

    yield begin
    for one in running:
        one.end()


def test_workers_whose_watcher_was_killed_end_and_leave_the_address(run: Callable[..., Running]) -> None:
    first = run(2)
    until(first.ask, "it answers")
    first.process.kill()
    first.process.wait()
    # At once, while they are still about to end.
    second = run(2, port=first.port)
    assert second.port == first.port
    until(second.ask, "the next answers")
    with contextlib.suppress(ProcessLookupError):
        until(lambda: os.killpg(first.process.pid, 0), "no worker of the first is left", PATIENCE)


def test_a_worker_whose_database_is_away_is_begun_again(run: Callable[..., Running], tmp_path: Path) -> None:
    service = run(1 + 1, "away")
    seen: set[bytes] = set()
    until(lambda: seen.add(service.ask()) or len(seen - {b""}) == 2, "both answer")
    log = (tmp_path / "log").read_text()
    assert log.count("cannot be made yet: The database is away.") in (1, 2)
    assert "died" not in log


def test_a_clock_set_back_keeps_no_unfinished_request_open(run: Callable[..., Running]) -> None:
    service = run(1, "set back")
    until(service.ask, "it answers")
    with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as line:
        line.sendall(GET[:10])
        # Cut off like any other that does not come to its end, whether or not it is told so.
        assert line.makefile("rb").read().split(b" ")[1:2] in ([], [b"408"])
