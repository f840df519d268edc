"""Tellback as an operator runs it, in processes that a test may kill; and asking it over real sockets."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tellback.config import Settings
from tests.people import ORIGIN

ROOT = Path(__file__).resolve().parents[2]
# Seconds in which anything must have happened, on a machine that does much else.
PATIENCE = 60
# Lines of a log that are shown with what failed.
LAST_LINES = 60


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """What a process of its own needs to be the same service."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
    return kept | {
        "TELLBACK_DATA_DIR": str(settings.data_dir),
        "TELLBACK_DATABASE_URL": settings.database_url,
        "TELLBACK_OPERATOR": settings.operator,
        "TELLBACK_SECRET_KEY": settings.secret_key,
        "TELLBACK_CONTACT_KEY": settings.contact_key[0],
        "TELLBACK_LEDGER_KEY": settings.ledger_key[0],
        # Nobody tells as much as a test does.
        "TELLBACK_RATELIMIT_ENABLED": "false",
        **more,
    }


def ask_over(
    line: http.client.HTTPConnection, path: str, form: dict[str, Any] | None, headers: dict[str, str]
) -> Answer:
    """Ask for a page, or send a form, and close the line. Raises OSError or HTTPException if none answers."""
    try:
        if form is None:
            line.request("GET", path, headers=headers)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN}
            line.request("POST", path, urlencode(form, doseq=True), {**kind, **headers})
        response = line.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        line.close()


@dataclass
class Service:
    """`tellback serve`, started anew on the same port by whoever looks after it (as systemd would)."""

    environ: dict[str, str]
    workers: int = 2
    # What it says while it runs; in its data folder where nothing else is named.
    log: Path | None = None
    # What stands before the command (strace and the like), and what Python does before it.
    under: tuple[str, ...] = ()
    first: str = ""
    port: int = 0
    process: subprocess.Popen[str] | None = None
    starts: int = field(default=0)

    def __post_init__(self) -> None:
        if self.log is None:
            folder = Path(self.environ["TELLBACK_DATA_DIR"])
            folder.mkdir(parents=True, exist_ok=True)
            self.log = folder / "service.log"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        assert self.log
        program = ["-c", f"{self.first}\nfrom tellback.cli import main\nmain()"]
        command = [*self.under, sys.executable, *program, "serve", "--port", str(self.port)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--workers", str(self.workers)],
                cwd=ROOT,
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout
        said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        assert found, f"it did not start: {said!r}"
        self.port = int(found[1])
        self.starts += 1

    def children(self) -> list[int]:
        """Its workers' process ids."""
        assert self.process
        found: list[int] = []
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, task.read_text().split())
        return found

    def kill(self) -> None:
        """Kill (-9) the process that watches the workers, and nothing else; then start another."""
        assert self.process
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()
        self.start()

    def said_last(self) -> str:
        """The last lines of its log."""
        if self.log is None or not self.log.is_file():
            return "(kept nowhere)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LAST_LINES:])

    def end(self) -> None:
        """End all of it by force."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()

    def ask(
        self, path: str, form: dict[str, Any] | None = None, *, patience: float = PATIENCE, **headers: str
    ) -> Answer:
        """Ask for a page, or send a form. Raises OSError or HTTPException when no answer comes."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        return ask_over(line, path, form, headers)


@contextlib.contextmanager
def running(service: Service) -> Iterator[Service]:
    """The service while it is needed. Whatever fails meanwhile is told with the end of its log."""
    try:
        service.start()
        yield service
    except BaseException as error:
        error.add_note(f"The log of the service ends:\n{service.said_last()}")
        raise
    finally:
        service.end()


def until(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
    """Ask again and again until it holds."""
    resting, end = threading.Event(), time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"it did not come about: {what}"
        resting.wait(0.02)


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])
