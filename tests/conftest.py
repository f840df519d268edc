"""What every test may ask for: a database (both engines), a pinned clock, the app, places and people."""

import contextlib
import dataclasses
import gc
import os
import shutil
import zlib
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from tellback import clock, config, db, migrations, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.app import create_app
from tellback.http import health, limits, pseudonyms, ratelimits
from tellback.websites import sightings
from tests import people

# Chromium, a live service, pages of other origins, a second database; none starts before a test asks for it.
pytest_plugins = ["tests.browser", "tests.embedded", "tests.spare"]

# A Monday morning, so that "working days" have something to say.
A_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ENGINES = ("sqlite", "postgresql")
# No rule of these folders asks which engine it is on. What differs all the same is marked `both_engines`.
ALIKE_ON_BOTH = frozenset(
    "accounts alerts authorship blocking digests moderation replies retention rota websites".split()  # noqa: SIM905
)
POSTGRES = os.environ.get("TELLBACK_TEST_POSTGRES_URL", "")


class Postgres:
    """A database of a PostgreSQL server, emptied for each test over connections that stay open.

    A new connection takes longer than most tests: the server forks for it, and learns all tables anew.
    """

    def __init__(self, url: str) -> None:
        import psycopg

        self.url = url
        self.server = psycopg.connect(url, autocommit=True)
        rows = self.server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = [f'"{name}"' for (name,) in rows if name != "schema_migration"]
        if self.server.info.parameter_status("is_superuser") == "on":
            # Without the triggers of foreign keys a delete takes a millisecond; to TRUNCATE all takes 150.
            self.server.execute("SET session_replication_role = replica")
            # A function keeps its plans: to plan so many deletes takes twice as long as to run them.
            deletes = " ".join(f"DELETE FROM {table};" for table in tables)
            self.server.execute(
                f"CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {deletes} END $$"
            )
            self.emptying = "SELECT pg_temp.empty()"
        else:
            self.emptying = f"TRUNCATE {', '.join(tables)} CASCADE"
        self.pool: Any = None

    def empty(self) -> None:
        """Delete every row."""
        self.server.execute(self.emptying)

    def connect(self) -> None:
        """Choose this database, over the connection of the test before."""
        if db.database.obj is not None:
            db.database.close_all()
        if self.pool is None:
            db.connect(self.url)
            self.pool = db.database.obj
        db.database.initialize(self.pool)

    def disconnect(self) -> None:
        """Choose none, and end what a test began: one connection stays, with no transaction open."""
        if db.database.obj is not self.pool:
            db.database.close_all()
        self.pool.close()
        if self.pool._in_use or len(self.pool._connections) > 1:
            self.pool.close_all()
        db.database.initialize(None)

    def close(self) -> None:
        """Close all connections."""
        if self.pool:
            self.pool.close_all()
        self.server.close()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Gather the tests without looking for garbage among them: all that is loaded stays to the end.

    To look through it again and again takes a third of the time of gathering.
    """
    gc.disable()
    gathered = yield
    gc.freeze()
    gc.enable()
    return gathered


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the usual run ask each page, what is slow, and what is the same SQL on either engine, on one engine
    by turns; `--long` asks all on both.
    """
    if not os.environ.get("TELLBACK_TEST_ONE_ENGINE_BY_TURNS"):
        return
    left_out = [item for item in items if _is_of_the_other_engine(item)]
    config.hook.pytest_deselected(items=left_out)
    left = set(left_out)
    items[:] = [item for item in items if item not in left]


def _is_of_the_other_engine(item: pytest.Item) -> bool:
    chosen = getattr(item, "callspec", None)
    if chosen is None or "database_url" not in chosen.params:
        return False
    if not (
        "app" in item.fixturenames or item.get_closest_marker("by_turns") or _is_alike_on_both_engines(item)
    ):
        return False
    engine = chosen.params["database_url"]
    turn = zlib.crc32(item.nodeid.replace(engine, "").encode()) % 2
    return bool(engine != ENGINES[turn])


