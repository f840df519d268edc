"""A reader reports a story: over the API, and on a page that needs no JavaScript. Asking for removal, too."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.blocking import addresses
from tellback.blocking.addresses import ConnectionBlocked
from tellback.errors import InvalidInput, NotFound, Problem, TooManyRequests
from tellback.http import bodies, pressure, problems, traps
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.keeper import elsewhere
from tellback.http.origins import sending_website
from tellback.http.ratelimits import limited
from tellback.http.translations import language
from tellback.moderation import case_requests, flags
from tellback.moderation.case_requests import Request
from tellback.moderation.models import Case
from tellback.moderation.schemas import FlagFormSchema, FlagReceiptSchema, FlagSchema, RemovalSchema
from tellback.troubles import OUT_OF_REACH

api = ApiBlueprint("flags", __name__, url_prefix="/api/v1", description="Reporting a story")
pages = Blueprint("reports", __name__)

_BODY = {
    "content": {kind: {"schema": FlagSchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}


@api.post("/stories/<story_id>/flags")
@limited("trying")
@limited("flagging")
@api.response(201, FlagReceiptSchema)
@api.doc(requestBody=_BODY)
def flag_story(story_id: str) -> Response:
    """Report a story to the moderators. It stays where it is until one of them decides."""
    _tell(story_id, bodies.read(FlagSchema()), on_page=False)
    response = jsonify(state="received")
    response.status_code = 201
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/stories/<story_id>/report")
@limited("reading")
def report(story_id: str) -> str:
    """The form to report a story with; with `sent`, what happens next."""
    if "sent" in request.args:
        return render_template("public/report_sent.html", story_id=story_id)
    return _form(story_id, flags.public_story(story_id).title)


@pages.post("/stories/<story_id>/report")
@limited("trying")
@limited("flagging")
def send(story_id: str) -> ResponseReturnValue:
    """Keep the report, and say what happens next; or show the form again in another language."""
    if request.form.get("step") == "change":
        return _form(story_id, flags.public_story(story_id).title)
    try:
        _tell(story_id, bodies.read(FlagFormSchema()), on_page=True)
    except InvalidInput as problem:
        return _form(story_id, flags.public_story(story_id).title, problem.errors), problem.status
    return redirect(url_for(".report", story_id=story_id, sent="yes"), 303)


@pages.get("/stories/<story_id>/removal")
@limited("reading")
def removal(story_id: str) -> str:
    """The form to ask that a story be taken down, or to give legal notice; with `sent`, what comes next."""
    sent = request.args.get("sent", "")
    if sent.isalnum():
        return render_template("public/removal_sent.html", story_id=story_id, reference=sent)
    return _removal_form(story_id, flags.public_story(story_id).title)


@pages.post("/stories/<story_id>/removal")
@limited("trying")
@limited("flagging")
def ask_removal(story_id: str) -> ResponseReturnValue:
    """Open a case for it, and give its number; or show the form again in another language."""
    if request.form.get("step") == "change":
        return _removal_form(story_id, flags.public_story(story_id).title)
    try:
        case = _ask(story_id)
    except InvalidInput as problem:
        return _removal_form(story_id, flags.public_story(story_id).title, problem.errors), problem.status
    return redirect(url_for(".removal", story_id=story_id, sent=case.public_id), 303)


# Nothing is taken from this address for now; very much arrives; the story was taken down, or never was.
@pages.errorhandler(ConnectionBlocked)
@pages.errorhandler(TooManyRequests)
@pages.errorhandler(NotFound)
def not_sent(problem: Problem) -> Response:
    """Why it was not sent, above the form with all that was typed, which asks nothing of the database."""
    if not request.form:
        return problems.answer(problem)
    form = _removal_form if request.endpoint == "reports.ask_removal" else _form
    return problems.answer(problem, form((request.view_args or {})["story_id"], None, problem=problem))


def busy(error: Exception) -> Response:
    """The database is locked, away or full."""
    return not_sent(problems.busy(error))


for kind in OUT_OF_REACH:
    pages.register_error_handler(kind, busy)


def _tell(story_id: str, told: dict[str, Any], *, on_page: bool) -> None:
    addresses.require_open(request.remote_addr, _elsewhere())
    website = sending_website(told["site_key"])
    sent = traps.take(told, "report")
    from_where = website.id if website else None
    with pressure.passing("report", sent, website=from_where, on_page=on_page) as marks:
        flags.tell(story_id, told["reason"], told["words"] or "", marks)


def _ask(story_id: str) -> Case:
    addresses.require_open(request.remote_addr, _elsewhere())
    sending_website(None)
    asked = bodies.read(RemovalSchema())
    asked["meaning"] = asked["meaning"] or ""
    sent = traps.take(asked, "removal")
    with pressure.passing("removal", sent, website=None, on_page=True) as marks:
        return case_requests.ask(story_id, Request(**asked, lang=language().tag), marks)


def _elsewhere() -> str:
    return elsewhere(current_app.config["SETTINGS"])


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
        opened=traps.keep(request.form.get("opened"), "report"),
        values=request.form,
        errors=errors or {},
        problem=problem,
    )


def _removal_form(
    story_id: str,
    title: str | None,
    errors: dict[str, list[str]] | None = None,
    problem: Problem | None = None,
) -> str:
    return render_template(
        "public/removal.html",
        story_id=story_id,
        title=title,
        grounds=list(case_requests.GROUNDS.items()),
        opened=traps.keep(request.form.get("opened"), "removal"),
        values=request.form,
        errors=errors or {},
        problem=problem,
    )
