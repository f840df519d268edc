"""A service that comes to belong elsewhere takes its stories along, to whatever it belongs to then."""

from contextlib import nullcontext

from tellback.audit import acts
from tellback.db import transaction
from tellback.organisations import catalogue, editing
from tellback.organisations.models import Service
from tellback.stories import shelves, standings


def change_service(code: str, read: int, given: dict[str, str], *, by: acts.Actor) -> Service:
    """Set what is known of a service by hand, as `editing.change_service`, and raises as that."""
    with transaction():
        before = catalogue.get(code)
        belongs_to = before.parent.code if before.parent else ""
        moves = given.get("parent", belongs_to).strip() != belongs_to
        told = standings.told_of(catalogue.below(before)) if moves else []
        with standings.moving(told) if moves else nullcontext():
            service = editing.change_service(code, read, given, by=by)
        if (before.parent, before.organisation) != (service.parent, service.organisation):
            shelves.put_family(catalogue.below(service))
    return service
