"""Who keeps the stories and what they are: said at the foot of everything, and in the API."""

from typing import Any

from tellback.config import Settings
from tellback.translations.sentences import say


def elsewhere(settings: Settings) -> str:
    """How else to reach the operator, as a sentence for somebody who is refused here."""
    if not settings.operator_contact:
        return say("Or ask {operator} how else you can tell it.", operator=settings.operator)
    return say(
        "Or reach {operator} another way: {contact}",
        operator=settings.operator,
        contact=settings.operator_contact,
    )


def keeper(settings: Settings) -> dict[str, Any]:
    """The operator as the API and every page name it."""
    return {
        "name": settings.operator,
        "independent": settings.operator_independent,
        "url": f"{settings.public_url}/about",
    }
