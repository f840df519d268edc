"""Bad news of one hospital: a thousand times its usual readers and tellers, and what its neighbour sees.

`.venv/bin/python -m tests.scale.spike` runs `tellback serve` with its limits on behind the shipped nginx
(without TLS), and has the busiest hospital of docs/capacity.md read and told of at a thousand times its usual
rate, each teller from an address of their own. Meanwhile somebody reads and tells of a practice, first in
calm, then beside it; how long they waited is told. wrk and all tellers share the cores. It wants wrk and
nginx-light.
"""

import http.client
import itertools
import json
import statistics
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests import proofs
from tests.benchmarks.reading import NAME, PAGE, nginx, service
from tests.benchmarks.served import cpu_of, fetch, load
from tests.people import ORIGIN, a_story

# docs/capacity.md: 140 pages a second in the country's busiest hours, a twentieth of them of one hospital;
# and 20 stories a minute, of which as many are of it.
TIMES, READ, TOLD = 1000, 140 / 20, 20 / 60 / 20
CALM, SPIKE = 15, 60
READERS, TELLERS = 64, 40
# Each phone does its own work; here one in so many does, as all of it would be done by the same two cores.
WORKS = 20
NEIGHBOUR = "/api/v1/stories?service=G81001&limit=20"


@dataclass
class Visitor:
    """Somebody at an address of their own, and what they were answered, with the seconds that each took."""

    port: int
    address: str
    seen: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Ask for a page, or send a form, and wait for the answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, 60, source_address=(self.address, 0))
        began = time.monotonic()
        try:
            headers = {"Host": NAME, "Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
            answer = line.getresponse()
            body = answer.read()
        finally:
            line.close()
        self.waits.append(time.monotonic() - began)
        self.seen[str(answer.status)] += 1
        return answer.status, body

    def tell(self, service: str, *, works: bool = True) -> None:
        """Tell a story, with the work that may be asked for first."""
        form = a_story(
            service=service, idempotency_key=str(uuid.uuid4()), body=f"Nobody came. {uuid.uuid4()}"
        )
        status, body = self.ask("/api/v1/stories", form)
        if status == 403 and works:
            proof = proofs.solve(json.loads(body)["challenge"])
            self.ask("/api/v1/stories", {**form, "proof": proof})


def neighbour(port: int, seconds: float) -> tuple[Visitor, Visitor]:
    """Somebody who reads of a practice twice a second, and somebody who tells of it now and then."""
    reader, teller = Visitor(port, "127.9.0.1"), Visitor(port, "127.9.0.2")
    end, resting = time.monotonic() + seconds, threading.Event()
    for number in itertools.count():
        if time.monotonic() >= end:
            return reader, teller
        reader.ask(NEIGHBOUR)
        if number % 20 == 0:
            teller.tell("G81001")
        resting.wait(0.5)
    raise AssertionError


def crowd(port: int, seconds: float) -> list[Visitor]:
    """Tell of the hospital at a thousand times the usual rate, or as fast as these threads are answered."""
    visitors: list[Visitor] = []
    numbers, end, resting = itertools.count(), time.monotonic() + seconds, threading.Event()

    def tell_on() -> None:
        while time.monotonic() < end:
            number = next(numbers)
            visitor = Visitor(port, f"127.{1 + number // 250 % 8}.{number % 250}.7")
            visitors.append(visitor)
            began = time.monotonic()
            visitor.tell("RXH01", works=number % WORKS == 0)
            resting.wait(max(0, TELLERS / (TIMES * TOLD) - (time.monotonic() - began)))

    _together(*[tell_on] * TELLERS)
    return visitors


def main() -> None:
    """Run it, and print what was seen."""
    with tempfile.TemporaryDirectory() as name, service(Path(name)) as (tellback, process):
        body, headers = fetch(tellback + PAGE)
        (Path(name) / "page.json").write_bytes(body)
        with nginx(Path(name), int(tellback.rpartition(":")[2]), headers) as (proxy, through):
            port = int(proxy.rpartition(":")[2])
            _say("in calm", *neighbour(port, CALM))
            before, reads, told, beside = cpu_of(process.pid), [], [], []
            _together(
                lambda: reads.append(
                    load(proxy + PAGE, through, connections=READERS, headers={"Host": NAME}, seconds=SPIKE)
                ),
                lambda: told.extend(crowd(port, SPIKE)),
                lambda: beside.extend(neighbour(port, SPIKE)),
            )
            used = cpu_of(process.pid) - before
    (read,) = reads
    print(
        f"read: {read.rate:,.0f} a second (asked for: {TIMES * READ:,.0f}, as fast as answered),"
        f" p50 {read.median:.1f} ms, p99 {read.p99:.1f} ms; nginx took {read.cpu:.3f} ms of CPU for each"
    )
    seen, waits = Counter[str](), [wait for one in told for wait in one.waits]
    for one in told:
        seen.update(one.seen)
    print(f"told: {len(told) / SPIKE:.1f} a second (usual: {TOLD:.3f}); answers {dict(sorted(seen.items()))}")
    print(f"tellers waited {_waited(waits)}; Tellback took {used / SPIKE:.2f} of a core")
    _say("beside it", *beside)


def _together(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _say(when: str, reader: Visitor, teller: Visitor) -> None:
    print(f"{when}, a practice: read {dict(reader.seen)}, waited {_waited(reader.waits)}")
    print(f"{when}, a practice: told {dict(teller.seen)}, waited {_waited(teller.waits)}")


def _waited(seconds: list[float]) -> str:
    last = statistics.quantiles(seconds, n=100, method="inclusive")[-1]
    return f"p50 {1000 * statistics.median(seconds):.0f} ms, p99 {1000 * last:.0f} ms"


if __name__ == "__main__":
    main()
