"""Words as the index holds them and as readers seek them: one folding for both engines and every language."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tellback.errors import InvalidInput
from tellback.translations.sentences import say

# A question fits; a pasted letter does not.
LONGEST = 200
MOST_WORDS = 20
# Letters that a beginning needs, so that it says something.
FEWEST_LETTERS = 3

# Accents are dropped, so that a phone without them finds the word; these letters have none to drop.
_PLAIN = str.maketrans("łøđı", "lodi")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"))
# Scripts that put no space between words: each of their signs stands as a word, and several as a phrase.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
# What is no letter or digit, where there are no others than these.
_SIGNS = re.compile("[^a-z0-9]+")
# What a reader put in quotation marks, or a stretch without a space.
_SOUGHT = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|([^\s"“”„«»]+)')


def folded(text: str) -> str:
    """The words of a text in lower case, without accents, apostrophes and signs, a space between them.

    The marks that Bengali or Gurmukhi write vowels with belong to the word. Chinese signs stand one by one.
    """
    plain = _plain(text)
    if plain.isascii():
        # The same sooner, for most stories.
        return _SIGNS.sub(" ", plain).strip()
    kept = (
        character if unicodedata.category(character)[0] in "LNM" else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(_UNSPACED.sub(r" \1 ", "".join(kept)).split())


class Placed(NamedTuple):
    """A folded word, and where it stands in the text, in code points."""

    word: str
    start: int
    end: int


class Phrase(NamedTuple):
    """What a reader looks for: folded words that stand side by side.

    `begins` says that the last of them is the beginning of a word; `open`, that the reader may have meant so,
    since nothing follows it.
    """

    words: tuple[str, ...]
    begins: bool
    open: bool


def placed(text: str) -> list[Placed]:
    """The words of `folded`, each with its place in the text, accents and all."""
    found: list[Placed] = []
    letters, start, end = "", 0, 0
    for at, character in enumerate(text):
        for sign in _signs(character):
            apart = sign == " " or _UNSPACED.match(sign)
            if apart and letters:
                found.append(Placed(letters, start, end))
                letters = ""
            if sign == " ":
                continue
            start = start if letters else at
            letters, end = letters + sign, at + 1
            if apart:
                found.append(Placed(letters, start, end))
                letters = ""
        if letters and unicodedata.combining(character):
            end = at + 1
    return [*found, Placed(letters, start, end)] if letters else found


def phrases(q: str) -> list[Phrase]:
    """What a reader looks for, in the order they typed it. Raises InvalidInput when it is too long."""
    typed = q.rstrip()
    found = []
    for match in _SOUGHT.finditer(typed):
        quoted, plain = match.groups()
        words = tuple(folded(quoted or plain).split())
        if words:
            long = len(words[-1]) >= FEWEST_LETTERS and not _UNSPACED.match(words[-1])
            begins = long and not quoted and plain.endswith("*")
            is_open = long and not quoted and match.end() == len(typed)
            found.append(Phrase(words, begins, is_open))
    if len(q) > LONGEST or sum(len(phrase.words) for phrase in found) > MOST_WORDS:
        raise InvalidInput(errors={"q": [say("Use fewer words: {count} at most.", count=MOST_WORDS)]})
    return found


def sought(q: str) -> list[str]:
    """What a reader looks for, folded: each of these must be in a story, its words side by side.

    Signs alone are one empty phrase, which no story holds. Raises InvalidInput when it is too long.
    """
    return list(dict.fromkeys(" ".join(phrase.words) for phrase in phrases(q))) or [""]


@lru_cache(maxsize=4096)
def _signs(character: str) -> str:
    """What folding makes of one character: letters, digits, a space between words, or nothing."""
    return "".join(
        sign if unicodedata.category(sign)[0] in "LNM" else " "
        for sign in _plain(character)
        if not unicodedata.combining(sign)
    )


def _plain(text: str) -> str:
    """A text in lower case, its letters and their accents apart, without apostrophes."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    # Once more: only apart does a letter of a formula show that it is a capital.
    return apart.casefold().translate(_PLAIN)
