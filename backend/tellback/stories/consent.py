"""What authors agreed to, in which words: each version of the three questions, in each language.

The file holds the words themselves, for the catalogues change. Whoever changes a sentence of a question must
name a new `words.CONSENT_VERSION`: what somebody agreed to is never reworded behind them
(`tests/stories/test_consent_wordings.py` says so, and writes the file).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tellback.stories.models import Story
from tellback.translations.catalogues import catalogue
from tellback.translations.embed_words import word
from tellback.translations.languages import LANGUAGES, SOURCE
from tellback.translations.sentences import spoken

KEPT = Path(__file__).with_name("consent_wordings.json")
QUESTIONS = ("publish", "licence", "contact")
# As the form asks, and as the one with pictures does; which of the two somebody used is not kept.
WAYS = {"form": "", "pictures": "easy_"}

Wording = dict[str, dict[str, dict[str, str]]]


def of_story(story: Story) -> dict[str, Any]:
    """What its author agreed to and what not, and the words of it in the language they read them in.

    `wording` is None for a version or a language whose words are not kept (a program that tells stories of
    others says none).
    """
    version, lang = str(story.consent_version), story.consent_lang
    return {
        "publish": story.consent_publish,
        "licence": story.consent_licence,
        "contact": story.consent_contact,
        "version": version,
        "lang": lang,
        "wording": wordings().get(version, {}).get(str(lang)),
    }


@cache
def wordings() -> dict[str, dict[str, Wording]]:
    """All that is kept: by version and language, by way and question, `label` and `hint`."""
    kept: dict[str, dict[str, Wording]] = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def asked_now() -> dict[str, Wording]:
    """The words that are asked today, by language, of those languages that have all of them."""
    return {tag: _wording(tag) for tag in LANGUAGES if tag == SOURCE or _is_whole(tag)}


def _wording(tag: str) -> Wording:
    return {
        way: {
            question: {part: str(spoken(word(f"{prefix}consent_{question}_{part}"), tag)) for part in _PARTS}
            for question in QUESTIONS
        }
        for way, prefix in WAYS.items()
    }


def _is_whole(tag: str) -> bool:
    """Whether every one of these words is translated: else a person read some in English."""
    words = [f"{prefix}consent_{q}_{part}" for prefix in WAYS.values() for q in QUESTIONS for part in _PARTS]
    known = catalogue(tag)
    return all(known.pgettext(f"embed:{key}", str(word(key))) != str(word(key)) for key in words)


_PARTS = ("label", "hint")
