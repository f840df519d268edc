"""A language's catalogue: its PO file, read when it is first asked for and kept."""

import gettext
import io
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polib

from tellback.translations.languages import LANGUAGES, SOURCE, Language

FOLDER = Path(__file__).parent
# Says in a catalogue's header whether somebody who grew up with the language has read it all:
# "no", or "yes (who, when)".
CHECKED = "X-Native-Checked"
# What is filled in, as Python, the templates and the embed write it.
_FILLED_IN = re.compile(r"%\(\w+\)s|\{\w+\}")
# The embed's words have this and their key as their context.
_EMBED = "embed:"


@dataclass(frozen=True)
class _Read:
    """What is kept of a file. What is not translated, or marked as unsure, is not in it."""

    translations: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)
    # By key, in the order of the language's plural forms; one text where nothing is counted.
    embed_words: dict[str, list[str]] = field(default_factory=dict)
    checked: bool = False


def catalogue(tag: str) -> gettext.NullTranslations:
    """The sentences of a language (a tag of LANGUAGES). What is not translated yet, or unsure, is English."""
    return _read(tag).translations


def is_checked(tag: str) -> bool:
    """Whether somebody who grew up with the language has read its whole catalogue."""
    return tag == SOURCE or _read(tag).checked


def words(tag: str, english: dict[str, str]) -> dict[str, str]:
    """The embed's words of a language by key, for these keys and words of English.

    A key that ends in a plural category of English is answered with each of the language's own. What is not
    translated is English, in every category.
    """
    language, told = LANGUAGES[tag], _read(tag).embed_words
    found: dict[str, str] = {}
    for key, text in english.items():
        base, _, category = key.rpartition("_")
        if category == "one" and f"{base}_other" in english:
            found |= _plurals(base, told.get(base), language, english)
        elif category != "other" or f"{base}_one" not in english:
            found[key] = told.get(key, [text])[0]
    return found


def _plurals(
    base: str, said: list[str] | None, language: Language, english: dict[str, str]
) -> dict[str, str]:
    one, other = english[f"{base}_one"], english[f"{base}_other"]
    said = said or [one if category == "one" else other for category in language.plurals]
    forms = dict(zip(language.plurals, said, strict=True))
    # Fractions, which nothing here counts, are "other" in every language.
    forms.setdefault("other", said[-1])
    return {f"{base}_{category}": form for category, form in forms.items()}


@cache
def _read(tag: str) -> _Read:
    path = FOLDER / f"{tag}.po"
    if not path.exists():
        return _Read()
    po = polib.pofile(str(path), encoding="utf-8")
    if LANGUAGES[tag].direction == "rtl":
        _isolate(po)
    return _Read(
        gettext.GNUTranslations(io.BytesIO(po.to_binary())),
        {
            entry.msgctxt.removeprefix(_EMBED): list(entry.msgstr_plural.values()) or [entry.msgstr]
            for entry in po.translated_entries()
            if (entry.msgctxt or "").startswith(_EMBED)
        },
        po.metadata.get(CHECKED, "no").startswith("yes"),
    )


def _isolate(po: polib.POFile) -> None:
    """Let what is filled in keep the direction of its own.

    Within words that run from right to left "116 123" would read "123 116": U+2068 and U+2069 stand round it,
    as Unicode's bidirectional algorithm asks (https://www.unicode.org/reports/tr9/, "isolates").
    """
    for entry in po:
        entry.msgstr = _FILLED_IN.sub("\u2068\\g<0>\u2069", entry.msgstr)
        entry.msgstr_plural = {
            form: _FILLED_IN.sub("\u2068\\g<0>\u2069", text) for form, text in entry.msgstr_plural.items()
        }
