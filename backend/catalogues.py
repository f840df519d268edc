"""Keep the translators' catalogues: `python3 backend/catalogues.py COMMAND`. docs/translators.md tells more.

renew                  gather every sentence into tellback.pot, and bring each language's .po up to it
check [--complete]     say what is stale, broken or (with --complete) not translated; exit code 1 if anything
stats                  how much of each language is translated
export TAG [--all]     what a language lacks, as JSON to fill in; with --all everything
import TAG FILE        put a filled-in export into the language's .po; what does not fit is said and left out
"""

import argparse
import difflib
import gettext
import json
import os
import pathlib
import re
import string
import sys
from collections.abc import Iterable, Iterator

import bootstrap

try:
    import polib
    from babel.messages.extract import extract_from_file

    from tellback.translations.catalogues import CHECKED, FOLDER
    from tellback.translations.languages import LANGUAGES, SOURCE, Language
except ImportError:  # started by a Python that has none of it
    python = str(bootstrap.ensure("tests"))
    os.execv(python, [python, __file__, *sys.argv[1:]])

PACKAGE = bootstrap.ROOT / "backend" / "tellback"
POT = FOLDER / "tellback.pot"
WORDS = PACKAGE / "static" / "embed" / "words.json"
# Pages that patients and readers meet; staff screens and the page for developers are English.
TEMPLATES = ("*.html", "public/*.html", "letters/*.txt", "letters/*.html", "feeds/*.atom", "feeds/*.html")
IN_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
IN_PYTHON = {"say": None, "say_n": (1, 2), "say_as": ((1, "c"), 2)}
# What a translator reads beside a sentence starts so.
COMMENTS = ("Translators:",)
# Fixed words that stand in JSON: the file, the context they are marked with, and where they stand in it.
BOOKS = (
    ("stories/themes.json", "theme", lambda book: [theme["name"] for theme in book["themes"]]),
    ("screening/rules.json", "why words were taken out", lambda book: list(book["reasons"].values())),
    (
        "stories/support.json",
        "line of support",
        lambda book: [line[said] for line in book["lines"].values() for said in ("name", "when")],
    ),
)
# What a counted sentence calls its number.
COUNTS = {"count", "total"}
WIDTH = 100
# How alike two English sentences are (0 to 1) for the old translation to be worth a look.
ALIKE = 0.75
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
PERCENT = re.compile(r"%\((\w+)\)[sd]")


def gather() -> polib.POFile:
    """Every sentence of the sources as a template, each once, in a fixed order."""
    pot = polib.POFile(wrapwidth=WIDTH)
    pot.metadata = {"Project-Id-Version": "tellback", "Content-Type": "text/plain; charset=utf-8"}
    found: dict[tuple[str | None, str], polib.POEntry] = {}
    for entry in [*embed_words(), *in_templates(), *in_python(), *in_books()]:
        standing = found.setdefault((entry.msgctxt, entry.msgid), entry)
        if standing is not entry:
            standing.occurrences += [
                place for place in entry.occurrences if place not in standing.occurrences
            ]
            standing.msgid_plural = standing.msgid_plural or entry.msgid_plural
            if entry.comment and entry.comment not in standing.comment:
                standing.comment = "\n".join(filter(None, (standing.comment, entry.comment)))
    pot.extend(found.values())
    return pot


def embed_words() -> Iterator[polib.POEntry]:
    """The embed's words: the key is the context, so that one English word may become several."""
    book = json.loads(WORDS.read_text(encoding="utf-8"))
    english = {key: text for part in book.values() for key, text in part.items()}
    for key, text in english.items():
        base, _, category = key.rpartition("_")
        if category == "one" and f"{base}_other" in english:
            continue
        one = english.get(f"{base}_one") if category == "other" else None
        name = base if one else key
        yield polib.POEntry(
            msgctxt=f"embed:{name}",
            msgid=one or text,
            msgid_plural=text if one else "",
            comment=f"key: {name}",
            occurrences=[("widget/src/i18n", "")],
        )


