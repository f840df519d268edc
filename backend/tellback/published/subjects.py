"""What a list, a summary or a feed is about: a service, a topic, an organisation, or all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from peewee import Expression, ModelSelect

from tellback.errors import NotFound
from tellback.organisations import catalogue
from tellback.organisations.models import Organisation, Service
from tellback.organisations.naming import tidy_code
from tellback.search import index
from tellback.stories import shelves, topics
from tellback.stories.models import ShelvedStory, Story, Topic
from tellback.translations.sentences import say


@dataclass(frozen=True)
class Subject:
    """A service with those below it, a topic, or all services of an organisation; all for none of them."""

    service: Service | None = None
    topic: Topic | None = None
    organisation: Organisation | None = None

    @property
    def kind(self) -> str:
        """`service`, `topic`, `organisation`; empty for all."""
        named = (kind for kind in ("service", "topic", "organisation") if getattr(self, kind) is not None)
        return next(named, "")

    @property
    def named(self) -> dict[str, Any]:
        """What the address of its page is made of: `code` or `slug`."""
        if self.topic is not None:
            return {"slug": self.topic.slug}
        about = self.service or self.organisation
        return {"code": about.code} if about is not None else {}

    @cached_property
    def services(self) -> "list[int] | ModelSelect[Any] | None":
        """The ids of its services, or a query of them; None for a topic and for all. Asked for once."""
        if self.service is not None:
            return catalogue.below(self.service)
        if self.organisation is not None:
            return Service.select(Service.id).where(Service.organisation == self.organisation)
        return None

    @property
    def shelf(self) -> tuple[str, int]:
        """The list of the public that its stories stand in (`stories.shelves`)."""
        about = self.service or self.topic or self.organisation
        return (self.kind, about.id) if about is not None else shelves.ALL

    def stories(self) -> "ModelSelect[Any] | None":
        """A query of the ids of the stories about it that were ever public; None for all."""
        if self.shelf == shelves.ALL:
            return None
        return ShelvedStory.select(ShelvedStory.story).where(*shelves.stand_in(*self.shelf))

    def marks(self) -> tuple[tuple[str, ...], ...]:
        """What the index of words knows the stories about it by: a scope, or none for all."""
        services = self.services
        if services is not None:
            numbers = services if isinstance(services, list) else [number for (number,) in services.tuples()]
            # Of no service there is no story.
            return (tuple(map(index.service, numbers)) or (index.service(0),),)
        return ((index.topic(self.topic.id),),) if self.topic is not None else ()

    def is_about(self) -> list[Expression]:
        """That a story is about it, as conditions of a query of stories."""
        stories = self.stories()
        return [] if stories is None else [Story.id.in_(stories)]

    def describe(self, public_url: str) -> dict[str, Any]:
        """It as the API gives it: `service`, `topic` and `organisation`, two of them None."""
        return {
            "service": catalogue.describe(self.service, public_url) if self.service else None,
            "topic": topics.describe(self.topic, public_url) if self.topic else None,
            "organisation": describe_organisation(self.organisation, public_url)
            if self.organisation
            else None,
        }


EVERYTHING = Subject()


def named(query: Mapping[str, Any]) -> Subject:
    """The first that a query names: `service`, `topic`, `organisation`; all for none. Raises as they do."""
    for kind, find in (("service", of_service), ("topic", of_topic), ("organisation", of_organisation)):
        if kind in query:
            return find(query[kind])
    return EVERYTHING


def of_service(code: str) -> Subject:
    """The service of a code. Raises UnknownService."""
    return Subject(service=catalogue.get(code))


def of_topic(slug: str) -> Subject:
    """The topic of a slug. Raises NotFound."""
    return Subject(topic=topics.get(slug))


def of_organisation(code: str) -> Subject:
    """The organisation of a code. Raises NotFound."""
    found: Organisation | None = Organisation.get_or_none(Organisation.code == tidy_code(code))
    if found is None:
        raise NotFound(say("No organisation here has that code."))
    return Subject(organisation=found)


def describe_organisation(organisation: Organisation, public_url: str) -> dict[str, str]:
    """An organisation as the API gives it."""
    return {
        "code": organisation.code,
        "name": organisation.name,
        "url": f"{public_url}/organisations/{organisation.code}",
    }
