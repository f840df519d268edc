"""A second PostgreSQL database, for what comes in, is walked through its schemas, or is thrown over."""

import os
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture(scope="session")
def _spare_database(postgres, worker_id: str) -> Iterator[str]:
    import psycopg

    name = f"tellback_spare_{worker_id}_{os.getpid()}"
    server, _, _ = postgres.url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def spare_postgres(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Ask for a PostgreSQL database with nothing in it, by its URL: the same one each time."""
    import psycopg

    def empty() -> str:
        url: str = request.getfixturevalue("_spare_database")
        with psycopg.connect(url, autocommit=True) as connection:
            # Whatever a test left connected would hold the tables.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            found = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname = 'public' OR nspname LIKE 'before_restore%'"
            ).fetchall()
            for (schema,) in found:
                connection.execute(f"DROP SCHEMA {schema} CASCADE")
            connection.execute("CREATE SCHEMA public")
        return url

    return empty
