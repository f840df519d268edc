"""What administrators set by hand: checked, on record, left alone by registers, never over another's work.

Who may is asked at the door (`accounts.roles`, which is above); `by` is who did it. `read` is the revision of
what they saw: where somebody changed it since, Conflict is raised and nothing is changed.
"""

import re
from typing import Any

from tellback import clock, db
from tellback.audit import acts
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations import catalogue, complaints, finder, places
from tellback.organisations.importing import BY_HAND
from tellback.organisations.models import ORGANISATION_KINDS, Organisation, Service
from tellback.organisations.naming import one_line, tidy_code
from tellback.organisations.nations import NATIONS

LONGEST_OWNER = 120
LONGEST_EMAIL = 254
MOST_LOCAL_CODES = 20
# Working days: nobody promises an answer after longer.
LONGEST_REPLY_DAYS = 60
# As systems of hospitals write them: W05, 5/A, SURG_5.
_LOCAL_CODE = re.compile("[A-Za-z0-9][A-Za-z0-9./_-]{0,31}")
_OWNER = ("owner_name", "owner_email")


def organisation(code: str) -> Organisation:
    """The organisation of a code. Raises NotFound."""
    found: Organisation | None = Organisation.get_or_none(Organisation.code == tidy_code(code))
    if found is None:
        raise NotFound("There is no organisation of this code.")
    return found


def owner_of(service: Service) -> tuple[str, str | None] | None:
    """Whose task it is that stories of a service are answered, and their address: its own, or from above."""
    above: Service | Organisation | None = service
    met: set[int] = set()
    while isinstance(above, Service) and above.id not in met:
        if above.owner_name:
            return above.owner_name, above.owner_email
        met.add(above.id)
        above = above.parent or service.organisation
    run_by = service.organisation
    return (run_by.owner_name, run_by.owner_email) if run_by.owner_name else None


def add_service(given: dict[str, str], *, by: acts.Actor) -> Service:
    """Name a service that no register lists. `given`: as `catalogue.add`. Raises InvalidInput by field."""
    if given.get("parent") and not catalogue.by_codes([given["parent"]]):
        raise InvalidInput(errors={"parent": ["No service here has this code."]})
    with db.transaction():
        service = catalogue.add(**given)
        acts.record(acts.Act.SERVICE_ADDED, by, "service", service.code, name=service.name)
    return service


def change_service(code: str, read: int, given: dict[str, str], *, by: acts.Actor) -> Service:
    """Set what is known of a service by hand; what a register says otherwise is then no longer taken from it.

    `given`: name, kind, town, postcode, organisation (a code), parent (a code, or empty), nation (one of
    NATIONS, or empty for where its postcode is), owner_name, owner_email, local_codes (between spaces, commas
    or lines). Raises UnknownService, InvalidInput by field, and Conflict.
    """
    service = catalogue.get(code)
    facts = _service_facts(service, {name: one_line(text) for name, text in given.items()})
    changed = {name: value for name, value in facts.items() if getattr(service, name) != value}
    if not changed:
        return service
    set_here = [name for name in BY_HAND if name in changed or name in service.set_here]
    detail = _told(service, changed)
    with db.transaction():
        _set(service, read, **changed, set_here=_with_closing(service, set_here))
        renewed = catalogue.get(code)
        renewed.search_words = finder.search_words(
            renewed, renewed.parent.search_words if renewed.parent else ""
        )
        renewed.save(only=[Service.search_words])
        catalogue.renew_search_words([renewed.id])
        acts.record(acts.Act.SERVICE_CHANGED, by, "service", service.code, **detail)
    return renewed


def close_service(code: str, read: int, *, by: acts.Actor) -> None:
    """Note that a service gives no care any more: the finder leaves it out; its stories stay."""
    _set_closed(catalogue.get(code), read, clock.today().isoformat(), acts.Act.SERVICE_CLOSED, by)


def open_service(code: str, read: int, *, by: acts.Actor) -> None:
    """Take that back."""
    _set_closed(catalogue.get(code), read, None, acts.Act.SERVICE_OPENED, by)


