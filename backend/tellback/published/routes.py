"""What the public reads: JSON for the embed, pages for everyone."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback import __version__
from tellback.config import Settings
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.bodies import load
from tellback.http.caching import conditional
from tellback.http.keeper import keeper
from tellback.http.origins import sending_website
from tellback.http.pseudonyms import visitor
from tellback.http.ratelimits import FINDING, READING, limiter, me_too_limits, reading_limits
from tellback.http.translations import spoken
from tellback.organisations import catalogue, finder
from tellback.organisations.models import Service
from tellback.published import changes, lists
from tellback.published.lists import Asked, Order
from tellback.published.schemas import (
    ChangesQuerySchema,
    ChangesSchema,
    MeTooSchema,
    PageQuerySchema,
    ShownStorySchema,
    StoriesQuerySchema,
    StoriesSchema,
    SummarySchema,
    TopicSchema,
)
from tellback.published.shown import shown
from tellback.published.summary import summary
from tellback.stories import me_too, topics
from tellback.stories.models import Topic

# Seconds a reader's browser may show the list it has; a new story is seen soon after.
LIST_KEPT = 30
PAGE_SIZE = 10
# A page that hangs on a wall holds more.
CHANGES_ON_A_PAGE = 50

api = ApiBlueprint("published", __name__, url_prefix="/api/v1", description="Published stories")
pages = Blueprint("pages", __name__)


@api.get("/stories")
@limiter.limit(reading_limits)
@api.arguments(StoriesQuerySchema, location="query")
@api.response(200, StoriesSchema)
def stories_list(query: dict[str, Any]) -> Response:
    """Published stories of a service, a topic or all: searched, narrowed and ordered as their reader asks."""
    service = catalogue.get(query["service"]) if "service" in query else None
    topic = topics.get(query["topic"]) if "topic" in query else None
    asked = _asked(query, service, topic)
    return _answer(_page(asked, query.get("cursor"), query["limit"]))


@api.get("/stories/<story_id>")
@limiter.limit(READING)
@api.response(200, ShownStorySchema)
def story(story_id: str) -> Response:
    """One published story, or the tombstone of one that was."""
    (one,) = shown([lists.get(story_id)], _settings().public_url)
    return _answer(one)


@api.post("/stories/<story_id>/me-too")
@limiter.limit(me_too_limits)
@api.response(200, MeTooSchema)
def say_me_too(story_id: str) -> Response:
    """Say that this happened to you too: counted once a day for a story. The body may be empty."""
    sending_website(None)
    count, counted = me_too.add(story_id, visitor())
    response = jsonify(me_too=count, counted=counted)
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/services/<code>/summary")
@limiter.limit(READING)
@api.response(200, SummarySchema)
def service_summary(code: str) -> Response:
    """The stories of a service and those below it in numbers."""
    return _answer(_summary(catalogue.get(code), None))


@api.get("/topics/<slug>/summary")
@limiter.limit(READING)
@api.response(200, SummarySchema)
def topic_summary(slug: str) -> Response:
    """The stories of a topic in numbers."""
    return _answer(_summary(None, topics.get(slug)))


@api.get("/services/<code>/changes")
@limiter.limit(READING)
@api.arguments(ChangesQuerySchema, location="query")
@api.response(200, ChangesSchema)
def service_changes(query: dict[str, Any], code: str) -> Response:
    """What a service and those below it changed because of stories, newest first."""
    return _answer(_changes(catalogue.get(code), None, query.get("cursor"), query["limit"]))


@api.get("/topics/<slug>/changes")
@limiter.limit(READING)
@api.arguments(ChangesQuerySchema, location="query")
@api.response(200, ChangesSchema)
def topic_changes(query: dict[str, Any], slug: str) -> Response:
    """What services changed because of a topic's stories, newest first."""
    return _answer(_changes(None, topics.get(slug), query.get("cursor"), query["limit"]))


