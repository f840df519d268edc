"""Addresses of the feeds, of the frame that stands in other pages, and of what tells them of it (oEmbed)."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from peewee import OperationalError

from tellback import clock
from tellback.audit.signing import newest_head
from tellback.config import Settings
from tellback.errors import Problem
from tellback.feeds import json_feed
from tellback.feeds import oembed as embedding
from tellback.feeds.entries import NEWEST, entries, taken_down
from tellback.http import problems
from tellback.http.caching import conditional
from tellback.http.headers import FRAME_POLICY
from tellback.http.origins import own_origins
from tellback.http.ratelimits import limited
from tellback.http.translations import language, spoken, with_lang
from tellback.published import lists, subjects
from tellback.published.shown import shown
from tellback.published.subjects import Subject
from tellback.translations.sentences import say
from tellback.websites import frame as frames
from tellback.websites import origins
from tellback.websites.frame import Frame

pages = Blueprint("feeds", __name__)

# Seconds; feed readers ask far less often.
_KEPT = 300
_UNKNOWN_KEY = say("No website here has the site key of this frame. Copy it again from its website's page.")
_NOTHING_NAMED = say("Say which service or topic this frame is for, as in /embed?service=RXH01.")
# Seconds for which a frame shows the stories it has, as lists do.
_FRAME_KEPT = 30


@pages.get("/services/<code>/stories.atom")
@limited("reading")
def atom_of_service(code: str) -> Response:
    """What moved lately among the stories of a service and those below it, as Atom."""
    return _atom(subjects.of_service(code))


@pages.get("/topics/<slug>/stories.atom")
@limited("reading")
def atom_of_topic(slug: str) -> Response:
    """What moved lately among the stories of a topic, as Atom."""
    return _atom(subjects.of_topic(slug))


@pages.get("/organisations/<code>/stories.atom")
@limited("reading")
def atom_of_organisation(code: str) -> Response:
    """What moved lately among the stories of all services of an organisation, as Atom."""
    return _atom(subjects.of_organisation(code))


@pages.get("/services/<code>/stories.feed.json")
@limited("reading")
def json_of_service(code: str) -> Response:
    """The same of a service and those below it, as JSON Feed."""
    return _json_feed(subjects.of_service(code))


@pages.get("/topics/<slug>/stories.feed.json")
@limited("reading")
def json_of_topic(slug: str) -> Response:
    """The same of a topic, as JSON Feed."""
    return _json_feed(subjects.of_topic(slug))


@pages.get("/organisations/<code>/stories.feed.json")
@limited("reading")
def json_of_organisation(code: str) -> Response:
    """The same of all services of an organisation, as JSON Feed."""
    return _json_feed(subjects.of_organisation(code))


@pages.get("/embed")
@limited("reading")
def frame() -> Response:
    """A frame for anybody's page: the stories of a `service` or `topic` and the form, or one `story`."""
    asked = frames.asked_for(request.args)
    if asked.site_key and not origins.website_of(asked.site_key):
        raise frames.FrameNotSetUp(_UNKNOWN_KEY)
    page = _one_story(asked) if asked.story else _newest_stories(asked)
    return conditional(Response(page, mimetype="text/html"), max_age=_FRAME_KEPT)


@pages.get("/oembed")
@limited("reading")
def oembed() -> Response:
    """How to show the page at `url` in another (oEmbed 1.0)."""
    settings = _settings()
    asked = embedding.asked_for(request.args)
    answer = embedding.answer(asked, (settings.public_url, *own_origins()), settings)
    if asked.format == "xml":
        response = Response(render_template("feeds/oembed.xml", answer=answer), mimetype="text/xml")
    else:
        response = jsonify(answer)
    return conditional(response, max_age=embedding.KEPT)


@pages.after_request
def let_it_be_framed(response: Response) -> Response:
    """The frame alone may stand in another page, also when it says what went wrong."""
    if request.endpoint == "feeds.frame":
        response.headers["Content-Security-Policy"] = FRAME_POLICY
        # Pages under COEP frame only what says that it keeps to it too.
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@pages.errorhandler(Problem)
def nothing_to_show(problem: Problem) -> Response:
    """Said within the frame: our usual page would not fit, and its links not open there."""
    framed = request.endpoint == "feeds.frame"
    asked = frames.asked_for(request.args)
    page = render_template("public/embed_problem.html", frame=asked, problem=problem) if framed else None
    return problems.answer(problem, page)


@pages.errorhandler(OperationalError)
def busy(error: OperationalError) -> Response:
    """The database is locked or away."""
    return nothing_to_show(problems.busy(error))


@pages.app_context_processor
def shown_elsewhere() -> dict[str, str]:
    """Where a page of ours is told of as oEmbed: whole, as those ask for it who find it in the page."""
    public_url = _settings().public_url
    page = with_lang(f"{public_url}{request.path}")
    return {"oembed_url": f"{public_url}/oembed?{urlencode({'url': page})}"}


def _one_story(asked: Frame) -> str:
    (story,) = shown([lists.get(asked.story or "")], _settings().public_url)
    return render_template("public/embed_story.html", frame=asked, story=story)


def _newest_stories(asked: Frame) -> str:
    public_url = _settings().public_url
    named: dict[str, Any] = {"service": asked.service, "topic": asked.topic}
    about = subjects.named({kind: one for kind, one in named.items() if one})
    if not about.kind:
        raise frames.FrameNotSetUp(_NOTHING_NAMED)
    found = lists.newest(about, limit=asked.most)
    told = found.stories if "stories" in asked.parts else []
    return render_template(
        "public/embed.html",
        frame=asked,
        about=about.describe(public_url),
        page={"items": shown(told, public_url), "total": found.total, "shown": len(told)},
        tell_url=url_for("telling.tell", **named),
    )


def _atom(about: Subject) -> Response:
    items = _moved_lately(about)
    found = entries(items, language().tag)
    gone = taken_down(items)
    # An empty feed still needs a moment (RFC 4287 4.2.15): the day, so that the bytes rest.
    moments = [*(entry["updated"] for entry in found), *(one["when"] for one in gone)]
    xml = render_template(
        "feeds/stories.atom", entries=found, gone=gone, head=newest_head(), **_addresses(about),
        updated=max(moments, default=f"{clock.today()}T00:00:00Z"),
    )  # fmt: skip
    return conditional(Response(xml, mimetype="application/atom+xml"), max_age=_KEPT)


def _json_feed(about: Subject) -> Response:
    documented = f"{_settings().public_url}{url_for('pages.api_page', lang=None)}#feeds"
    items = [
        json_feed.item(entry, render_template("feeds/item.html", story=entry["story"]).strip(), documented)
        for entry in entries(_moved_lately(about), language().tag)
    ]
    where = _addresses(about)
    title = spoken(say("Patients’ stories: {name}", name=where["name"]))
    feed = json_feed.feed(title, where["page"], where["feed_url"], language().tag, items)
    return conditional(
        Response(json.dumps(feed, ensure_ascii=False), mimetype=json_feed.MEDIA_TYPE), max_age=_KEPT
    )


def _moved_lately(about: Subject) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = shown(lists.moved_lately(about, limit=NEWEST), _settings().public_url)
    return items


def _addresses(about: Subject) -> dict[str, str]:
    """What a feed is about, the address of the page it follows, and its own."""
    public_url = _settings().public_url
    return {
        "name": spoken(about.describe(public_url)[about.kind]["name"]),
        "page": public_url + url_for(f"pages.{about.kind}_page", **about.named),
        "feed_url": public_url + url_for(request.endpoint or "", **about.named),
    }


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
