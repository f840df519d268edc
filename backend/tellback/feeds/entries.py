"""What the feeds say of stories, Atom (RFC 4287) and JSON Feed 1.1 alike: one entry is a whole thread."""

from typing import Any

from tellback.translations.sentences import say, spoken

NEWEST = 30


def entries(items: list[dict[str, Any]], tag: str) -> list[dict[str, Any]]:
    """Shown stories as feed entries: a stable id, when one last moved, whose it is, and the story itself.

    What we add to an author's words is in the language of `tag`.
    """
    return [
        {
            "id": story["url"],
            "title": story["title"],
            "lang": story["lang"],
            "published": story["published_at"],
            "updated": last_moved(story),
            "author": story["display_name"] or spoken(say("Anonymous"), tag),
            "tags": spoken([about["name"] for about in (*story["services"], *story["topics"])], tag),
            "licence": story["licence"],
            "story": story,
        }
        for story in items
        if story["state"] == "published"
    ]


def taken_down(items: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Those that were taken down or taken back, so that whoever keeps a copy drops it (RFC 6721)."""
    return [
        {"id": story["url"], "when": story["removed_at"], "why": story["reason_text"]}
        for story in items
        if story["state"] == "removed"
    ]


def last_moved(story: dict[str, Any]) -> str:
    """When the public last read something new in a thread: moments of one form order as their texts do."""
    answers = (answer for reply in story["replies"] for answer in reply["answers_back"])
    parts = (story, *story["replies"], *answers, *story["changes"])
    return max(part["published_at"] for part in parts)
