"""A Welsh catalogue of a few sentences, so that a test says itself what a reader should meet."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polib
import pytest

from tellback.outbox import letters
from tellback.translations import catalogues
from tellback.translations.languages import LANGUAGES
from tellback.websites import embed

# English (or the context and English, or both plural forms), and what stands in the catalogue.
WELSH: dict[str | tuple[str, str], str | dict[int, str]] = {
    "Tell your story": "Dywedwch eich stori",
    "Find stories": "Chwilio am straeon",
    "Patients’ stories: %(name)s": "Straeon cleifion: %(name)s",
    "We have your story": "Mae eich stori gennym",
    "Some answers need another look": "Mae angen edrych eto ar rai atebion",
    "{name} is still empty. Please write something.": "Mae {name} yn wag o hyd. Ysgrifennwch rywbeth.",
    "Your story": "Eich stori",
    "Response from {service}": "Ymateb gan {service}",
    "Its author took it back.": "Cymerodd ei hawdur hi yn ôl.",
    ("in a full date, after the day", "November"): "Tachwedd",
    ("a full date", "{day} {month} {year}"): "{day} {month} {year}",
    ("theme", "Food"): "Bwyd",
    ("offer of your own language", "Read this page in English"): "Darllenwch y dudalen hon yn Gymraeg",
    ("embed:heading", "Patients’ stories"): "Straeon cleifion",
}

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of catalogues in place of ours."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    _forget()
    yield tmp_path
    _forget()


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a language's catalogue."""

    def write(tag: str, said: dict[str | tuple[str, str], str | dict[int, str]], checked: str = "no") -> Path:
        po = polib.POFile()
        po.metadata = {
            "Content-Type": "text/plain; charset=utf-8",
            "Plural-Forms": LANGUAGES[tag].plural_forms,
            catalogues.CHECKED: checked,
        }
        for english, text in said.items():
            context, msgid = english if isinstance(english, tuple) else (None, english)
            one, _, other = msgid.partition("|")
            forms = {"msgstr_plural": text, "msgid_plural": other} if other else {"msgstr": text}
            po.append(polib.POEntry(msgctxt=context, msgid=one, **forms))
        po.save(str(folder / f"{tag}.po"))
        _forget()
        return folder / f"{tag}.po"

    return write


@pytest.fixture
def welsh(write: Write) -> None:
    """The few sentences above, in a catalogue that nobody has checked."""
    write("cy", WELSH)


def _forget() -> None:
    for kept in (catalogues._read, letters._templates, embed.words):
        kept.cache_clear()