def let_register_say(place: Service | Organisation, read: int, *, by: acts.Actor) -> None:
    """Take again from the register, when it is brought in next, what had been set by hand.

    Raises InvalidInput where nothing had been, and Conflict.
    """
    if not place.set_here:
        raise InvalidInput("Nothing here was set by hand.")
    with db.transaction():
        _set(place, read, set_here=[])
        _record_changed(place, by, {"register": list(place.set_here)})


def change_organisation(code: str, read: int, given: dict[str, str], *, by: acts.Actor) -> Organisation:
    """Set an organisation's name, owner, kind and target by hand.

    `given`: name, owner_name, owner_email; and where they are to change, kind (one of ORGANISATION_KINDS) and
    reply_days (working days within which it means to answer, or empty for the usual). Raises InvalidInput by
    field, and Conflict.
    """
    found = organisation(code)
    given = {name: one_line(text) for name, text in given.items()}
    errors = _owner_errors(given)
    if given.get("kind", found.kind) not in ORGANISATION_KINDS:
        errors["kind"] = ["Choose what it is."]
    if not _is_target(given.get("reply_days", "")):
        errors["reply_days"] = [f"Give a whole number from 1 to {LONGEST_REPLY_DAYS}."]
    if not given["name"] or len(given["name"]) > catalogue.LONGEST_NAME:
        errors["name"] = [f"Give a name of up to {catalogue.LONGEST_NAME} characters."]
    if errors:
        raise InvalidInput(errors=errors)
    facts: dict[str, Any] = {"name": given["name"], **{name: given[name] or None for name in _OWNER}}
    if "kind" in given:
        facts["kind"] = given["kind"]
    if "reply_days" in given:
        facts["reply_days"] = int(given["reply_days"]) if given["reply_days"] else None
    changed = {name: value for name, value in facts.items() if getattr(found, name) != value}
    if not changed:
        return found
    detail = _told(found, changed)
    with db.transaction():
        _set(found, read, **changed, set_here=["name"] if "name" in changed else found.set_here)
        if "name" in changed:
            _renew_services_of(found)
        _record_changed(found, by, detail)
    return found


def name_complaints_contact(
    place: Service | Organisation, read: int, given: dict[str, str], *, by: acts.Actor
) -> None:
    """Say where complaints about a service or all of an organisation's go. `given`: as `complaints.keep`."""
    with db.transaction():
        # First, so that of two at once the second waits here and is told.
        _set(place, read)
        complaints.keep(place, **given)
        acts.record(acts.Act.COMPLAINTS_NAMED, by, *_subject(place))


def forget_complaints_contact(place: Service | Organisation, read: int, *, by: acts.Actor) -> None:
    """Name nobody any more: what is above it, or its nation's advice, is shown instead."""
    with db.transaction():
        _set(place, read)
        if complaints.forget(place):
            acts.record(acts.Act.COMPLAINTS_FORGOTTEN, by, *_subject(place))


def _is_target(days: str) -> bool:
    return not days or (days.isascii() and days.isdigit() and 1 <= int(days) <= LONGEST_REPLY_DAYS)


def _service_facts(service: Service, given: dict[str, str]) -> dict[str, Any]:
    """What is given as columns of a service. Raises InvalidInput by field."""
    errors = {
        **catalogue.errors_in(given["name"], given["kind"], given["town"], given["postcode"]),
        **_owner_errors(given),
    }
    if given["nation"] and given["nation"] not in NATIONS:
        errors["nation"] = ["Choose a nation, or leave it to the postcode."]
    run_by = Organisation.get_or_none(Organisation.code == tidy_code(given["organisation"]))
    if run_by is None:
        errors["organisation"] = ["No organisation here has this code."]
    above = _parent(service, given["parent"], errors)
    local_codes = _local_codes(service, run_by, given["local_codes"], errors)
    if errors:
        raise InvalidInput(errors=errors)
    return {
        "name": given["name"],
        "kind": given["kind"],
        "town": given["town"],
        "postcode": places.postcode(given["postcode"]),
        "organisation": run_by,
        "parent": above,
        "nation": given["nation"] or None,
        "local_codes": local_codes,
        **{name: given[name] or None for name in _OWNER},
    }


