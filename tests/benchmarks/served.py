"""Servers in processes of their own, asked by wrk: what both benchmarks of reading stand on."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

SECONDS = 3
PATIENCE = 60
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """What one round of wrk saw: requests a second, milliseconds until the answer, CPU of the server each."""

    rate: float
    median: float
    p99: float
    cpu: float


def load(
    url: str,
    server: int,
    *,
    connections: int,
    headers: dict[str, str] | None = None,
    script: str = "",
    seconds: int = SECONDS,
) -> Load:
    """Ask for an address as fast as it answers, and add up what the server's processes used meanwhile."""
    named = [word for name, value in (headers or {}).items() for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s", *named]
    before = cpu_of(server)
    said = subprocess.run(
        [*command, *(("-s", script) if script else ()), url], capture_output=True, text=True, check=True
    ).stdout
    used = cpu_of(server) - before
    assert "Socket errors" not in said, said
    assert script or "Non-2xx or 3xx" not in said, said
    (requests,) = re.findall(r"(\d+) requests in", said)
    (rate,) = re.findall(r"Requests/sec: +([\d.]+)", said)
    times = {
        percent: float(number) * _UNITS[unit]
        for percent, number, unit in re.findall(r"(50|99)% +([\d.]+)(us|ms|s|m)\b", said)
    }
    return Load(float(rate), times["50"], times["99"], 1000 * used / int(requests))


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process and those it began have used."""
    with contextlib.suppress(FileNotFoundError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        own = (int(fields[11]) + int(fields[12])) / _TICKS
        return own + sum(cpu_of(int(child)) for child in _children(process))
    return 0.0


def memory_of(process: int) -> float:
    """Megabytes that a process and those it began hold between them, what they share counted once (PSS)."""
    held = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    assert held
    return int(held[1]) / 1024 + sum(memory_of(int(child)) for child in _children(process))


def _children(process: int) -> list[str]:
    threads = Path(f"/proc/{process}/task").iterdir()
    return [child for thread in threads for child in (thread / "children").read_text().split()]


@contextlib.contextmanager
def running(
    command: Sequence[str], url: str, *, host: str = "", **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, from when it answers at `url` (and by the name `host`)."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    named = {"Host": host} if host else {}
    try:
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError):
                fetch(url, **named)
                break
            assert process.poll() is None
            assert time.monotonic() < until
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def fetch(url: str, **headers: str) -> tuple[bytes, Message]:
    """What stands at an address: its bytes and its headers."""
    with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:
        return answer.read(), answer.headers


def python(code: str) -> list[str]:
    """The command that runs a line of Python here."""
    return [sys.executable, "-c", code]
