"""Topics: conditions or themes that gather stories across services."""

import re

from tellback import clock
from tellback.errors import InvalidInput, NotFound
from tellback.stories.models import Topic


def add(name: str) -> Topic:
    """The topic of this name, made if it is new; its slug is its name in lower case with hyphens.

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
        raise NotFound("We know no topic by that name.")
    return topic


def describe(topic: Topic, public_url: str) -> dict[str, str]:
    """The topic as the API shows it."""
    return {"slug": topic.slug, "name": topic.name, "url": f"{public_url}/topics/{topic.slug}"}
