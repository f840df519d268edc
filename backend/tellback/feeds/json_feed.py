"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) of published stories."""

from typing import Any

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"


def feed(title: str, page: str, here: str, tag: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A feed of these items. `page` is the address of the page it follows, `here` its own."""
    return {
        "version": VERSION,
        "title": title,
        "home_page_url": page,
        "feed_url": here,
        "language": tag,
        "items": items,
    }


def item(entry: dict[str, Any], html: str, about: str) -> dict[str, Any]:
    """An entry of `feeds.entries` as an item, its whole thread being `html`.

    `_tellback` tells programs what became of the story; `about`, where that is documented.
    """
    story = entry["story"]
    return {
        "id": entry["id"],
        "url": entry["id"],
        "title": entry["title"],
        "content_html": html,
        "date_published": entry["published"],
        "date_modified": entry["updated"],
        "authors": [{"name": entry["author"]}],
        "tags": entry["tags"],
        "language": entry["lang"],
        "_tellback": {
            "about": about,
            "replies": len(story["replies"]),
            "days_to_reply": story["days_to_reply"],
            "answered": [reply["verdict"] for reply in story["replies"]],
            "changes": [
                {"state": change["state"], "verdict": change["verdict"]} for change in story["changes"]
            ],
            "licence": entry["licence"],
        },
    }
