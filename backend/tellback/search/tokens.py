"""What an index holds in the place of words: stems of English, all other words as they are."""

from tellback.search.stemming import stem
from tellback.search.words import folded

# Code points of a word that count: PostgreSQL holds no token of over 2,046 bytes.
LONGEST_WORD = 60


def of_text(text: str, lang: str) -> list[str]:
    """The tokens of a text in a language (a BCP 47 tag), in its order."""
    return [of_word(word, lang) for word in folded(text).split()]


def of_word(word: str, lang: str) -> str:
    """The token of a folded word."""
    word = word[:LONGEST_WORD]
    return stem(word) if is_english(lang) else word


def sought_as(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The tokens that these words are in any language, side by side: what is English is in none marked."""
    return list(dict.fromkeys(tuple(of_word(word, lang) for word in words) for lang in ("en", "")))


def is_english(lang: str) -> bool:
    """Whether a language's words lose their endings."""
    return lang.partition("-")[0].lower() == "en"
