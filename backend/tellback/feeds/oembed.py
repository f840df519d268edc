"""oEmbed 1.0 (https://oembed.com): whoever is given the address of a page of ours learns how to show it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tellback.config import Settings
from tellback.errors import BadRequest, NotFound, Problem
from tellback.organisations import catalogue
from tellback.published import lists
from tellback.published.shown import shown
from tellback.stories import topics
from tellback.translations.languages import SOURCE, find
from tellback.translations.sentences import say, spoken
from tellback.websites.frame import HEIGHT, Frame

# Seconds for which a consumer may keep an answer: what it frames is fresh, whenever it was told of it.
KEPT = 86_400
FORMATS = ("json", "xml")
# Pixels, where the consumer sets no limit; the measure of a column of text.
_WIDTH = 640
_LONGEST_URL = 2000
_PAGES = re.compile(r"/(services|topics|stories)/([^/]+)/?")


class NoSuchFormat(Problem):
    """An oEmbed consumer asked for another format than JSON or XML."""

    status = 501
    slug = "no-such-format"
    title = "We do not answer in that format"


@dataclass(frozen=True)
class Asked:
    """What a consumer asks: the address of a page of ours, and the pixels it has for it."""

    url: str
    width: int
    height: int
    format: str


def asked_for(query: Mapping[str, str]) -> Asked:
    """The question in a query. Raises BadRequest, and NoSuchFormat (501, as the specification asks)."""
    form = query.get("format") or FORMATS[0]
    if form not in FORMATS:
        raise NoSuchFormat("Ask for format=json or format=xml.")
    url = query.get("url", "")
    if not url or len(url) > _LONGEST_URL:
        raise BadRequest("Give the address of one of our pages as url=.")
    return Asked(url, _pixels(query, "maxwidth", _WIDTH), _pixels(query, "maxheight", HEIGHT), form)


def frame_of(url: str, own: tuple[str, ...]) -> Frame:
    """The frame that shows what the page at `url` shows; `own` are the addresses that this service has.

    Raises NotFound for an address of another kind.
    """
    for address in own:
        parts = urlsplit(url.removeprefix(address)) if url.startswith(f"{address}/") else None
        found = _PAGES.fullmatch(parts.path) if parts else None
        if parts and found:
            kind = {"services": "service", "topics": "topic", "stories": "story"}[found[1]]
            language = find(parse_qs(parts.query).get("lang", [""])[0])
            return Frame(**{kind: unquote(found[2])}, lang=language.tag if language else None)
    raise NotFound("Only the pages of a service, a topic or a story can be shown elsewhere.")


def answer(asked: Asked, own: tuple[str, ...], settings: Settings) -> dict[str, Any]:
    """The answer, as the specification names its members.

    Raises NotFound for what is no page of ours, or nothing that is public.
    """
    frame = frame_of(asked.url, own)
    title, author, page = _subject(frame, settings.public_url)
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        **({"author_name": author} if author else {}),
        "provider_name": settings.operator,
        "provider_url": settings.public_url,
        "cache_age": KEPT,
        "width": asked.width,
        "height": asked.height,
        # The link is for whoever takes the frame out (mail, feed readers). WordPress takes `hidden` off and
        # shows it until its own script is there; for its sake it brings that script, which grows the frame.
        "html": f'<blockquote hidden=""><a href="{escape(page)}">{escape(title)}</a></blockquote>'
        + frame.html(settings.public_url, title, height=asked.height),
    }


def _subject(frame: Frame, public_url: str) -> tuple[str, str | None, str]:
    """What is framed: its title in the frame's language, its author where that is one person, its page."""
    if frame.story:
        (story,) = shown([lists.get(frame.story)], public_url)
        title = story.get("title") or spoken(say("A story stood here"), frame.lang or SOURCE)
        return title, story.get("display_name"), story["url"]
    about = (
        catalogue.describe(catalogue.get(frame.service), public_url)
        if frame.service
        else topics.describe(topics.get(frame.topic or ""), public_url)
    )
    said = spoken(say("Patients’ stories of {name}", name=about["name"]), frame.lang or SOURCE)
    return said, None, about["url"]


def _pixels(query: Mapping[str, str], name: str, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return most
    if not re.fullmatch("[0-9]{1,6}", text) or not int(text):
        raise BadRequest(f"Give {name} in pixels, as a whole number above 0.")
    return min(int(text), most)
