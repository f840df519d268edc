"""A search in 100,000 stories beside one in 1,000: `.venv/bin/python -m tests.benchmarks.search`.

CPU of this process for a page of the API, and the time until the answer (on PostgreSQL much of the work is
another process's), medians in milliseconds. On SQLite, and on PostgreSQL where TELLBACK_TEST_POSTGRES_URL
names a server. Read the ratios. Other sizes may be named: `… tests.benchmarks.search 1000 20000`.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from tellback import db, migrations
from tellback.app import create_app
from tellback.organisations.models import Service
from tellback.search import vocabulary
from tests.benchmarks.queue import engines
from tests.benchmarks.settings import settings_of
from tests.scale import nation

SIZES = (1_000, 100_000)
ROUNDS = 15
LOOKED_FOR = {
    "no word: the newest stories": "limit=20",
    "a rare word": "q=77&limit=20",
    "a rare word, best first": "q=77&order=relevant&limit=20",
    "a word of every third story": "q=nurse&limit=20",
    "a word of every third story, best first": "q=nurse&order=relevant&limit=20",
    "two common words, best first": "q=nurse+night&order=relevant&limit=20",
    "a phrase, best first": "q=%22the+nurse%22&order=relevant&limit=20",
    "a common word, of one service": "q=nurse&order=relevant&limit=20&service={code}",
    "a beginning": "q=nur*&order=relevant&limit=20",
    "a slip": "q=nruse&order=relevant&limit=20",
    "some of the words": "q=nurse+zebra&order=relevant&limit=20",
}


def main(sizes: list[int]) -> None:
    """Measure, and print a table for each engine and size beside the first."""
    for at, name in enumerate(("SQLite", "PostgreSQL")):
        measured = []
        for size in sizes:
            found = list(_engine(at, size))
            if found:
                measured.append(found[0])
        if measured:
            _print(name, sizes, measured)


def _engine(at: int, size: int) -> Iterator[dict[str, tuple[float, float]]]:
    for number, (_name, url) in enumerate(engines()):
        if number == at:
            with _service(url, size) as client:
                yield _measured(client)


@contextmanager
def _service(url: str, size: int) -> Iterator[FlaskClient]:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(folder, url)
        db.connect(url)
        migrations.upgrade()
        nation.fill(size)
        count_words(size)
        yield create_app(settings).test_client()


# Digits as letters, for invented words.
_LETTERS = str.maketrans("0123456789", "abcdefghij")


def count_words(size: int) -> None:
    """Count words, as `nation` does not: the few that are looked for, and many to compare a slip with."""
    with db.transaction():
        for words in (
            ["nurse", "night", "daughter"],
            [f"nu{n:05}".translate(_LETTERS) for n in range(size // 10)],
        ):
            vocabulary.change([], words)


def _measured(client: FlaskClient) -> dict[str, tuple[float, float]]:
    code = Service.select(Service.code).order_by(Service.id).limit(1).scalar()
    return {name: _cost(client, query.format(code=code)) for name, query in LOOKED_FOR.items()}


def _cost(client: FlaskClient, query: str) -> tuple[float, float]:
    cpu, wall = [], []
    for _ in range(ROUNDS):
        cpu_began, began = time.process_time(), time.perf_counter()
        answer = client.get(f"/api/v1/stories?{query}")
        cpu.append(1000 * (time.process_time() - cpu_began))
        wall.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (query, answer.text)
    return statistics.median(cpu), statistics.median(wall)


def _print(name: str, sizes: list[int], measured: list[dict[str, tuple[float, float]]]) -> None:
    print(f"\n{name}: milliseconds of CPU, and until the answer\n")
    print(
        f"| | {' | '.join(f'{size:,} stories' for size in sizes)} | times |\n|---{'|---' * (len(sizes) + 1)}|"
    )
    for looked_for in LOOKED_FOR:
        figures = [one[looked_for] for one in measured]
        (cpu, wall), (more_cpu, more_wall) = figures[0], figures[-1]
        cells = " | ".join(f"{cpu:.1f}, {wall:.1f}" for cpu, wall in figures)
        print(f"| {looked_for} | {cells} | {more_cpu / cpu:.2f}, {more_wall / wall:.2f} |")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
