"""What pages of other origins ask for, as the requests themselves show it: no beacon, nothing of a visitor.

Told to whoever is handed in (`init_app`): this folder knows nothing of websites.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, request

from tellback.http.origins import own_origins

_FILE = re.compile(r"/(v1|\d{1,5}\.\d{1,5}\.\d{1,5})/stories\.js")
_STORIES = "/api/v1/stories"
# As browsers send it: no path, no name, no space.
_ORIGIN = re.compile(r"https?://[a-z0-9._\-\[\]:]{1,280}")
_LONGEST_SUBJECT = 64
EVERGREEN = "evergreen"


@dataclass(frozen=True)
class Seen:
    """One thing that a page of an origin did.

    `file`: the embed's script arrived (`version`: "evergreen" or x.y.z); `missing`: that of a version we do
    not have was asked for; `frame`: our frame was shown; `read`: stories were read; `told`: a story was
    taken; `refused`: one was not, because nobody allows the origin. `subject` says of what, where it is
    known: "service:RXH01" or "topic:dementia".
    """

    origin: str
    kind: str
    version: str = ""
    subject: str = ""


def init_app(app: Flask, note: Callable[[Seen], None]) -> None:
    """Tell `note` of everything seen, after the answer is made. It must not fail, and must be quick."""

    @app.after_request
    def tell(response: Response) -> Response:
        if seen := _seen(response):
            note(seen)
        return response


def _seen(response: Response) -> Seen | None:
    kind, version = _kind(response.status_code)
    origin = _origin() if kind else ""
    if not origin or origin in own_origins():
        return None
    return Seen(origin, kind, version, _subject() if kind not in ("file", "missing") else "")


def _kind(status: int) -> tuple[str, str]:
    """What was done (empty: nothing that is told), and the version of the file."""
    if request.method == "POST" and request.path.startswith(_STORIES):
        if status == 403:
            return "refused", ""
        return ("told" if status == 201 and request.path == _STORIES else ""), ""
    if request.method != "GET" or status not in (200, 304, 404):
        return "", ""
    if file := _FILE.fullmatch(request.path):
        return ("missing" if status == 404 else "file"), (EVERGREEN if file[1] == "v1" else file[1])
    if status == 404:
        return "", ""
    return {_STORIES: "read", "/embed": "frame"}.get(request.path, ""), ""


def _origin() -> str:
    """Of the page that asked; empty where the browser does not say.

    A script or a frame comes with a Referer at most, of which browsers send other origins no path.
    """
    given = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(given)
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return origin if _ORIGIN.fullmatch(origin) else ""


def _subject() -> str:
    if request.method == "GET":
        given = request.args
    elif request.path == _STORIES:
        # A told story's form was read already; nobody reads another body on our account.
        given = request.form
    else:
        return ""
    for kind in ("service", "topic"):
        code = given.get(kind, "")
        if code and code.isascii() and code.isprintable() and len(code) <= _LONGEST_SUBJECT:
            return f"{kind}:{code}"
    return ""
