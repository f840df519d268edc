"""Organisations, as the store lists and shows them."""

from collections.abc import Iterable, Iterator
from typing import Any

import peewee
from flask import url_for

from tellback.admin import store_contacts, store_history, storing, wording
from tellback.admin.exports import Cell
from tellback.organisations import complaints
from tellback.organisations.models import Organisation, Service
from tellback.replies import answering_for, reply_targets
from tellback.stories import topics

COLUMNS = (
    "Code", "Organisation", "Looks after its stories", "Their address",
    "Complaints to", "Complaints email", "Complaints phone", "Complaints page", "Services",
)  # fmt: skip


def describe_list(q: str, page: int) -> dict[str, Any]:
    """One screen of organisations, as `staff/store/organisations.html` shows it; pages count from 1."""
    query = _query(q)
    found = list(query.paginate(page, storing.PAGE))
    counts, contacts = _service_counts(found), store_contacts.Contacts()
    total = query.count()
    return {
        "organisations": [
            {
                "url": url_for("admin.organisation", code=one.code),
                "name": one.name,
                "code": one.code,
                "owner": one.owner_name,
                "complaints": store_contacts.name_of(contacts.of_organisation(one)),
                "services": counts.get(one.id, 0),
            }
            for one in found
        ],
        "total": total,
        "values": {"q": q},
        "urls": {**storing.pages_of("admin.organisations", page, total, q=q or None),
                 "export": url_for("admin.organisations_file", q=q or None)},
    }  # fmt: skip


def rows(q: str) -> Iterator[tuple[Cell, ...]]:
    """Every organisation of the list as a line of a file."""
    contacts = store_contacts.Contacts()
    of_service = peewee.fn.COUNT(Service.id).alias("services")
    query = _query(q).select(Organisation, of_service).join(Service, peewee.JOIN.LEFT_OUTER)
    for one in query.group_by(Organisation.id).iterator():
        yield (
            one.code, one.name, one.owner_name, one.owner_email,
            *store_contacts.reach(contacts.of_organisation(one)), one.services,
        )  # fmt: skip


def describe(organisation: Organisation) -> dict[str, Any]:
    """One organisation, as `staff/store/organisation.html` shows it."""
    to = {"code": organisation.code}
    services = Service.select().where(Service.organisation == organisation).order_by(Service.name, Service.id)
    return {
        "organisation": {
            "name": organisation.name,
            "code": organisation.code,
            "revision": organisation.revision,
            "set_here": storing.set_here(organisation),
        },
        "now": {
            **storing.as_typed(organisation, ("name", "kind", "owner_name", "owner_email")),
            "reply_days": str(organisation.reply_days or ""),
        },
        "kinds": list(wording.ORGANISATION_KINDS.items()),
        "kind_words": wording.ORGANISATION_KINDS[organisation.kind],
        "usual_days": reply_targets.USUAL_DAYS,
        "answers_for": _answers_for(organisation),
        "topics": [(topic.slug, topic.name) for topic in topics.every()],
        "labels": storing.FACTS,
        "contact": store_contacts.typed(complaints.named_for(organisation)),
        "services": [
            {"name": one.name, "url": url_for("admin.service", code=one.code)}
            for one in services.limit(storing.NAMED_SERVICES)
        ],
        "service_count": services.count(),
        "history": store_history.of("organisation", organisation.code),
        "urls": {
            "back": url_for("admin.organisations"),
            "services": url_for("admin.services", q=organisation.code),
            "send": url_for("admin.change_organisation", **to),
            "contact": url_for("admin.name_organisation_contact", **to),
            "register": url_for("admin.let_register_say_organisation", **to),
            "let_in": url_for("admin.let_organisation_answer", **to),
        },
    }


def _answers_for(organisation: Organisation) -> list[dict[str, str]]:
    """What an organisation may answer besides, each with the way to end it."""
    return [
        {
            "name": f"{row.service.name} ({row.service.code})" if row.service else row.topic.name,
            "url": url_for("admin.stop_organisation_answering", code=organisation.code, let_in_id=row.id),
        }
        for row in answering_for.let_in_for(organisation)
    ]


def _query(q: str) -> "peewee.ModelSelect[Organisation]":
    query: peewee.ModelSelect[Organisation] = Organisation.select().order_by(
        Organisation.name, Organisation.id
    )
    for word in q.split():
        query = query.where(Organisation.name.contains(word) | (Organisation.code == word.upper()))
    return query


def _service_counts(found: Iterable[Organisation]) -> dict[int, int]:
    rows = (
        Service.select(Service.organisation, peewee.fn.COUNT(Service.id).alias("services"))
        .where(Service.organisation.in_(list(found)))
        .group_by(Service.organisation)
    )
    return {row.organisation_id: row.services for row in rows}