def _parent(service: Service, code: str, errors: dict[str, list[str]]) -> Service | None:
    if not code:
        return None
    found = catalogue.by_codes([code])
    if not found:
        errors["parent"] = ["No service here has this code."]
    elif found[0].id in catalogue.below(service):
        errors["parent"] = ["It cannot belong to itself, or to what belongs to it."]
    return found[0] if found else None


def _local_codes(
    service: Service, run_by: Organisation | None, text: str, errors: dict[str, list[str]]
) -> list[str]:
    codes = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))
    wrong = [code[:40] for code in codes if not _LOCAL_CODE.fullmatch(code)]
    if wrong:
        errors["local_codes"] = [
            f"A code has up to 32 letters, digits and signs like - or /, so not: {', '.join(wrong)}."
        ]
    elif len(codes) > MOST_LOCAL_CODES:
        errors["local_codes"] = [f"Give up to {MOST_LOCAL_CODES} codes."]
    elif codes and run_by:
        others = Service.select(Service.name, Service.local_codes).where(
            Service.organisation == run_by, Service.id != service.id
        )
        taken = [f"{code} is {one.name}" for one in others for code in codes if code in one.local_codes]
        if taken:
            errors["local_codes"] = [f"One code means one service: {'; '.join(taken)}."]
    return codes


def _owner_errors(given: dict[str, str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    name, email = given["owner_name"], given["owner_email"]
    if len(name) > LONGEST_OWNER:
        errors["owner_name"] = [f"Use up to {LONGEST_OWNER} characters."]
    if email and not name:
        errors["owner_name"] = ["Say whose address it is."]
    if email and (len(email) > LONGEST_EMAIL or not complaints.is_email(email)):
        errors["owner_email"] = ["Write the address like name@hospital.example."]
    return errors


def _set_closed(service: Service, read: int, closed_on: str | None, act: acts.Act, by: acts.Actor) -> None:
    if (service.closed_on is None) == (closed_on is None):
        return
    with db.transaction():
        _set(service, read, closed_on=closed_on, set_here=sorted({*service.set_here, "closed_on"}))
        acts.record(act, by, "service", service.code)


def _with_closing(service: Service, names: list[str]) -> list[str]:
    return names + [name for name in service.set_here if name == "closed_on"]


def _set(place: Service | Organisation, read: int, **columns: Any) -> None:
    """Change columns where the revision is still the one that was read, and count it. Raises Conflict."""
    model = type(place)
    if isinstance(place, Service):
        columns["updated_at"] = clock.now()
    counted = model.update({**columns, "revision": read + 1}).where(
        model.id == place.id, model.revision == read
    )
    if not counted.execute():
        raise Conflict("Somebody else changed this while you were writing. Nothing of yours is lost.")


def _told(place: Service | Organisation, changed: dict[str, Any]) -> dict[str, Any]:
    """What the record says of a change: what was and what is now; of an owner only that it changed."""
    told: dict[str, Any] = {
        name: [_plain(getattr(place, name)), _plain(value)]
        for name, value in changed.items()
        if name not in _OWNER
    }
    return {**told, "owner": True} if set(_OWNER) & set(changed) else told


def _plain(value: Any) -> Any:
    return value.code if isinstance(value, Service | Organisation) else value


def _record_changed(place: Service | Organisation, by: acts.Actor, detail: dict[str, Any]) -> None:
    act = acts.Act.SERVICE_CHANGED if isinstance(place, Service) else acts.Act.ORGANISATION_CHANGED
    acts.record(act, by, *_subject(place), **detail)


def _subject(place: Service | Organisation) -> tuple[str, str]:
    return "service" if isinstance(place, Service) else "organisation", str(place.code)


def _renew_services_of(run_by: Organisation) -> None:
    """Let an organisation's services be found by its present name."""
    services = list(Service.in_full().where(Service.organisation == run_by))
    for service in services:
        service.search_words = finder.search_words(
            service, service.parent.search_words if service.parent else ""
        )
        service.save(only=[Service.search_words])
    catalogue.renew_search_words([service.id for service in services])
