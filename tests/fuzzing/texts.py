"""Texts as nobody would type them, and as somebody will: words of the rule book among signs of every kind."""

from hypothesis import settings
from hypothesis import strategies as st

# What the rules look for, what breaks words apart, what takes no room or too much, what joins and what turns.
PIECES = (
    "Dr Shah", "nurse Joy Bell", "my mum Grace ", "07700 900123", "+44 20 7946 0018", "943 476 5919", "NHS ",
    "jo@example.org", "EL1 2SE", "www.example.org/?a=1", "12/03/1957", "aged 43", "I want to die", "kil my ",
    "Ward 5", "self ", "bed 12 ", "useless ", "the", " and ", "'s", ". ", "\n", "\n\n", "  ", ",", "-", "…",
    "!!!", "1", "0", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u0301", "\u0489", "\u202e", "\u2066", "\u2028",
    "\x00", "\x0b", "\x85", "e\u0301", "ﬁ", "İ", "ß", "ǆ", "Å", "\u212b", "ا", "א", "नमस्ते", "ਸਤਿ", "中文",
    "👩🏽‍⚕️", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇬🇧", "١٢٣", "０７７００", "<b>", "</script>",
    "&amp;", "{{7*7}}", "=1+1", "%0d%0a", "=?utf-8?q?x?=",
)  # fmt: skip
any_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=24).map("".join)
"""Any text, with lone surrogates and controls."""


def _kept(character: str) -> bool:
    return not (
        0xD800 <= ord(character) <= 0xDFFF
        or (ord(character) < 0x20 and character not in "\n\t")
        or 0x7F <= ord(character) <= 0x9F
    )


told_text = any_text.map(lambda text: "".join(filter(_kept, text))).filter(str.strip)
"""A text that a story may hold: no controls but line ends and tabs, no surrogates, something to read."""

fewer = settings(max_examples=max(6, settings().max_examples // 6))
"""For rules that write to a database."""
