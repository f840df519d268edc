"""Telling a story: over the API (what the embed does), and on a page that needs no JavaScript."""

import secrets
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from tellback.blocking import addresses
from tellback.blocking.addresses import ConnectionBlocked
from tellback.config import Settings
from tellback.errors import InvalidInput, KeyReused, Problem, TooManyRequests
from tellback.http import bodies, pressure, problems, proof_of_work, traps
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.caching import conditional
from tellback.http.keeper import elsewhere, keeper
from tellback.http.origins import is_our_own, sending_website
from tellback.http.ratelimits import is_sent, limited
from tellback.http.translations import language, spoken
from tellback.organisations import catalogue, finder
from tellback.organisations.models import Service
from tellback.stories import checking, private_links, qr, submission, telling, topics, words
from tellback.stories.models import Topic
from tellback.stories.own_names import own_names
from tellback.stories.schemas import (
    ChallengeSchema,
    HalfToldStorySchema,
    KeySchema,
    ProofQuerySchema,
    ReceiptSchema,
    TellingQuerySchema,
    TellingSchema,
    ToldStorySchema,
)
from tellback.stories.suggested_names import suggested_name
from tellback.translations.embed_words import word
from tellback.translations.languages import LANGUAGES, SOURCE
from tellback.troubles import OUT_OF_REACH

# The ways through the form without a script. Pictures need one, to be put on faces.
WAYS = ("short", "long")
# What only the longer way asks.
LONGER_WAY = [
    "title",
    "what_was_good",
    "what_could_be_better",
    "topics",
    "topic_words",
    "display_name",
    "visited_on",
    "feelings",
    "overall_experience",
    "contact_email",
]
# Seconds a browser may keep what a form asks first: a complaints contact changes by the month.
TELLING_KEPT = 300

api = ApiBlueprint("stories", __name__, url_prefix="/api/v1", description="Telling a story")
pages = Blueprint("telling", __name__)

