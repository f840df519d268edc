"""Each request gets an id, which its answer and its lines in the log bear, and is noted when it is answered.

Outermost of all, so that answers given again (`kept_answers`) are noted, too.
"""

import logging
import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from tellback import logs, metrics
from tellback.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# As nginx and Caddy make them: 32 hexadecimal digits, or a UUID. Nothing else is believed: a name that a
# visitor sends in the header must not reach the log.
_WELL_FORMED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What stands in a route's place for an address that there is not.
_NOWHERE = "none"
_METHODS = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Let the log know a request's route. To be called before what may refuse a request."""

    @app.before_request
    def note_the_route() -> None:
        asked = logs.asked.get()
        if asked and request.url_rule:
            asked.route = request.url_rule.rule


class Noted:
    """The WSGI application of a process: it gives each request to the one behind it under an id.

    The id is the proxy's where there are proxies of ours (`TRUSTED_PROXIES`) and it is well-formed.
    """

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        self._application = application
        # Whether it can answer a request at once (`server.serve`), where it can say that.
        self.at_hand = getattr(application, "at_hand", lambda _environ: False)
        self._behind_proxies = settings.trusted_proxies > 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, and note how."""
        asked = logs.Asked(self._proxys_id(environ) or logs.new_id())
        before = logs.asked.set(asked)
        began = time.perf_counter()
        status = 500

        def start(said: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status
            status = int(said[:3])
            return start_response(said, [*headers, (HEADER, asked.id)], exc_info)

        try:
            return self._application(environ, start)
        finally:
            _note(environ["REQUEST_METHOD"], asked, status, time.perf_counter() - began)
            logs.asked.reset(before)

    def _proxys_id(self, environ: "WSGIEnvironment") -> str:
        given: str = environ.get("HTTP_X_REQUEST_ID", "") if self._behind_proxies else ""
        return given if _WELL_FORMED.fullmatch(given) else ""


def _note(method: str, asked: logs.Asked, status: int, seconds: float) -> None:
    """Note a request: its method, its route, its status, how long its answer took and whether it was kept."""
    # Whatever is no method of HTTP a visitor made up, and may be a name.
    method, route = method if method in _METHODS else "other", asked.route or _NOWHERE
    metrics.answered(method, route, status, seconds, kept=asked.kept)
    if log.isEnabledFor(logging.INFO):
        facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.info("%(method)s %(route)s %(status)d in %(ms)s ms", facts, extra={"facts": facts})
