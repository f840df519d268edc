"""Stories told in a second, by the rows there are afterwards: `.venv/bin/python -m tests.benchmarks.telling`.

`tellback serve` with one and with two workers, told by wrk over 8 and over 64 connections. Everything counts
and looks as ever: each story is screened, compared with those told before, limited, entered in the ledger and
on the disk before it is answered. Only the rates of the limits are out of reach, since all of it comes from
one address. What a service does once is over before it is measured: each process makes its patterns, and the
first round does what is due once a day. wrk uses the same cores, so read the CPU of a story and the ratios.
It wants wrk.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from tellback import config, db
from tellback.rounds import BETWEEN_ROUNDS
from tests import people
from tests.benchmarks import __main__ as in_process
from tests.benchmarks.served import SECONDS, Load, load, python, running
from tests.browser import Tellback, free_port

WORKERS, CONNECTIONS = (1, 2), (8, 64)
# Tellings before those that count: they last until the first round of what a service does by itself is over.
BEFORE = 2 + BETWEEN_ROUNDS // SECONDS
_SERVE = """
from dataclasses import replace
from tellback.http import limits
def far(lines):
    return tuple(replace(one, rate="100000000 per hour") for one in lines)
limits.LIMITS, limits.PRESSURE = far(limits.LIMITS), far(limits.PRESSURE)
limits.BY_NAME = {{one.name: one for one in (*limits.LIMITS, *limits.PRESSURE)}}
from tellback.cli import tellback
tellback(["serve", "--port", "{port}", "--workers", "{workers}"])
"""
# No two stories are alike: to be compared with each other costs, and happens rarely.
_TELL = """
local words = {}
for word in ([[ward nurse doctor tea waited morning kind bed window night daughter listened hours letter clear
    floor thank chair corridor busy calm explained again before parking friend family drive food warm quiet
    loud porter smiled slowly queue blanket visit phone early late asked answered]]):gmatch("%a+") do
  words[#words + 1] = word
end
local told = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Origin"] = "ORIGIN"
math.randomseed(os.time())
function request()
  local said = {}
  for at = 1, 63 do
    said[at] = words[math.random(#words)] .. (at % 9 == 0 and "." or "")
  end
  told = told + 1
  local key = string.format("%d-%d-%09d", os.time(), math.random(1e9), told)
  return wrk.format(nil, nil, nil, "FORM&body=" .. table.concat(said, "+") .. "&idempotency_key=" .. key)
end
"""


def main() -> None:
    """Measure, and print a table."""
    print("| workers | connections | stories a second | p50, p99 in ms | CPU of a story, ms |")
    print("|---|---|---|---|---|")
    for workers in WORKERS:
        with tempfile.TemporaryDirectory() as name, service(Path(name), workers) as (url, process):
            for _ in range(BEFORE):
                told(Path(name), url, process, connections=CONNECTIONS[0])
            for connections in CONNECTIONS:
                seen = told(Path(name), url, process, connections=connections)
                print(
                    f"| {workers} | {connections} | {seen.rate:.0f} | {seen.median:.0f}, {seen.p99:.0f} |"
                    f" {seen.cpu:.2f} |"
                )


@contextmanager
def service(folder: Path, workers: int) -> Iterator[tuple[str, int]]:
    """A live Tellback without stories, in a folder: its address and process."""
    tellback = Tellback(folder)
    in_process.begin(config.load(tellback.environment))
    people.make_places()
    db.database.close_all()  # type: ignore[attr-defined]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = python(_SERVE.format(port=port, workers=workers))
    environment = tellback.environment | {"TELLBACK_PUBLIC_URL": url}
    with running(command, f"{url}/healthz", env=environment) as process:
        yield url, process.pid


def told(folder: Path, url: str, process: int, *, connections: int) -> Load:
    """Tell as fast as it is taken in; the rate is that of the rows. Fails where an answer had none."""
    form = "service=RXH01&author_role=patient&consent_publish=true"
    script = folder / "tell.lua"
    script.write_text(_TELL.replace("ORIGIN", people.ORIGIN).replace("FORM", form))
    before = _rows(folder)
    seen = load(f"{url}/api/v1/stories", process, connections=connections, script=str(script))
    rate = (_rows(folder) - before) / SECONDS
    # Where fewer were kept than answered, most were refused.
    assert rate > 0.95 * seen.rate, (rate, seen)
    return replace(seen, rate=rate)


def _rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "tellback.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM story").fetchone()
    return int(count)


if __name__ == "__main__":
    main()
