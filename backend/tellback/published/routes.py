"""What programs and the embed read: published stories, sums and changes as JSON."""

from typing import Any

from flask import Response, current_app, jsonify, request

from tellback.blocking import addresses
from tellback.config import Settings
from tellback.http.api import Blueprint
from tellback.http.caching import conditional
from tellback.http.keeper import elsewhere
from tellback.http.origins import sending_website
from tellback.http.pseudonyms import visitor
from tellback.http.ratelimits import is_read, is_searched, limited
from tellback.http.translations import spoken
from tellback.organisations import catalogue
from tellback.published import described, subjects, wall_routes
from tellback.published.lists import Asked
from tellback.published.page_routes import pages
from tellback.published.schemas import (
    ChangesQuerySchema,
    ChangesSchema,
    MeTooSchema,
    ShownStorySchema,
    StoriesQuerySchema,
    StoriesSchema,
    SummarySchema,
    TopicSchema,
    TransparencySchema,
)
from tellback.published.subjects import Subject
from tellback.stories import me_too, topics

# `pages` are those of `page_routes`; those of `wall_routes` join them when that is imported.
__all__ = ["api", "pages", "wall_routes"]

# Seconds a reader's browser may show the list it has; a new story is seen soon after.
LIST_KEPT = 30

api = Blueprint("published", __name__, url_prefix="/api/v1", description="Published stories")


@api.get("/stories")
@limited("reading", when=is_read)
@limited("searching", when=is_searched)
@api.arguments(StoriesQuerySchema, location="query")
@api.response(200, StoriesSchema)
def stories_list(query: dict[str, Any]) -> Response:
    """Published stories of a service, a topic or all: searched, narrowed and ordered as their reader asks."""
    asked = Asked.of(query, subjects.named(query))
    return _answer(described.stories(asked, query.get("cursor"), query["limit"], _settings()))


@api.get("/stories/<story_id>")
@limited("reading")
@api.response(200, ShownStorySchema)
def story(story_id: str) -> Response:
    """One published story, or the tombstone of one that was, with its entries in the public ledger."""
    return _answer(described.whole(story_id, _settings()))


@api.post("/stories/<story_id>/me-too")
@limited("me too")
@api.response(200, MeTooSchema)
def say_me_too(story_id: str) -> Response:
    """Say that this happened to you too: counted once a day for a story. The body may be empty."""
    addresses.require_open(request.remote_addr, elsewhere(_settings()))
    sending_website(None)
    count, counted = me_too.add(story_id, visitor())
    response = jsonify(me_too=count, counted=counted)
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/services/<code>/summary")
@limited("reading")
@api.response(200, SummarySchema)
def service_summary(code: str) -> Response:
    """The stories of a service and those below it in numbers."""
    return _answer(described.in_numbers(subjects.of_service(code), _settings()))


@api.get("/topics/<slug>/summary")
@limited("reading")
@api.response(200, SummarySchema)
def topic_summary(slug: str) -> Response:
    """The stories of a topic in numbers."""
    return _answer(described.in_numbers(subjects.of_topic(slug), _settings()))


@api.get("/organisations/<code>/summary")
@limited("reading")
@api.response(200, SummarySchema)
def organisation_summary(code: str) -> Response:
    """The stories of all services of an organisation in numbers."""
    return _answer(described.in_numbers(subjects.of_organisation(code), _settings()))


@api.get("/services/<code>/changes")
@limited("reading")
@api.arguments(ChangesQuerySchema, location="query")
@api.response(200, ChangesSchema)
def service_changes(query: dict[str, Any], code: str) -> Response:
    """What a service and those below it changed because of stories, newest first."""
    return _changes(subjects.of_service(code), query)


@api.get("/topics/<slug>/changes")
@limited("reading")
@api.arguments(ChangesQuerySchema, location="query")
@api.response(200, ChangesSchema)
def topic_changes(query: dict[str, Any], slug: str) -> Response:
    """What services changed because of a topic's stories, newest first."""
    return _changes(subjects.of_topic(slug), query)


@api.get("/organisations/<code>/changes")
@limited("reading")
@api.arguments(ChangesQuerySchema, location="query")
@api.response(200, ChangesSchema)
def organisation_changes(query: dict[str, Any], code: str) -> Response:
    """What all services of an organisation changed because of stories, newest first."""
    return _changes(subjects.of_organisation(code), query)


@api.get("/transparency")
@limited("reading")
@api.response(200, TransparencySchema)
def transparency_of_all() -> Response:
    """What became of all stories that were ever told here, as anyone can count it in the ledger."""
    return _answer(described.became_of(None, _settings()))


@api.get("/services/<code>/transparency")
@limited("reading")
@api.response(200, TransparencySchema)
def transparency_of_service(code: str) -> Response:
    """What became of all stories that were ever told of a service and those below it."""
    return _answer(described.became_of(catalogue.get(code), _settings()))


@api.get("/topics/<slug>")
@limited("reading")
@api.response(200, TopicSchema)
def topic(slug: str) -> Response:
    """One topic."""
    return _answer(topics.describe(topics.get(slug), _settings().public_url))


def _changes(about: Subject, query: dict[str, Any]) -> Response:
    return _answer(described.changed(about, query.get("cursor"), query["limit"], _settings()))


def _answer(found: dict[str, Any]) -> Response:
    return conditional(jsonify(spoken(found)), max_age=LIST_KEPT)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