@api.get("/topics/<slug>")
@limiter.limit(READING)
@api.response(200, TopicSchema)
def topic(slug: str) -> Response:
    """One topic."""
    return _answer(topics.describe(topics.get(slug), _settings().public_url))


@pages.app_context_processor
def every_page() -> dict[str, Any]:
    """What the frame of every page says: who keeps it."""
    return {"keeper": keeper(_settings())}


@pages.get("/")
def home() -> str:
    """The first page: what this is, the finder, the latest stories."""
    return render_template("public/home.html", latest=_page(Asked(), None, 3)["items"])


@pages.get("/services")
@limiter.limit(FINDING)
def find_service() -> str:
    """The finder as a page."""
    q, cursor = request.args.get("q", "").strip(), request.args.get("cursor") or None
    found = finder.find(q, cursor, limit=20) if q else None
    services = _services(found) if found else None
    onward = url_for(".find_service", q=q, cursor=found.next) if found and found.next else None
    return render_template("public/finder.html", q=q, services=services, next_url=onward)


@pages.get("/services/<code>")
@limiter.limit(reading_limits)
def service_page(code: str) -> str:
    """A service's stories, as their reader asks, with what they come to in numbers."""
    return _stories_of(catalogue.get(code), None, {"code": code})


@pages.get("/services/<code>/changes")
@limiter.limit(READING)
def service_changes_page(code: str) -> str:
    """“You said, we did”: what a service changed because of stories, to read and to print."""
    return _changes_page(catalogue.get(code), None, {"code": code})


@pages.get("/topics/<slug>/changes")
@limiter.limit(READING)
def topic_changes_page(slug: str) -> str:
    """“You said, we did” of a topic."""
    return _changes_page(None, topics.get(slug), {"slug": slug})


@pages.get("/topics/<slug>")
@limiter.limit(reading_limits)
def topic_page(slug: str) -> str:
    """A topic's stories, likewise."""
    return _stories_of(None, topics.get(slug), {"slug": slug})


@pages.get("/stories/<story_id>")
@limiter.limit(READING)
def story_page(story_id: str) -> tuple[str, int]:
    """One story with its answers; 410 when it was taken down."""
    (one,) = shown([lists.get(story_id)], _settings().public_url)
    page = render_template("public/story.html", story=one, said=request.args.get("said"))
    return page, 200 if one["state"] == "published" else 410


@pages.post("/stories/<story_id>/me-too")
@limiter.limit(me_too_limits)
def me_too_page(story_id: str) -> ResponseReturnValue:
    """The button of a story's page; back to it."""
    sending_website(None)
    _count, counted = me_too.add(story_id, visitor())
    said = "me-too" if counted else "before"
    return redirect(url_for(".story_page", story_id=story_id, said=said, _anchor="me-too"), 303)


@pages.get("/about")
def about() -> str:
    """Who keeps these stories, what happens to one, what is never done."""
    return render_template("public/about.html")


@pages.get("/docs")
def api_page() -> str:
    """The API for people who build on it."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec
    embed = current_app.extensions["tellback_embed"]
    pinned = f"{_settings().public_url}/{__version__}/stories.js"
    return render_template(
        "public/api.html", spec=spec.to_dict(), pinned=pinned, integrity=embed.whole.integrity
    )


@pages.get("/problems/<slug>")
def problem_page(slug: str) -> ResponseReturnValue:
    """Where a problem's `type` leads: the page about the API."""
    return redirect(url_for(".api_page", _anchor=slug))


def _stories_of(service: Service | None, topic: Topic | None, named: dict[str, Any]) -> str:
    asked, cursor = _looked_for(service, topic)
    page = _page(asked, cursor, PAGE_SIZE)
    kind = "service" if service else "topic"
    narrowed = _narrowed(asked)
    chosen = {name: request.args[name] for name in narrowed}
    looking: dict[str, Any] = {**({"q": asked.q} if asked.q else {}), "order": asked.order.value, **chosen}
    return render_template(
        "public/stories_of.html",
        page=page,
        about=page["about"],
        summary=summary(service, topic, _settings().public_url),
        looking=looking,
        narrowed=narrowed,
        here_url=url_for(f".{kind}_page", **named),
        changes_url=url_for(f".{kind}_changes_page", **named),
        tell_url=url_for("telling.tell", **{kind: next(iter(named.values()))}),
        atom_url=url_for(f"feeds.of_{kind}", **named),
        next_url=page["next"]
        and url_for(f".{kind}_page", **named, **looking, cursor=page["next"], _anchor="stories"),
    )


