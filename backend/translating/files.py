"""The catalogues as files: one for each language, and the template that they are made by."""

import pathlib

import polib

from tellback.translations.catalogues import FOLDER
from tellback.translations.languages import LANGUAGES, SOURCE, Language

POT = FOLDER / "tellback.pot"
WIDTH = 100


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
