"""What everyone reads: stories of a service, a topic, an organisation; one story; what was changed."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from peewee import PeeweeException

from tellback import __version__
from tellback.audit.models import LedgerHead
from tellback.audit.signing import newest_head
from tellback.blocking import addresses
from tellback.config import Settings
from tellback.http.bodies import load
from tellback.http.caching import conditional
from tellback.http.keeper import elsewhere, keeper
from tellback.http.origins import sending_website
from tellback.http.pseudonyms import visitor
from tellback.http.ratelimits import is_read, is_searched, limited
from tellback.http.translations import spoken, with_lang
from tellback.organisations import catalogue, finder
from tellback.organisations.models import Service
from tellback.published import described, linked_data, marking, subjects, wall
from tellback.published.lists import Asked, Order
from tellback.published.schemas import PageQuerySchema
from tellback.published.subjects import Subject
from tellback.published.summary import summary
from tellback.stories import me_too

PAGE_SIZE = 10
# Seconds for which a proxy may give everybody the page that it has.
SHARED = 30
# A page that hangs on a wall holds more.
CHANGES_ON_A_PAGE = 50

pages = Blueprint("pages", __name__)
pages.add_app_template_filter(marking.pieces, "pieces")
pages.add_app_template_filter(marking.paragraphs, "marked_paragraphs")


@pages.app_context_processor
def every_page() -> dict[str, Any]:
    """What the frame of every page says: who keeps it, and how far the public ledger has come."""
    kept = keeper(settings())
    return {"keeper": kept, "newest_head": _head, "own_address": _own_address}


@pages.after_request
def may_be_shared(response: Response) -> Response:
    """Let proxies hold a page for a moment; a browser asks each time, and is told when nothing changed."""
    if request.method != "GET" or response.status_code != 200:
        return response
    return conditional(response, max_age=0, shared=SHARED)


@pages.get("/")
def home() -> str:
    """The first page: what this is, the finder, the latest stories."""
    latest = described.stories(Asked(), None, 3, settings())["items"]
    return render_template("public/home.html", latest=latest)


@pages.get("/services")
@limited("finding")
def find_service() -> str:
    """The finder as a page."""
    q, cursor = request.args.get("q", "").strip(), request.args.get("cursor") or None
    found = finder.find(q, cursor, limit=20) if q else None
    services = _services(found) if found else None
    onward = url_for(".find_service", q=q, cursor=found.next) if found and found.next else None
    return render_template("public/finder.html", q=q, services=services, next_url=onward)


@pages.get("/services/<code>")
@limited("reading", when=is_read)
@limited("searching", when=is_searched)
def service_page(code: str) -> str:
    """A service's stories, as their reader asks, with what they come to in numbers."""
    return _stories_of(subjects.of_service(code))


@pages.get("/topics/<slug>")
@limited("reading", when=is_read)
@limited("searching", when=is_searched)
def topic_page(slug: str) -> str:
    """A topic's stories, likewise."""
    return _stories_of(subjects.of_topic(slug))


@pages.get("/organisations/<code>")
@limited("reading", when=is_read)
@limited("searching", when=is_searched)
def organisation_page(code: str) -> str:
    """The stories of all services of an organisation, likewise."""
    return _stories_of(subjects.of_organisation(code))


@pages.get("/services/<code>/changes")
@limited("reading")
def service_changes_page(code: str) -> str:
    """“You said, we did”: what a service changed because of stories, to read and to print."""
    return _changes_page(subjects.of_service(code))


@pages.get("/topics/<slug>/changes")
@limited("reading")
def topic_changes_page(slug: str) -> str:
    """“You said, we did” of a topic."""
    return _changes_page(subjects.of_topic(slug))


@pages.get("/organisations/<code>/changes")
@limited("reading")
def organisation_changes_page(code: str) -> str:
    """“You said, we did” of an organisation."""
    return _changes_page(subjects.of_organisation(code))


@pages.get("/stories/<story_id>")
@limited("reading")
def story_page(story_id: str) -> tuple[str, int]:
    """One story with its answers; 410 when it was taken down."""
    one = described.whole(story_id, settings())
    public = one["state"] == "published"
    page = render_template(
        "public/story.html",
        story=one,
        said=request.args.get("said"),
        linked_data=spoken(linked_data.of_story(one, settings())) if public else None,
        thanks_url=url_for(".thank_you", story_id=story_id) if public and wall.is_praise(one) else None,
    )
    return page, 200 if public else 410


@pages.post("/stories/<story_id>/me-too")
@limited("me too")
def me_too_page(story_id: str) -> ResponseReturnValue:
    """The button of a story's page; back to it."""
    addresses.require_open(request.remote_addr, elsewhere(settings()))
    sending_website(None)
    _count, counted = me_too.add(story_id, visitor())
    said = "me-too" if counted else "before"
    return redirect(url_for(".story_page", story_id=story_id, said=said, _anchor="me-too"), 303)


