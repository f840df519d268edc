"""/answer: a story is answered by a link in a letter, without signing in.

The token stands in the fragment and comes back in a form, so no log holds it; opening the page does nothing,
whoever opens it. No cookie is set or read here: the token alone lets somebody answer, that story alone.
"""

from flask import Blueprint, current_app, render_template, request

from tellback.admin import answer_schemas, by_link
from tellback.admin.by_link import Opened
from tellback.config import Settings
from tellback.errors import NotSignedIn, Problem
from tellback.http import bodies
from tellback.http.ratelimits import limited

pages = Blueprint("answer_link", __name__)


@pages.get("/answer")
@limited("reading")
def ask() -> str:
    """The page that a link opens; its script, or whoever reads it, sends the token on."""
    return render_template("public/answer_ask.html")


@pages.post("/answer")
@limited("answering")
def show() -> str | tuple[str, int]:
    """The story, with the composer; or why there is nothing to answer any more."""
    try:
        opened = by_link.open_link(_token())
    except NotSignedIn as problem:
        return _none_of_ours(problem)
    by_link.note_reading(opened)
    return _page(opened)


@pages.post("/answer/check")
@limited("answering")
def check() -> str | tuple[str, int]:
    """Look at an answer as far as it is written; nothing is sent or kept."""
    try:
        return _page(by_link.open_link(_token()))
    except NotSignedIn as problem:
        return _none_of_ours(problem)


@pages.post("/answer/send")
@limited("answering")
def send() -> str | tuple[str, int]:
    """Send it."""
    try:
        opened = by_link.open_link(_token())
    except NotSignedIn as problem:
        return _none_of_ours(problem)
    try:
        by_link.send(opened, bodies.read(answer_schemas.ReplySchema()), _settings().reply_wait)
    except Problem as problem:
        # A link that was used or ended in the meantime is opened anew, so that the page says how it stands.
        return _page(by_link.open_link(_token()), problem), problem.status
    return _page(by_link.open_link(_token()), sent=True)


def _page(opened: Opened, problem: Problem | None = None, *, sent: bool = False) -> str:
    typed = {} if sent else request.form
    described = by_link.describe(opened, _token(), typed, problem, _settings().public_url)
    return render_template("public/answer.html", **described, sent=sent)


def _none_of_ours(problem: NotSignedIn) -> tuple[str, int]:
    errors = {"token": [problem.detail]}
    typed = request.form.get("body", "")
    return render_template("public/answer_ask.html", errors=errors, typed=typed), problem.status


def _token() -> str:
    """The token of what was pasted: the whole link may be, and what counts stands after the #."""
    return request.form.get("token", "").strip().rpartition("#")[2]


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
