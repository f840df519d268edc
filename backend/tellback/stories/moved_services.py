"""A service that comes to belong elsewhere takes its stories along, into the lists of what it belongs to."""

from tellback.audit import acts
from tellback.db import transaction
from tellback.organisations import catalogue, editing
from tellback.organisations.models import Service
from tellback.stories import shelves


def change_service(code: str, read: int, given: dict[str, str], *, by: acts.Actor) -> Service:
    """Set what is known of a service by hand, as `editing.change_service`, and raises as that."""
    with transaction():
        before = catalogue.get(code)
        service = editing.change_service(code, read, given, by=by)
        if (before.parent, before.organisation) != (service.parent, service.organisation):
            shelves.put_family(catalogue.below(service))
    return service
