"""What staff see of the store: organisations, services and topics."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import peewee
from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.admin import store_history, wording
from tellback.admin.exports import Cell
from tellback.blocking import blocks
from tellback.errors import InvalidInput
from tellback.moderation import templates
from tellback.organisations import complaints, editing, finder
from tellback.organisations.models import ComplaintsContact, Organisation, Service
from tellback.organisations.nations import nation_of
from tellback.replies import answering_for, reply_targets
from tellback.stories import topics
from tellback.stories.models import DismissedWords, Story, StoryTopic, Topic
from tellback.stories.states import State, in_states

# Lines of one screen.
PAGE = 50
# Services of an organisation that its own screen names.
NAMED_SERVICES = 12

# What can be set by hand although a register says it, and the rest of a service's facts: as staff read them.
FACTS = {
    "name": "Name",
    "kind": "Kind",
    "organisation": "Organisation",
    "parent": "Belongs to",
    "town": "Town",
    "postcode": "Postcode",
    "nation": "Nation",
    "reply_days": "Working days to answer",
    "owner_name": "Looks after its stories",
    "owner_email": "Their address",
    "local_codes": "Own codes",
    "closed_on": "open or closed",
}

ORGANISATION_COLUMNS = (
    "Code", "Organisation", "Looks after its stories", "Their address",
    "Complaints to", "Complaints email", "Complaints phone", "Complaints page", "Services",
)  # fmt: skip
SERVICE_COLUMNS = (
    "Code", "Service", "Official name", "Kind", "Organisation code", "Organisation", "Belongs to", "Town",
    "Postcode", "Nation", "Looks after its stories", "Their address", "Own codes", "Complaints to",
    "Complaints email", "Complaints phone", "Complaints page", "Closed on", "Set here",
)  # fmt: skip
TOPIC_COLUMNS = ("Topic", "Slug", "Kind", "Published stories", "Retired")


class Section(NamedTuple):
    """A part of the store: its route, its name, what it holds, and how many."""

    route: str
    label: str
    says: str
    held: Callable[[], str]


SECTIONS = [
    Section(
        "admin.organisations",
        "Organisations",
        "Who runs services, who looks after their stories, and where complaints go.",
        lambda: f"{Organisation.select().count():,}",
    ),
    Section(
        "admin.services",
        "Services",
        "What stories are about: names, places, nations, own codes, open or closed.",
        lambda: f"{Service.select().where(Service.closed_on.is_null()).count():,} open",
    ),
    Section(
        "admin.topics_list",
        "Topics",
        "Conditions that gather stories across services, and the themes that are the same everywhere.",
        lambda: f"{len(topics.every())} offered",
    ),
    Section(
        "admin.reasons",
        "Reasons",
        "What authors read beneath the reason of a decision, in each language.",
        lambda: f"{len(templates.every_standing())} written",
    ),
    Section(
        "admin.blocks_list",
        "Block lists",
        "Addresses that are kept out and phrases that are marked, for a time.",
        lambda: f"{sum(blocks.standing(kind).count() for kind in blocks.DAYS)} stand",
    ),
    Section(
        "admin.dismissed_words",
        "Dismissed words",
        "What moderators had marked no more, each in stories about a service.",
        lambda: f"{DismissedWords.select().count():,}",
    ),
]


class Contacts:
    """Who deals with complaints about each service: all contacts at hand, where a list asks for many."""

    def __init__(self) -> None:
        contacts = list(ComplaintsContact.select())
        self._services = {one.service_id: one for one in contacts if one.service_id}
        self._organisations = {one.organisation_id: one for one in contacts if one.organisation_id}

    def of_organisation(self, organisation: Organisation) -> ComplaintsContact | None:
        """Whom an organisation named for all its services."""
        return self._organisations.get(organisation.id)

    def of(self, service: Service) -> ComplaintsContact | None:
        """As `complaints.contact_of`."""
        above: Service | None = service
        met: set[int] = set()
        while above is not None and above.id not in met:
            if above.id in self._services:
                return self._services[above.id]
            met.add(above.id)
            above = above.parent
        return self._organisations.get(service.organisation_id)


def sections(account: Account, here: str) -> dict[str, Any]:
    """The parts of the store for its menu, and whether this person may change what is in them."""
    return {
        "sections": [
            {"label": one.label, "url": url_for(one.route), "current": one.route == here} for one in SECTIONS
        ],
        "may_keep": may(account, Action.KEEP_STORE),
    }


def describe_store() -> list[dict[str, str]]:
    """The parts of the store with what each holds, as `staff/store/store.html` shows them."""
    return [
        {"label": one.label, "url": url_for(one.route), "says": one.says, "count": one.held()}
        for one in SECTIONS
    ]


def describe_organisations(q: str, page: int) -> dict[str, Any]:
    """One screen of organisations, as `staff/store/organisations.html` shows it; pages count from 1."""
    query = _organisations(q)
    found = list(query.paginate(page, PAGE))
    counts, contacts = _service_counts(found), Contacts()
    total = query.count()
    return {
        "organisations": [
            {
                "url": url_for("admin.organisation", code=one.code),
                "name": one.name,
                "code": one.code,
                "owner": one.owner_name,
                "complaints": _name_of(contacts.of_organisation(one)),
                "services": counts.get(one.id, 0),
            }
            for one in found
        ],
        "total": total,
        "values": {"q": q},
        "urls": {**pages_of("admin.organisations", page, total, q=q or None),
                 "export": url_for("admin.organisations_file", q=q or None)},
    }  # fmt: skip


def organisation_rows(q: str) -> Iterator[tuple[Cell, ...]]:
    """Every organisation of the list as a line of a file."""
    contacts = Contacts()
    of_service = peewee.fn.COUNT(Service.id).alias("services")
    query = _organisations(q).select(Organisation, of_service).join(Service, peewee.JOIN.LEFT_OUTER)
    for one in query.group_by(Organisation.id).iterator():
        yield (
            one.code, one.name, one.owner_name, one.owner_email,
            *_reach(contacts.of_organisation(one)), one.services,
        )  # fmt: skip


def describe_organisation(organisation: Organisation) -> dict[str, Any]:
    """One organisation, as `staff/store/organisation.html` shows it."""
    to = {"code": organisation.code}
    services = Service.select().where(Service.organisation == organisation).order_by(Service.name, Service.id)
    return {
        "organisation": {
            "name": organisation.name,
            "code": organisation.code,
            "revision": organisation.revision,
            "set_here": _set_here(organisation),
        },
        "now": {
            **_as_typed(organisation, ("name", "kind", "owner_name", "owner_email")),
            "reply_days": str(organisation.reply_days or ""),
        },
        "kinds": list(wording.ORGANISATION_KINDS.items()),
        "kind_words": wording.ORGANISATION_KINDS[organisation.kind],
        "usual_days": reply_targets.USUAL_DAYS,
        "answers_for": _answers_for(organisation),
        "topics": [(topic.slug, topic.name) for topic in topics.every()],
        "labels": FACTS,
        "contact": _contact(complaints.named_for(organisation)),
        "services": [
            {"name": one.name, "url": url_for("admin.service", code=one.code)}
            for one in services.limit(NAMED_SERVICES)
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


def describe_services(q: str, state: str, cursor: str | None) -> dict[str, Any]:
    """One screen of services, for `staff/store/services.html`; with `state` "all" the closed ones, too."""
    found, errors = _found(q, cursor, closed=state == "all")
    contacts = Contacts()
    sought: dict[str, Any] = {"q": q or None, "state": state or None}
    return {
        "services": [
            {
                "url": url_for("admin.service", code=one.code),
                "name": one.name,
                "code": one.code,
                "kind": wording.SERVICE_KINDS[one.kind],
                "organisation": one.organisation.name,
                "town": one.town,
                "owner": (editing.owner_of(one) or ("",))[0],
                "complaints": _name_of(contacts.of(one)),
                "closed": bool(one.closed_on),
            }
            for one in found.items
        ],
        "total": found.total,
        "values": {"q": q, "state": state},
        "errors": errors,
        "urls": {
            "here": url_for("admin.services"),
            "new": url_for("admin.new_service"),
            "export": url_for("admin.services_file", **sought),
            "first": url_for("admin.services", **sought) if cursor else None,
            "next": url_for("admin.services", **sought, cursor=found.next) if found.next else None,
        },
    }


def service_rows(q: str, state: str) -> Iterator[tuple[Cell, ...]]:
    """Every service of the list as a line of a file, in its order."""
    contacts = Contacts()
    found, _errors = _found(q, None, closed=state == "all")
    while found.items:
        yield from (_service_row(one, contacts) for one in found.items)
        if not found.next:
            return
        found, _errors = _found(q, found.next, closed=state == "all")


def describe_new_service(parent: str) -> dict[str, Any]:
    """The form to name a service that no register lists, as `staff/store/service_new.html` shows it."""
    return {
        "kinds": list(wording.SERVICE_KINDS.items()),
        "values": {"parent": parent, "kind": "ward" if parent else ""},
        "urls": {"back": url_for("admin.services"), "send": url_for("admin.add_service")},
    }


def describe_service(service: Service) -> dict[str, Any]:
    """One service, as `staff/store/service.html` shows it."""
    to = {"code": service.code}
    nation = nation_of(service)
    owner = editing.owner_of(service)
    told = complaints.describe(service)
    below = Service.select().where(Service.parent == service).order_by(Service.name, Service.id)
    return {
        "service": {
            "name": service.name,
            "code": service.code,
            "official_name": service.official_name,
            "kind": wording.SERVICE_KINDS[service.kind],
            "organisation": service.organisation.name,
            "parent": service.parent.name if service.parent else None,
            "place": ", ".join(filter(None, (service.address, service.town, service.postcode))),
            "nation": wording.NATIONS.get(nation or "", "not known"),
            "owner": ", ".join(filter(None, owner)) if owner else None,
            "local_codes": service.local_codes,
            "closed_on": service.closed_on,
            "revision": service.revision,
            "set_here": _set_here(service),
        },
        "now": {
            **_as_typed(service, ("name", "kind", "town", "postcode", "nation", "owner_name", "owner_email")),
            "organisation": service.organisation.code,
            "parent": service.parent.code if service.parent else "",
            "local_codes": "\n".join(service.local_codes),
        },
        "labels": FACTS,
        "kinds": list(wording.SERVICE_KINDS.items()),
        "nations": list(wording.NATIONS.items()),
        "contact": _contact(complaints.named_for(service)),
        "told": told if told["own"] else None,
        "below": [
            {"name": one.name, "url": url_for("admin.service", code=one.code)}
            for one in below.limit(NAMED_SERVICES)
        ],
        "below_count": below.count(),
        "history": store_history.of("service", service.code),
        "urls": {
            "back": url_for("admin.services"),
            "page": url_for("pages.service_page", **to),
            "organisation": url_for("admin.organisation", code=service.organisation.code),
            "parent": url_for("admin.service", code=service.parent.code) if service.parent else None,
            "add": url_for("admin.new_service", parent=service.code),
            "send": url_for("admin.change_service", **to),
            "contact": url_for("admin.name_service_contact", **to),
            "state": url_for("admin.open_or_close_service", **to),
            "register": url_for("admin.let_register_say_service", **to),
        },
    }


def describe_topics(q: str) -> dict[str, Any]:
    """All topics, as `staff/store/topics.html` shows them."""
    return {
        "topics": [
            {
                "url": url_for("admin.topic", slug=one.slug),
                "name": one.name,
                "theme": one.kind == topics.THEME,
                "stories": one.stories,
                "retired": bool(one.retired_at),
            }
            for one in _topics(q)
        ],
        "total": Topic.select().count(),
        "values": {"q": q},
        "urls": {
            "here": url_for("admin.topics_list"),
            "send": url_for("admin.add_topic"),
            "export": url_for("admin.topics_file", q=q or None),
        },
    }


def topic_rows(q: str) -> Iterator[tuple[Cell, ...]]:
    """Every topic of the list as a line of a file."""
    return ((one.name, one.slug, one.kind, one.stories, one.retired_at) for one in _topics(q))


def describe_topic(topic: Topic) -> dict[str, Any]:
    """One condition, as `staff/store/topic.html` shows it."""
    to = {"slug": topic.slug}
    return {
        "topic": {
            "name": topic.name,
            "slug": topic.slug,
            "theme": topic.kind == topics.THEME,
            "retired": bool(topic.retired_at),
            "revision": topic.revision,
        },
        "now": {"name": topic.name},
        "labels": FACTS,
        "history": store_history.of("topic", topic.slug),
        "urls": {
            "back": url_for("admin.topics_list"),
            "page": url_for("pages.topic_page", **to),
            "send": url_for("admin.rename_topic", **to),
            "state": url_for("admin.retire_or_restore_topic", **to),
        },
    }


def pages_of(route: str, page: int, total: int, **sought: Any) -> dict[str, str | None]:
    """The addresses of a list by pages: here, and the pages before and after, None at either end."""
    return {
        "here": url_for(route),
        "previous": url_for(route, page=page - 1, **sought) if page > 1 else None,
        "next": url_for(route, page=page + 1, **sought) if page * PAGE < total else None,
    }


def _organisations(q: str) -> "peewee.ModelSelect[Organisation]":
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


def _found(q: str, cursor: str | None, *, closed: bool) -> tuple[finder.Found, dict[str, list[str]]]:
    """What the finder finds; with a broken cursor its first page, and with too many words what to do."""
    try:
        return finder.find(q, cursor, PAGE, closed=closed), {}
    except InvalidInput as problem:
        errors = problem.errors or {}
        if "q" in errors:
            return finder.Found([], None, 0), errors
        return finder.find(q, None, PAGE, closed=closed), {}


def _service_row(service: Service, contacts: Contacts) -> tuple[Cell, ...]:
    owner, address = editing.owner_of(service) or (None, None)
    return (
        service.code, service.name, service.official_name, wording.SERVICE_KINDS[service.kind],
        service.organisation.code, service.organisation.name,
        service.parent.code if service.parent else None, service.town, service.postcode,
        wording.NATIONS.get(nation_of(service) or ""), owner, address, service.local_codes,
        *_reach(contacts.of(service)), service.closed_on, _set_here(service),
    )  # fmt: skip


def _topics(q: str) -> "peewee.ModelSelect[Topic]":
    published = (
        StoryTopic.select(peewee.fn.COUNT(StoryTopic.id))
        .join(Story)
        .where(StoryTopic.topic == Topic.id, in_states(State.PUBLISHED))
    )
    query: peewee.ModelSelect[Topic] = Topic.select(Topic, published.alias("stories")).order_by(
        Topic.kind, Topic.name, Topic.id
    )
    return query.where(Topic.name.contains(q)) if q else query


def _as_typed(place: Service | Organisation, names: Iterable[str]) -> dict[str, str]:
    """Columns as a form holds them: what is not there is empty."""
    return {name: getattr(place, name) or "" for name in names}


def _set_here(place: Service | Organisation) -> list[str]:
    return [FACTS[name].lower() for name in FACTS if name in place.set_here]


def _contact(contact: ComplaintsContact | None) -> dict[str, str]:
    return {field: getattr(contact, field, None) or "" for field in complaints.LONGEST}


def _name_of(contact: ComplaintsContact | None) -> str | None:
    return contact.name if contact else None


def _reach(contact: ComplaintsContact | None) -> tuple[Cell, ...]:
    told = _contact(contact)
    return told["name"], told["email"], told["phone"], told["url"]
