"""/metrics, for who has the token. Where none is set nothing is there."""

import contextlib
import hmac
from collections.abc import Callable, Iterable

from flask import Flask, Response, abort, request

from tellback import metrics
from tellback.config import Settings
from tellback.errors import TooManyRequests
from tellback.http import health, ratelimits
from tellback.metrics import Measure
from tellback.troubles import ERRORS

_UP = "Whether a part does its work: the database and its schema, what is done by itself, the counters."


def init_app(
    app: Flask,
    settings: Settings,
    around: Callable[[Settings], Iterable[Measure]],
    of_the_store: Callable[[], Iterable[Measure]],
) -> None:
    """Answer /metrics with what was counted, and with what these say: of the machine, and of the database."""
    expected = f"Bearer {settings.metrics_token}".encode()

    @app.get("/metrics")
    def scraped() -> Response:
        if not settings.metrics_token:
            abort(404)
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
            return Response("TELLBACK_METRICS_TOKEN, as a bearer token\n", 401, headers, "text/plain")
        found = [_up(app), *around(settings)]
        # Without the database `tellback_up` says so, and what was counted is to be read all the more.
        with contextlib.suppress(*ERRORS):
            found += of_the_store()
        text, kind = metrics.exposition(found)
        return Response(text, headers={"Cache-Control": "no-store"}, content_type=kind)

    @app.after_request
    def count_refusals(response: Response) -> Response:
        if response.status_code == TooManyRequests.status:
            for name in ratelimits.breached() or ["other"]:
                metrics.refused(name)
        return response


def _up(app: Flask) -> Measure:
    parts = {**health.parts(app), "counters": ratelimits.are_counted()}
    values = {name: float(is_well) for name, is_well in parts.items()}
    return Measure("tellback_up", "gauge", _UP, values, "part")
