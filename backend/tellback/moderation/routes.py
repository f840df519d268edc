"""A reader reports a story: over the API, and on a page that needs no JavaScript."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from peewee import OperationalError

from tellback.errors import InvalidInput, NotFound, Problem
from tellback.http import bodies, problems
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.origins import sending_website
from tellback.http.ratelimits import READING, flagging_limits, limiter, wait
from tellback.moderation import flags
from tellback.moderation.schemas import FlagFormSchema, FlagReceiptSchema, FlagSchema

api = ApiBlueprint("flags", __name__, url_prefix="/api/v1", description="Reporting a story")
pages = Blueprint("reports", __name__)

_BODY = {
    "content": {kind: {"schema": FlagSchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}


@api.post("/stories/<story_id>/flags")
@limiter.limit(flagging_limits)
@api.response(201, FlagReceiptSchema)
@api.doc(requestBody=_BODY)
def flag_story(story_id: str) -> Response:
    """Report a story to the moderators. It stays where it is until one of them decides."""
    _tell(story_id, bodies.read(FlagSchema()))
    response = jsonify(state="received")
    response.status_code = 201
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/stories/<story_id>/report")
@limiter.limit(READING)
def report(story_id: str) -> str:
    """The form to report a story with; with `sent`, what happens next."""
    if "sent" in request.args:
        return render_template("public/report_sent.html", story_id=story_id)
    return _form(story_id, flags.public_story(story_id).title)


@pages.post("/stories/<story_id>/report")
@limiter.limit(flagging_limits)
def send(story_id: str) -> ResponseReturnValue:
    """Keep the report, and say what happens next; or show the form again in another language."""
    if request.form.get("step") == "change":
        return _form(story_id, flags.public_story(story_id).title)
    try:
        _tell(story_id, bodies.read(FlagFormSchema()))
    except InvalidInput as problem:
        return _form(story_id, flags.public_story(story_id).title, problem.errors), problem.status
    return redirect(url_for(".report", story_id=story_id, sent="yes"), 303)


@pages.errorhandler(NotFound)
def gone(problem: NotFound) -> Response:
    """The story was taken down, or never was."""
    return _not_sent(problem)


@pages.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> Response:
    """A limit is reached."""
    return _not_sent(wait(error))


@pages.errorhandler(OperationalError)
def busy(error: OperationalError) -> Response:
    """The database is locked or away."""
    return _not_sent(problems.busy(error))


def _not_sent(problem: Problem) -> Response:
    """Why it was not sent, above the form with all that was typed, which asks nothing of the database."""
    if not request.form:
        return problems.answer(problem)
    return problems.answer(problem, _form((request.view_args or {})["story_id"], None, problem=problem))


def _tell(story_id: str, told: dict[str, Any]) -> None:
    sending_website(told["site_key"])
    flags.tell(story_id, told["reason"], told["words"] or "")


def _form(
    story_id: str,
    title: str | None,
    errors: dict[str, list[str]] | None = None,
    problem: Problem | None = None,
) -> str:
    return render_template(
        "public/report.html",
        story_id=story_id,
        title=title,
        reasons=list(flags.REASONS.items()),
        values=request.form,
        errors=errors or {},
        problem=problem,
    )
