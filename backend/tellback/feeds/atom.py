"""Atom feeds (RFC 4287) of published stories."""

from typing import Any

NEWEST = 30


def entries(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shown stories as feed entries: a stable id, when it last changed, its words in paragraphs.

    A tombstone is no entry: a feed reader keeps what it fetched, so its id is not repeated.
    """
    return [
        {
            "id": story["url"],
            "url": story["url"],
            "title": story["title"],
            "lang": story["lang"],
            "published": story["published_at"],
            "updated": max([story["published_at"], *(reply["published_at"] for reply in story["replies"])]),
            "author": story["display_name"] or "Anonymous",
            "text": _text(story),
        }
        for story in items
        if story["state"] == "published"
    ]


def _text(story: dict[str, Any]) -> str:
    parts = [story["body"]]
    if story["what_was_good"]:
        parts.append("What was good: " + story["what_was_good"])
    if story["what_could_be_better"]:
        parts.append("What could be better: " + story["what_could_be_better"])
    parts += [f"{reply['from']}: {reply['body']}" for reply in story["replies"]]
    return "\n\n".join(parts)
