"""What a story is about, by its words: themes of the closed list, for a moderator to take up or not."""

import json
import re
from collections import Counter
from importlib import resources

from tellback.screening.folding import fold

MOST = 4
"""More themes than these say nothing of a story."""

_BOOK = json.loads(resources.files(__package__).joinpath("themes.json").read_text(encoding="utf-8"))


def _spelled(words: str) -> str:
    return re.escape(words.rstrip("*")) + (r"\w*" if words.endswith("*") else "")


_NOT_SAID = re.compile(rf"\b(?:{'|'.join(map(_spelled, _BOOK['not_said']))})\b")
# One expression for all, longest first, so that "waiting list" is not read as "waiting".
_THEMES_OF: dict[str, list[str]] = {}
for _slug, _words in _BOOK["themes"].items():
    for _one in _words:
        _THEMES_OF.setdefault(_one, []).append(_slug)
_STARRED = {word.rstrip("*"): themes for word, themes in _THEMES_OF.items() if word.endswith("*")}
_WORD = re.compile(
    rf"\b(?:{'|'.join(_spelled(word) for word in sorted(_THEMES_OF, key=len, reverse=True))})\b", re.ASCII
)


def suggest(text: str) -> list[str]:
    """The slugs of the themes that a story is likely to be about, the likeliest first; at most MOST.

    It reads English. A theme that is said twice as often as another stands before it; of themes said alike
    the one that the list has first.
    """
    met: Counter[str] = Counter()
    for word in {found[0] for found in _WORD.finditer(_NOT_SAID.sub(" ", fold(text).lower))}:
        for theme in _themes_of(word):
            # Several words together are surer than one that many stories hold.
            met[theme] += 2 if " " in word else 1
    order = list(_BOOK["themes"])
    return sorted(met, key=lambda theme: (-met[theme], order.index(theme)))[:MOST]


def _themes_of(word: str) -> list[str]:
    if word in _THEMES_OF:
        return _THEMES_OF[word]
    return next((themes for start, themes in _STARRED.items() if word.startswith(start)), [])
