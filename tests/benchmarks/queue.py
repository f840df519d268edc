"""A queue of 50,000 waiting stories beside one of 50: `.venv/bin/python -m tests.benchmarks.queue`.

What it takes to open the queue and a story in it, to go to the next, and to find a story by a word: CPU of
this process, and the time until the answer (on PostgreSQL much of the work is another process's), medians in
milliseconds. On SQLite, and on PostgreSQL where TELLBACK_TEST_POSTGRES_URL names a server. Read the ratios.
"""

import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tellback import db, migrations
from tellback.accounts import passwords
from tellback.accounts.roles import Role
from tellback.app import create_app
from tellback.organisations.models import Service
from tests import crowd, people
from tests.benchmarks.settings import settings_of

FEW, MANY = 50, 50_000
ROUNDS = 21
POSTGRES = os.environ.get("TELLBACK_TEST_POSTGRES_URL", "")
PASSWORD = "three blue ferries and a raft"
PAGES = {
    "the queue": "/admin/stories",
    "the queue, its tenth page": "",
    "the queue, filtered by criticality": "/admin/stories?criticality=3",
    "the queue, filtered by language": "/admin/stories?lang=pl",
    "the queue, filtered by service": "/admin/stories?about=ward+5",
    "the queue, what is late": "/admin/stories?late=yes",
    "a story, and who reads it": "/admin/stories/c000000000000003",
    "the next story": "/admin/stories/c000000000000003/next",
    "a story found by a rare word": "/admin/find?q=night+7",
    "stories found by a word of all": "/admin/find?q=daughter",
}


def main() -> None:
    """Measure, and print a table for each engine."""
    for name, url in engines():
        with _service(url) as (client, ward):
            crowd.wait(FEW, ward)
            few = _measured(client)
            crowd.wait(MANY - FEW, ward)
            many = _measured(client)
        print(f"\n{name}: milliseconds of CPU, and until the answer\n")
        print(f"| | {FEW} wait | {MANY:,} wait | times |\n|---|---|---|---|")
        for page in PAGES:
            (cpu, wall), (more_cpu, more_wall) = few[page], many[page]
            print(
                f"| {page} | {cpu:.1f}, {wall:.1f} | {more_cpu:.1f}, {more_wall:.1f} |"
                f" {more_cpu / cpu:.2f}, {more_wall / wall:.2f} |"
            )


def engines() -> Iterator[tuple[str, str]]:
    """What there is to measure on: names and addresses of empty databases."""
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{Path(folder) / 'tellback.db'}"
    if POSTGRES:
        import psycopg

        name = f"tellback_queue_{os.getpid()}"
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        try:
            yield "PostgreSQL", urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
        finally:
            db.database.close_all()  # type: ignore[attr-defined]
            with psycopg.connect(POSTGRES, autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _service(url: str) -> Iterator[tuple[FlaskClient, Service]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(folder, url)
        db.connect(url)
        migrations.upgrade()
        app = create_app(settings)
        places = people.make_places()
        moira = people.make_account("Moira", Role.MODERATOR)
        moira.password = passwords.hashed(PASSWORD)
        moira.save()
        client = app.test_client()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/admin/sign-in").text)
        assert token
        form = {"email": moira.email, "password": PASSWORD, "csrf_token": token[1]}
        assert client.post("/admin/sign-in", data=form).status_code == 302
        yield client, places.ward


def _measured(client: FlaskClient) -> dict[str, tuple[float, float]]:
    return {name: _cost(client, address or _tenth(client)) for name, address in PAGES.items()}


def _tenth(client: FlaskClient) -> str:
    """The address of a page further on; of a queue that has but one, that."""
    address = "/admin/stories"
    for _ in range(9):
        page = client.get(address).text
        if 'rel="next"' not in page:
            break
        address = page.split('" rel="next"')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
    return address


def _cost(client: FlaskClient, address: str) -> tuple[float, float]:
    cpu, wall = [], []
    for _ in range(ROUNDS):
        cpu_began, began = time.process_time(), time.perf_counter()
        answer = client.get(address)
        cpu.append(1000 * (time.process_time() - cpu_began))
        wall.append(1000 * (time.perf_counter() - began))
        assert answer.status_code in (200, 302), (address, answer.status_code)
    return statistics.median(cpu), statistics.median(wall)


if __name__ == "__main__":
    main()
