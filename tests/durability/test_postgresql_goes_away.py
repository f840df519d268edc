"""PostgreSQL drops connections, refuses new ones, holds what is needed, only reads: 503, then all as ever."""

import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from tellback import clock, db
from tellback.audit import ledger
from tellback.config import Settings
from tellback.stories.models import Story
from tests import people
from tests.conftest import Postgres
from tests.durability import truth
from tests.durability.service import Service, environment, running, until
from tests.durability.tellers import Tellers
from tests.people import ORIGIN, a_story

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
KEY = "0b0f3c0e-7a55-4a11-a3a6-2f6d6a1c9c11"
# All but who asks: connections of the service and of the tests' own pool.
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def _tell(client: FlaskClient) -> tuple[int, str | None]:
    answer = client.post("/api/v1/stories", data=a_story(idempotency_key=KEY), headers={"Origin": ORIGIN})
    return answer.status_code, answer.headers.get("Retry-After")


@pytest.fixture
def again(database: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Connect anew, each session beginning with other settings."""

    def connect(**session: str) -> None:
        monkeypatch.setattr(db, "SESSION", db.SESSION | session)
        db.database.initialize(None)  # type: ignore[attr-defined]
        db.connect(settings.database_url)

    return connect


@pytest.fixture
def refusing(postgres: Postgres) -> Iterator[Callable[[bool], None]]:
    """Have the server take no new connections to the database, or take them again."""
    import psycopg

    name = postgres.url.rsplit("/", 1)[1]
    with psycopg.connect(f"{postgres.url.rsplit('/', 1)[0]}/postgres", autocommit=True) as server:

        def refuse(refused: bool) -> None:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(not refused).lower()}")
            if refused:
                postgres.server.execute(TERMINATE)

        yield refuse
        refuse(False)


def test_a_connection_that_was_dropped_meanwhile_is_not_used(client: FlaskClient, postgres: Postgres) -> None:
    assert client.get("/api/v1/stories").status_code == 200
    postgres.server.execute(TERMINATE)
    assert _tell(client) == (201, None)


def test_a_story_whose_connection_drops_half_way_is_told_once(
    client: FlaskClient, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = ledger.append

    def and_it_drops(*args: object, **options: object) -> object:
        postgres.server.execute(TERMINATE)
        return append(*args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "append", and_it_drops)
        assert _tell(client) == (503, "5")
    assert _tell(client) == (201, None)
    assert Story.select().count() == 1


def test_a_server_that_refuses_is_not_asked_by_everyone_in_turn(
    client: FlaskClient, refusing: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(True)
    assert _tell(client) == (503, "5")
    assert client.get("/readyz").get_json()["database"] == "away"
    assert client.get("/healthz").status_code == 200
    refusing(False)
    assert _tell(client) == (503, "5"), "it refused a moment ago"
    monkeypatch.setattr("tellback.troubles.REFUSED_FOR", 0)  # a moment later
    assert _tell(client) == (201, None)


@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_what_somebody_else_holds_is_waited_for_and_not_for_ever(
    client: FlaskClient, postgres: Postgres, again: Callable[..., None], limit: str
) -> None:
    again(**{limit: "100ms"})
    postgres.server.execute("BEGIN; LOCK TABLE ledger_entry IN EXCLUSIVE MODE")
    try:
        assert _tell(client) == (503, "5")
        assert client.get("/api/v1/stories").status_code == 200
    finally:
        postgres.server.execute("ROLLBACK")
    assert _tell(client) == (201, None)
    assert Story.select().count() == 1


def test_a_server_that_only_reads_is_read(client: FlaskClient, again: Callable[..., None]) -> None:
    again(default_transaction_read_only="on")
    assert _tell(client) == (503, "60")
    assert client.get("/api/v1/stories").status_code == 200
    assert client.get("/readyz").get_json()["database"] == "read-only"


def test_201_means_on_the_disk_whatever_the_database_says(postgres: Postgres, database: str) -> None:
    import psycopg

    name = database.rsplit("/", 1)[1]
    postgres.server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    try:
        asked = " ".join(f"-c {name}={value}" for name, value in {**db.SESSION, **_AS_SHIPPED}.items())
        with psycopg.connect(database, options=asked) as session:
            assert session.execute("SHOW synchronous_commit").fetchone() == ("on",)
    finally:
        postgres.server.execute(f"ALTER DATABASE {name} RESET synchronous_commit")


# What the tests change of it, for speed (conftest).
_AS_SHIPPED = {"synchronous_commit": "on"}


def _drop_again_and_again(postgres: Postgres, settings: Settings, drops: int, tellers: int) -> Tellers:
    clock.pin(None)
    people.make_places()
    db.database.close()
    chance, moment = random.Random(20261123), threading.Event()
    with running(Service(environment(settings))) as service, Tellers(service, tellers) as telling:
        for _ in range(drops):
            so_far = len(telling.kept)
            until(lambda so_far=so_far: len(telling.kept) > so_far, "a story is kept again")
            moment.wait(chance.uniform(0, 0.1))
            postgres.server.execute(TERMINATE)
        telling.finish()
        assert not telling.wrong, telling.wrong
        truth.all_holds(telling.kept)
    return telling


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_and_drop_two_hundred_times(database: str, postgres: Postgres, settings: Settings) -> None:
    began = time.monotonic()
    telling = _drop_again_and_again(postgres, settings, 200, 8)
    took = time.monotonic() - began
    print(f"\n200 drops in {took:.0f} s, {len(telling.kept)} stories kept; {dict(telling.seen)}")
    assert telling.seen["503"] > 50, "the drops hit stories on their way"
