"""`tellback serve`: the service itself, and what each of its processes is made of."""

import gc
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from tellback import __version__, config, db, edition, logs, metrics, migrations, rounds, server
from tellback.app import create_app
from tellback.backups import commands as kept
from tellback.config import Settings
from tellback.errors import Unavailable
from tellback.http import health, pseudonyms
from tellback.http.kept_answers import KeptAnswers
from tellback.http.noting import Noted
from tellback.screening import screen
from tellback.troubles import OUT_OF_REACH, trouble_of

# Seconds for which `serve` waits for a database that is away when it begins.
DATABASE_PATIENCE = 60
# Seconds after which a process that serves makes the patterns of the screening; who tells sooner makes them.
PATTERNS_AFTER = 2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--workers",
    default=1,
    type=click.IntRange(min=1),
    show_default=True,
    help="Processes; one is plenty for a hospital.",
)
@click.option("--upgrade", is_flag=True, help="First bring an older database to this release, backed up.")
@click.option(
    "--backups", type=kept.FOLDER, help="Where to; left out, the folder backups of the data folder."
)
def serve(host: str, port: int, workers: int, upgrade: bool, backups: Path | None) -> None:
    """Serve the stories, and send letters when TELLBACK_SMTP_URL is set."""
    settings = config.load(os.environ)
    logs.begin(settings.log_format, settings.log_level)
    if not settings.embedded:
        _wait_for_the_database(settings)
    if upgrade:
        kept.upgrade_before_serving(settings, backups)
    db.connect(settings.database_url)
    with _database_in_reach():
        migrations.require_current()
    # Before there are workers who would have to agree on one while stories are told.
    with suppress(*OUT_OF_REACH):
        pseudonyms.make_ready()
    # The workers open their own: a connection may not be shared across a fork.
    db.database.close_all()
    # What is there now stays. Nobody who asks waits while all of it is looked through for what is not, which
    # would also have each worker copy it (https://docs.python.org/3/library/gc.html#gc.freeze).
    gc.freeze()

    def stopping() -> None:
        health.stop()
        rounds.stop()

    with _counting(settings):
        server.serve(
            application,
            host=host,
            port=port,
            workers=workers,
            ready=lambda address: click.echo(
                f"Tellback {__version__} answers at {address} (public address: {settings.public_url})"
            ),
            stopping=stopping,
            ended=rounds.end,
        )


@contextmanager
def _counting(settings: Settings) -> Iterator[None]:
    """Count for /metrics, where somebody may read that, until the service ends."""
    if not settings.metrics_token:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tellback-metrics-") as folder:
        metrics.begin(Path(folder))
        yield


def _wait_for_the_database(settings: Settings) -> None:
    """Return when its server answers: after a power cut both start at once. Raises Unavailable in the end."""
    resting, until = threading.Event(), time.monotonic() + DATABASE_PATIENCE
    db.connect(settings.database_url)
    while True:
        try:
            with _database_in_reach():
                db.database.execute_sql("SELECT 1")
        except Unavailable as away:
            if time.monotonic() >= until:
                raise
            click.echo(f"tellback: {away} Trying again.", err=True)
            resting.wait(2)
        else:
            return


def application() -> Any:
    """The WSGI application as each process of the server makes it, with its sender of letters beside it."""
    settings = config.load(os.environ)
    with _database_in_reach():
        app = create_app(settings)
    # In each process: claims are exclusive, so they share the work; a new process brings its own.
    rounds.begin(settings)
    metrics.worker_began()
    # Patterns are made when they are first asked for: before the first who tells has to wait for that, and
    # after the first who ask for a page, who would share the processor with it.
    making = threading.Timer(PATTERNS_AFTER, screen, ("Anna was kind.",))
    making.daemon = True
    making.start()
    health.watch(app, "rounds", rounds.are_on_time)
    return Noted(KeptAnswers(app, edition=edition.watch()) if settings.keep_answers else app, settings)


@contextmanager
def _database_in_reach() -> Iterator[None]:
    """Say that the database is away in our words. Raises Unavailable."""
    try:
        yield
    except OUT_OF_REACH as error:
        trouble = trouble_of(error)
        # No text of the driver's: it may hold a password.
        said = f"The database is {trouble} ({type(error).__name__}). See TELLBACK_DATABASE_URL."
        raise Unavailable(said) from error
