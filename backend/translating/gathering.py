"""Every sentence to be translated, gathered from pages, letters, Python, the embed and books of words."""

import json
import pathlib
from collections.abc import Iterator

import polib
from babel.messages.extract import extract_from_file

import bootstrap
from tellback.translations.catalogues import FOLDER
from translating.files import WIDTH

PACKAGE = bootstrap.ROOT / "backend" / "tellback"
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
