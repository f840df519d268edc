"""Telling a story: over the API (what the embed does), and on a page that needs no JavaScript."""

import secrets
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from peewee import OperationalError

from tellback.config import Settings
from tellback.errors import InvalidInput, KeyReused, Problem
from tellback.http import bodies, problems
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.caching import conditional
from tellback.http.keeper import keeper
from tellback.http.origins import is_our_own, sending_website
from tellback.http.ratelimits import READING, limiter, telling_limits, wait
from tellback.http.translations import language, spoken
from tellback.organisations import catalogue
from tellback.stories import private_links, qr, submission, telling, topics, words
from tellback.stories.schemas import (
    HalfToldStorySchema,
    KeySchema,
    ReceiptSchema,
    TellingQuerySchema,
    TellingSchema,
    ToldStorySchema,
)

# Seconds a browser may keep what a form asks first: a complaints contact changes by the month.
TELLING_KEPT = 300

api = ApiBlueprint("stories", __name__, url_prefix="/api/v1", description="Telling a story")
pages = Blueprint("telling", __name__)

_BODY = {
    "content": {kind: {"schema": ToldStorySchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 16, "maxLength": 128},
    "description": "Made by the client; the same key and story give the same answer again.",
}


@api.post("/stories")
@limiter.limit(telling_limits)
@api.response(201, ReceiptSchema)
@api.doc(requestBody=_BODY, parameters=[_KEY])
def tell_story() -> Response:
    """Tell a story. 201 means that it is on the disk."""
    told = bodies.read(ToldStorySchema())
    receipt = _submit(told)
    link = private_links.address(_settings().public_url, receipt.token, told["lang"])
    response = jsonify(id=receipt.story.public_id, state="submitted", private_link=link, qr=qr.code(link))
    response.status_code = 201
    response.headers["Location"] = "/api/v1/my-story"
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/telling")
@limiter.limit(READING)
@api.arguments(TellingQuerySchema, location="query")
@api.response(200, TellingSchema)
def before_telling(query: dict[str, Any]) -> Response:
    """What a form needs before somebody tells: complaints, support at once, themes, languages."""
    services = [catalogue.get(code) for code in query["service"]]
    topic = topics.get(query["topic"]) if "topic" in query else None
    settings = _settings()
    facts = telling.describe(services, topic, query["lang"], settings.public_url)
    return conditional(jsonify(spoken({**facts, "keeper": keeper(settings)})), max_age=TELLING_KEPT)


@pages.get("/tell")
@limiter.limit(READING)
def tell() -> str:
    """The form, once it is known what the story is about."""
    about = _about(request.args.get("service"), request.args.get("topic"))
    if not any(about.values()):
        return render_template("public/tell_which.html")
    return _form(about, {"idempotency_key": secrets.token_urlsafe(24), "lang": language().tag}, {})


@pages.post("/tell")
@limiter.limit(telling_limits)
def send() -> str | tuple[str, int]:
    """Check the answers; show them; send them: the form's button says which."""
    about = _about(request.form.get("service"), request.form.get("topic"))
    given = request.form.to_dict() | {"feelings": request.form.getlist("feelings")}
    if given.get("step") == "change":
        return _form(about, given, {})
    try:
        told = bodies.read(HalfToldStorySchema())
        if given.get("step") != "send":
            return render_template("public/check.html", about=about, values=given, told=told, **_choices())
        receipt = _submit(told)
    except InvalidInput as problem:
        return _form(about, given, problem.errors or {}), problem.status
    link = private_links.address(_settings().public_url, receipt.token, told["lang"])
    return render_template("public/sent.html", about=about, private_link=link)


@pages.errorhandler(KeyReused)
def sent_before(problem: KeyReused) -> Response:
    """The story had been sent, and was changed since."""
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
    """Why it was not sent, with every word that was typed and, where it may help, the button once more."""
    if not request.form.get("body"):
        return problems.answer(problem)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "step"]
    page = render_template("public/not_sent.html", problem=problem, kept=kept, values=request.form)
    return problems.answer(problem, page)


def _submit(told: dict[str, Any]) -> submission.Receipt:
    website = sending_website(told.pop("site_key"))
    if is_our_own():
        # Of our own page, or of the frame that holds it: no path of the website's.
        told["website_path"] = None
    key = told.pop("idempotency_key")
    if "Idempotency-Key" in request.headers:
        given = {"idempotency_key": request.headers["Idempotency-Key"]}
        key = bodies.load(KeySchema(), given)["idempotency_key"]
    return submission.submit(told, key=key, website=website)


def _form(about: dict[str, Any], values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    return render_template("public/tell.html", about=about, values=values, errors=errors, **_choices())


def _choices() -> dict[str, Any]:
    return {
        "roles": list(words.AUTHOR_ROLES.items()),
        "experiences": list(words.EXPERIENCES.items()),
        "feelings": list(words.FEELINGS.items()),
    }


def _about(code: str | None, slug: str | None) -> dict[str, Any]:
    public_url = _settings().public_url
    return {
        "service": catalogue.describe(catalogue.get(code), public_url) if code else None,
        "topic": topics.describe(topics.get(slug), public_url) if slug else None,
    }


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
