"""What Tellback logs reaches another machine, over TLS, by Debian's own rsyslog and the shipped file.

Named stand-ins: the log server is a few lines of Python on loopback, which asks for a certificate as a real
one does; lines come by a socket of the test in the place of systemd's; the CA is one of these tests.
"""

import contextlib
import logging
import logging.handlers
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser import free_port, lacking
from tests.deploy.certificates import make_certificate
from tests.deploy.conftest import PATIENCE, changed

NAME = "logs.localhost"


class LogServer:
    """Another machine: it takes lines from whoever shows a certificate that its CA signed."""

    def __init__(self, folder: Path, port: int) -> None:
        self._trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / "ca.pem")
        self._trust.verify_mode = ssl.CERT_REQUIRED
        self._trust.load_cert_chain(folder / "fullchain.pem", folder / "privkey.pem")
        self._door = socket.create_server(("127.0.0.1", port))
        self._door.settimeout(2 * PATIENCE)

    def read_until(self, words: bytes) -> bytes:
        """What comes in by one connection, until these words have come."""
        found = b""
        plain, _ = self._door.accept()
        plain.settimeout(2 * PATIENCE)
        with self._trust.wrap_socket(plain, server_side=True) as line:
            while words not in found:
                more = line.recv(65_536)
                assert more, found
                found += more
        return found

    def close(self) -> None:
        """Take no more lines."""
        self._door.close()


@pytest.fixture
def rsyslog(tmp_path: Path) -> Iterator[Callable[[int], logging.Logger]]:
    """Start rsyslog with the shipped file; what is said to the logger comes to it as from the service."""
    if not shutil.which("rsyslogd"):
        lacking("no rsyslogd: apt-get install -y rsyslog rsyslog-openssl")
    with contextlib.ExitStack() as running:
        yield lambda port: running.enter_context(_running(tmp_path, port))


@contextlib.contextmanager
def _running(folder: Path, port: int) -> Iterator[logging.Logger]:
    entry = folder / "log"
    shipped = changed(
        "rsyslog-tellback.conf",
        {
            "/etc/tellback/logs/ca.pem": str(folder / "ca.pem"),
            "/etc/tellback/logs/cert.pem": str(folder / "fullchain.pem"),
            "/etc/tellback/logs/key.pem": str(folder / "privkey.pem"),
            'target="logs.example"': 'target="127.0.0.1"',
            "logs.example": NAME,
            '"6514"': f'"{port}"',
            'resumeInterval="10"': 'resumeInterval="1"',
        },
    )
    (folder / "rsyslog.conf").write_text(
        f'global(workDirectory="{folder}")\n'
        'module(load="imuxsock" SysSock.Use="off")\n'
        f'input(type="imuxsock" Socket="{entry}")\n{shipped}'
    )
    # A copy: where AppArmor guards rsyslogd it does so by its path, and lets it read nothing of a test's.
    program = shutil.copy(shutil.which("rsyslogd") or "", folder)
    command = [program, "-n", "-f", str(folder / "rsyslog.conf"), "-i", str(folder / "pid")]
    with (folder / "console.log").open("w") as console:
        process = subprocess.Popen(command, stdout=console, stderr=console)
    try:
        until = time.monotonic() + PATIENCE
        while not entry.exists():
            assert process.poll() is None, (folder / "console.log").read_text()
            assert time.monotonic() < until
        handler = logging.handlers.SysLogHandler(str(entry))
        handler.ident = "tellback: "
        logger = logging.Logger("a service")
        logger.addHandler(handler)
        yield logger
        handler.close()
    finally:
        process.terminate()
        process.wait(2 * PATIENCE)


def test_a_line_waits_for_the_log_server_and_reaches_it_in_the_common_form(
    rsyslog: Callable[[int], logging.Logger], tmp_path: Path
) -> None:
    make_certificate(tmp_path, NAME)
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as broken:
        broken.settimeout(2 * PATIENCE)
        rsyslog(port).warning("refused (no token of ours) at admin.publish")
        broken.accept()[0].close()
    server = LogServer(tmp_path, port)
    found = server.read_until(b"admin.publish")
    server.close()
    # RFC 5424, in the framing of RFC 5425: length, priority and version, time, host, program …
    length, _, rest = found.partition(b" ")
    assert len(rest) >= int(length)
    assert rest.startswith(b"<12>1 2")
    assert b" tellback - - -  refused (no token of ours) at admin.publish" in rest


def test_nothing_is_said_to_a_server_of_another_name(
    rsyslog: Callable[[int], logging.Logger], tmp_path: Path
) -> None:
    make_certificate(tmp_path, "another.localhost")
    port = free_port()
    server = LogServer(tmp_path, port)
    rsyslog(port).warning("refused")
    with pytest.raises((ssl.SSLError, ConnectionError, AssertionError)):
        server.read_until(b"refused")
    server.close()