def _looked_for(service: Service | None, topic: Topic | None) -> tuple[Asked, str | None]:
    """What the reader of a page of stories looks for, and where they go on."""
    query = load(PageQuerySchema(), {name: value for name, value in request.args.items() if value})
    # Of what was searched the best match comes first, unless the reader chose; without words nothing is one.
    usual = Order.RELEVANT if query["q"].strip() else Order.NEWEST
    chosen = query.get("order", usual)
    query["order"] = usual if chosen == Order.RELEVANT else chosen
    return _asked(query, service, topic), query.get("cursor")


def _narrowed(asked: Asked) -> dict[str, Any]:
    """What the reader's filters name, by the filter."""
    described = _about(asked.about_service, asked.about_topic)
    return {f"about_{kind}": one for kind, one in described.items() if one}


def _asked(query: dict[str, Any], service: Service | None, topic: Topic | None) -> Asked:
    return Asked(
        service,
        topic,
        q=query["q"].strip(),
        order=query["order"],
        about_topic=topics.get(query["about_topic"]) if "about_topic" in query else None,
        about_service=catalogue.get(query["about_service"]) if "about_service" in query else None,
    )


def _page(asked: Asked, cursor: str | None, limit: int) -> dict[str, Any]:
    settings = _settings()
    found = lists.read(asked, cursor=cursor, limit=limit)
    return {
        "items": shown(found.stories, settings.public_url),
        "next": found.next,
        "total": found.total,
        "matching": found.matching,
        "shown": len(found.stories),
        "order": asked.order.value,
        "keeper": keeper(settings),
        "about": _about(asked.service, asked.topic),
    }


def _summary(service: Service | None, topic: Topic | None) -> dict[str, Any]:
    settings = _settings()
    return {
        "about": _about(service, topic),
        **summary(service, topic, settings.public_url),
        "keeper": keeper(settings),
    }


def _answer(found: dict[str, Any]) -> Response:
    return conditional(jsonify(spoken(found)), max_age=LIST_KEPT)


def _about(service: Service | None, topic: Topic | None) -> dict[str, Any]:
    public_url = _settings().public_url
    return {
        "service": catalogue.describe(service, public_url) if service else None,
        "topic": topics.describe(topic, public_url) if topic else None,
    }


def _changes_page(service: Service | None, topic: Topic | None, named: dict[str, Any]) -> str:
    given = {name: value for name, value in request.args.items() if value}
    cursor = load(PageQuerySchema(only=["cursor"]), given).get("cursor")
    page = _changes(service, topic, cursor, CHANGES_ON_A_PAGE)
    kind = "service" if service else "topic"
    return render_template(
        "public/changes.html",
        about=page["about"],
        page=page,
        stories_url=url_for(f".{kind}_page", **named),
        next_url=page["next"] and url_for(f".{kind}_changes_page", **named, cursor=page["next"]),
    )


def _changes(service: Service | None, topic: Topic | None, cursor: str | None, limit: int) -> dict[str, Any]:
    settings = _settings()
    found = changes.newest(service, topic, settings.public_url, cursor=cursor, limit=limit)
    return {
        "items": found.items,
        "next": found.next,
        "total": found.total,
        "shown": len(found.items),
        "keeper": keeper(settings),
        "about": _about(service, topic),
    }


def _services(found: finder.Found) -> dict[str, Any]:
    items = [catalogue.describe(service, _settings().public_url) for service in found.items]
    return {"items": items, "next": found.next, "total": found.total, "shown": len(items)}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
