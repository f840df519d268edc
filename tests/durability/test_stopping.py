"""Told to stop, the service finishes what it has begun, says that it goes, gives back the rest, and ends."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tellback import clock, config, db
from tellback.outbox import messages
from tellback.outbox.delivery import LEASE
from tellback.outbox.models import OutboxMessage
from tests import people
from tests.durability.service import ROOT, Service, environment, running, until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Seconds in which it must have ended, on a machine that does much else; by itself it gives requests 8 and
# letters 1. A process of a container is killed after 15 (`compose.yaml`).
BOUND = 60
PATIENT = f"from tellback.server import limits; limits.GRACE = {BOUND}"
OFTEN = "import tellback.rounds; tellback.rounds.BETWEEN_ROUNDS = 0.05"


class Silent:
    """A mail server that takes connections and never says a word."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.listener.getsockname()[1]}"
        self.called = threading.Event()
        self.lines: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        try:
            while True:
                self.lines.append(self.listener.accept()[0])
                self.called.set()
        except OSError:
            return

    def close(self) -> None:
        """Hang up."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.lines:
            line.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.close()


@pytest.fixture
def service(settings: config.Settings, database: str, tmp_path: Path) -> Iterator[Service]:
    people.make_places()
    db.database.close_all()  # type: ignore[attr-defined]
    with running(Service(environment(settings), workers=2, log=tmp_path / "log", first=PATIENT)) as found:
        until(lambda: found.ask("/readyz").status == 200, "it is ready")
        yield found


def test_what_came_before_it_was_told_is_answered_and_readyz_says_that_it_stops(service: Service) -> None:
    process = service.process
    assert process
    with contextlib.ExitStack() as lines:
        arriving = lines.enter_context(connect(service))
        arriving.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n")
        os.killpg(process.pid, signal.SIGSTOP)
        # The system takes this request; nobody has looked at it when the signal to stop comes.
        unseen = lines.enter_context(connect(service))
        unseen.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        process.terminate()
        os.killpg(process.pid, signal.SIGCONT)
        assert unseen.makefile("rb").read().startswith(b"HTTP/1.1 200 ")
        until(lambda: nobody_listens(service.port), "it takes no new connections")
        arriving.sendall(b"Connection: close\r\n\r\n")
        answer = arriving.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b'{"state":"not ready","service":"stopping"}' in answer
    assert process.wait(BOUND) == 0


def connect(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), BOUND)


def nobody_listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), BOUND).close()
    except OSError:
        return True
    return False


@pytest.mark.parametrize(
    "command",
    [["outbox", "work"], pytest.param(["serve", "--port", "0", "--workers", "2"], marks=pytest.mark.long)],
    ids=lambda command: command[0],
)
def test_a_letter_that_a_mail_server_holds_up_is_anothers_at_once(
    command: list[str], settings: config.Settings, database: str, silent: Silent, tmp_path: Path
) -> None:
    clock.pin(None)  # the process that sends it goes by the time of day
    people.make_places()
    people.tell(contact_email="ann@mail.example")
    message = OutboxMessage.get()
    put_at = message.due_at
    environ = environment(settings, TELLBACK_SMTP_URL=silent.url)
    log = tmp_path / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{OFTEN}\nfrom tellback.cli import main\nmain()", *command],
            cwd=ROOT, env=environ, stdout=said, stderr=said,
        )  # fmt: skip
    try:
        assert silent.called.wait(BOUND), log.read_text()
        claimed = OutboxMessage.get_by_id(message.id)
        assert claimed.attempts == 1
        assert (claimed.due_at - put_at).total_seconds() >= LEASE
        process.terminate()
        assert process.wait(BOUND) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    given_back = OutboxMessage.get_by_id(message.id)
    assert (given_back.state, given_back.attempts) == (messages.WAITING, 0), log.read_text()
    assert given_back.due_at < claimed.due_at
    assert not re.search("Traceback", log.read_text())
