"""Errors become answers here and only here: problem+json (RFC 9457) for the API, a kind page for people."""

import logging
import traceback
from http import HTTPStatus

import peewee
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from tellback import logs
from tellback.errors import BadRequest, InvalidInput, NotAllowed, Problem, TooLarge, Unavailable
from tellback.http import bodies, translations
from tellback.translations.sentences import say
from tellback.troubles import ERRORS, Trouble, trouble_of

log = logging.getLogger(__name__)

# Said for what werkzeug itself refuses; a patient may read it, so each says what to do.
_SENTENCES = {
    400: say("The request could not be read. Check that it is whole and try again."),
    404: say("There is nothing at this address. It may have moved, or been typed with a slip."),
    405: say("This address does not take that method."),
    408: say(
        "The request took too long to arrive. What you typed is still on your page; please send it again."
    ),
    414: say("This address is longer than any of ours. Ask for less in one go."),
    415: say("Send application/x-www-form-urlencoded or application/json."),
    500: say(
        "Something broke on our side. What you typed is still on your page; please try again in a minute."
    ),
}
_TITLES = {404: say("We could not find that page"), 500: say("Something broke on our side")}
# Seconds until a database is worth another try that is locked or away; and one that somebody has to make room
# for, or to mend.
_BUSY_WAIT, _MENDING_WAIT = 5, 60


def init_app(app: Flask) -> None:
    """Answer every error of the app in one shape, whoever raised it."""
    app.register_error_handler(Problem, answer)
    # flask-smorest's Api hands HTTPException to `answer_http` (api.py), whether or not a route is its own.
    for kind in ERRORS:
        app.register_error_handler(kind, _answer_trouble)
    app.register_error_handler(peewee.DataError, _answer_unstorable)
    app.register_error_handler(Exception, _answer_broken)


def answer(problem: Problem, page: str | None = None) -> Response:
    """The problem as this client reads it: JSON under /api, elsewhere `page` (HTML) or our usual one."""
    response = _as_json(problem) if _wants_json() else Response(page or _page(problem), mimetype="text/html")
    response.status_code = problem.status
    g.uncounted = not problem.counted
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    response.headers["Cache-Control"] = "no-store"
    if "staff" in g and problem.status == NotAllowed.status:
        # Somebody signed in who asks for what is not theirs: worth a look. Who by number, and at which route.
        log.warning("refused (%s) to account %s at %s", problem.slug, g.staff, request.endpoint)
    return response


def answer_http(error: HTTPException) -> Response:
    """What werkzeug, Flask or a library refused, in our words and our shape.

    A redirect or a ready-made answer that a library raised passes through.
    """
    if error.response is not None or (error.code or 500) < 400:
        return current_app.make_response(error.get_response())
    if error.code == TooLarge.status:
        return answer(too_large())
    if messages := getattr(error, "data", {}).get("messages"):
        return answer(
            InvalidInput(say("Check the address and its query."), errors=bodies.sentences(messages["query"]))
        )
    response = answer(_worded(error.code or 500))
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def too_large() -> TooLarge:
    """The problem of a body over the limit, which says the limit."""
    limit = current_app.config["MAX_CONTENT_LENGTH"] // 1024
    return TooLarge(
        say("One story may take up to {limit} kB. Please shorten it, or tell it in two parts.", limit=limit)
    )


def _worded(code: int) -> Problem:
    title = _TITLES.get(code) or HTTPStatus(code).phrase
    # A class of its own per status, since a problem's status belongs to its class.
    kind = type("HTTPProblem", (Problem,), {"status": code, "slug": f"http-{code}", "title": title})
    problem: Problem = kind(_SENTENCES.get(code, title + "."))
    return problem


def busy(error: Exception) -> Unavailable:
    """The problem of a database that is locked, away, full or broken; which of them goes to the log."""
    trouble = trouble_of(error) or Trouble.AWAY
    log.error("database %s: %s", trouble, type(error).__name__)
    if trouble in (Trouble.BUSY, Trouble.AWAY):
        return Unavailable(
            say("Nothing was lost. Please try again in a few seconds."), retry_after=_BUSY_WAIT
        )
    sentence = say(
        "Nothing new can be kept just now. What you typed is not lost. Please try again in a few minutes."
    )
    return Unavailable(sentence, retry_after=_MENDING_WAIT)


def _answer_trouble(error: Exception) -> Response:
    return answer(busy(error)) if trouble_of(error) else _answer_broken(error)


def _answer_unstorable(_error: Exception) -> Response:
    # PostgreSQL compares no text with NUL in it; SQLite finds nothing, and rules say so.
    return answer(
        BadRequest(say("The request holds a character that cannot be stored. Check it and try again."))
    )


def _answer_broken(error: Exception) -> Response:
    # The trace alone: an exception's message may quote what a patient wrote.
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s at %s\n%s", type(error).__name__, request.endpoint, trace)
    return answer(_worded(500))


def _wants_json() -> bool:
    return request.path.startswith(("/api/", "/openapi.json", "/oembed"))


def _as_json(problem: Problem) -> Response:
    public_url = current_app.config["SETTINGS"].public_url
    members: dict[str, object] = {
        "type": f"{public_url}/problems/{problem.slug}",
        "title": translations.spoken(problem.title),
        "status": problem.status,
        "detail": translations.spoken(problem.detail or problem.title),
        # What somebody can tell us, so that we find it in the log.
        **({"request_id": request_id} if (request_id := logs.current_id()) else {}),
        **problem.extra,
    }
    if problem.errors:
        members["errors"] = translations.spoken(problem.errors)
    if problem.retry_after is not None:
        members["retry_after"] = problem.retry_after
    response = jsonify(members)
    response.mimetype = "application/problem+json"
    return response


def _page(problem: Problem) -> str:
    return render_template("public/problem.html", problem=problem, request_id=logs.current_id())
