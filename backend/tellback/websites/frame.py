"""The frame: a page of ours that stands inside somebody's page, and the iframe that a webmaster pastes.

For pages whose editor strips scripts, and for webmasters who want what patients write out of reach of the
page's other scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape
from urllib.parse import urlencode

from tellback.errors import InvalidInput
from tellback.translations.sentences import say

# Pixels of a frame that nothing makes grow: the invitation to tell, and most of a first story.
HEIGHT = 600
_PARTS = ("form", "stories", "summary", "changes")
_USUAL_PARTS = ("form", "stories")
# Of a value in the address, in characters: the longest code has 64.
_LONGEST = 64


class FrameNotSetUp(InvalidInput):
    """The address of a frame says nothing that could be shown."""

    slug = "frame-not-set-up"
    title = say("This frame is not set up yet")


@dataclass(frozen=True)
class Frame:
    """What a frame holds, by the tag's own attributes: stories of a service or a topic, or one `story`.

    Each is as the webmaster wrote it. What makes no sense falls back, as it does in the tag.
    """

    service: str | None = None
    topic: str | None = None
    story: str | None = None
    show: str | None = None
    lang: str | None = None
    theme: str | None = None
    heading_level: str | None = None
    limit: str | None = None
    site_key: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What `show` names, in the order of the page."""
        named = (self.show or "").split()
        return tuple(part for part in _PARTS if part in named) or _USUAL_PARTS

    @property
    def scheme(self) -> str:
        """The colours: `light`, `dark`, or `auto`, as the reader's device says.

        Light where nothing is said: unlike the tag, a frame cannot see whether the page around it is dark.
        """
        return self.theme if self.theme in ("dark", "auto") else "light"

    @property
    def level(self) -> int:
        """Level of the first heading, 1 to 6."""
        return _number(self.heading_level, 1, 6, 2)

    @property
    def most(self) -> int:
        """Stories at a time, 1 to 50."""
        return _number(self.limit, 1, 50, 5)

    @property
    def attributes(self) -> dict[str, str]:
        """Those of the tag that stands in the frame."""
        return {**self._given("story"), "theme": self.scheme}

    def address(self, public_url: str) -> str:
        """Where the frame is."""
        return f"{public_url}/embed?{urlencode(self._given())}"

    def html(self, public_url: str, title: str, *, height: int = HEIGHT) -> str:
        """The iframe to paste. `title` is what screen readers call it; `height` is in pixels."""
        # Of a border, an attribute: a page's policy may forbid styles in its markup.
        return (
            f'<iframe src="{escape(self.address(public_url))}" title="{escape(title)}" width="100%" '
            f'height="{height}" frameborder="0" loading="lazy" allow="clipboard-write"></iframe>'
        )

    def _given(self, *without: str) -> dict[str, str]:
        values = {field.name.replace("_", "-"): getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value and name not in without}


def asked_for(query: Mapping[str, str]) -> Frame:
    """The frame that an address names. What it does not know is left out: addresses gather additions."""
    names = [field.name for field in fields(Frame)]
    given = {name: query.get(name.replace("_", "-"), "").strip()[: _LONGEST + 1] for name in names}
    return Frame(**{name: value or None for name, value in given.items()})


def _number(text: str | None, least: int, most: int, otherwise: int) -> int:
    if text and text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    return otherwise
