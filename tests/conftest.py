"""What every test may ask for: a database (both engines), a pinned clock, the app, places and people."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from tellback import clock, config, db, migrations
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.app import create_app
from tellback.http import pseudonyms
from tellback.stories import sealing
from tests import people

# Chromium, a live service, pages of other origins; nothing of it starts before a test asks for it.
pytest_plugins = ["tests.browser", "tests.embedded"]

# A Monday morning, so that "working days" have something to say.
A_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
POSTGRES = os.environ.get("TELLBACK_TEST_POSTGRES_URL", "")


@pytest.fixture(autouse=True)
def the_clock() -> Iterator[None]:
    """Time stands still on a Monday morning."""
    clock.pin(A_MORNING)
    yield
    clock.pin(None)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the whole schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    _make_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_database(worker_id: str) -> Iterator[str]:
    """A PostgreSQL database of this worker's own, with the whole schema."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is not at hand: see the first lines of tests/run.py")
    import psycopg

    # Its process in the name: two runs on one machine do not meet.
    name = f"tellback_test_{worker_id}_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    url = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    _make_schema(url)
    yield url
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind, by its URL."""
    if request.param == "postgresql":
        return _emptied(request.getfixturevalue("postgres_database"))
    path = tmp_path / "tellback.db"
    shutil.copyfile(request.getfixturevalue("empty_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[str]:
    """An empty database, connected, with the keys chosen: for tests of rules."""
    db.connect(database_url)
    sealing.use(("a key of the tests that seals addresses",))
    pseudonyms.forget()
    yield database_url
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
        }
    )


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates as compiled once, for the many apps of the tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    settings: config.Settings, places: people.Places, compiled: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """The service, with the places in its database."""
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled
    yield app
    _disconnect()


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


def _emptied(url: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        rows = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = [f'"{name}"' for (name,) in rows if name != "schema_migration"]
        if server.info.parameter_status("is_superuser") == "on":
            # Without the triggers of foreign keys a delete takes a millisecond; to TRUNCATE all takes 150.
            server.execute("SET session_replication_role = replica")
            server.execute("; ".join(f"DELETE FROM {table}" for table in tables))
        else:
            server.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    return url
