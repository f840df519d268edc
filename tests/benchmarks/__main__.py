"""What a request costs, beside a bare Flask application: `.venv/bin/python -m tests.benchmarks`.

CPU of this process per request, in milliseconds and as a ratio to the bare "hello" of the same run: median
of several rounds. Ratios travel between machines, milliseconds do not.
"""

import io
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tellback import config, db, migrations
from tellback.accounts.roles import Role
from tellback.app import create_app
from tellback.http.kept_answers import KeptAnswers
from tellback.http.ratelimits import limiter
from tellback.moderation import decisions
from tests import people

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STORIES = 1000
ROUNDS, REQUESTS = 7, 60


def main() -> None:
    """Measure, and print a table for README."""
    with tempfile.TemporaryDirectory() as folder:
        app = begin(config.load({"TELLBACK_DATA_DIR": folder, "TELLBACK_OPERATOR": "Benchmark"}))
        fill()
        page = "/api/v1/stories?service=RXH01&limit=20"
        kept = KeptAnswers(app.wsgi_app)
        etag = app.test_client().get(page).headers["ETag"]
        hello = _cpu(_bare().wsgi_app, lambda: EnvironBuilder("/").get_environ())
        rows = [
            ("a bare Flask “hello”", hello),
            (
                f"a page of 20 stories, of {STORIES:,}",
                _cpu(app.wsgi_app, lambda: EnvironBuilder(page).get_environ()),
            ),
            (
                "the same when it has not changed (304)",
                _cpu(
                    app.wsgi_app, lambda: EnvironBuilder(page, headers={"If-None-Match": etag}).get_environ()
                ),
            ),
            (
                "the same page, given again while nothing was written",
                _cpu(kept, lambda: EnvironBuilder(page).get_environ()),
            ),
            (
                "the same, given again, when it has not changed (304)",
                _cpu(kept, lambda: EnvironBuilder(page, headers={"If-None-Match": etag}).get_environ()),
            ),
            ("the embed's file", _cpu(app.wsgi_app, lambda: EnvironBuilder("/v1/stories.js").get_environ())),
            ("a story told: screened, limited, on the disk", _cpu(app.wsgi_app, _telling)),
        ]
    print("| request | CPU, ms | times the bare “hello” |\n|---|---|---|")
    for name, milliseconds in rows:
        print(f"| {name} | {milliseconds:.2f} | {milliseconds / hello:.1f} |")


def begin(settings: config.Settings) -> Flask:
    """The service, with an empty database."""
    db.connect(settings.database_url)
    migrations.upgrade()
    return create_app(settings)


def fill() -> None:
    """Have stories told and published."""
    people.make_places()
    moira = people.make_account("Moira", Role.MODERATOR)
    with db.transaction():
        for _ in range(STORIES):
            story = people.tell(body="The nurse sat with me until my daughter came. " * 8).story
            decisions.open_for_review(story, moira)
            decisions.publish(story, story.revision, moira)


def _bare() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


def _telling() -> dict[str, Any]:
    form = people.a_story(body="The nurse sat with me. " * 15, idempotency_key=str(uuid.uuid4()))
    return EnvironBuilder(
        "/api/v1/stories",
        method="POST",
        input_stream=io.BytesIO(urlencode(form).encode()),
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": people.ORIGIN},
    ).get_environ()


def _cpu(app: "WSGIApplication", environ: Callable[[], dict[str, Any]]) -> float:
    """Milliseconds of CPU for one request: the median of the rounds."""
    rounds = []
    for number in range(ROUNDS):
        # Counted as ever, but nobody is turned away: each request comes from an address of its own.
        prepared = [environ() | {"REMOTE_ADDR": f"10.9.{number}.{n}"} for n in range(REQUESTS)]
        # So many at once would have to bring a proof of work.
        limiter.reset()
        began = time.process_time()
        for each in prepared:
            body, status, _headers = run_wsgi_app(app, each, buffered=True)
            assert status[:3] in ("200", "201", "304"), (status, b"".join(body))
        rounds.append(1000 * (time.process_time() - began) / REQUESTS)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
