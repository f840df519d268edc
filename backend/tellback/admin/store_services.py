"""Services, as the store lists and shows them."""

from collections.abc import Iterator
from typing import Any

from flask import url_for

from tellback.admin import store_contacts, store_history, storing, wording
from tellback.admin.exports import Cell
from tellback.errors import InvalidInput
from tellback.organisations import complaints, editing, finder
from tellback.organisations.models import Service
from tellback.organisations.nations import nation_of

COLUMNS = (
    "Code", "Service", "Official name", "Kind", "Organisation code", "Organisation", "Belongs to", "Town",
    "Postcode", "Nation", "Looks after its stories", "Their address", "Own codes", "Complaints to",
    "Complaints email", "Complaints phone", "Complaints page", "Closed on", "Set here",
)  # fmt: skip
# Columns of a service that its form sets as they are.
_TYPED = ("name", "kind", "town", "postcode", "nation", "owner_name", "owner_email")


def describe_list(q: str, state: str, cursor: str | None) -> dict[str, Any]:
    """One screen of services, for `staff/store/services.html`; with `state` "all" the closed ones, too."""
    found, errors = _found(q, cursor, closed=state == "all")
    contacts = store_contacts.Contacts()
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
                "complaints": store_contacts.name_of(contacts.of(one)),
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


def rows(q: str, state: str) -> Iterator[tuple[Cell, ...]]:
    """Every service of the list as a line of a file, in its order."""
    contacts = store_contacts.Contacts()
    found, _errors = _found(q, None, closed=state == "all")
    while found.items:
        yield from (_row(one, contacts) for one in found.items)
        if not found.next:
            return
        found, _errors = _found(q, found.next, closed=state == "all")


def describe_new(parent: str) -> dict[str, Any]:
    """The form to name a service that no register lists, as `staff/store/service_new.html` shows it."""
    return {
        "kinds": list(wording.SERVICE_KINDS.items()),
        "values": {"parent": parent, "kind": "ward" if parent else ""},
        "urls": {"back": url_for("admin.services"), "send": url_for("admin.add_service")},
    }


def describe(service: Service) -> dict[str, Any]:
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
            "set_here": storing.set_here(service),
        },
        "now": {
            **storing.as_typed(service, _TYPED),
            "organisation": service.organisation.code,
            "parent": service.parent.code if service.parent else "",
            "local_codes": "\n".join(service.local_codes),
        },
        "labels": storing.FACTS,
        "kinds": list(wording.SERVICE_KINDS.items()),
        "nations": list(wording.NATIONS.items()),
        "contact": store_contacts.typed(complaints.named_for(service)),
        "told": told if told["own"] else None,
        "below": [
            {"name": one.name, "url": url_for("admin.service", code=one.code)}
            for one in below.limit(storing.NAMED_SERVICES)
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


def _found(q: str, cursor: str | None, *, closed: bool) -> tuple[finder.Found, dict[str, list[str]]]:
    """What the finder finds; with a broken cursor its first page, and with too many words what to do."""
    try:
        return finder.find(q, cursor, storing.PAGE, closed=closed), {}
    except InvalidInput as problem:
        errors = problem.errors or {}
        if "q" in errors:
            return finder.Found([], None, 0), errors
        return finder.find(q, None, storing.PAGE, closed=closed), {}


def _row(service: Service, contacts: store_contacts.Contacts) -> tuple[Cell, ...]:
    owner, address = editing.owner_of(service) or (None, None)
    return (
        service.code, service.name, service.official_name, wording.SERVICE_KINDS[service.kind],
        service.organisation.code, service.organisation.name,
        service.parent.code if service.parent else None, service.town, service.postcode,
        wording.NATIONS.get(nation_of(service) or ""), owner, address, service.local_codes,
        *store_contacts.reach(contacts.of(service)), service.closed_on, storing.set_here(service),
    )  # fmt: skip
