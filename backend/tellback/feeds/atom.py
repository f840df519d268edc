"""Atom feeds (RFC 4287) of published stories."""

from typing import Any

from tellback.translations.sentences import say, spoken

NEWEST = 30
_CHANGED = {
    "planned": say("Change planned: {words}"),
    "made": say("Change made: {words}"),
    "not_made": say("Change not made: {words}"),
}


def entries(items: list[dict[str, Any]], tag: str) -> list[dict[str, Any]]:
    """Shown stories as feed entries: a stable id, when it last changed, its words in paragraphs.

    What we add to an author's words is in the language of `tag`.

    A tombstone is no entry: a feed reader keeps what it fetched, so its id is not repeated.
    """
    return [
        {
            "id": story["url"],
            "url": story["url"],
            "title": story["title"],
            "lang": story["lang"],
            "published": story["published_at"],
            "updated": max(one["published_at"] for one in (story, *story["replies"], *story["changes"])),
            "author": story["display_name"] or spoken(say("Anonymous"), tag),
            "text": _text(story, tag),
        }
        for story in items
        if story["state"] == "published"
    ]


def _text(story: dict[str, Any], tag: str) -> str:
    parts = [story["body"]]
    if story["what_was_good"]:
        parts.append(say("What was good: {words}", words=story["what_was_good"]))
    if story["what_could_be_better"]:
        parts.append(say("What could be better: {words}", words=story["what_could_be_better"]))
    parts += [
        say("{service}: {words}", service=reply["from"], words=reply["body"]) for reply in story["replies"]
    ]
    for change in story["changes"]:
        words = "\n\n".join(filter(None, (change["what"], change["why"])))
        parts.append(_CHANGED[change["state"]].format(words=words))
    return "\n\n".join(spoken(parts, tag))
