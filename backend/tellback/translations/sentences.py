"""Sentences that patients read, marked for translators where they are written.

In Python a Sentence is its English text, so rules, logs and tests read plain English. What goes out to a
person (`http/translations.py`, the outbox) says it in that person's language. `backend/catalogues.py` finds
every call of these functions, so the first arguments are written out, never put together.
"""

from gettext import NullTranslations
from typing import Any

from tellback.translations.catalogues import catalogue
from tellback.translations.languages import LANGUAGES, SOURCE


class Sentence(str):
    """English text that remembers how to say itself in another language.

    Facts stand in braces: `{code}`. A whole number is written with its thousands apart, so a year is given as
    text. A fact may be a Sentence too.
    """

    _said: tuple[str, str | None, str | None, int]
    _facts: dict[str, Any]

    def __new__(
        cls,
        text: str,
        facts: dict[str, Any],
        plural: str | None = None,
        context: str | None = None,
        count: int = 1,
    ) -> "Sentence":
        """Fill the English text; `plural` is its form for a `count` other than one."""
        english = text if plural is None or count == 1 else plural
        sentence = super().__new__(cls, _filled(english, facts, SOURCE))
        sentence._said, sentence._facts = (text, plural, context, count), facts
        return sentence

    def in_language(self, tag: str) -> str:
        """The sentence in a language (a tag of LANGUAGES); English where the catalogue lacks it."""
        return _filled(_translated(catalogue(tag), *self._said), self._facts, tag)

    def format(self, *_args: object, **facts: Any) -> "Sentence":
        """The sentence with further facts, so that libraries which fill their messages leave it one."""
        text, plural, context, count = self._said
        return Sentence(text, {**self._facts, **facts}, plural, context, count)


def say(text: str, **facts: Any) -> str:
    """A Sentence, its {facts} filled."""
    return Sentence(text, facts)


def say_n(one: str, other: str, count: int, **facts: Any) -> str:
    """A Sentence about a number of things, which it may name as {count}."""
    return Sentence(one, {"count": count, **facts}, plural=other, count=count)


def say_as(context: str, text: str, **facts: Any) -> str:
    """A Sentence that means more than one thing in English; `context` tells translators which."""
    return Sentence(text, facts, context=context)


def spoken(value: Any, tag: str) -> Any:
    """A value with every Sentence in it (in lists and dicts too) said in a language."""
    if tag == SOURCE:
        # A Sentence is its English text.
        return value
    if isinstance(value, Sentence):
        return value.in_language(tag)
    if isinstance(value, dict):
        return {spoken(key, tag): spoken(inner, tag) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(spoken(inner, tag) for inner in value)
    return value


def _translated(
    translations: NullTranslations, text: str, plural: str | None, context: str | None, count: int
) -> str:
    if plural is not None:
        return (
            translations.npgettext(context, text, plural, count)
            if context
            else translations.ngettext(text, plural, count)
        )
    return translations.pgettext(context, text) if context else translations.gettext(text)


def _filled(text: str, facts: dict[str, Any], tag: str) -> str:
    # A sentence without facts may show braces.
    return text.format_map({name: _fact(fact, tag) for name, fact in facts.items()}) if facts else text


def _fact(fact: Any, tag: str) -> Any:
    if isinstance(fact, int) and not isinstance(fact, bool):
        return f"{fact:,}".replace(",", LANGUAGES[tag].group)
    return spoken(fact, tag)
