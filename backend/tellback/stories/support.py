"""Who helps someone in crisis at once: lines by nation, as support.json has them with their sources."""

import json
from importlib import resources
from typing import Any

from tellback.translations.sentences import say_as

_BOOK = json.loads(resources.files("tellback.stories").joinpath("support.json").read_text(encoding="utf-8"))

_CONTEXT = "line of support"


def lines(nation: str | None) -> list[dict[str, Any]]:
    """The lines to show in a nation, the most urgent first; without a nation, those of the whole kingdom."""
    return [{"id": line, **_spoken(_BOOK["lines"][line])} for line in _BOOK["nations"][nation or ""]]


def _spoken(line: dict[str, str | None]) -> dict[str, str | None]:
    # Translators meet them as words of support.json (backend/catalogues.py).
    return {
        **line,
        "name": say_as(_CONTEXT, line["name"] or ""),
        "when": say_as(_CONTEXT, line["when"] or ""),
    }
