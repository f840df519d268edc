"""Real Chromium, a live Tellback and pages of other origins: what the browser tests stand on.

- `tellback` is the service as `tellback serve` runs it, in a process of its own, with its limits on. One
  serves all tests of a worker; each test finds only the places of `tests.people` in it, and fills it by rule.
- `websites` are pages of other origins, by name: http://st-elsewhere.localhost:… may send stories,
  http://stranger.localhost:… may not. (Chromium takes every name under .localhost to this machine.)
- `browse()` opens a page in a browser profile of its own. What nobody should see fails the test, unless the
  test said that it expects it: errors in the console (a policy that blocks is one), exceptions, requests to
  other machines.
"""

import contextlib
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tellback import clock, db, sealing
from tellback.http import pseudonyms
from tellback.websites.models import WebsiteOrigin
from tests import people

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page asks for, nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
]
# Milliseconds in which a page must have done what a test waits for. Tests never wait by time alone.
PATIENCE = 30_000
TELLBACK = ("-m", "tellback")
CONTACT_KEY = "a key of the browser tests that seals addresses"
# Before any present moment, so that what a test tells in the browser is newer than what it found.
LAST_MONTH = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)

expect.set_options(timeout=PATIENCE)


class Tellback:
    """A live service: its address, its command line, its database file."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "tellback.db"
        self.counters = folder / "data" / "limits.db"
        self.log = folder / "log.txt"
        named = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
        self.environment = {
            **named,
            "TELLBACK_DATABASE_URL": f"sqlite:///{self.database}",
            "TELLBACK_DATA_DIR": str(folder / "data"),
            "TELLBACK_OPERATOR": "The Tellback Trust",
            "TELLBACK_PUBLIC_URL": self.url,
            "TELLBACK_SECRET_KEY": "a secret of the browser tests, long enough to sign with",
            "TELLBACK_CONTACT_KEY": CONTACT_KEY,
            # What is decided is seen at once; that decisions wait is tested apart.
            "TELLBACK_DECISION_MINUTES": "0",
            "TELLBACK_REPLY_MINUTES": "0",
            # Tests change the database behind the service's back, and read at once.
            "TELLBACK_KEEP_ANSWERS": "false",
        }

    def run(self, *words: str) -> str:
        """What `tellback WORDS…` prints; an error when it refuses."""
        done = subprocess.run(
            _command(*words), env=self.environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, *how: str) -> subprocess.Popen[str]:
        """Start `tellback serve`, by these words to Python if not as ever; it answers when this returns."""
        with self.log.open("w") as log:
            process = subprocess.Popen(
                [sys.executable, *(how or TELLBACK), "serve", "--port", str(self.port)],
                env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert process.stdout
        said = process.stdout.readline()
        assert self.url in said, self.log.read_text()
        return process

    def forget(self) -> None:
        """Empty every table, and the counters of the limits."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                # The key of the day stays: the service holds it in memory. An index empties its own tables.
                kept = table in ("schema_migration", "daily_key", "sqlite_sequence")
                if not kept and not table.startswith(("story_search_", "public_search_", "desk_search_")):
                    connection.execute(f'DELETE FROM "{table}"')
        self.lift_limits()

    def lift_limits(self) -> None:
        """Let everyone begin to count anew, as an hour later."""
        with contextlib.closing(sqlite3.connect(self.counters)) as connection, connection:
            # Nobody counted yet, where there is no table.
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'hit'").fetchone():
                connection.execute("DELETE FROM hit")


