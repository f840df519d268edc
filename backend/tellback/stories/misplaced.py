"""Stories that name another service than the one that they were told about: for the desk alone."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tellback.db import prepared
from tellback.organisations.models import Service
from tellback.organisations.naming import readable
from tellback.screening import Finding

# A name ends in what the place is; before it stand at most so many words.
_PLACES = (
    "hospital",
    "infirmary",
    "hospice",
    "surgery",
    "clinic",
    "practice",
    "health centre",
    "medical centre",
)
_PLACE = re.compile(rf"\b(?:{'|'.join(_PLACES)})\b", re.IGNORECASE)
_MOST_WORDS = 5
# In one story; who names more tells of a journey.
_MOST_NAMES = 20


def find_others(text: str, services: Sequence[Service]) -> list[tuple[Finding, str]]:
    """Find the names of services that we know, of other organisations than these services belong to.

    Each finding comes with the code of the service that it names.
    """
    spans = list(_names(text))[:_MOST_NAMES]
    if not spans:
        return []
    named = {readable(text[start:end].upper()): (start, end) for start, end in reversed(spans)}
    own = {service.organisation_id for service in services}
    return [
        (Finding("wrong_service", "another_service", *named[name], "possible"), code)
        for name, code, organisation_id in _called(*named)
        if organisation_id not in own
    ]


@prepared
def _called(*names: Any) -> Any:
    found = Service.select(Service.name, Service.code, Service.organisation)
    return found.where(Service.name.in_(names)).tuples()


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names of places may stand: the longest first."""
    lower = text.lower()
    # Of most stories so much is seen sooner. Beyond ASCII the pattern knows capitals that `lower` does not.
    if text.isascii() and not any(place in lower for place in _PLACES):
        return
    for place in _PLACE.finditer(text):
        before = list(re.finditer(r"[\w'&.-]+", text[max(0, place.start() - 80) : place.start()]))
        offset = max(0, place.start() - 80)
        for word in before[-_MOST_WORDS:]:
            yield offset + word.start(), place.end()