# Made once: a schema copies all of its fields.
_TOLD = ToldStorySchema()
_BODY = {
    "content": {kind: {"schema": ToldStorySchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{16,128}$"},
    "description": "Made by the client; the same key and story give the same answer again.",
}


@api.post("/stories")
@limited("trying")
@limited("telling")
@api.response(201, ReceiptSchema)
@api.doc(requestBody=_BODY, parameters=[_KEY])
def tell_story() -> Response:
    """Tell a story. 201 means that it is on the disk."""
    told = bodies.read(_TOLD)
    receipt = _submit(told)
    link = private_links.address(_settings().public_url, receipt.token, told["lang"])
    kept = {"id": receipt.story.public_id, "state": "submitted", "private_link": link, "qr": qr.code(link)}
    response = jsonify({**kept, "changed": spoken(bodies.changed())})
    response.status_code = 201
    response.headers["Location"] = "/api/v1/my-story"
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/proof")
@limited("reading")
@api.arguments(ProofQuerySchema, location="query")
@api.response(200, ChallengeSchema)
def challenge(query: dict[str, Any]) -> Response:
    """A challenge to solve ahead, and whether one is asked of you just now."""
    purpose = query["purpose"]
    level = pressure.level_of(purpose)
    response = jsonify(needed=bool(level), challenge=proof_of_work.challenge(purpose, level or 1))
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/telling")
@limited("reading")
@api.arguments(TellingQuerySchema, location="query")
@api.response(200, TellingSchema)
def before_telling(query: dict[str, Any]) -> Response:
    """What a form needs before somebody tells: complaints, support at once, themes, languages."""
    services = [catalogue.get(code) for code in query["service"]]
    topic = topics.get(query["topic"]) if "topic" in query else None
    settings = _settings()
    facts = telling.describe(services, topic, query["lang"], settings.public_url)
    said = spoken({**facts, "keeper": keeper(settings)})
    # Each answer has its own moment, but that alone makes no other answer of it: one kept from before only
    # says that the form was opened earlier than it was.
    answer = jsonify({**said, "opened": traps.stamp("story")})
    return conditional(answer, max_age=TELLING_KEPT, of=jsonify(said).get_data())


@pages.get("/tell")
@limited("reading")
def tell() -> str:
    """Which service, which way, then the form: as far as the address says."""
    codes, slug, way = request.args.getlist("service"), request.args.get("topic"), request.args.get("way")
    if not (codes or slug):
        return _which(request.args.get("q", "").strip())
    services, topic = [catalogue.get(code) for code in codes], topics.get(slug) if slug else None
    place = _place(services, topic, language().tag)
    if way not in WAYS:
        return render_template("public/tell_ways.html", **place)
    key = secrets.token_urlsafe(24)
    begun = {"idempotency_key": key, "opened": traps.stamp("story")}
    return _form(place, {**begun, "lang": language().tag, "way": way, "service": codes})


@pages.post("/tell")
@limited("trying")
@limited("telling", when=is_sent)
def send() -> str | tuple[str, int]:
    """Find a service, check the answers, show them, send them: the form's button says which."""
    given = _given()
    place = _place_of(given)
    step, _, at = given["step"].partition(":")
    if step == "find":
        return _found(place, given)
    if step in ("change", "add"):
        return _form(place, given | ({"way": "long"} if step == "add" else {}), finding=at == "services")
    try:
        told = bodies.read(HalfToldStorySchema())
        return _sent(place, told) if step == "send" else _check(place, given, told, at)
    except InvalidInput as problem:
        return _form(place, given, problem.errors or {}), problem.status


@pages.errorhandler(KeyReused)
def sent_before(problem: KeyReused) -> Response:
    """The story had been sent, and was changed since."""
    return _not_sent(problem)


@pages.errorhandler(ConnectionBlocked)
def blocked(problem: ConnectionBlocked) -> Response:
    """Stories are not taken from this address for now."""
    return _not_sent(problem)


@pages.errorhandler(TooManyRequests)
def too_soon(problem: TooManyRequests) -> Response:
    """Very much arrives, and this form was open for a moment only."""
    return _not_sent(problem)


def busy(error: Exception) -> Response:
    """The database is locked, away or full."""
    return _not_sent(problems.busy(error))


for kind in OUT_OF_REACH:
    pages.register_error_handler(kind, busy)


def _not_sent(problem: Problem) -> Response:
    """Why it was not sent, with every word that was typed and, where it may help, the button once more."""
    if not request.form.get("body"):
        return problems.answer(problem)
    # A form that was kept for very long, or came from elsewhere, gets a moment that holds.
    opened = traps.keep(request.form.get("opened"), "story")
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in ("step", "opened")]
    kept.append(("opened", opened))
    again = bool(problem.retry_after) or isinstance(problem, ConnectionBlocked)
    page = render_template(
        "public/not_sent.html", problem=problem, kept=kept, values=request.form, again=again
    )
    return problems.answer(problem, page)


def _submit(told: dict[str, Any], *, on_page: bool = False) -> submission.Receipt:
    addresses.require_open(request.remote_addr, elsewhere(_settings()))
    website = sending_website(told.pop("site_key"))
    sent = traps.take(told, "story")
    if is_our_own():
        # Of our own page, or of the frame that holds it: no path of the website's.
        told["website_path"] = None
    key = told.pop("idempotency_key")
    if "Idempotency-Key" in request.headers:
        given = {"idempotency_key": request.headers["Idempotency-Key"]}
        key = bodies.load(KeySchema(), given)["idempotency_key"]
    # A program's own form says no language, and we know no words of it.
    read_in = language().tag if is_our_own() or "lang" in request.args else None
    # What arrived before needs no proof again.
    if before := submission.told_before(told, key):
        return before
    from_where = website.id if website else None
    services = told["services"]
    with pressure.passing("story", sent, website=from_where, services=services, on_page=on_page) as marks:
        return submission.submit(
            told, key=key, website=website, read_in=read_in, taken_out=bodies.taken_out(), marks=marks
        )


def _given() -> dict[str, Any]:
    """The form as it came: its answers are kept as typed, whatever becomes of them."""
    lists = {name: request.form.getlist(name) for name in ("service", "topics", "feelings")}
    given = {"step": "", "lang": SOURCE, "way": "long"} | request.form.to_dict() | lists
    if given["lang"] == given.get("page_lang"):
        # The language was not chosen by hand, so it goes with the page's.
        given["lang"] = language().tag
    return given


def _which(q: str) -> str:
    return render_template("public/tell_which.html", q=q, found=_find(q) if q else None)


def _found(place: dict[str, Any], given: dict[str, Any]) -> str | tuple[str, int]:
    try:
        return _form(place, given, found=_find(given.get("services_q", "").strip()))
    except InvalidInput as problem:
        return _form(place, given, {"services_q": (problem.errors or {}).get("q", [])}), problem.status


def _find(q: str) -> finder.Found:
    return finder.find(q) if q else finder.Found([], None, 0)


def _form(
    place: dict[str, Any],
    values: dict[str, Any],
    errors: dict[str, list[str]] | None = None,
    *,
    found: finder.Found | None = None,
    finding: bool = False,
) -> str:
    errors = errors or {}
    if not errors.keys().isdisjoint(LONGER_WAY):
        values = values | {"way": "long"}
    return render_template(
        "public/tell.html",
        **place,
        values=values,
        errors=errors,
        found=found,
        finding=finding,
        distress=checking.in_distress(values),
        suggested=suggested_name(values.get("idempotency_key", ""), language().tag),
        **_choices(),
    )


def _check(place: dict[str, Any], given: dict[str, Any], told: dict[str, Any], at: str) -> str:
    """The answers once more, with what could show who someone is; `at` is where to write what is offered."""
    services, _topics = submission.about(told)
    names = own_names(services)
    written = checking.reword(told, names, at) if at else None
    if written:
        told[written[0]] = given[written[0]] = written[1]
    return render_template(
        "public/check.html",
        **place,
        values=given,
        told=told,
        looked=checking.look(told, names),
        written=written[2] if written else None,
        **_choices(),
    )


def _sent(place: dict[str, Any], told: dict[str, Any]) -> str:
    lang, email = told["lang"], told["contact_email"]
    receipt = _submit(told, on_page=True)
    link = private_links.address(_settings().public_url, receipt.token, lang)
    return render_template(
        "public/sent.html",
        **place,
        link=link,
        qr=qr.code(link),
        token=receipt.token,
        email=email,
        changed=bodies.changed(),
    )


def _choices() -> dict[str, Any]:
    """What may be chosen, value and label."""
    tongues = [(one.tag, one.name) for one in LANGUAGES.values()]
    return {
        "roles": [(value, word(f"author_role_{value}")) for value in words.AUTHOR_ROLES],
        "experiences": [(value, word(f"overall_experience_{value}")) for value in words.EXPERIENCES],
        "feelings": [(value, word(f"feelings_{value.partition(':')[2]}")) for value in words.FEELINGS],
        "theme_choices": [(theme["slug"], theme["name"]) for theme in telling.themes()],
        "tongues": [*tongues, ("und", word("lang_other"))],
    }


def _place_of(given: dict[str, Any]) -> dict[str, Any]:
    """What a form is about. What is not known any more is left out here, and refused when it is checked."""
    topic = Topic.get_or_none(Topic.slug == given.get("topic", ""))
    return _place(catalogue.by_codes(given["service"]), topic, given["lang"])


def _place(services: list[Service], topic: Topic | None, lang: str) -> dict[str, Any]:
    """What the pages know of the services and the topic, told in this language."""
    public_url = _settings().public_url
    return {
        **telling.describe(services, topic, lang, public_url),
        "services": [catalogue.describe(service, public_url) for service in services],
        "longer_way": LONGER_WAY,
    }


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
