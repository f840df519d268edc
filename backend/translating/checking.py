"""What is stale, broken or not translated in the catalogues, in sentences."""

import gettext
import re
import string
from collections.abc import Iterable, Iterator

import polib

from tellback.translations.catalogues import CHECKED
from tellback.translations.languages import Language
from translating.files import POT, read, translated_languages
from translating.gathering import gather

# What a counted sentence calls its number.
COUNTS = {"count", "total"}
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
PERCENT = re.compile(r"%\((\w+)\)[sd]")


def faults(*, complete: bool = False) -> list[str]:
    """What is wrong with the template and the catalogues, in sentences."""
    pot = gather()
    found = [] if same(pot, polib.pofile(str(POT))) else [f"{POT.name} is not what the sources make"]
    for language in translated_languages():
        po = read(language)
        said = [*header_faults(po, language), *sentence_faults(pot, po, language)]
        if complete:
            said += [f"not translated: {shown(entry)}" for entry in po if not entry.translated()]
        found += [f"{language.tag}.po: {fault}" for fault in said]
    return found


def same(one: polib.POFile, other: polib.POFile) -> bool:
    """Whether two templates hold the same sentences, comments and places, in the same order."""
    return [str(entry) for entry in one] == [str(entry) for entry in other]


def header_faults(po: polib.POFile, language: Language) -> Iterator[str]:
    """What a catalogue's header lacks."""
    if po.metadata.get("Plural-Forms") != language.plural_forms:
        yield f"Plural-Forms must be {language.plural_forms}"
    if not re.fullmatch(r"no|yes \([^(),]+, [^()]+\)", po.metadata.get(CHECKED, "")):
        yield f"{CHECKED} must be “no” or “yes (who, when)”"


def sentence_faults(pot: polib.POFile, po: polib.POFile, language: Language) -> Iterator[str]:
    """Sentences that a catalogue lacks or has too many of, and translations that would break."""
    wanted = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in pot}
    here = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in po}
    if wanted != here:
        yield f"lacks {len(wanted - here)} sentences and has {len(here - wanted)} that are gone: run renew"
    for entry in po:
        for fault in translation_faults(entry, language):
            yield f"{fault}: {shown(entry)}"


def translation_faults(entry: polib.POEntry, language: Language) -> Iterator[str]:
    """What is wrong with one translation; nothing where it is empty or marked as unsure."""
    if not entry.translated():
        return
    if entry.msgid_plural and set(entry.msgstr_plural) != set(range(len(language.plurals))):
        yield f"needs {len(language.plurals)} plural forms"
    english = entry.msgid_plural or entry.msgid
    exact = exact_forms(language) if entry.msgid_plural else set()
    for place, text in forms_of(entry):
        # A form that is for one number alone may say it in a word.
        spare = COUNTS if place in exact else set()
        lacking, strange = (
            set(facts(english)) - set(facts(text)) - spare,
            set(facts(text)) - set(facts(english)),
        )
        if lacking or strange:
            yield f"has other {{facts}} than English ({', '.join(sorted(lacking | strange))})"
        if sorted(TAG.findall(text)) != sorted(TAG.findall(english)):
            yield "has other HTML tags than English"
        if text.strip() != text and english.strip() == english:
            yield "begins or ends with a space"
        if "%" in PERCENT.sub("", text).replace("%%", "") and PERCENT.search(english):
            yield "has a lone % sign"


def exact_forms(language: Language) -> set[int]:
    """The plural forms that are for one number alone: Arabic's for two, but not Ukrainian's for 1, 21, 31."""
    form_of = gettext.c2py(language.plural_forms.partition("plural=")[2].rstrip(";"))  # type: ignore[attr-defined]
    forms = [form_of(number) for number in range(200)]
    return {form for form in forms if forms.count(form) == 1}


def facts(text: str) -> list[str]:
    """The names of what a sentence is filled with: {name} and %(name)s."""
    try:
        in_braces = [name for _, name, _, _ in string.Formatter().parse(text) if name]
    except ValueError:
        in_braces = ["a lone brace"]
    return sorted(in_braces + PERCENT.findall(text))


def forms_of(entry: polib.POEntry) -> Iterable[tuple[int, str]]:
    """A translation's texts by the number of their form."""
    return entry.msgstr_plural.items() if entry.msgid_plural else [(-1, entry.msgstr)]


def shown(entry: polib.POEntry) -> str:
    """An entry as a message names it."""
    return f"{entry.msgctxt + ': ' if entry.msgctxt else ''}{entry.msgid[:70]!r}"
