"""PostgreSQL and Redis let the service in by who it is, or by a password that changes while it runs.

Servers of these tests alone, as Debian installs them, on ports and sockets of their own. Their certificates
are of CAs made here.
"""

import contextlib
import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import peewee
import pytest

from tellback import db
from tellback.errors import SettingsError
from tellback.http.counters import Shared
from tests.browser import free_port, lacking
from tests.deploy.certificates import make_certificate
from tests.deploy.conftest import PATIENCE

ROLE = "tellback"
WHO = "SELECT current_user || ' ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`server/` of localhost, `client/` of the service, `stranger/` of whom no server knows: a CA each."""
    folder = tmp_path_factory.mktemp("certificates")
    for name, holder in (("server", "localhost"), ("client", ROLE), ("stranger", ROLE)):
        (folder / name).mkdir()
        make_certificate(folder / name, holder)
        (folder / name / "privkey.pem").chmod(0o600)
    return folder


@pytest.fixture(autouse=True)
def its_own_database() -> Iterator[None]:
    """Leave no database chosen."""
    yield
    with contextlib.suppress(AttributeError):
        db.database.close_all()  # type: ignore[attr-defined]
    db.database.initialize(None)  # type: ignore[attr-defined]


@dataclass
class Server:
    """A PostgreSQL cluster."""

    folder: Path
    port: int

    def as_owner(self, statement: str) -> None:
        """Run a statement as its superuser."""
        import psycopg

        address = f"postgresql:///postgres?host={self.folder}&port={self.port}&user=keeper"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def server(certificates: Path) -> Iterator[Server]:
    """A cluster that takes whom the system knows by its socket, and by TLS certificates or passwords."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        lacking("no PostgreSQL: apt-get install -y postgresql")
    # It refuses to run as root; and folders of tests are their user's alone.
    user = "postgres" if os.geteuid() == 0 else None
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tellback-cluster-")))
        yield stack.enter_context(_cluster(folder, found[-1], user, certificates))


@contextlib.contextmanager
def _cluster(folder: Path, programs: Path, user: str | None, certificates: Path) -> Iterator[Server]:
    port = free_port()
    for name in ("fullchain.pem", "privkey.pem"):
        shutil.copy(certificates / "server" / name, folder / name)
    shutil.copy(certificates / "client" / "ca.pem", folder / "ca.pem")
    if user:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user)
    folder.chmod(0o755)
    data = folder / "data"
    make = [f"{programs}/initdb", "--username=keeper", "--no-sync", f"--pgdata={data}"]
    subprocess.run(make, user=user, check=True, capture_output=True)
    (data / "pg_hba.conf").write_text(
        "local all keeper trust\n"
        f"local all {ROLE} peer map=ours\n"
        f"hostssl all {ROLE} 127.0.0.1/32 cert\n"
        "hostssl all rotated 127.0.0.1/32 scram-sha-256\n"
    )
    (data / "pg_ident.conf").write_text(f"ours {getpass.getuser()} {ROLE}\n")
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off",
        "ssl": "on", "ssl_cert_file": folder / "fullchain.pem", "ssl_key_file": folder / "privkey.pem",
        "ssl_ca_file": folder / "ca.pem",
    }  # fmt: skip
    start = [
        f"{programs}/postgres",
        "-D",
        str(data),
        *(f"--{name}={value}" for name, value in settings.items()),
    ]
    with (folder / "postgres.log").open("w") as log:
        process = subprocess.Popen(start, user=user, stdout=log, stderr=log)
    made = Server(folder, port)
    try:
        _until_it_answers(lambda: made.as_owner(f"CREATE ROLE {ROLE} LOGIN"))
        made.as_owner("CREATE ROLE rotated LOGIN PASSWORD 'the first of them'")
        yield made
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _until_it_answers(ask: Callable[[], object]) -> None:
    import psycopg
    import redis

    until = time.monotonic() + 3 * PATIENCE
    answers = False
    while not answers:
        assert time.monotonic() < until
        with contextlib.suppress(psycopg.OperationalError, redis.ConnectionError):
            ask()
            answers = True


def who_is_in(address: str) -> str:
    """As whom the database knows whoever comes by this address, and whether they came by TLS."""
    db.connect(address)
    try:
        return str(db.database.execute_sql(WHO).fetchone()[0])
    except peewee.OperationalError as refused:
        return f"refused: {refused}"


@pytest.mark.long
def test_the_system_says_who_the_service_is_to_a_postgresql_on_its_machine(server: Server) -> None:
    address = f"postgresql:///postgres?host={server.folder}&port={server.port}"
    assert who_is_in(f"{address}&user={ROLE}") == f"{ROLE} false"
    assert who_is_in(f"{address}&user=rotated").startswith("refused: ")


@pytest.mark.long
def test_a_certificate_says_it_to_one_elsewhere_and_the_server_shows_its_own(
    server: Server, certificates: Path
) -> None:
    def address(holder: str, ca: str = "server") -> str:
        return (
            f"postgresql://{ROLE}@localhost:{server.port}/postgres?sslmode=verify-full"
            f"&sslrootcert={certificates}/{ca}/ca.pem&sslcert={certificates}/{holder}/fullchain.pem"
            f"&sslkey={certificates}/{holder}/privkey.pem"
        )

    assert who_is_in(address("client")) == f"{ROLE} true"
    assert who_is_in(address("stranger")).startswith("refused: ")
    assert "certificate verify failed" in who_is_in(address("client", ca="stranger"))


@pytest.mark.long
def test_a_password_is_replaced_while_the_service_runs(server: Server, tmp_path: Path) -> None:
    kept = tmp_path / "passwords"
    kept.touch(0o600)
    kept.write_text("*:*:*:*:the first of them\n")
    address = f"postgresql://rotated@localhost:{server.port}/postgres?sslmode=require&passfile={kept}"
    assert who_is_in(address) == "rotated true"
    server.as_owner("ALTER ROLE rotated PASSWORD 'the second'")
    kept.write_text("*:*:*:*:the second\n")
    # As a new connection of the pool is made: the address is the same.
    db.database.close_all()  # type: ignore[attr-defined]
    assert db.database.execute_sql("SELECT current_user").fetchone() == ("rotated",)


def test_an_address_that_nobody_can_read_stops_the_start_without_quoting_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(SettingsError) as refused:
        db.connect("postgresql://tellback:a-secret@localhost/x?sslmodus=full")
    assert "a-secret" not in str(refused.value)


def test_a_certificate_says_who_the_service_is_to_redis(certificates: Path, tmp_path: Path) -> None:
    if not shutil.which("redis-server"):
        lacking("no Redis: apt-get install -y redis-server")
    port, socket = free_port(), tmp_path / "redis.sock"
    settings = {
        "port": 0, "tls-port": port, "bind": "127.0.0.1", "save": "", "unixsocket": socket,
        "unixsocketperm": 700, "tls-cert-file": certificates / "server" / "fullchain.pem",
        "tls-key-file": certificates / "server" / "privkey.pem",
        "tls-ca-cert-file": certificates / "client" / "ca.pem", "tls-auth-clients": "yes",
    }  # fmt: skip
    words = [str(word) for name, value in settings.items() for word in (f"--{name}", value)]
    with (tmp_path / "redis.log").open("w") as log:
        process = subprocess.Popen(["redis-server", *words], stdout=log, stderr=log)

    def count(address: str) -> bool:
        return Shared(address).take("a key", 5, 60, 1)

    def by(holder: str) -> str:
        return (
            f"rediss://localhost:{port}/0?ssl_ca_certs={certificates}/server/ca.pem"
            f"&ssl_certfile={certificates}/{holder}/fullchain.pem&ssl_keyfile={certificates}/{holder}/privkey.pem"
        )

    try:
        _until_it_answers(lambda: count(by("client")))
        assert count(f"unix://{socket}"), "by a socket that this user alone may open"
        with pytest.raises(Shared(by("stranger")).errors):
            count(by("stranger"))
    finally:
        process.terminate()
        process.wait(PATIENCE)
