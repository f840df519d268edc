"""The table of languages says what CLDR says, and a tag finds its language however it is written."""

import gettext

import pytest
from babel import Locale

from tellback.translations.languages import LANGUAGES, find, known


def _locale(tag: str) -> Locale:
    return Locale.parse(tag.replace("-", "_"))


def test_these_are_the_twelve() -> None:
    assert list(LANGUAGES) == ["en", "cy", "pl", "ro", "ur", "pa", "bn", "gu", "ar", "so", "zh-Hans", "uk"]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_number_takes_the_form_that_cldr_names(tag: str) -> None:
    language, rule = LANGUAGES[tag], _locale(tag).plural_form
    count, _, formula = language.plural_forms.partition("; plural=")
    form_of = gettext.c2py(formula.rstrip(";"))  # type: ignore[attr-defined]
    assert count == f"nplurals={len(language.plurals)}"
    wrong = [n for n in range(1000) if language.plurals[form_of(n)] != rule(n)]
    assert wrong == []
    assert {language.plurals[form_of(n)] for n in range(1000)} == set(language.plurals), "no form is idle"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_has_its_direction_and_its_sign_between_thousands(tag: str) -> None:
    language, locale = LANGUAGES[tag], _locale(tag)
    assert language.direction == locale.text_direction
    assert language.group == locale.number_symbols["latn"]["group"]


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if tag != "zh-Hans"])
def test_each_is_called_what_it_calls_itself(tag: str) -> None:
    assert LANGUAGES[tag].name.casefold() == (_locale(tag).get_display_name() or "").casefold()


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("cy", "cy"),
        ("CY", "cy"),
        ("cy-GB", "cy"),
        ("pl_PL", "pl"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-hans-sg", "zh-Hans"),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
        (None, None),
        ("-", None),
        ("cymraeg", None),
    ],
)
def test_a_tag_finds_its_language(written: str | None, tag: str | None) -> None:
    assert known(written) == tag
    assert (find(written or "") is None) == (tag is None)
