"""Reading, beside a bare Flask and a static file: `.venv/bin/python -m tests.benchmarks.reading`.

`tellback serve` with 1,000 stories, and a Flask that says "hello" on the same server; then the shipped nginx
configuration in front, and a file of the same bytes and headers in the same nginx, logged alike. Asked by wrk
over one and over 64 connections, in many short rounds by turns; of what is set beside something else the
median of the rounds' ratios is shown, since a round's neighbours had the same machine. It wants wrk and
nginx-light; the configuration runs without TLS, which costs both sides alike. wrk uses the same cores: the
CPU of a request is the steady figure.
"""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.message import Message
from functools import partial
from pathlib import Path

from tellback import config, db
from tests.benchmarks import __main__ as in_process
from tests.benchmarks import served
from tests.benchmarks.served import Load, fetch, memory_of, python, running
from tests.browser import Tellback, free_port
from tests.deploy.certificates import make_certificate
from tests.deploy.conftest import NAME, changed

PAGE = "/api/v1/stories?service=RXH01&limit=20"
# Short ones: what else the machine does changes from one second to the next.
ROUNDS, SECONDS = 5, 3
FEW, MANY = 1, 64
BARE = "a bare Flask “hello”"
# What nginx says by itself of a file.
_OF_NGINX = ("Connection", "Content-Length", "Content-Type", "Date", "ETag", "Etag")
_HELLO = """
from flask import Flask
from tellback import server
app = Flask("bare")
app.add_url_rule("/", "hello", lambda: "hello")
server.serve(lambda: app, port={port})
"""
_MAIN = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    proxy_temp_path {folder}/proxy;
    client_body_temp_path {folder}/body;
    # As Debian has them.
    sendfile on;
    tcp_nopush on;
    include {folder}/site.conf;
    server {{
        listen 127.0.0.1:{port};
        server_name static;
        access_log {folder}/static.log tellback buffer=64k flush=1s;
        default_type application/json;
        {headers}
        root {folder};
    }}
}}
"""


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as name, service(Path(name)) as (tellback, process):
        folder = Path(name)
        body, headers = fetch(tellback + PAGE)
        (folder / "page.json").write_bytes(body)
        port = free_port()
        with (
            running(python(_HELLO.format(port=port)), f"http://127.0.0.1:{port}/") as hello,
            nginx(folder, int(tellback.rpartition(":")[2]), headers) as (proxy, through),
        ):
            had, packed = {"If-None-Match": headers["ETag"]}, {"Accept-Encoding": "br"}
            load = partial(served.load, seconds=SECONDS)
            asked: dict[str, Callable[[int], Load]] = {
                BARE: lambda n: load(f"http://127.0.0.1:{port}/", hello.pid, connections=n),
                "a page of 20 stories": lambda n: load(tellback + PAGE, process.pid, connections=n),
                "the same in brotli": lambda n: load(
                    tellback + PAGE, process.pid, connections=n, headers=packed
                ),
                "unchanged (304)": lambda n: load(tellback + PAGE, process.pid, connections=n, headers=had),
                "nginx: a file": lambda n: load(
                    f"{proxy}/page.json", through, connections=n, headers={"Host": "static"}
                ),
                "nginx: the page": lambda n: load(
                    proxy + PAGE, through, connections=n, headers={"Host": NAME}
                ),
            }
            few, many = rounds(asked, FEW), rounds(asked, MANY)
            print(f"A page has {len(body):,} bytes. Tellback holds {memory_of(process.pid):.0f} MB.\n")
        print(
            f"| | {FEW} connection: a second; p50, p99 in ms | {MANY} connections | p99 / p50 | CPU, ms |\n"
            "|---|---|---|---|---|"
        )
        for what in asked:
            slowest = _median(one.p99 / one.median for one in many[what])
            cpu = _median(one.cpu for one in many[what])
            print(f"| {what} | {_said(few[what])} | {_said(many[what])} | {slowest:.1f} | {cpu:.3f} |")
        for one, other in (("a page of 20 stories", BARE), ("nginx: the page", "nginx: a file")):
            pairs = list(zip(many[one], many[other], strict=True))
            rate = _spread(ours.rate / its.rate for ours, its in pairs)
            cpu = _spread(ours.cpu / its.cpu for ours, its in pairs)
            print(f"{one}: {rate} of the rate of {other}, {cpu} of its CPU.")


def rounds(asked: dict[str, Callable[[int], Load]], connections: int) -> dict[str, list[Load]]:
    """What each saw in every round, asked by turns."""
    seen: dict[str, list[Load]] = {what: [] for what in asked}
    for _ in range(ROUNDS):
        for what, ask in asked.items():
            seen[what].append(ask(connections))
    return seen


@contextmanager
def service(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A live Tellback with the stories of the other benchmark, by its address."""
    tellback = Tellback(folder)
    tellback.environment |= {
        "TELLBACK_KEEP_ANSWERS": "true",
        "TELLBACK_ALSO_AT": f"https://{NAME}",
        "TELLBACK_TRUSTED_PROXIES": "1",
    }
    in_process.begin(config.load(tellback.environment))
    in_process.fill()
    db.database.close_all()  # type: ignore[attr-defined]
    process = tellback.serve()
    try:
        yield tellback.url, process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nginx(folder: Path, port: int, headers: Message) -> Iterator[tuple[str, int]]:
    """The shipped nginx configuration without TLS, before a Tellback at a port; its address and process.

    Files of the folder are given with the headers of a page.
    """
    make_certificate(folder, NAME)
    here, leading = free_port(), free_port()
    site = changed(
        "nginx.conf",
        {
            "/etc/letsencrypt/live/stories.example": str(folder),
            "stories.example": NAME,
            "listen [::]:": "# listen [::]:",
            "listen 80": f"listen 127.0.0.1:{leading}",
            "listen 443 ssl http2": f"listen 127.0.0.1:{here}",
            "/var/log/nginx": str(folder),
            "/var/lib/nginx/tellback": str(folder / "cache"),
            "127.0.0.1:8000": f"127.0.0.1:{port}",
        },
    )
    (folder / "site.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""
    same = [f"add_header {name} '{_quoted(headers[name])}';" for name in headers if name not in _OF_NGINX]
    main = _MAIN.format(folder=folder, port=here, user=user, headers="\n".join(same))
    (folder / "nginx.conf").write_text(main)
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    url = f"http://127.0.0.1:{here}"
    with running([*command, "-g", "daemon off;"], f"{url}/page.json", host="static") as process:
        yield url, process.pid


def _quoted(value: str) -> str:
    return value.replace("'", "\\'")


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _spread(values: Iterable[float]) -> str:
    """A median, and between what half of them lie."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def _said(seen: list[Load]) -> str:
    rate, median, p99 = (_median(getattr(one, part) for one in seen) for part in ("rate", "median", "p99"))
    return f"{rate:,.0f}; {median:.2f}, {p99:.2f}"


if __name__ == "__main__":
    main()
