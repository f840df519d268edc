"""The embed's words for pages that say the same: one English sentence and one translation serve both."""

import json
from functools import cache
from pathlib import Path

from tellback.translations.sentences import Sentence

_BUILT = Path(__file__).parent.parent / "static" / "embed" / "words.json"


def word(key: str, **facts: object) -> str:
    """The embed's word of a key as a Sentence, its {facts} filled. Raises KeyError for a key it has not."""
    return Sentence(_english()[key], facts, context=f"embed:{key}")


def counted(key: str, count: int, **facts: object) -> str:
    """The embed's word of a key for a number of things, which it may name as {count}."""
    english = _english()
    return Sentence(
        english[f"{key}_one"],
        {"count": count, **facts},
        plural=english[f"{key}_other"],
        context=f"embed:{key}",
        count=count,
    )


@cache
def _english() -> dict[str, str]:
    book: dict[str, dict[str, str]] = json.loads(_BUILT.read_text(encoding="utf-8"))
    return {key: text for part in book.values() for key, text in part.items()}
