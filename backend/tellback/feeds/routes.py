"""Addresses of the feeds."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for

from tellback import clock
from tellback.feeds.atom import NEWEST, entries
from tellback.http.caching import conditional
from tellback.http.ratelimits import READING, limiter
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.published import lists
from tellback.published.shown import shown
from tellback.stories import topics
from tellback.stories.models import Topic

pages = Blueprint("feeds", __name__)

# Seconds; feed readers ask far less often.
_KEPT = 300


@pages.get("/services/<code>/stories.atom")
@limiter.limit(READING)
def of_service(code: str) -> Response:
    """The newest stories of a service and those below it."""
    service = catalogue.get(code)
    return _feed(service, None, service.name, url_for("pages.service_page", code=code))


@pages.get("/topics/<slug>/stories.atom")
@limiter.limit(READING)
def of_topic(slug: str) -> Response:
    """The newest stories of a topic."""
    topic = topics.get(slug)
    return _feed(None, topic, topic.name, url_for("pages.topic_page", slug=slug))


def _feed(service: Service | None, topic: Topic | None, name: str, page: str) -> Response:
    public_url = current_app.config["SETTINGS"].public_url
    items: list[dict[str, Any]] = shown(lists.newest(service, topic, limit=NEWEST).stories, public_url)
    found = entries(items)
    # An empty feed still needs a moment (RFC 4287 4.2.15): the day, so that the bytes rest.
    updated = max((entry["updated"] for entry in found), default=f"{clock.today()}T00:00:00Z")
    xml = render_template(
        "feeds/stories.atom", name=name, page=public_url + page, feed_url=f"{public_url}{page}/stories.atom",
        entries=found, updated=updated,
    )  # fmt: skip
    return conditional(Response(xml, mimetype="application/atom+xml"), max_age=_KEPT)
