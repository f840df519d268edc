"""The languages: their own names, their direction, how they count, and how a tag finds one.

Plural categories and separators are those of CLDR 47 (unicode.org/cldr), which a test compares.
"""

from dataclasses import dataclass
from typing import Literal

# The word that the source is written in; it needs no catalogue.
SOURCE = "en"


@dataclass(frozen=True)
class Language:
    """A language that there is a catalogue for.

    `name` is its own. `plurals` are CLDR's categories for whole numbers in gettext's order, which
    `plural_forms` (a header of PO files) puts numbers into. `group` stands between thousands.
    """

    tag: str
    name: str
    plurals: tuple[str, ...]
    plural_forms: str
    direction: Literal["ltr", "rtl"] = "ltr"
    group: str = ","


_ONE_OR_MORE = ("one", "other")
_SLAVIC = ("one", "few", "many")
# The last digit counts, except after a ten: 2, 22 and 122, but not 12.
_A_FEW = "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14)"
_NOT_ONE = "nplurals=2; plural=(n != 1);"
# Nothing is said like one.
_OVER_ONE = "nplurals=2; plural=(n > 1);"

LANGUAGES = {
    language.tag: language
    for language in (
        Language("en", "English", _ONE_OR_MORE, _NOT_ONE),
        Language(
            "cy",
            "Cymraeg",
            ("zero", "one", "two", "few", "many", "other"),
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);",
        ),
        Language(
            "pl",
            "Polski",
            _SLAVIC,
            f"nplurals=3; plural=(n==1 ? 0 : {_A_FEW} ? 1 : 2);",
            group="\N{NO-BREAK SPACE}",
        ),
        Language(
            "ro",
            "Română",
            ("one", "few", "other"),
            "nplurals=3; plural=(n==1 ? 0 : n==0 || (n%100>=1 && n%100<=19) ? 1 : 2);",
            group=".",
        ),
        Language("ur", "اردو", _ONE_OR_MORE, _NOT_ONE, direction="rtl"),
        Language("pa", "ਪੰਜਾਬੀ", _ONE_OR_MORE, _OVER_ONE),
        Language("bn", "বাংলা", _ONE_OR_MORE, _OVER_ONE),
        Language("gu", "ગુજરાતી", _ONE_OR_MORE, _OVER_ONE),
        Language(
            "ar",
            "العربية",
            ("zero", "one", "two", "few", "many", "other"),
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2"
            " : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
            direction="rtl",
        ),
        Language("so", "Soomaali", _ONE_OR_MORE, _NOT_ONE),
        Language("zh-Hans", "简体中文", ("other",), "nplurals=1; plural=0;"),
        Language(
            "uk",
            "Українська",
            _SLAVIC,
            f"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : {_A_FEW} ? 1 : 2);",
            group="\N{NO-BREAK SPACE}",
        ),
    )
}
"""Every language by its tag, in the order people are offered them."""

_BY_TAG = {tag.lower(): language for tag, language in LANGUAGES.items()} | {"zh": LANGUAGES["zh-Hans"]}


def find(tag: str) -> Language | None:
    """The language of a tag (BCP 47), however it is cased: its own, or a wider one's (`zh-CN`, `pl-PL`)."""
    parts = tag.strip().replace("_", "-").lower().split("-")
    # RFC 4647, section 3.4: the end is cut off until something is found.
    for length in range(len(parts), 0, -1):
        if language := _BY_TAG.get("-".join(parts[:length])):
            return language
    return None


def known(tag: str | None) -> str | None:
    """Our tag for a language that somebody names (`zh-CN` is `zh-Hans`), or None where we do not speak it."""
    language = find(tag or "")
    return language.tag if language else None
