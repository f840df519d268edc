"""The shipped configurations, run by Debian's own nginx and Caddy on loopback in front of a live Tellback.

Named stand-ins: a certificate of a CA made here in the place of Let's Encrypt's, ports above 1024 in the
place of 80 and 443, the name stories.localhost in the place of stories.example, and IPv4 alone. All else
is as shipped.
"""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tellback import db, migrations
from tests import people
from tests.browser import Tellback, free_port, lacking
from tests.deploy.certificates import make_certificate

SHIPPED = Path(__file__).resolve().parents[2] / "docs" / "deploy"
NAME = "stories.localhost"
# Where the tests' visitors come from: addresses of this machine that nothing else here bears.
VISITOR, ANOTHER = "127.0.0.77", "127.0.0.78"
# Seconds in which anything must have happened, on a machine that does much else.
PATIENCE = 60


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Behind:
    """A live Tellback that knows the places of `tests.people`, and the ports of a proxy in front."""

    def __init__(self, folder: Path) -> None:
        self.tellback = Tellback(folder)
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://{NAME}:{self.port}"
        self.tellback.environment |= {
            "TELLBACK_PUBLIC_URL": self.url,
            "TELLBACK_TRUSTED_PROXIES": "1",
            "TELLBACK_LEDGER_KEY": "a key of these tests that signs the ledger's heads",
        }

    def start(self) -> None:
        """Start the service; it answers when this returns."""
        self.service = self.tellback.serve()

    def stop(self) -> None:
        """Stop the service, as systemd does."""
        self.service.terminate()
        assert self.service.wait(PATIENCE) == 0
        assert self.service.stdout
        self.service.stdout.close()


class Proxy:
    """A proxy on loopback, the service behind it, and ways to talk to it as a visitor does."""

    def __init__(self, kind: str, folder: Path, behind: Behind) -> None:
        self.kind, self.folder, self.behind = kind, folder, behind
        self.url, self.port, self.plain_port = behind.url, behind.port, behind.plain_port
        self.access_log = folder / "tellback.log"
        self.trust = ssl.create_default_context(cafile=folder / "ca.pem")

    def connect(self, visitor: str = VISITOR, name: str = NAME) -> ssl.SSLSocket:
        """A connection with TLS, the certificate checked."""
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE, source_address=(visitor, 0))
        return self.trust.wrap_socket(plain, server_hostname=name)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
        visitor: str = VISITOR,
    ) -> Answer:
        """Send a request over HTTP/1.1 on a connection of its own."""
        connection = http.client.HTTPConnection(NAME, self.port)
        connection.sock = self.connect(visitor)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            found = connection.getresponse()
            try:
                return Answer(found.status, found.headers, found.read())
            except http.client.IncompleteRead as cut:  # hung up on while we were still sending
                return Answer(found.status, found.headers, cut.partial)

    def ask_plainly(self, path: str, method: str = "GET") -> Answer:
        """Send a request without TLS, to the port that only leads to the other."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, headers={"Host": NAME})
            found = connection.getresponse()
            return Answer(found.status, found.headers, found.read())

    def written(self) -> str:
        """Everything that the proxy and the service wrote into logs."""
        files = [*self.folder.glob("*.log"), self.behind.tellback.log]
        return "\n".join(file.read_text(errors="replace") for file in files if file.exists())

    def lines_soon(self, words: str) -> list[str]:
        """The lines of the access log that hold these words, once there is one."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [line for line in self.access_log.read_text().splitlines() if words in line]
            if found:
                return found
        raise AssertionError(f"no {words} in {self.access_log.read_text()}")


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """The service behind the proxies: one for all tests of a worker, as for one proxy after the other."""
    found = Behind(tmp_path_factory.mktemp("behind"))
    db.connect(found.tellback.environment["TELLBACK_DATABASE_URL"])
    migrations.upgrade()
    people.make_places()
    db.database.close_all()  # type: ignore[attr-defined]
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, behind: Behind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """Tellback behind one of the two, as shipped."""
    if not shutil.which(request.param):
        lacking(f"no {request.param}: apt-get install -y nginx-light caddy")
    folder = tmp_path_factory.mktemp(request.param)
    make_certificate(folder, NAME)
    found = Proxy(request.param, folder, behind)
    with _running(_nginx(found) if request.param == "nginx" else _caddy(found), folder, found.port):
        yield found


@contextlib.contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """The proxy in a process of its own; its output goes to a log that the tests read, too."""
    environment = os.environ | {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    with (folder / "console.log").open("w") as console:
        process = subprocess.Popen(command, env=environment, stdout=console, stderr=console)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, (folder / "console.log").read_text()
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            assert time.monotonic() < until
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def changed(name: str, changes: dict[str, str]) -> str:
    """A shipped file with what only a test changes; each change must find its place."""
    text = (SHIPPED / name).read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text, f"{name} holds no {before}"
        text = text.replace(before, after)
    return text


def _nginx(proxy: Proxy) -> list[str]:
    folder = proxy.folder
    site = changed(
        "nginx.conf",
        {
            "https://stories.example$request_uri": f"{proxy.url}$request_uri",
            "/etc/letsencrypt/live/stories.example": str(folder),
            "stories.example": NAME,
            "listen [::]:": "# listen [::]:",
            "listen 80": f"listen 127.0.0.1:{proxy.plain_port}",
            "listen 443": f"listen 127.0.0.1:{proxy.port}",
            "/var/log/nginx": str(folder),
            "/var/lib/nginx/tellback": str(folder / "cache"),
            "127.0.0.1:8000": f"127.0.0.1:{proxy.behind.tellback.port}",
        },
    )
    (folder / "site.conf").write_text(site)
    # As Debian's own /etc/nginx/nginx.conf has it, with logs that name clients for whoever says nothing else.
    places = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(f"""
        {"user root;" if os.geteuid() == 0 else ""}
        worker_processes 1;
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        events {{ worker_connections 768; }}
        http {{
            {places}
            access_log {folder}/access.log;
            error_log {folder}/error.log;
            gzip on;
            include {folder}/site.conf;
        }}
    """)
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    return [*command, "-g", "daemon off;"]


def _caddy(proxy: Proxy) -> list[str]:
    folder = proxy.folder
    ports = f"admin off\n\tskip_install_trust\n\thttp_port {proxy.plain_port}\n\thttps_port {proxy.port}"
    certificate = f"bind 127.0.0.1\n\ttls {folder}/fullchain.pem {folder}/privkey.pem"
    text = changed(
        "Caddyfile",
        {
            "\tservers {": f"\t{ports}\n\tservers {{",
            "https://stories.example{uri}": f"{proxy.url}{{uri}}",
            "\nhttp://stories.example {": f"\nhttp://{NAME} {{\n\tbind 127.0.0.1",
            "\nstories.example {": f"\n{NAME} {{\n\t{certificate}",
            "/var/log/caddy/tellback.log": str(proxy.access_log),
            "{$TELLBACK_UPSTREAM:127.0.0.1:8000}": f"127.0.0.1:{proxy.behind.tellback.port}",
        },
    )
    (folder / "Caddyfile").write_text(text)
    command = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    tried = subprocess.run(["caddy", "validate", *command], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    return ["caddy", "run", *command]