@pages.get("/about")
def about() -> str:
    """Who keeps these stories, what happens to one, what is never done."""
    return render_template("public/about.html")


@pages.get("/transparency")
@limited("reading")
def transparency_page() -> str:
    """What became of every story, those that nobody can read too; who decides; how to check it."""
    return _transparency_page(None)


@pages.get("/services/<code>/transparency")
@limited("reading")
def service_transparency_page(code: str) -> str:
    """The same of the stories told of a service and those below it."""
    return _transparency_page(catalogue.get(code))


@pages.get("/docs")
def api_page() -> str:
    """The API for people who build on it."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].whole()
    embed = current_app.extensions["tellback_embed"]
    pinned = f"{settings().public_url}/{__version__}/stories.js"
    return render_template(
        "public/api.html", spec=spec.to_dict(), pinned=pinned, integrity=embed.whole.integrity
    )


@pages.get("/problems/<slug>")
def problem_page(slug: str) -> ResponseReturnValue:
    """Where a problem's `type` leads: the page about the API."""
    return redirect(url_for(".api_page", _anchor=slug))


def _stories_of(about: Subject) -> str:
    asked, cursor = _looked_for(about)
    kind, named = about.kind, about.named
    page = described.stories(asked, cursor, PAGE_SIZE, settings())
    narrowed = _narrowed(asked)
    chosen = {name: request.args[name] for name in narrowed}
    looking: dict[str, Any] = {**({"q": asked.q} if asked.q else {}), "order": asked.order.value, **chosen}
    return render_template(
        "public/stories_of.html",
        page=page,
        about=page["about"],
        summary=summary(about, settings().public_url),
        looking=looking,
        narrowed=narrowed,
        suggestion_url=page["suggestion"]
        and url_for(f".{kind}_page", **named, **{**looking, "q": page["suggestion"]}, _anchor="stories"),
        here_url=url_for(f".{kind}_page", **named),
        changes_url=url_for(f".{kind}_changes_page", **named),
        tell_url=_tell_url(about),
        linked_data=spoken(linked_data.of_list(page, settings())),
        next_url=page["next"]
        and url_for(f".{kind}_page", **named, **looking, cursor=page["next"], _anchor="stories"),
        feeds={form: url_for(f"feeds.{form}_of_{kind}", **named) for form in ("atom", "json")},
    )


def _tell_url(about: Subject) -> str:
    """Where to tell a story about it; about an organisation one chooses which of its services it was."""
    if about.organisation is not None:
        return url_for("telling.tell")
    return url_for("telling.tell", **{about.kind: next(iter(about.named.values()))})


def _looked_for(about: Subject) -> tuple[Asked, str | None]:
    """What the reader of a page of stories looks for, and where they go on."""
    query = load(PageQuerySchema(), {name: value for name, value in request.args.items() if value})
    # Of what was searched the best match comes first, unless the reader chose; without words nothing is one.
    usual = Order.RELEVANT if query["q"].strip() else Order.NEWEST
    chosen = query.get("order", usual)
    query["order"] = usual if chosen == Order.RELEVANT else chosen
    return Asked.of(query, about), query.get("cursor")


def _narrowed(asked: Asked) -> dict[str, Any]:
    """What the reader's filters name, by the filter."""
    named = Subject(service=asked.about_service, topic=asked.about_topic).describe(settings().public_url)
    return {f"about_{kind}": one for kind, one in named.items() if one}


def _changes_page(about: Subject) -> str:
    given = {name: value for name, value in request.args.items() if value}
    cursor = load(PageQuerySchema(only=["cursor"]), given).get("cursor")
    page = described.changed(about, cursor, CHANGES_ON_A_PAGE, settings())
    kind, named = about.kind, about.named
    return render_template(
        "public/changes.html",
        about=page["about"],
        page=page,
        stories_url=url_for(f".{kind}_page", **named),
        poster_url=None if about.topic else url_for(f".{kind}_poster", **named),
        next_url=page["next"] and url_for(f".{kind}_changes_page", **named, cursor=page["next"]),
    )


def _transparency_page(service: Service | None) -> str:
    return render_template(
        "public/transparency.html",
        numbers=spoken(described.became_of(service, settings())),
        stories_url=service and url_for(".service_page", code=service.code),
        ledger_url=url_for("ledger.entries"),
        heads_url=url_for("ledger.heads"),
    )


def _services(found: finder.Found) -> dict[str, Any]:
    items = [catalogue.describe(service, settings().public_url) for service in found.items]
    return {"items": items, "next": found.next, "total": found.total, "shown": len(items)}


def _own_address(path: str = "") -> str:
    """The whole address of a file of ours; of this page in its language, without what else was asked."""
    public_url = settings().public_url
    return f"{public_url}{path}" if path else with_lang(f"{public_url}{request.path}")


def _head() -> LedgerHead | None:
    """The newest head for the foot of a page; none where the page has to say that the database is away."""
    try:
        return newest_head()
    except PeeweeException:
        return None


def settings() -> Settings:
    """Those of this installation."""
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen
