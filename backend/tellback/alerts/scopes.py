"""What an alert reaches over: the stories of an alert, and the alerts of a story; each way is one query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import peewee

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.alerts.models import Alert
from tellback.organisations.catalogue import below
from tellback.organisations.models import Service
from tellback.replies import answering_for
from tellback.replies.models import AnsweringFor, Reply
from tellback.replies.responding import ReplyState
from tellback.stories.about import is_latest
from tellback.stories.models import PublishedText, Story, StoryService, StoryTopic, StoryVersion


@dataclass(frozen=True)
class Ground:
    """What something that happens is about: ids, the language it was told in, and how critical it is."""

    # With the charities and patient groups that were let in to answer it.
    organisations: frozenset[int]
    # With all that they belong to.
    services: frozenset[int]
    topics: frozenset[int]
    lang: str | None = None
    criticality: int | None = None

    def __or__(self, other: "Ground") -> "Ground":
        """What either is about, in the language and as critical as this one."""
        return replace(
            self,
            organisations=self.organisations | other.organisations,
            services=self.services | other.services,
            topics=self.topics | other.topics,
        )


def ground_of(story: Story) -> Ground:
    """What a story is about, as it is kept now."""
    services = list(
        Service.select(Service.id, Service.organisation, Service.parent)
        .join(StoryService)
        .where(StoryService.story == story.id)
    )
    family = above(services)
    raised = StoryTopic.select(StoryTopic.topic).where(StoryTopic.story == story.id)
    topics = frozenset(topic_id for (topic_id,) in raised.tuples())
    latest = StoryVersion.select(StoryVersion.lang, Story.criticality).join(Story)
    of_it = latest.where(Story.id == story.id).order_by(StoryVersion.number.desc())
    lang, criticality = of_it.tuples().first()
    return Ground(
        organisations=frozenset(service.organisation_id for service in services) | _let_in(family, topics),
        services=family,
        topics=topics,
        lang=lang,
        criticality=criticality,
    )


def ground_of_service(service: Service) -> Ground:
    """What is about a service alone."""
    return Ground(frozenset({service.organisation_id}), above([service]), frozenset())


def _let_in(services: frozenset[int], topics: frozenset[int]) -> frozenset[int]:
    """The organisations (ids) that may answer stories of these services or topics besides their own."""
    rows = AnsweringFor.select(AnsweringFor.organisation)
    found = rows.where(AnsweringFor.service.in_(services or [0]) | AnsweringFor.topic.in_(topics or [0]))
    return frozenset(row.organisation_id for row in found)


def above(services: Iterable[Service]) -> frozenset[int]:
    """The ids of services and of all that they belong to; a ring of parents ends it too."""
    found: set[int] = set()
    waiting: set[int] = set()
    for service in services:
        found.add(service.id)
        waiting |= {service.parent_id} - {None}
    waiting -= found
    while waiting:
        found |= waiting
        parents = Service.select(Service.parent).where(
            Service.id.in_(list(waiting)), Service.parent.is_null(False)
        )
        waiting = {row.parent_id for row in parents} - found
    return frozenset(found)


def reaches(ground: Ground) -> peewee.Expression:
    """The condition that an alert's scope reaches over this ground."""
    condition = (
        _open_or_in(Alert.organisation, ground.organisations)
        & _open_or_in(Alert.service, ground.services)
        & _open_or_in(Alert.topic, ground.topics)
        & (Alert.lang.is_null() | (Alert.lang == ground.lang))
    )
    level = -1 if ground.criticality is None else ground.criticality
    return condition & (Alert.least_criticality.is_null() | (Alert.least_criticality <= level))


def stories_of(alert: Alert, since: datetime) -> "peewee.ModelSelect[Story]":
    """The stories published since then that an alert's scope reaches over, and that its owner may read.

    Those that were taken down are not among them.
    """
    query: peewee.ModelSelect[Story] = (
        Story.select().join(PublishedText).where(Story.published_at >= since, may_be_read_by(alert.account))
    )
    if alert.organisation_id:
        query = query.where(_is_for([alert.organisation_id]))
    if alert.service_id:
        query = query.where(Story.id.in_(_told_of(Service.id.in_(below(alert.service)))))
    if alert.topic_id:
        raising = StoryTopic.select(StoryTopic.story).where(StoryTopic.topic == alert.topic_id)
        query = query.where(Story.id.in_(raising))
    if alert.lang:
        told = StoryVersion.select(StoryVersion.story).where(is_latest(), StoryVersion.lang == alert.lang)
        query = query.where(Story.id.in_(told))
    if alert.least_criticality is not None:
        query = query.where(Story.criticality >= alert.least_criticality)
    return query


def may_be_read_by(account: Account) -> Any:
    """The condition that a published story is for this person's work: any, or of their organisations."""
    if may(account, Action.READ_UNPUBLISHED):
        return peewee.Value(1) == 1
    return _is_for(organisations(account, Action.READ_OWN_STORIES))


def _is_for(own: Collection[int]) -> Any:
    """The condition that a story is about these organisations (ids), or that they may answer it besides."""
    about = Story.id.in_(_told_of(Service.organisation.in_(own)))
    return about | Story.id.in_(answering_for.stories_beside(own))


def answered() -> "peewee.ModelSelect[Reply]":
    """The ids of stories that have a published reply, as a subquery."""
    query: peewee.ModelSelect[Reply] = Reply.select(Reply.story)
    return query.where(Reply.state == ReplyState.PUBLISHED.value)


def _told_of(condition: peewee.Expression) -> "peewee.ModelSelect[StoryService]":
    query: peewee.ModelSelect[StoryService] = StoryService.select(StoryService.story)
    return query.join(Service).where(condition)


def _open_or_in(column: Any, ids: frozenset[int]) -> Any:
    return column.is_null() | column.in_(ids) if ids else column.is_null()
