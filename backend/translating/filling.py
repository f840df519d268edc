"""What a language lacks as a list to fill in, and the filled-in list put into its catalogue."""

import json
import pathlib

import polib

from tellback.translations.languages import Language
from translating.checking import translation_faults
from translating.files import path_of, read


def export(language: Language, *, everything: bool) -> None:
    """Print what is to be translated as JSON."""
    po = read(language)
    elsewhere = {entry.msgid: entry.msgstr for entry in po.translated_entries() if not entry.msgid_plural}
    print(
        json.dumps(
            [
                as_task(number, entry, language, elsewhere)
                for number, entry in enumerate(po)
                if everything or not entry.translated()
            ],
            ensure_ascii=False,
            indent=1,
        )
    )


def as_task(number: int, entry: polib.POEntry, language: Language, elsewhere: dict[str, str]) -> dict:
    """One sentence to translate, with all that helps."""
    task: dict = {
        "id": number,
        "context": entry.msgctxt,
        "comment": entry.comment or None,
        "english": entry.msgid,
    }
    task["where"] = sorted({place.removeprefix("backend/tellback/") for place, _ in entry.occurrences})
    if entry.msgid_plural:
        task["english_other"] = entry.msgid_plural
        task["translation"] = {
            category: entry.msgstr_plural.get(at, "") for at, category in enumerate(language.plurals)
        }
    else:
        task["translation"] = entry.msgstr
        if not entry.msgstr and entry.msgid in elsewhere:
            task["said_elsewhere"] = elsewhere[entry.msgid]
    if entry.fuzzy:
        task["unsure_because_english_was"] = entry.previous_msgid
    return {name: value for name, value in task.items() if value not in (None, [])}


def bring(language: Language, file: pathlib.Path) -> int:
    """Put filled-in tasks into the catalogue; how many did not fit."""
    po = read(language)
    by_identity = {(entry.msgctxt, entry.msgid): entry for entry in po}
    bad = 0
    for task in json.loads(file.read_text(encoding="utf-8")):
        entry = by_identity.get((task.get("context"), task.get("english")))
        wrong = fits(entry, task, language)
        if wrong:
            bad += 1
            print(f"left out: {wrong}: {task.get('context') or ''} {str(task.get('english'))[:70]!r}")
    po.save(str(path_of(language)))
    print(f"{language.tag}: {len(po.translated_entries())} of {len(po)} translated, {bad} left out")
    return bad


def fits(entry: polib.POEntry | None, task: dict, language: Language) -> str:
    """Put a task's translation into its entry; why it does not fit, or nothing."""
    if entry is None:
        return "no such sentence any more"
    said = task.get("translation")
    before = (entry.msgstr, dict(entry.msgstr_plural), list(entry.flags))
    if entry.msgid_plural:
        if not isinstance(said, dict) or set(said) != set(language.plurals):
            return f"needs the forms {', '.join(language.plurals)}"
        entry.msgstr_plural = {at: said[category] for at, category in enumerate(language.plurals)}
    elif not isinstance(said, str):
        return "needs a text"
    else:
        entry.msgstr = said
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    wrong = "; ".join(dict.fromkeys(translation_faults(entry, language)))
    if wrong:
        entry.msgstr, entry.msgstr_plural, entry.flags = before
    else:
        entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
    return wrong
