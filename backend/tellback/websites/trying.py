"""Trying the embed out: what a page shows for the choices in its address, for webmasters and everyone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlencode

from tellback.config import Settings
from tellback.errors import InvalidInput, NotFound
from tellback.organisations import catalogue, finder
from tellback.organisations.models import Service
from tellback.websites import choices as chosen
from tellback.websites import snippet as snippets
from tellback.websites.choices import SAMPLES, SHOWN, THEMES, Choices, Reading
from tellback.websites.models import Website

# Places that the finder offers at once.
_OFFERED = 8


class Named(Protocol):
    """A topic, as much of it as is asked for here."""

    slug: str
    name: str


@dataclass(frozen=True)
class Subjects:
    """What stories know, handed in by the app: this folder stands below theirs.

    `topic` raises NotFound for a slug that is none; `example` is a service that has stories, if any has.
    """

    topic: Callable[[str], Named]
    topics: Callable[[], Sequence[Named]]
    example: Callable[[], Service | None]


@dataclass(frozen=True)
class Told:
    """Choices with what they are about at hand."""

    choices: Choices
    service: Service | None
    topic: Named | None
    # Stands in for what was not chosen, in the preview alone.
    example: Service | None

    @property
    def name(self) -> str:
        """What the stories are of, as people call it; empty where nothing was chosen."""
        return self.service.name if self.service else self.topic.name if self.topic else ""

    @property
    def attributes(self) -> dict[str, str]:
        """Those of the tag in a preview."""
        service = self.service or (None if self.topic else self.example)
        about = {"service": service.code if service else "", "topic": self.topic.slug if self.topic else ""}
        return {**{name: value for name, value in about.items() if value}, **self.choices.attributes}


def bench(
    query: Mapping[str, list[str]],
    subjects: Subjects,
    settings: Settings,
    integrity: str,
    website: Website | None = None,
) -> dict[str, Any]:
    """All that the page shows: the form as filled in, what it found, the preview's address, what to copy.

    For a website, services of its organisation are offered before anything is looked for.
    """
    reading = chosen.read(query)
    told = _looked_up(reading, subjects)
    found, more = _found(reading, told.service, website)
    made = snippets.snippet(
        settings.public_url,
        told.choices,
        service=told.service,
        topic_name=told.topic.name if told.topic else "",
        website=website,
    )
    subject, body = snippets.letter(made, settings.operator, told.name or "your service")
    kept = told.choices.query
    return {
        "typed": reading.values,
        "errors": reading.errors,
        "found": found,
        "more": more,
        "topics": [(topic.slug, topic.name) for topic in subjects.topics()],
        "shown": list(SHOWN.items()),
        "themes": list(THEMES.items()),
        "languages": chosen.languages(),
        "levels": [(str(level), f"<h{level}>") for level in chosen.LEVELS],
        "told": told,
        "kept": urlencode(kept),
        "samples": [
            {
                "sample": sample,
                "label": label,
                "here": urlencode({**kept, "sample": sample}),
                "current": sample == told.choices.sample,
            }
            for sample, label in SAMPLES.items()
        ],
        "preview": urlencode(kept),
        "made": made,
        "pinned": made.pinned(integrity),
        "letter": body,
        "mailto": snippets.mailto(subject, body),
    }


def preview(query: Mapping[str, list[str]], subjects: Subjects) -> tuple[dict[str, str], str]:
    """The attributes of the tag in a sample page, and the style sheet that goes with it."""
    reading = chosen.read(query)
    told = _looked_up(reading, subjects)
    made = snippets.snippet("", told.choices)
    return told.attributes, made.style


def _looked_up(reading: Reading, subjects: Subjects) -> Told:
    """What the choices name; what nobody knows is said in the reading's errors, and left out."""
    choices, service, topic = reading.choices, None, None
    if choices.service:
        try:
            service = catalogue.get(choices.service)
        except NotFound as unknown:
            reading.errors["service"] = [unknown.detail]
            choices = replace(choices, service="")
    if choices.topic:
        try:
            topic = subjects.topic(choices.topic)
        except NotFound:
            reading.errors["topic"] = ["We know no topic by that name."]
            choices = replace(choices, topic="")
    nothing = service is None and topic is None
    return Told(choices, service, topic, subjects.example() if nothing else None)


def _found(
    reading: Reading, service: Service | None, website: Website | None
) -> tuple[list[tuple[str, str]], int]:
    """The places to choose from, the chosen one first, and how many more there are."""
    offered = [service] if service else []
    more = 0
    if not reading.choices.q and website and website.organisation_id:
        own = Service.in_full().where(Service.organisation == website.organisation_id)
        first = own.order_by(Service.parent.is_null(False), Service.name, Service.id).limit(_OFFERED)
        offered += [one for one in first if service is None or one.code != service.code]
        more = own.count() - len(offered)
    elif reading.choices.q:
        try:
            page = finder.find(reading.choices.q, limit=_OFFERED)
        except InvalidInput as wrong:
            reading.errors["q"] = (wrong.errors or {}).get("q", [wrong.detail])
        else:
            offered += [one for one in page.items if service is None or one.code != service.code]
            more = page.total - len(page.items)
            if not page.items:
                reading.errors["q"] = [f"We found no place for “{reading.choices.q}”. Try fewer words."]
    return [(one.code, _label(one)) for one in offered], more


def _label(service: Service) -> str:
    where = service.parent.name if service.parent else service.town
    return " · ".join(filter(None, (service.name, where, service.postcode)))
