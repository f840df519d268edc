"""A language's catalogue brought up to the template: what stands is kept, what changed is doubted."""

import difflib

import polib

from tellback.translations.catalogues import CHECKED
from tellback.translations.languages import Language
from translating.files import WIDTH

# How alike two English sentences are (0 to 1) for the old translation to be worth a look.
ALIKE = 0.75


def merged(pot: polib.POFile, po: polib.POFile, language: Language) -> polib.POFile:
    """A catalogue of the template's sentences, with translations where there were any.

    One whose English changed keeps its old words, marked as unsure ("fuzzy"), with the English they were of.
    """
    made = polib.POFile(wrapwidth=WIDTH)
    made.metadata = {
        **pot.metadata,
        "Language": language.tag.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": language.plural_forms,
        CHECKED: po.metadata.get(CHECKED, "no"),
    }
    old = {(entry.msgctxt, entry.msgid): entry for entry in po if entry.msgid}
    kept = {(entry.msgctxt, entry.msgid) for entry in pot}
    gone = {identity: entry for identity, entry in old.items() if identity not in kept}
    for wanted in pot:
        entry = polib.POEntry(
            msgctxt=wanted.msgctxt,
            msgid=wanted.msgid,
            msgid_plural=wanted.msgid_plural,
            comment=wanted.comment,
            occurrences=wanted.occurrences,
        )
        standing = old.get((wanted.msgctxt, wanted.msgid))
        source = standing or like(wanted, gone)
        fill(entry, source, language, sure=standing is not None)
        made.append(entry)
    return made


def like(wanted: polib.POEntry, gone: dict) -> polib.POEntry | None:
    """Of the sentences that are gone, the one that this was: of the embed's same key, or nearly the same."""
    if (wanted.msgctxt or "").startswith("embed:"):
        return next((entry for (context, _), entry in gone.items() if context == wanted.msgctxt), None)
    by_text = {
        text: entry for (_, text), entry in gone.items() if not (entry.msgctxt or "").startswith("embed:")
    }
    near = difflib.get_close_matches(wanted.msgid, by_text, n=1, cutoff=ALIKE)
    return by_text[near[0]] if near else None


def fill(entry: polib.POEntry, source: polib.POEntry | None, language: Language, *, sure: bool) -> None:
    """Put a translation into an entry, in the forms that it has now."""
    if entry.msgid_plural:
        forms = source.msgstr_plural if source else {}
        entry.msgstr_plural = {at: forms.get(at, "") for at in range(len(language.plurals))}
    elif source:
        entry.msgstr = source.msgstr
    if source and (entry.msgstr or any(entry.msgstr_plural.values())):
        if not sure:
            entry.flags = ["fuzzy"]
            entry.previous_msgctxt, entry.previous_msgid = source.msgctxt, source.msgid
            entry.previous_msgid_plural = source.msgid_plural or None
        elif source.fuzzy:
            entry.flags = ["fuzzy"]
            entry.previous_msgctxt, entry.previous_msgid = source.previous_msgctxt, source.previous_msgid
            entry.previous_msgid_plural = source.previous_msgid_plural
