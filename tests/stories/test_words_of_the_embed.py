"""The pages of telling say what the embed says, in the embed's own words."""

import json
import re
from pathlib import Path

import pytest

import tellback
from tellback.stories.suggested_names import suggested_name
from tellback.translations.embed_words import counted, word
from tellback.translations.languages import LANGUAGES
from tellback.translations.sentences import spoken

PACKAGE = Path(tellback.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates" / "public").glob("*.html"))
ENGLISH = {
    key
    for part in json.loads((PACKAGE / "static/embed/words.json").read_text(encoding="utf-8")).values()
    for key in part
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_word_that_a_page_takes_from_the_embed_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    keys = set(re.findall(r'\bword\("([a-z_]+)"[,)]', text))
    keys |= {f"{key}_other" for key in re.findall(r'\bcounted\("([a-z_]+)"', text)}
    assert keys <= ENGLISH


def test_words_and_numbers_of_things_are_said_with_their_facts() -> None:
    assert word("support_call", number="116 123") == "Call 116 123"
    assert counted("services_found", 1) == "We found 1 service."
    assert counted("services_found", 1234) == "We found 1,234 services."
    with pytest.raises(KeyError):
        word("no_such_word")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_language_has_hundreds_of_names_to_show(tag: str) -> None:
    names = re.split(r"\s*[,،、，]\s*", spoken(word("names"), tag))
    assert len(set(names)) * (len(set(names)) - 1) >= 200
    suggested = {suggested_name(str(number), tag) for number in range(300)}
    assert len(suggested) > 100
    assert max(len(name) for name in suggested) <= 40
