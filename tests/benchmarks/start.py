"""How long it takes from the start of the service to its first answers: `python -m tests.benchmarks.start`.

`tellback serve` on an SQLite file that is there, started anew each time. Seconds of the processor are of the
process: they grow by a part when others share its cores, those of the clock by far more. So a bare Flask
"hello" stands beside them.
"""

import argparse
import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tellback import config, db, migrations
from tests import people
from tests.durability.service import Service, environment, running

# A plain install: what extras bring and tests need is there too, and libraries take it in when they find it.
PLAIN = "import sys; sys.modules |= dict.fromkeys('authlib babel psycopg redis requests yaml'.split())"
# The least that a service of our kind could be: Flask and waitress, one route, one answer.
HELLO = """
import time, flask, waitress
app = flask.Flask("hello")
app.add_url_rule("/", view_func=lambda: "hello")
assert app.test_client().get("/").status_code == 200
print(time.process_time())
"""
TICKS = os.sysconf("SC_CLK_TCK")


def processor(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def start(environ: dict[str, str]) -> dict[str, float]:
    """One start: seconds until it takes connections, until a first answer, until a first list of stories."""
    began, found = time.monotonic(), {}
    with running(Service(environ, workers=1, first=PLAIN)) as service:
        assert service.process
        for name, path in (("listens", ""), ("/healthz", "/healthz"), ("list", "/api/v1/stories")):
            if path:
                assert service.ask(path, patience=60).status == http.client.OK
            found[f"{name}, clock"] = time.monotonic() - began
            found[f"{name}, processor"] = processor(service.process.pid)
    return found


def hello() -> float:
    """Seconds of the processor until a bare Flask "hello" has answered."""
    done = subprocess.run([sys.executable, "-c", HELLO], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the median and the best of several starts."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--starts", type=int, default=7)
    starts = arguments.parse_args().starts
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ending:
        settings = config.load({"TELLBACK_DATA_DIR": folder, "TELLBACK_OPERATOR": "The Tellback Trust"})
        db.connect(settings.database_url)
        migrations.upgrade()
        people.make_places()
        ending.callback(db.database.close_all)  # type: ignore[attr-defined]
        each = [{"hello, processor": hello(), **start(environment(settings))} for _ in range(starts)]
    print(f"{'until':<22}{'median':>8}{'best':>8}")
    for name in each[0]:
        values = [one[name] for one in each]
        print(f"{name:<22}{statistics.median(values):>7.2f}s{min(values):>7.2f}s")


if __name__ == "__main__":
    main()
