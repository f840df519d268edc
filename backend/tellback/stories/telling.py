"""What a form needs before somebody tells: where complaints go, who helps at once, what can be checked."""

from collections.abc import Sequence
from typing import Any

from tellback import clock
from tellback.organisations import catalogue, complaints
from tellback.organisations.models import Service
from tellback.organisations.nations import nation_of
from tellback.rota import hours
from tellback.screening import can_check
from tellback.stories import support, topics
from tellback.stories.models import Topic
from tellback.stories.own_names import own_names
from tellback.translations.catalogues import is_checked
from tellback.translations.languages import LANGUAGES, known
from tellback.translations.sentences import say_as


def describe(services: Sequence[Service], topic: Topic | None, lang: str, public_url: str) -> dict[str, Any]:
    """The facts for telling about services, a topic, or both, as the API answers them.

    Of several services the first decides the nation, and with it the lines of support and the way to
    complain. `lang` is what the story is written in (BCP 47).
    """
    first = services[0] if services else None
    nation = nation_of(first) if first else None
    return {
        "about": {
            "service": catalogue.describe(first, public_url) if first else None,
            "topic": topics.describe(topic, public_url) if topic else None,
        },
        "nation": nation,
        "support": support.lines(nation),
        "complaints": complaints.describe(first) if first else None,
        "own_names": own_names(services),
        "themes": themes(),
        "languages": [
            {"tag": language.tag, "name": language.name, "checked": is_checked(language.tag)}
            for language in LANGUAGES.values()
        ],
        "can_check": can_check(known(lang) or lang),
        "staffed": _staffed(),
    }


def _staffed() -> dict[str, Any]:
    """Whether somebody reads at this hour, and else from when on: a day and an hour at the desk."""
    kept, now = hours.current(), clock.now()
    opens = None if kept.staffed(now) else kept.next_opening(now)
    at = opens.astimezone(hours.ZONE).strftime("%Y-%m-%dT%H:%M") if opens else None
    return {"now": kept.staffed(now), "opens": at}


def themes() -> list[dict[str, str]]:
    """The closed list of themes, in the order in which a form offers them."""
    return [{"slug": slug, "name": say_as("theme", name)} for slug, name in topics.THEMES.items()]
