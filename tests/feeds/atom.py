"""What RFC 4287 demands of a feed in its sections 2 to 4, and RFC 6721 of what is gone.

It knows what our feeds hold and no more: anything else is a fault until its rule is written here.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from math import inf
from xml.etree.ElementTree import Element, fromstring


def moment(text: str) -> bool:
    """Whether it is a moment as RFC 3339 writes it, T and Z in capitals (3.3), of a day that there is."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(re.fullmatch(r"[\d-]{10}T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text))


words = re.compile(r"(?s).*\S.*").fullmatch
nothing = re.compile(r"\s*").fullmatch
# Absolute, as 4.2.6 asks of ids; addresses too, since feeds are read far from us. No space around it (2).
iri = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+").fullmatch
language = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*").fullmatch

VOCABULARIES = {"{http://www.w3.org/2005/Atom": "", "{http://purl.org/atompub/tombstones/1.0": "at:"}
XML = "{http://www.w3.org/XML/1998/namespace}"
# What an attribute says, in any element or in one. Text (3.1.1) and content (4.1.3.1) have two types with us.
VALUES: dict[str, Callable[[str], object]] = {
    "href": iri, "ref": iri, "term": words, "when": moment, "hreflang": language, "xml:lang": language,
    "rel": re.compile("alternate|enclosure|related|self|via").fullmatch,
    "type": re.compile("text|html").fullmatch,
    "link type": re.compile(r"(?!message/|multipart/)\w[\w.+-]*/\w[\w.+-]*").fullmatch,
}  # fmt: skip
# What an element holds: its section, the text, the attributes, the elements; one of each that bears no sign.
OFTEN = {"?": (0, 1), "*": (0, inf)}
HOLDS: dict[str, tuple[str, Callable[[str], object], str, str]] = {
    "feed": ("4.1.1", nothing, "",
             "id title updated author* link* subtitle? generator? at:deleted-entry* entry*"),
    "entry": ("4.1.2", nothing, "", "id title updated author* link* published? category* rights? content?"),
    "author": ("3.2", nothing, "", "name"),
    "name": ("3.2.1", words, "", ""),
    **dict.fromkeys(("title", "subtitle", "rights", "at:comment"), ("3.1", words, "type?", "")),
    **dict.fromkeys(("updated", "published"), ("3.3", moment, "", "")),
    "content": ("4.1.3", words, "type?", ""),
    "category": ("4.2.2", nothing, "term", ""),
    "generator": ("4.2.4", words, "", ""),
    "id": ("4.2.6", iri, "", ""),
    "link": ("4.2.7", nothing, "href rel? type? hreflang?", ""),
    "at:deleted-entry": ("RFC 6721 3", nothing, "ref when", "at:comment?"),
}  # fmt: skip


def faults(xml: bytes) -> list[str]:
    """What is wrong with a feed, each fault with its section. Raises ParseError for what is no XML."""
    feed = fromstring(xml)
    for element in feed.iter():
        element.tag = _short(element.tag)
        element.attrib = {name.replace(XML, "xml:"): value for name, value in element.items()}
    return [*_of_one(feed), *_of_the_whole(feed)] if feed.tag == "feed" else [f"2: {feed.tag} is no feed"]


def _of_one(element: Element) -> Iterator[str]:
    """What an element shows by itself, and then each of those within."""
    section, rule, attributes, within = HOLDS[element.tag]
    here = f"{section}: {element.tag}"
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not rule(text):
        yield f"{here} says {text!r}"
    for name, value in element.items():
        if not VALUES.get(f"{element.tag} {name}", VALUES.get(name, words))(value):
            yield f"{here} has {name}={value!r}"
    # Any element may tell its language (2).
    for found, allowed in (
        (element.keys(), f"{attributes} xml:lang?"),
        ([one.tag for one in element], within),
    ):
        often = {name.rstrip("?*"): OFTEN.get(name[-1], (1, 1)) for name in allowed.split()}
        counted = Counter(found)
        for name in often | counted:
            least, most = often.get(name, (0, 0))
            if not least <= counted[name] <= most:
                yield f"{here} has {counted[name]} {name}"
    for child in element:
        if child.tag in HOLDS:
            yield from _of_one(child)


def _of_the_whole(feed: Element) -> Iterator[str]:
    """What only shows when elements are held against each other."""
    entries = feed.findall("entry")
    if feed[len(feed) - len(entries) :] != entries:
        # Its text gives order no meaning, but its grammar, which readers may go by, puts entries last.
        yield "4.1.1: feed has an entry before what is its own"
    if not feed.findall("link[@rel='self']"):
        yield "4.1.1: feed does not say where it is"
    if feed.find("author") is None and not all(entry.findall("author") for entry in entries):
        yield "4.1.1: entry has no author, nor has the feed"
    for one in (feed, *entries):
        alternates = [link for link in one.iterfind("link") if link.get("rel", "alternate") == "alternate"]
        if len({(link.get("type"), link.get("hreflang")) for link in alternates}) < len(alternates):
            yield f"{HOLDS[one.tag][0]}: {one.tag} has alternates alike"
        if one.tag == "entry" and one.find("content") is None and not alternates:
            yield "4.1.2: entry has neither content nor alternate"


def _short(tag: str) -> str:
    """The name of an element of Atom's by itself, of RFC 6721's with a prefix, of any other's in full."""
    vocabulary, _, name = tag.rpartition("}")
    return VOCABULARIES.get(vocabulary, f"{vocabulary}}}") + name