class Websites:
    """Pages of other origins, served from memory."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], tuple[dict[str, str], bytes]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        # It looks often whether it should end, so that nobody waits for it.
        serving = {"poll_interval": 0.01}
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs=serving, daemon=True)
        self.thread.start()

    def origin(self, name: str = "st-elsewhere") -> str:
        """The origin of the website called `name`; "localhost" stands alone, for who knows none under it."""
        return f"http://{_host(name)}:{self.server.server_port}"

    def put(self, html: str, headers: dict[str, str] | None = None, name: str = "st-elsewhere") -> str:
        """Publish a page on the website called `name`; its address."""
        path = f"/page-{len(self.pages) + 1}"
        headers = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
        self.pages[_host(name), path] = (headers, html.encode())
        return self.origin(name) + path

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = (self.headers["Host"] or "").rsplit(":", 1)[0]
                found = pages.get((host, urlsplit(self.path).path))
                headers, body = found or ({"Content-Type": "text/plain"}, b"")
                # Chromium asks every site for its icon: it is none of the page's doing.
                self.send_response(200 if found else 204 if self.path == "/favicon.ico" else 404)
                for header, value in headers.items():
                    self.send_header(header, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler


@dataclass
class Watch:
    """What happened in a browser profile that nobody should see."""

    seen: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a profile."""
        context.on("console", lambda m: self.seen.append(f"console: {m.text}") if m.type == "error" else None)
        context.on("weberror", lambda e: self.seen.append(f"exception: {e.error}"))
        context.on("request", lambda r: None if _is_here(r.url) else self.seen.append(f"request: {r.url}"))

    def expects(self, pattern: str) -> None:
        """Let pass what matches this regular expression; at least one thing must."""
        self.expected.append(pattern)

    def verdict(self) -> list[str]:
        """What was seen unexpectedly, and what was expected and never seen."""
        unexpected = [s for s in self.seen if not any(re.search(pattern, s) for pattern in self.expected)]
        unseen = [p for p in self.expected if not any(re.search(p, seen) for seen in self.seen)]
        return unexpected + [f"not seen: {pattern}" for pattern in unseen]


Browse = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    with sync_playwright() as playwright:
        path = _chromium_path(playwright)
        if not path:
            lacking("no Chromium: apt-get install -y chromium-headless-shell, or name TELLBACK_TEST_CHROMIUM")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Everything that a test's browsers do and should not; expect it, or fail."""
    watch = Watch()
    yield watch
    assert watch.verdict() == []


@pytest.fixture
def browse(chromium: Browser, watch: Watch) -> Iterator[Browse]:
    """Open a page in a new profile, at `url` if one is given; options are those of `Browser.new_context`."""
    contexts = []

    def open_page(url: str | None = None, **options: Any) -> Page:
        context = chromium.new_context(**{"reduced_motion": "reduce", "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        page = context.new_page()
        if url:
            page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def websites() -> Iterator[Websites]:
    """Websites that carry the embed, each an origin of its own."""
    websites = Websites()
    yield websites
    websites.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Tellback]:
    """The service that all tests of a worker share."""
    tellback = Tellback(tmp_path_factory.mktemp("tellback"))
    shutil.copyfile(empty_sqlite, tellback.database)
    process = tellback.serve()
    yield tellback
    process.terminate()
    process.wait(timeout=60)
    assert process.stdout
    process.stdout.close()


@pytest.fixture
def tellback(served: Tellback, websites: Websites) -> Iterator[Tellback]:
    """A live service that knows the places of `tests.people` and no story; rules called here fill it."""
    served.forget()
    db.connect(f"sqlite:///{served.database}")
    sealing.use((CONTACT_KEY,))
    pseudonyms.forget()
    clock.pin(LAST_MONTH)
    places = people.make_places()
    WebsiteOrigin.create(website=places.website, origin=websites.origin())
    yield served
    db.database.close_all()  # type: ignore[attr-defined]


def _host(name: str) -> str:
    return name if name == "localhost" else f"{name}.localhost"


def _command(*words: str) -> list[str]:
    return [sys.executable, *TELLBACK, *words]


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _is_here(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme in ("data", "blob", "about") or host == "127.0.0.1" or host.endswith("localhost")


def _chromium_path(playwright: Playwright) -> str | None:
    """The Chromium that was named, Debian's, or playwright's own."""
    named = os.environ.get("TELLBACK_TEST_CHROMIUM")
    debians = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    own = playwright.chromium.executable_path
    return named or debians or (own if Path(own).exists() else None)


def lacking(what: str) -> None:
    """Leave a test out, saying what it lacks; where nothing may be left out, fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"CI is set, and there is {what}")
    pytest.skip(f"There is {what}")
