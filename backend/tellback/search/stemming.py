"""English words without their endings, by the rules of Snowball's English stemmer (Porter 2).

https://snowballstem.org/algorithms/english/stemmer.html; a test holds it to what PostgreSQL's own copy
answers. Done here and not by a database, so that SQLite, whose Porter rules are older, and PostgreSQL find
the same, and so that a page can mark what was found.
"""

import re
from functools import lru_cache

_WHOLE = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie",
    "idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas", "cosmos": "cosmos", "bias": "bias",
    "andes": "andes",
}  # fmt: skip
_WHOLE_WITHOUT_S = {"inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"}

_V = "[aeiouy]"
# A vowel, then what is none; the region that begins there is what endings are taken from.
_REGION = re.compile(f"{_V}[^aeiouy]")
_FIRST_REGION = re.compile(f"(?:gener|commun|arsen)|.*?{_V}[^aeiouy]")
_CONSONANT_Y = re.compile("(?:^|(?<=[aeiouy]))y")
_ENDS_SHORT = re.compile("(?:^[aeiouy][^aeiouy]|[^aeiouy][aeiouy][^aeiouywxY])$")
_DOUBLE = re.compile("(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$")

_STEP_2 = {
    "tional": "tion", "enci": "ence", "anci": "ance", "abli": "able", "entli": "ent", "izer": "ize",
    "ization": "ize", "ational": "ate", "ation": "ate", "ator": "ate", "alism": "al", "aliti": "al",
    "alli": "al", "fulness": "ful", "ousli": "ous", "ousness": "ous", "iveness": "ive", "iviti": "ive",
    "biliti": "ble", "bli": "ble", "ogi": "og", "fulli": "ful", "lessli": "less", "li": "",
}  # fmt: skip
_STEP_3 = {
    "tional": "tion", "ational": "ate", "alize": "al", "icate": "ic", "iciti": "ic", "ical": "ic",
    "ful": "", "ness": "", "ative": "",
}  # fmt: skip
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ism", "ate", "iti",
    "ous", "ive", "ize", "ion",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of an English word in lower case; any other word as it is.

    It is not always a word itself: "nurses" and "nursing" are both "nurs".
    """
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    if word in _WHOLE:
        return _WHOLE[word]
    # A y that is no vowel stands as Y until the end.
    word = _CONSONANT_Y.sub("Y", word)
    begins = _FIRST_REGION.match(word)
    r1 = begins.end() if begins else len(word)
    again = _REGION.search(word, r1)
    r2 = again.end() if again else len(word)
    word = _plural(word)
    if word in _WHOLE_WITHOUT_S:
        return word
    word = _past(word, r1)
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in "aeiouy":
        word = f"{word[:-1]}i"
    word = _longer(word, r1, _STEP_2)
    word = _longer(word, r1, _STEP_3, r2)
    word = _ending(word, r2)
    return _last_letter(word, r1, r2).lower()


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and re.search(_V, word[:-2]):
        return word[:-1]
    return word


def _past(word: str, r1: int) -> str:
    for ending in ("eedly", "eed"):
        if word.endswith(ending):
            return word[: -len(ending)] + "ee" if len(word) - len(ending) >= r1 else word
    ending = next((one for one in ("ingly", "edly", "ing", "ed") if word.endswith(one)), "")
    rest = word.removesuffix(ending)
    if not ending or not re.search(_V, rest):
        return word
    if rest.endswith(("at", "bl", "iz")):
        return f"{rest}e"
    if _DOUBLE.search(rest):
        return rest[:-1]
    return f"{rest}e" if len(rest) <= r1 and _ENDS_SHORT.search(rest) else rest


def _longer(word: str, r1: int, endings: dict[str, str], r2: int = 0) -> str:
    """Put a shorter ending in the place of the longest that stands there."""
    ending = max((one for one in endings if word.endswith(one)), key=len, default="")
    rest = word.removesuffix(ending)
    if not ending or len(rest) < r1:
        return word
    refused = (
        (ending == "ogi" and not rest.endswith("l"))
        or (ending == "li" and rest[-1] not in "cdeghkmnrt")
        or (ending == "ative" and len(rest) < r2)
    )
    return word if refused else rest + endings[ending]


def _ending(word: str, r2: int) -> str:
    ending = max((one for one in _STEP_4 if word.endswith(one)), key=len, default="")
    rest = word.removesuffix(ending)
    if len(rest) < r2 or (ending == "ion" and not rest.endswith(("s", "t"))):
        return word
    return rest


def _last_letter(word: str, r1: int, r2: int) -> str:
    rest = word[:-1]
    if word.endswith("e") and (len(rest) >= r2 or (len(rest) >= r1 and not _ENDS_SHORT.search(rest))):
        return rest
    if word.endswith("l") and len(rest) >= r2 and rest.endswith("l"):
        return rest
    return word
