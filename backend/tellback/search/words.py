"""Words as the index holds them and as readers seek them: one folding for both engines and every language."""

import re
import unicodedata

from tellback.errors import InvalidInput
from tellback.translations.sentences import say

# A question fits; a pasted letter does not.
LONGEST = 200
MOST_WORDS = 20

# Accents are dropped, so that a phone without them finds the word; these letters have none to drop.
_PLAIN = str.maketrans("łøđı", "lodi")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"))
# Scripts that put no space between words: each of their signs stands as a word, and several as a phrase.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
# What a reader put in quotation marks, or a stretch without a space.
_SOUGHT = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]|([^\s"“”„«»]+)')


def folded(text: str) -> str:
    """The words of a text in lower case, without accents, apostrophes and signs, a space between them.

    The marks that Bengali or Gurmukhi write vowels with belong to the word. Chinese signs stand one by one.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES)).translate(_PLAIN)
    kept = (
        character if unicodedata.category(character)[0] in "LNM" else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(_UNSPACED.sub(r" \1 ", "".join(kept)).split())


def sought(q: str) -> list[str]:
    """What a reader looks for, folded: each of these must be in a story, its words side by side.

    Signs alone are one empty phrase, which no story holds. Raises InvalidInput when it is too long.
    """
    phrases = [folded(quoted or plain) for quoted, plain in _SOUGHT.findall(q)]
    if len(q) > LONGEST or sum(len(phrase.split()) for phrase in phrases) > MOST_WORDS:
        raise InvalidInput(errors={"q": [say("Use fewer words: {count} at most.", count=MOST_WORDS)]})
    return list(dict.fromkeys(phrase for phrase in phrases if phrase)) or [""]
