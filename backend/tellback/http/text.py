"""Text from outside, made the same everywhere: one form for what looks alike, nothing that cannot be seen.

What a language needs stays: the marks by which Arabic, Urdu and Hebrew say in which direction a stop reads
(U+200E, U+200F, U+061C), the joiners of Persian, of Indic scripts and of emoji (U+200C, U+200D), accents of
any number, private and unassigned characters. What nobody types and nobody sees goes: control characters,
halves of characters, marks that turn the reading direction of what follows (they make a text read as another,
and reach beyond its end, https://www.unicode.org/reports/tr9/), and letters that are only for machines. Who
shows text of people beside its own still isolates it (`<bdi>`, `dir="auto"`).
"""

import re
import unicodedata

# Ends of lines by every name they have: CR, vertical tab, form feed, NEL, line and paragraph separators.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Flags of England, Scotland and Wales: a black flag, the letters of a region as tags, and their end.
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_HALVES = "\ud800-\udfff"
_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"
# Deprecated format characters, annotation marks, tags, and what Unicode says is no character.
_FOR_MACHINES = "\u206a-\u206f\ufff9-\ufffb\ufdd0-\ufdef\U000e0000-\U000e007f" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
_UNSEEN = re.compile(f"({_FLAG})|[{_CONTROLS}{_HALVES}{_DIRECTIONS}{_FOR_MACHINES}]")
# What editors leave at the start of a file: gone, and not worth a word.
_BYTE_ORDER_MARK = "\ufeff"
# What no database stores and no header carries, in what is not free text: codes, keys, tokens.
_UNSTORABLE = re.compile(f"[\x00{_HALVES}]")


def tidy(text: str, *, lines: bool) -> str:
    """The text as it is kept: NFC, line ends as LF (or folded to spaces), nothing unseen, no outer space."""
    if not _is_plain(text):
        text = _LINE_ENDS.sub("\n", text).replace(_BYTE_ORDER_MARK, "")
        text = _UNSEEN.sub(_flag_or_nothing, text)
    text = unicodedata.normalize("NFC", text)
    if not lines:
        text = re.sub(r"\s+", " ", text)
    return text.strip()


def taken_out(text: str) -> int:
    """How many characters `tidy` takes out of a text because nobody sees them."""
    if _is_plain(text):
        return 0
    return sum(found[1] is None for found in _UNSEEN.finditer(_LINE_ENDS.sub("\n", text)))


def is_storable(text: str) -> bool:
    """Whether a text that is no free text can be looked up at all: no NUL, no half of a character."""
    return not _UNSTORABLE.search(text)


def _is_plain(text: str) -> bool:
    """Whether a text holds letters, signs, spaces and LF alone, as nearly all do: nothing for the patterns.

    What is not printable to Python is every character of Unicode's kinds C and Z but the space, and so more
    than whatever goes.
    """
    return text.replace("\n", " ").isprintable()


def _flag_or_nothing(found: re.Match[str]) -> str:
    return found[1] or ""
