"""Addresses of the feeds, of the frame that stands in other pages, and of what tells them of it (oEmbed)."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from peewee import OperationalError

from tellback import clock
from tellback.config import Settings
from tellback.errors import Problem
from tellback.feeds import oembed as embedding
from tellback.feeds.atom import NEWEST, entries
from tellback.http import problems
from tellback.http.caching import conditional
from tellback.http.headers import FRAME_POLICY
from tellback.http.ratelimits import READING, limiter, wait
from tellback.http.translations import language, spoken, with_lang
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.published import lists
from tellback.published.shown import shown
from tellback.stories import topics
from tellback.stories.models import Topic
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
@limiter.limit(READING)
def of_service(code: str) -> Response:
    """The newest stories of a service and those below it."""
    service = catalogue.get(code)
    return _feed(service, None, url_for("pages.service_page", code=code), url_for(".of_service", code=code))


@pages.get("/topics/<slug>/stories.atom")
@limiter.limit(READING)
def of_topic(slug: str) -> Response:
    """The newest stories of a topic."""
    topic = topics.get(slug)
    return _feed(None, topic, url_for("pages.topic_page", slug=slug), url_for(".of_topic", slug=slug))


@pages.get("/embed")
@limiter.limit(READING)
def frame() -> Response:
    """A frame for anybody's page: the stories of a `service` or `topic` and the form, or one `story`."""
    asked = frames.asked_for(request.args)
    if asked.site_key and not origins.website_of(asked.site_key):
        raise frames.FrameNotSetUp(_UNKNOWN_KEY)
    page = _one_story(asked) if asked.story else _newest_stories(asked)
    return conditional(Response(page, mimetype="text/html"), max_age=_FRAME_KEPT)


@pages.get("/oembed")
@limiter.limit(READING)
def oembed() -> Response:
    """How to show the page at `url` in another (oEmbed 1.0)."""
    settings = _settings()
    asked = embedding.asked_for(request.args)
    answer = embedding.answer(asked, (settings.public_url, request.host_url.rstrip("/")), settings)
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


@pages.errorhandler(RateLimitExceeded)
def too_many(error: RateLimitExceeded) -> Response:
    """A limit is reached."""
    return nothing_to_show(wait(error))


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
    service = catalogue.get(asked.service) if asked.service else None
    topic = topics.get(asked.topic) if asked.topic else None
    if not service and not topic:
        raise frames.FrameNotSetUp(_NOTHING_NAMED)
    found = lists.newest(service, topic, limit=asked.most)
    told = found.stories if "stories" in asked.parts else []
    named: dict[str, Any] = {"service": asked.service, "topic": asked.topic}
    return render_template(
        "public/embed.html",
        frame=asked,
        about={
            "service": catalogue.describe(service, public_url) if service else None,
            "topic": topics.describe(topic, public_url) if topic else None,
        },
        page={"items": shown(told, public_url), "total": found.total, "shown": len(told)},
        tell_url=url_for("telling.tell", **named),
    )


def _feed(service: Service | None, topic: Topic | None, page: str, here: str) -> Response:
    public_url = _settings().public_url
    about = topics.describe(topic, public_url) if topic else {"name": service.name if service else ""}
    items: list[dict[str, Any]] = shown(lists.newest(service, topic, limit=NEWEST).stories, public_url)
    found = entries(items, language().tag)
    # An empty feed still needs a moment (RFC 4287 4.2.15): the day, so that the bytes rest.
    updated = max((entry["updated"] for entry in found), default=f"{clock.today()}T00:00:00Z")
    xml = render_template(
        "feeds/stories.atom", name=spoken(about["name"]), page=public_url + page, feed_url=public_url + here,
        entries=found, updated=updated,
    )  # fmt: skip
    return conditional(Response(xml, mimetype="application/atom+xml"), max_age=_KEPT)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
