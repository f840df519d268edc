"""Who may answer a story: the services that it is about, and charities and patient groups let in beside them.

A charity answers as one of its own services, and is named as what it is. Administrators say for which
services (with what belongs to them) or topics: a story is answered by nobody who was not let in.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations import catalogue
from tellback.organisations.models import Organisation, Service
from tellback.replies.models import AnsweringFor
from tellback.stories import topics
from tellback.stories.models import Story, StoryService, StoryTopic, Topic
from tellback.translations.sentences import say

PROVIDER = "provider"
# Services and topics that one organisation may be let in for.
MOST = 200


class Kind(StrEnum):
    """What a reply does: a service answers; a charity or a patient group may signpost or propose besides."""

    ANSWER = "answer"
    SIGNPOST = "signpost"
    PROPOSE = "propose"


def signature(service: Service) -> str:
    """Whom a reply comes from, as everyone reads it. A ward is named with its hospital."""
    return signed(service.name, service.parent and service.parent.name, service.organisation.kind)


def signed(service: str, parent: str | None, kind: str) -> str:
    """The same of a service's name, its parent's, and what their organisation is."""
    name = f"{service}, {parent}" if parent else service
    if kind == "charity":
        return say("From {name}, a charity", name=name)
    if kind == "patient_group":
        return say("From {name}, a patient group", name=name)
    return say("Response from {service}", service=name)


def kinds_for(service: Service) -> list[Kind]:
    """What a reply of this service may be."""
    return [Kind.ANSWER] if service.organisation.kind == PROVIDER else list(Kind)


def services_for(story: Story, account: Account) -> list[Service]:
    """The services as which somebody may answer a story: those it is about first, in its author's order."""
    own = [one for one in _about(story) if may(account, Action.WRITE_REPLIES, one.organisation)]
    beside = _services_of(_let_in(story))
    return own + [
        one for one in beside if one not in own and may(account, Action.WRITE_REPLIES, one.organisation)
    ]


def service_of(story: Story, code: str) -> Service:
    """The service of this code, where it may answer the story. Raises NotFound."""
    for service in _about(story):
        if service.code == code:
            return service
    for service in _services_of(_let_in(story)):
        if service.code == code:
            return service
    raise NotFound("This story is not about that service.")


def stories_beside(organisation_ids: Collection[int]) -> "peewee.ModelSelect[Story]":
    """The ids of stories for which these organisations were let in, as a subquery."""
    let_in = list(AnsweringFor.select().where(AnsweringFor.organisation.in_(list(organisation_ids))))
    services = {one for row in let_in if row.service_id for one in catalogue.below(row.service)}
    by_service = StoryService.select(StoryService.story).where(StoryService.service.in_(services))
    by_topic = StoryTopic.select(StoryTopic.story).where(
        StoryTopic.topic.in_([row.topic_id for row in let_in if row.topic_id])
    )
    query: peewee.ModelSelect[Story] = Story.select(Story.id).where(
        Story.id.in_(by_service) | Story.id.in_(by_topic)
    )
    return query


def let_in_for(organisation: Organisation) -> list[AnsweringFor]:
    """For what an organisation was let in, the first first, with the service or topic at hand."""
    query = (
        AnsweringFor.select(AnsweringFor, Service, Topic)
        .join(Service, peewee.JOIN.LEFT_OUTER)
        .switch(AnsweringFor)
        .join(Topic, peewee.JOIN.LEFT_OUTER)
        .where(AnsweringFor.organisation == organisation)
        .order_by(AnsweringFor.id)
    )
    return list(query)


def let_in(organisation: Organisation, service_code: str, topic_slug: str, *, by: acts.Actor) -> AnsweringFor:
    """Let an organisation answer stories about a service or a topic: one of the two.

    Raises InvalidInput by field, Conflict where it was let in already or for too many.
    """
    if organisation.kind == PROVIDER:
        raise InvalidInput(errors={"service": ["Say first, above, that it is a charity or a patient group."]})
    facts = _named(service_code, topic_slug)
    with transaction():
        held = let_in_for(organisation)
        if any(row.service_id == facts["service"] and row.topic_id == facts["topic"] for row in held):
            raise Conflict(f"{organisation.name} may answer for this already.")
        if len(held) >= MOST:
            raise Conflict(f"An organisation answers for up to {MOST} services and topics.")
        row = AnsweringFor.create(organisation=organisation, allowed_at=clock.now(), **facts)
        named = service_code or topic_slug
        acts.record(acts.Act.LET_IN, by, "organisation", organisation.code, answers_for=named)
    made: AnsweringFor = row
    return made


def shut_out(organisation: Organisation, row_id: int, *, by: acts.Actor) -> None:
    """Take that back; what it answered stays. Raises NotFound."""
    with transaction():
        row = AnsweringFor.get_or_none(AnsweringFor.id == row_id, AnsweringFor.organisation == organisation)
        if row is None:
            raise NotFound(f"{organisation.name} does not answer for this any more.")
        named = row.service.code if row.service else row.topic.slug
        row.delete_instance()
        acts.record(acts.Act.SHUT_OUT, by, "organisation", organisation.code, answers_for=named)


def _named(service_code: str, topic_slug: str) -> dict[str, Any]:
    if bool(service_code) == bool(topic_slug):
        raise InvalidInput(errors={"service": ["Give the code of a service, or choose a topic."]})
    if service_code:
        found = catalogue.by_codes([service_code])
        if not found:
            raise InvalidInput(errors={"service": ["No service here has this code."]})
        return {"service": found[0].id, "topic": None}
    try:
        return {"service": None, "topic": topics.get(topic_slug).id}
    except NotFound as error:
        raise InvalidInput(errors={"topic": ["There is no such topic any more."]}) from error


def _about(story: Story) -> list[Service]:
    told = StoryService.select(StoryService.service).where(StoryService.story == story)
    ordered = {row.service_id: number for number, row in enumerate(told.order_by(StoryService.id))}
    services = Service.in_full().where(Service.id.in_(list(ordered)))
    return sorted(services, key=lambda service: ordered[service.id])


def _let_in(story: Story) -> set[int]:
    """Ids of the organisations that were let in for a story."""
    above = _above([service.id for service in _about(story)])
    about = StoryTopic.select(StoryTopic.topic).where(StoryTopic.story == story)
    rows = AnsweringFor.select(AnsweringFor.organisation).where(
        AnsweringFor.service.in_(above) | AnsweringFor.topic.in_(about)
    )
    return {row.organisation_id for row in rows}


def _above(service_ids: Collection[int]) -> set[int]:
    """Ids of services and of all that they belong to."""
    met: set[int] = set()
    level = set(service_ids)
    while level:
        met |= level
        rows = Service.select(Service.parent).where(Service.id.in_(level), Service.parent.is_null(False))
        level = {row.parent_id for row in rows} - met
    return met


def _services_of(organisation_ids: Collection[int]) -> list[Service]:
    query = Service.in_full().where(
        Service.organisation.in_(list(organisation_ids)), Service.closed_on.is_null()
    )
    # A provider that was let in while it was called a charity speaks beside others no more.
    return [one for one in query.order_by(Service.name, Service.id) if one.organisation.kind != PROVIDER]
