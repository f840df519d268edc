"""The names by which a story's services go: nobody's secret, and no finding of screening."""

from collections.abc import Iterable

from tellback.organisations.models import Service


def own_names(services: Iterable[Service]) -> list[str]:
    """Names, towns and postcodes of services, of what they belong to, and of who runs them; each once."""
    names: dict[str, None] = {}
    for service in services:
        for one in (service, service.parent):
            if one is not None:
                names |= dict.fromkeys((one.name, one.official_name, one.town, one.postcode))
        names[service.organisation.name] = None
    return [name for name in names if name]
