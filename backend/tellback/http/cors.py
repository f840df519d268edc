"""Who may read our answers from a browser: reads are everyone's, writes of pages that may send; no cookies.

What is public says `Access-Control-Allow-Origin: *`. The answer to a write, and whatever an author's token
opens, is read by the page of an origin that some website allows, named exactly, or by none. One exception
serves people: a *problem* is read by whoever caused it, so that a page that is not allowed yet can say how to
be (`origins.py`). A problem holds nothing of anybody's.
"""

import logging
import re

from flask import Flask, Response, request
from flask_cors import CORS

from tellback.http import origins
from tellback.troubles import OUT_OF_REACH

log = logging.getLogger(__name__)

# Seconds for which a browser remembers that it may post JSON.
_PREFLIGHT_KEPT = 86_400
_READS = ("GET", "HEAD")
# What pages of other origins may ask for, and what of an answer their scripts may read.
_OPEN = (
    r"/api/.*",
    r"/v1/.*",
    r"/\d+\.\d+\.\d+/.*",
    r"/openapi\.json",
    r"/oembed",
    r"/(services|topics|organisations)/[^/]+/stories\.(atom|feed\.json)",
)
_IS_OPEN = re.compile("|".join(_OPEN))
_READ_BY_SCRIPTS = ["Location", "Retry-After", "RateLimit", "RateLimit-Policy", "ETag"]
_TO_EVERYONE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(sorted(_READ_BY_SCRIPTS)),
}
# What is an author's alone, reading it too.
_PRIVATE = "/api/v1/my-story"
_ALLOWED = (
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)


def init_app(app: Flask) -> None:
    """Open reads of the API, the feeds and the embed's files to every origin, and writes to those allowed."""
    # Asked before the library's, so that it runs after: what it allowed to all is narrowed here.
    app.after_request(_narrow)
    CORS(
        app,
        resources=list(_OPEN),
        origins="*",
        send_wildcard=True,
        supports_credentials=False,
        methods=["GET", "HEAD", "POST", "PATCH", "DELETE"],
        allow_headers=["Content-Type", "Idempotency-Key", "Authorization"],
        expose_headers=_READ_BY_SCRIPTS,
        max_age=_PREFLIGHT_KEPT,
    )
    # Asked after the library's, so that it runs before: what says already who may read the library lets be.
    app.after_request(_open)


def _open(response: Response) -> Response:
    """Let every origin read what is asked for without a preflight, at a third of what the library takes.

    On what became of an error the library has put them by now; browsers refuse a header that stands twice.
    """
    if request.method == "OPTIONS" or not _IS_OPEN.match(request.path):
        return response
    if "Access-Control-Allow-Origin" not in response.headers:
        response.headers.extend(_TO_EVERYONE)
    return response


def _narrow(response: Response) -> Response:
    """Name the one origin that may read the answer to a write, or take back that any may."""
    if not request.path.startswith("/api/") or not _is_exact():
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin and (_is_problem(response) or _may_read(origin)):
        response.headers["Access-Control-Allow-Origin"] = origin
        return response
    for name in _ALLOWED:
        response.headers.pop(name, None)
    return response


def _may_read(origin: str) -> bool:
    """Whether the answer is for a page of this origin. None is while nobody can be asked: it asks again."""
    try:
        return origins.may_send(origin)
    except OUT_OF_REACH as error:
        log.warning("an origin could not be looked up: %s", type(error).__name__)
        return False


def _is_exact() -> bool:
    """Whether this asks, or asks whether it may ask (a preflight), for more than a public read."""
    method = request.method
    if method == "OPTIONS":
        method = request.headers.get("Access-Control-Request-Method", "").upper()
    return method not in _READS or f"{request.path}/".startswith(f"{_PRIVATE}/")


def _is_problem(response: Response) -> bool:
    return response.status_code >= 400 and response.mimetype == "application/problem+json"
