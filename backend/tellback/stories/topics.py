"""Topics: conditions or themes that gather stories across services."""

import json
import re
from importlib import resources
from typing import Any

from tellback import clock
from tellback.errors import InvalidInput, NotFound
from tellback.stories.models import StoryTopic, Topic
from tellback.translations.sentences import say, say_as

CONDITION, THEME = "condition", "theme"

_BOOK = json.loads(resources.files("tellback.stories").joinpath("themes.json").read_text(encoding="utf-8"))

# The closed list of themes, slug and name, in the order in which a form offers them.
THEMES: dict[str, str] = {theme["slug"]: theme["name"] for theme in _BOOK["themes"]}


def bring_themes() -> None:
    """Put the closed list of themes among the topics, under its present names; a second time changes none.

    A condition that has a theme's slug becomes the theme, and its stories stay with it.
    """
    rows = [
        {"slug": slug, "name": name, "kind": THEME, "created_at": clock.now()}
        for slug, name in THEMES.items()
    ]
    Topic.insert_many(rows).on_conflict(
        conflict_target=[Topic.slug], preserve=[Topic.name, Topic.kind]
    ).execute()


def add(name: str) -> Topic:
    """The topic of this name, made a condition if it is new; its slug is its name in lower case with hyphens.

    Raises InvalidInput for a name without letters.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64]
    if not slug:
        raise InvalidInput(errors={"name": ["A topic needs a name with letters or digits."]})
    topic, _made = Topic.get_or_create(
        slug=slug, defaults={"name": name.strip()[:120], "created_at": clock.now()}
    )
    return topic


def get(slug: str) -> Topic:
    """The topic of this slug. Raises NotFound."""
    topic = Topic.get_or_none(Topic.slug == slug)
    if topic is None:
        raise NotFound(say("We know no topic by that name."))
    return topic


def every() -> list[Topic]:
    """All topics, conditions before themes, each kind by name."""
    return list(Topic.select().order_by(Topic.kind, Topic.name, Topic.id))


def describe(topic: Topic, public_url: str) -> dict[str, str]:
    """The topic as the API shows it. A theme is ours and has a name in every language."""
    name = say_as("theme", topic.name) if topic.kind == THEME else topic.name
    return {"slug": topic.slug, "name": name, "url": f"{public_url}/topics/{topic.slug}"}


def describe_raised(raised: StoryTopic, public_url: str) -> dict[str, Any]:
    """A topic as a story raises it: with `polarity`, how it was, or None where that was not said."""
    return {**describe(raised.topic, public_url), "polarity": raised.polarity}