def in_templates() -> Iterator[polib.POEntry]:
    """Sentences of pages, letters and feeds."""
    folder = PACKAGE / "templates"
    options = {"newstyle_gettext": "true", "silent": "false"}
    for path in sorted(path for pattern in TEMPLATES for path in folder.glob(pattern)):
        yield from extracted(path, "jinja2.ext:babel_extract", IN_TEMPLATES, options)


def in_python() -> Iterator[polib.POEntry]:
    """Sentences of rules and routes."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent != FOLDER or path.name == "dates.py":
            yield from extracted(path, "python", IN_PYTHON, {})


def extracted(path: pathlib.Path, method: str, keywords: dict, options: dict) -> Iterator[polib.POEntry]:
    """The marked sentences of one file."""
    place = [(str(path.relative_to(bootstrap.ROOT)), "")]
    for _line, texts, comments, context in extract_from_file(
        method, path, keywords=keywords, comment_tags=COMMENTS, options=options, strip_comment_tags=True
    ):
        one, other = (*texts, "")[:2] if isinstance(texts, tuple) else (texts, "")
        yield polib.POEntry(
            msgctxt=context,
            msgid=one,
            msgid_plural=other or "",
            comment=" ".join(comments),
            occurrences=list(place),
        )


def in_books() -> Iterator[polib.POEntry]:
    """Fixed words that stand in JSON files of ours."""
    for name, context, names_in in BOOKS:
        for text in names_in(json.loads((PACKAGE / name).read_text(encoding="utf-8"))):
            yield polib.POEntry(msgctxt=context, msgid=text, occurrences=[(f"backend/tellback/{name}", "")])


def renew() -> None:
    """Write the template, and every language's catalogue with what it had."""
    pot = gather()
    pot.save(str(POT))
    for language in translated_languages():
        merged(pot, read(language), language).save(str(path_of(language)))


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


def stats() -> None:
    """How far each language has come."""
    for language in translated_languages():
        po = read(language)
        done, unsure = len(po.translated_entries()), len(po.fuzzy_entries())
        checked = po.metadata.get(CHECKED, "no")
        print(f"{language.tag:8} {done:4} of {len(po)} translated, {unsure} unsure, checked: {checked}")


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


def translated_languages() -> list[Language]:
    """Every language but the source."""
    return [language for tag, language in LANGUAGES.items() if tag != SOURCE]


def path_of(language: Language) -> pathlib.Path:
    """A language's catalogue."""
    return FOLDER / f"{language.tag}.po"


def read(language: Language) -> polib.POFile:
    """A language's catalogue as it is; an empty one where there is none yet."""
    path = path_of(language)
    return polib.pofile(str(path), wrapwidth=WIDTH) if path.exists() else polib.POFile(wrapwidth=WIDTH)


def main() -> int:
    """Do what was asked; 0 when all is well, as a shell expects."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("renew")
    commands.add_parser("check").add_argument("--complete", action="store_true")
    commands.add_parser("stats")
    exporting, importing = commands.add_parser("export"), commands.add_parser("import")
    for command in (exporting, importing):
        command.add_argument("tag", choices=[language.tag for language in translated_languages()])
    exporting.add_argument("--all", action="store_true")
    importing.add_argument("file", type=pathlib.Path)
    asked = parser.parse_args()
    if asked.command == "export":
        export(LANGUAGES[asked.tag], everything=asked.all)
    if asked.command == "import":
        with bootstrap.one_at_a_time():
            return min(1, bring(LANGUAGES[asked.tag], asked.file))
    if asked.command == "renew":
        with bootstrap.one_at_a_time():
            renew()
    if asked.command == "check":
        found = faults(complete=asked.complete)
        print("\n".join(found) or "Every catalogue is right.")
        return min(1, len(found))
    if asked.command in ("renew", "stats"):
        stats()
    return 0


if __name__ == "__main__":
    sys.exit(main())
