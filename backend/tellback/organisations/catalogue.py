"""The services by their codes: looked up, described, and named where no register names them."""

from collections.abc import Callable, Collection, Iterable
from itertools import count
from typing import Any

from tellback import clock, db
from tellback.errors import InvalidInput, NotFound
from tellback.organisations import finder, places
from tellback.organisations.models import KINDS, Organisation, Service
from tellback.organisations.naming import CODE, one_line, slug, tidy_code
from tellback.translations.sentences import say

LONGEST_CODE = 64
# Characters a code below another keeps for its own slug.
SHORTEST_SLUG = 12
LONGEST_NAME = 200
LONGEST_TOWN = 80


class UnknownService(NotFound):
    """No service has this code."""

    slug = "unknown-service"
    title = say("We do not know that service")


def get(code: str) -> Service:
    """The service of a code, however its letters were cased, with organisation and parent at hand.

    Raises UnknownService.
    """
    services = by_codes([code])
    if not services:
        if not CODE.fullmatch(code.strip()):
            raise UnknownService(
                say("No service here has that code. Look for it by its name, town or postcode.")
            )
        raise UnknownService(
            say(
                "No service here has the code {code}. Look for it by its name, town or postcode.",
                code=code.strip(),
            )
        )
    return services[0]


def by_codes(codes: Iterable[str]) -> list[Service]:
    """The services of these codes in their order, organisation and parent at hand; unknown ones left out."""
    return _by_codes(_in_full, codes)


def named_by_codes(codes: Iterable[str]) -> list[Service]:
    """The same, of which only codes, names and places can be read, and ids."""
    return _by_codes(_with_names, codes)


@db.prepared
def _in_full(*codes: Any) -> Any:
    return Service.in_full().where(Service.code.in_(codes))


@db.prepared
def _with_names(*codes: Any) -> Any:
    return Service.with_names().where(Service.code.in_(codes))


def _by_codes(find: Callable[..., list[Service]], codes: Iterable[str]) -> list[Service]:
    tidied = dict.fromkeys(tidy_code(code) for code in codes if CODE.fullmatch(code.strip()))
    order = {code: place for place, code in enumerate(tidied)}
    if not order:
        return []
    return sorted(find(*order), key=lambda service: order[service.code])


def below(service: Service) -> list[int]:
    """The ids of a service and of all that belong to it, at any depth; a ring of parents ends it too."""
    return [number for (number,) in _family(service.id)]


@db.prepared
def _family(number: Any) -> Any:
    seed = Service.select(Service.id).where(Service.id == number)
    family = seed.cte("family", recursive=True, columns=("id",))
    children = Service.select(Service.id).join(family, on=(Service.parent == family.c.id))
    # UNION, not UNION ALL: a service that was met already is not followed again.
    family = family.union(children)
    return family.select_from(family.c.id).tuples()


def describe(service: Service, public_url: str) -> dict[str, Any]:
    """A service as the API gives it."""
    return {
        "code": service.code,
        "name": service.name,
        "kind": service.kind,
        "town": service.town,
        "postcode": service.postcode,
        "parent": service.parent.code if service.parent else None,
        "organisation": {"code": service.organisation.code, "name": service.organisation.name},
        "closed_on": service.closed_on,
        "url": f"{public_url}/services/{service.code}",
    }


def add(
    name: str,
    *,
    parent: str | None = None,
    organisation: str | None = None,
    kind: str | None = None,
    town: str = "",
    postcode: str = "",
) -> Service:
    """Name a service that no register lists: a ward of `parent` (a code), or a charity's service.

    `organisation` is a code or a name, made where it is new; left out, it is the parent's, or one of the
    service's own name. Town and postcode are the parent's unless given.
    Raises UnknownService for the parent, InvalidInput for the rest, by field.
    """
    name, town = one_line(name), one_line(town)
    kind = kind or ("ward" if parent else "other")
    if errors := errors_in(name, kind, town, postcode):
        raise InvalidInput("The service was not added.", errors=errors)
    now = clock.now()
    with db.transaction():
        above = get(parent) if parent else None
        service = Service(
            code=_free_code(Service, above.code if above else "local", name),
            name=name,
            official_name=name,
            kind=kind,
            organisation=_organisation(one_line(organisation or ""), above, name),
            parent=above,
            address=above.address if above else "",
            town=town or (above.town if above else ""),
            postcode=places.postcode(postcode) or (above.postcode if above else ""),
            created_at=now,
            updated_at=now,
        )
        service.search_words = finder.search_words(service, above.search_words if above else "")
        service.save(force_insert=True)
    return service


def renew_search_words(parents: Collection[int]) -> None:
    """Let the services below these be found by their parents' present names and towns."""
    while parents:
        children = list(Service.in_full().where(Service.parent.in_(list(parents))))
        stale = [child for child in children if child.search_words != _family_words(child)]
        for child in stale:
            child.search_words = _family_words(child)
            child.save(only=[Service.search_words])
        parents = [child.id for child in stale]


def _family_words(child: Service) -> str:
    return finder.search_words(child, child.parent.search_words)


def errors_in(name: str, kind: str, town: str, postcode: str) -> dict[str, list[str]]:
    """What is wrong with what a service is called and where it is, by field; empty for nothing."""
    errors: dict[str, list[str]] = {}
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = [f"Give a name of up to {LONGEST_NAME} characters."]
    if kind not in KINDS:
        errors["kind"] = [f"Must be one of {', '.join(KINDS)}."]
    if len(town) > LONGEST_TOWN:
        errors["town"] = [f"Give a town of up to {LONGEST_TOWN} characters."]
    if postcode.strip() and not places.postcode(postcode):
        errors["postcode"] = ["Give a full postcode, such as BN2 5BE."]
    return errors


def _organisation(named: str, above: Service | None, name: str) -> Organisation:
    """Who runs a new service: the organisation named, the parent's, or one of the service's own name."""
    if not named and above:
        return above.organisation
    named = named or name
    if len(named) > LONGEST_NAME:
        raise InvalidInput(errors={"organisation": [f"Give a name of up to {LONGEST_NAME} characters."]})
    standing = (
        Organisation.select()
        .where((Organisation.code == tidy_code(named)) | (Organisation.name == named))
        .order_by(Organisation.id)
        .first()
    )
    return standing or Organisation.create(
        code=_free_code(Organisation, "local", named), name=named, created_at=clock.now()
    )


def _free_code(table: type[Service] | type[Organisation], prefix: str, name: str) -> str:
    """A code that nothing has yet: `prefix`, a hyphen and the name's slug, numbered where that is taken."""
    room = LONGEST_CODE - len(prefix) - 1
    if room < SHORTEST_SLUG:
        raise InvalidInput(errors={"parent": [f"The code {prefix} is too long to name a service below it."]})
    base = slug(name, room) or "service"
    tails = (f"-{number}" if number > 1 else "" for number in count(1))
    codes = (f"{prefix}-{base[: room - len(tail)]}{tail}" for tail in tails)
    return next(code for code in codes if not table.select().where(table.code == code).exists())
