"""oEmbed 1.0 (https://oembed.com): whoever is given the address of a page of ours learns how to show it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tellback.config import Settings
from tellback.errors import BadRequest, NotFound, Problem
from tellback.published import lists, subjects
from tellback.published.shown import shown
from tellback.published.subjects import Subject
from tellback.translations.languages import SOURCE, find
from tellback.translations.sentences import say, spoken
from tellback.websites.frame import HEIGHT, Frame

# Seconds for which a consumer may keep an answer: what it frames is fresh, whenever it was told of it.
KEPT = 86_400
FORMATS = ("json", "xml")
# Pixels, where the consumer sets no limit; the measure of a column of text.
_WIDTH = 640
_LONGEST_URL = 2000
# Below this a frame shows nothing worth reading.
_LEAST_WIDTH = 200
_LEAST_HEIGHT = 150
_KINDS = {"services": "service", "topics": "topic", "stories": "story", "organisations": "organisation"}
_PAGES = re.compile(r"/(services|topics|stories|organisations)/([^/]+)(/changes)?/?")


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


def _split(rest: str) -> SplitResult | None:
    try:
        return urlsplit(rest)
    except ValueError:  # brackets that hold no address of a host
        return None


def page_of(url: str, own: tuple[str, ...]) -> Frame | Subject:
    """The frame that shows what the page at `url` shows, or what a page is about that no frame shows.

    `own` are the addresses that this service has. Raises NotFound for an address of another kind, and for an
    organisation that is none.
    """
    for address in own:
        parts = _split(url.removeprefix(address)) if url.startswith(f"{address}/") else None
        found = _PAGES.fullmatch(parts.path) if parts else None
        if parts and found:
            kind, name, changes = _KINDS[found[1]], unquote(found[2]), found[3]
            if kind == "organisation":
                return subjects.of_organisation(name)
            language = find(parse_qs(parts.query).get("lang", [""])[0])
            shows = {"show": "changes"} if changes and kind != "story" else {}
            return Frame(**{kind: name}, **shows, lang=language.tag if language else None)
    raise NotFound("Only the pages of stories and of what was changed can be shown elsewhere.")


def answer(asked: Asked, own: tuple[str, ...], settings: Settings) -> dict[str, Any]:
    """The answer, as the specification names its members: `rich`, with a frame, else `link`.

    A link, where a page has no frame or the consumer no room for one. Raises NotFound for what is no page of
    ours, or nothing that is public.
    """
    page_or_frame = page_of(asked.url, own)
    if isinstance(page_or_frame, Subject):
        about = page_or_frame.describe(settings.public_url)["organisation"]
        return _link(str(say("Patients’ stories of {name}", name=about["name"])), None, settings)
    frame = page_or_frame
    title, author, page = _subject(frame, settings.public_url)
    if asked.width < _LEAST_WIDTH or asked.height < _LEAST_HEIGHT:
        return _link(title, author, settings)
    return {
        **_link(title, author, settings),
        "type": "rich",
        "width": asked.width,
        "height": asked.height,
        # The link is for whoever takes the frame out (mail, feed readers). WordPress takes `hidden` off and
        # shows it until its own script is there; for its sake it brings that script, which grows the frame.
        "html": f'<blockquote hidden=""><a href="{escape(page)}">{escape(title)}</a></blockquote>'
        + frame.html(settings.public_url, title, height=asked.height),
    }


def _link(title: str, author: str | None, settings: Settings) -> dict[str, Any]:
    return {
        "version": "1.0",
        "type": "link",
        "title": title,
        **({"author_name": author} if author else {}),
        "provider_name": settings.operator,
        "provider_url": settings.public_url,
        "cache_age": KEPT,
    }


def _subject(frame: Frame, public_url: str) -> tuple[str, str | None, str]:
    """What is framed: its title in the frame's language, its author where that is one person, its page."""
    language = frame.lang or SOURCE
    if frame.story:
        (story,) = shown([lists.get(frame.story)], public_url)
        title = story.get("title") or spoken(say("A story stood here"), language)
        return title, story.get("display_name"), story["url"]
    about = subjects.of_service(frame.service) if frame.service else subjects.of_topic(frame.topic or "")
    described = about.describe(public_url)[about.kind]
    if frame.show:
        said = say("You said, we did: {name}", name=described["name"])
        return spoken(said, language), None, f"{described['url']}/changes"
    said = say("Patients’ stories of {name}", name=described["name"])
    return spoken(said, language), None, described["url"]


def _pixels(query: Mapping[str, str], name: str, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return most
    if not re.fullmatch("[0-9]{1,6}", text) or not int(text):
        raise BadRequest(f"Give {name} in pixels, as a whole number above 0.")
    return min(int(text), most)
