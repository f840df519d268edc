"""Topics: conditions or themes that gather stories across services."""

import json
import re
from importlib import resources
from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.stories import desk_words
from tellback.stories.models import StoryTopic, Topic
from tellback.translations.sentences import say, say_as

CONDITION, THEME = "condition", "theme"
LONGEST_NAME = 120

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
    topic, _made = Topic.get_or_create(
        slug=_slug(name), defaults={"name": name.strip()[:LONGEST_NAME], "created_at": clock.now()}
    )
    return topic


def name_new(name: str, by: Account) -> Topic:
    """Make a condition of this name. Raises NotAllowed, and InvalidInput for a name that another has."""
    require(by, Action.KEEP_STORE)
    name = _checked(name)
    slug = _slug(name)
    try:
        with transaction():
            topic = Topic.create(slug=slug, name=name, created_at=clock.now())
            _record(acts.Act.TOPIC_ADDED, topic, by, name=name)
    except peewee.IntegrityError as error:
        raise InvalidInput(errors={"name": [f"There is a topic at {slug} already."]}) from error
    return topic


def rename(slug: str, read: int, name: str, by: Account) -> Topic:
    """Call a condition otherwise; its slug, and so its address, stays. `read` is the revision that was seen.

    Raises NotAllowed, NotFound, InvalidInput, and Conflict where somebody else changed it since.
    """
    topic, name = _condition(slug, by), _checked(name, slug)
    if name != topic.name:
        with transaction():
            _set(topic, read, name=name)
            desk_words.keep_those_of(topic)
            _record(acts.Act.TOPIC_RENAMED, topic, by, name=[topic.name, name])
    return get(slug)


def retire(slug: str, read: int, by: Account) -> None:
    """Offer a condition no more. What is gathered under it stays, and pages that carry it go on working."""
    topic = _condition(slug, by)
    if not topic.retired_at:
        with transaction():
            _set(topic, read, retired_at=clock.now())
            _record(acts.Act.TOPIC_RETIRED, topic, by)


def restore(slug: str, read: int, by: Account) -> None:
    """Offer a condition again."""
    topic = _condition(slug, by)
    if topic.retired_at:
        with transaction():
            _set(topic, read, retired_at=None)
            _record(acts.Act.TOPIC_RESTORED, topic, by)


def get(slug: str) -> Topic:
    """The topic of this slug. Raises NotFound."""
    topic = Topic.get_or_none(Topic.slug == slug)
    if topic is None:
        raise NotFound(say("We know no topic by that name."))
    return topic


def every() -> list[Topic]:
    """All topics that are offered, conditions before themes, each kind by name."""
    offered = Topic.select().where(Topic.retired_at.is_null())
    return list(offered.order_by(Topic.kind, Topic.name, Topic.id))


def describe(topic: Topic, public_url: str) -> dict[str, str]:
    """The topic as the API shows it."""
    return describe_named(topic.slug, topic.name, topic.kind, public_url)


def describe_named(slug: str, name: str, kind: str, public_url: str) -> dict[str, str]:
    """The same of a topic's columns. A theme is ours and has a name in every language."""
    said = say_as("theme", name) if kind == THEME else name
    return {"slug": slug, "name": said, "url": f"{public_url}/topics/{slug}"}


def describe_raised(raised: StoryTopic, public_url: str) -> dict[str, Any]:
    """A topic as a story raises it: with `polarity`, how it was, or None where that was not said."""
    return {**describe(raised.topic, public_url), "polarity": raised.polarity}


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64]
    if not slug:
        raise InvalidInput(errors={"name": ["A topic needs a name with letters or digits."]})
    return slug


def _checked(name: str, own_slug: str = "") -> str:
    """The name of a topic, fit to keep. Raises InvalidInput for none, a long one, or another's."""
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput(errors={"name": [f"Give a name of up to {LONGEST_NAME} characters."]})
    others = Topic.select().where(Topic.slug != own_slug)
    if any(other.name.casefold() == name.casefold() for other in others):
        raise InvalidInput(errors={"name": ["Another topic is called so already."]})
    return name


def _condition(slug: str, by: Account) -> Topic:
    require(by, Action.KEEP_STORE)
    topic = get(slug)
    if topic.kind == THEME:
        raise InvalidInput("Themes are a closed list that is the same everywhere. Conditions are yours.")
    return topic


def _set(topic: Topic, read: int, **columns: Any) -> None:
    counted = Topic.update({**columns, "revision": read + 1}).where(
        Topic.id == topic.id, Topic.revision == read
    )
    if not counted.execute():
        raise Conflict("Somebody else changed this while you were writing. Nothing of yours is lost.")


def _record(act: acts.Act, topic: Topic, by: Account, **detail: Any) -> None:
    acts.record(act, acts.staff(by.id), "topic", topic.slug, **detail)
