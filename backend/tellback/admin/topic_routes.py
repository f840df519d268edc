"""The store: topics."""

from flask import Response
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import store_schemas, store_topics
from tellback.admin.doors import if_refused, me, on_to, pages, stands_on, words_asked
from tellback.admin.exports import csv_answer
from tellback.admin.store_screens import show, with_typed
from tellback.errors import Problem
from tellback.http import bodies
from tellback.stories import topics


def _topics_screen(problem: Problem | None = None) -> str:
    described = store_topics.describe_list(words_asked())
    return show("topics", "admin.topics_list", **{**described, **if_refused(problem)})


def _topic_screen(slug: str, problem: Problem | None = None) -> str:
    described = store_topics.describe(topics.get(slug))
    return show("topic", "admin.topics_list", **with_typed(described, problem, rename_topic="values"))


@pages.get("/topics")
@signed_in(Action.READ_STORE)
def topics_list() -> str:
    """What gathers stories across services."""
    return _topics_screen()


@pages.get("/topics.csv")
@signed_in(Action.READ_STORE)
def topics_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("topics", store_topics.COLUMNS, store_topics.rows(words_asked()))


@pages.post("/topics")
@signed_in(Action.KEEP_STORE)
@stands_on(_topics_screen)
def add_topic() -> ResponseReturnValue:
    """Name a condition."""
    added = topics.name_new(bodies.read(store_schemas.NewTopicSchema())["name"], me())
    return on_to(".topic", "The condition is offered from now on.", slug=added.slug)


@pages.get("/topics/<slug>")
@signed_in(Action.READ_STORE)
def topic(slug: str) -> str:
    """One condition."""
    return _topic_screen(slug)


@pages.post("/topics/<slug>")
@signed_in(Action.KEEP_STORE)
@stands_on(_topic_screen)
def rename_topic(slug: str) -> ResponseReturnValue:
    """Call it otherwise."""
    form = bodies.read(store_schemas.TopicSchema())
    topics.rename(slug, form["revision"], form["name"], me())
    return on_to(".topic", "The condition has its new name. Its address stays.", slug=slug)


@pages.post("/topics/<slug>/state")
@signed_in(Action.KEEP_STORE)
@stands_on(_topic_screen)
def retire_or_restore_topic(slug: str) -> ResponseReturnValue:
    """Offer it no more, or again."""
    form = bodies.read(store_schemas.StateSchema())
    act, said = (
        (topics.retire, "It is offered no more. Its stories stay.")
        if form["to"] == "closed"
        else (topics.restore, "It is offered again.")
    )
    act(slug, form["revision"], me())
    return on_to(".topic", said, slug=slug)