def _is_alike_on_both_engines(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return folder in ALIKE_ON_BOTH and not item.get_closest_marker("both_engines")


@pytest.fixture(autouse=True)
def the_clock() -> Iterator[None]:
    """Time stands still on a Monday morning."""
    clock.pin(A_MORNING)
    yield
    clock.pin(None)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many stories a test tells, no proof of work is asked for: that is tested apart."""
    monkeypatch.setattr(limits, "PRESSURE", ())


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the whole schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    _make_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Iterator[Postgres]:
    """A PostgreSQL database of this worker's own, with the whole schema."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is not at hand: see the first lines of tests/run.py")
    import psycopg

    # Its process in the name: two runs on one machine do not meet.
    name = f"tellback_test_{worker_id}_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    # What a test stores need not survive a power cut.
    db.SESSION["synchronous_commit"] = "off"
    url = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    _make_schema(url)
    with contextlib.closing(Postgres(url)) as postgres:
        yield postgres
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind, by its URL."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        postgres.empty()
        return postgres.url
    path = tmp_path / "tellback.db"
    shutil.copyfile(request.getfixturevalue("empty_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database, connected, with the keys chosen: for tests of rules."""
    on_postgres = database_url.startswith("postgresql:")
    if on_postgres:
        request.getfixturevalue("postgres").connect()
    else:
        db.connect(database_url)
    sealing.use(("a key of the tests that seals addresses",))
    pseudonyms.forget()
    yield database_url
    if on_postgres:
        request.getfixturevalue("postgres").disconnect()
    else:
        _disconnect()


@pytest.fixture
def places(database: str) -> people.Places:
    """St Elsewhere with its ward, the Elm Surgery, a topic and a website (see `people`)."""
    return people.make_places()


@pytest.fixture
def moira(places: people.Places) -> Account:
    """A moderator of the installation."""
    return people.make_account("Moira", Role.MODERATOR)


@pytest.fixture
def ruth(places: people.Places) -> Account:
    """A responder of St Elsewhere."""
    return people.make_account("Ruth", Role.RESPONDER, places.hospital.organisation)


@pytest.fixture
def gita(places: people.Places) -> Account:
    """A responder of the Elm Surgery, with no business at St Elsewhere."""
    return people.make_account("Gita", Role.RESPONDER, places.surgery.organisation)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    """Settings of a small independent installation."""
    return config.load(
        {
            "TELLBACK_DATABASE_URL": database_url,
            "TELLBACK_DATA_DIR": str(tmp_path / "data"),
            "TELLBACK_OPERATOR": "The Tellback Trust",
            "TELLBACK_OPERATOR_INDEPENDENT": "true",
            "TELLBACK_PUBLIC_URL": "https://stories.example",
            "TELLBACK_SECRET_KEY": "a secret of the tests, long enough to sign with",
            "TELLBACK_CONTACT_KEY": "a key of the tests that seals addresses",
            "TELLBACK_LEDGER_KEY": "a key of the tests that signs the heads of the ledger",
            # What is decided is seen at once; that decisions wait is tested apart.
            "TELLBACK_DECISION_MINUTES": "0",
            "TELLBACK_REPLY_MINUTES": "0",
        }
    )


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FileSystemBytecodeCache:
    """Templates as compiled once, for the many apps of the tests; all workers of a run share them."""
    of_this_run = tmp_path_factory.getbasetemp()
    folder = (of_this_run if worker_id == "master" else of_this_run.parent) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture(scope="session")
def assembled(compiled: FileSystemBytecodeCache) -> Callable[[config.Settings], Flask]:
    """The service as if it had just started; put together once for all tests of a worker.

    To assemble it and to load its templates takes longer than most tests do. What an app comes to hold while
    it runs each test gets anew: where its database and its counters are, what it has seen of websites.
    Whatever else an app may come to keep in its memory must be forgotten here, too.
    """
    made: dict[config.Settings, tuple[Flask, sightings.Notes]] = {}

    def as_if_just_started(settings: config.Settings) -> Flask:
        alike = dataclasses.replace(settings, data_dir=Path(), database_url="", ratelimit_url="")
        if alike not in made:
            notes = sightings.Notes()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("tellback.app.Notes", lambda: notes)
                app = create_app(settings)
            app.jinja_env.bytecode_cache = compiled
            made[alike] = app, notes
        app, notes = made[alike]
        notes.__init__()  # type: ignore[misc]
        health.forget(app)
        app.testing = True
        app.config.update(SETTINGS=settings, RATELIMIT_STORAGE_URI=settings.ratelimit_url)
        # Tests that assemble an app of their own leave the counters with theirs.
        ratelimits.limiter.init_app(app)
        return app

    return as_if_just_started


@pytest.fixture
def app(
    settings: config.Settings, places: people.Places, assembled: Callable[[config.Settings], Flask]
) -> Flask:
    """The service, with the places in its database."""
    return assembled(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser or a script, before it has said anything."""
    return app.test_client()


def _make_schema(url: str) -> None:
    db.connect(url)
    migrations.upgrade()
    _disconnect()


def _disconnect() -> None:
    # Pooled: close_all also closes what waits idle, so no test inherits a connection.
    db.database.close_all()  # type: ignore[attr-defined]
