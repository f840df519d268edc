"""Topics, as the store lists and shows them."""

from collections.abc import Iterator
from typing import Any

import peewee
from flask import url_for

from tellback.admin import store_history, storing
from tellback.admin.exports import Cell
from tellback.stories import topics
from tellback.stories.models import Story, StoryTopic, Topic
from tellback.stories.states import State, in_states

COLUMNS = ("Topic", "Slug", "Kind", "Published stories", "Retired")


def describe_list(q: str) -> dict[str, Any]:
    """All topics, as `staff/store/topics.html` shows them."""
    return {
        "topics": [
            {
                "url": url_for("admin.topic", slug=one.slug),
                "name": one.name,
                "theme": one.kind == topics.THEME,
                "stories": one.stories,
                "retired": bool(one.retired_at),
            }
            for one in _query(q)
        ],
        "total": Topic.select().count(),
        "values": {"q": q},
        "urls": {
            "here": url_for("admin.topics_list"),
            "send": url_for("admin.add_topic"),
            "export": url_for("admin.topics_file", q=q or None),
        },
    }


def rows(q: str) -> Iterator[tuple[Cell, ...]]:
    """Every topic of the list as a line of a file."""
    return ((one.name, one.slug, one.kind, one.stories, one.retired_at) for one in _query(q))


def describe(topic: Topic) -> dict[str, Any]:
    """One condition, as `staff/store/topic.html` shows it."""
    to = {"slug": topic.slug}
    return {
        "topic": {
            "name": topic.name,
            "slug": topic.slug,
            "theme": topic.kind == topics.THEME,
            "retired": bool(topic.retired_at),
            "revision": topic.revision,
        },
        "now": {"name": topic.name},
        "labels": storing.FACTS,
        "history": store_history.of("topic", topic.slug),
        "urls": {
            "back": url_for("admin.topics_list"),
            "page": url_for("pages.topic_page", **to),
            "send": url_for("admin.rename_topic", **to),
            "state": url_for("admin.retire_or_restore_topic", **to),
        },
    }


def _query(q: str) -> "peewee.ModelSelect[Topic]":
    published = (
        StoryTopic.select(peewee.fn.COUNT(StoryTopic.id))
        .join(Story)
        .where(StoryTopic.topic == Topic.id, in_states(State.PUBLISHED))
    )
    query: peewee.ModelSelect[Topic] = Topic.select(Topic, published.alias("stories")).order_by(
        Topic.kind, Topic.name, Topic.id
    )
    return query.where(Topic.name.contains(q)) if q else query
