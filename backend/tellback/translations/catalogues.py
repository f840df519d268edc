"""A language's catalogue: its PO file, read when it is first asked for and kept."""

import gettext
import io
from functools import cache
from pathlib import Path

import polib

from tellback.translations.languages import LANGUAGES, SOURCE, Language

FOLDER = Path(__file__).parent
# Says in a catalogue's header whether somebody who grew up with the language has read it all:
# "no", or "yes (who, when)".
CHECKED = "X-Native-Checked"


@cache
def catalogue(tag: str) -> gettext.NullTranslations:
    """The sentences of a language (a tag of LANGUAGES). What is not translated yet, or unsure, is English."""
    if not _path(tag).exists():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(_file(tag).to_binary()))


@cache
def is_checked(tag: str) -> bool:
    """Whether somebody who grew up with the language has read its whole catalogue."""
    if tag == SOURCE:
        return True
    return _path(tag).exists() and _file(tag).metadata.get(CHECKED, "no").startswith("yes")


def words(tag: str, english: dict[str, str]) -> dict[str, str]:
    """The embed's words of a language by key, for these keys and words of English.

    A key that ends in a plural category of English is answered with each of the language's own. What is not
    translated is English, in every category.
    """
    language, told = LANGUAGES[tag], _embed_words(tag)
    found: dict[str, str] = {}
    for key, text in english.items():
        base, _, category = key.rpartition("_")
        if category == "one" and f"{base}_other" in english:
            continue
        if category == "other" and f"{base}_one" in english:
            found |= _plurals(base, told.get(base), language, english)
        else:
            entry = told.get(key)
            found[key] = entry.msgstr if entry else text
    return found


def _plurals(
    base: str, entry: polib.POEntry | None, language: Language, english: dict[str, str]
) -> dict[str, str]:
    if entry is None:
        one, other = english[f"{base}_one"], english[f"{base}_other"]
        forms = {category: one if category == "one" else other for category in language.plurals}
    else:
        forms = {category: entry.msgstr_plural[at] for at, category in enumerate(language.plurals)}
    # Fractions, which nothing here counts, are "other" in every language.
    forms.setdefault("other", forms[language.plurals[-1]])
    return {f"{base}_{category}": form for category, form in forms.items()}


def _embed_words(tag: str) -> dict[str, polib.POEntry]:
    """Translated entries of the embed by key: their context is "embed:" and the key."""
    if not _path(tag).exists():
        return {}
    return {
        entry.msgctxt.removeprefix("embed:"): entry
        for entry in _file(tag).translated_entries()
        if (entry.msgctxt or "").startswith("embed:")
    }


@cache
def _file(tag: str) -> polib.POFile:
    return polib.pofile(str(_path(tag)), encoding="utf-8")


def _path(tag: str) -> Path:
    return FOLDER / f"{tag}.po"
