"""Who keeps the stories and what they are: said at the foot of everything, and in the API."""

from typing import Any

from tellback.config import Settings


def keeper(settings: Settings) -> dict[str, Any]:
    """The operator as the API and every page name it."""
    return {
        "name": settings.operator,
        "independent": settings.operator_independent,
        "url": f"{settings.public_url}/about",
    }
