"""Who deals with complaints, as lists and forms of the store show it."""

from tellback.admin.exports import Cell
from tellback.organisations import complaints
from tellback.organisations.models import ComplaintsContact, Organisation, Service


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


def typed(contact: ComplaintsContact | None) -> dict[str, str]:
    """A contact as its form holds it; empty for nobody."""
    return {field: getattr(contact, field, None) or "" for field in complaints.LONGEST}


def name_of(contact: ComplaintsContact | None) -> str | None:
    """What a contact is called; None for nobody."""
    return contact.name if contact else None


def reach(contact: ComplaintsContact | None) -> tuple[Cell, ...]:
    """How a contact is reached, as four cells of a line."""
    told = typed(contact)
    return told["name"], told["email"], told["phone"], told["url"]
