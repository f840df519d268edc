"""Lists, sums and stories as the API gives them and the pages show them, each with who keeps them."""

from typing import Any

from tellback.audit import signing
from tellback.audit.signing import newest_head
from tellback.config import Settings
from tellback.http.keeper import keeper
from tellback.organisations.models import Service
from tellback.published import changes, lists, taken_down
from tellback.published.lists import Asked
from tellback.published.marking import highlights
from tellback.published.shown import in_ledger, shown
from tellback.published.subjects import Subject
from tellback.published.summary import summary
from tellback.published.transparency import transparency


def stories(asked: Asked, cursor: str | None, limit: int, settings: Settings) -> dict[str, Any]:
    """A page of stories. Raises as `lists.read`."""
    found = lists.read(asked, cursor=cursor, limit=limit)
    items = shown(found.stories, settings.public_url)
    if asked.q:
        items = [{**one, "highlights": highlights(one, found.terms)} for one in items]
    return {
        "items": items,
        "next": found.next,
        "total": found.total,
        "matching": found.matching,
        "more_match": found.more_match,
        "match": "some" if found.some else "all",
        "suggestion": found.suggestion,
        "shown": len(found.stories),
        "order": asked.order.value,
        "keeper": keeper(settings),
        "about": asked.about.describe(settings.public_url),
    }


def in_numbers(about: Subject, settings: Settings) -> dict[str, Any]:
    """The summary of its stories."""
    public_url = settings.public_url
    return {
        "about": about.describe(public_url),
        **summary(about, public_url),
        "keeper": keeper(settings),
    }


def changed(about: Subject, cursor: str | None, limit: int, settings: Settings) -> dict[str, Any]:
    """A page of what was changed because of its stories. Raises as `changes.newest`."""
    found = changes.newest(about, settings.public_url, cursor=cursor, limit=limit)
    return {
        "items": found.items,
        "next": found.next,
        "total": found.total,
        "shown": len(found.items),
        "keeper": keeper(settings),
        "about": about.describe(settings.public_url),
    }


def whole(story_id: str, settings: Settings) -> dict[str, Any]:
    """A story as its own page shows it, with its entries in the ledger. Raises NotFound."""
    story = lists.get(story_id)
    (one,) = shown([story], settings.public_url)
    return {**one, "ledger": in_ledger(story)}


def became_of(service: Service | None, settings: Settings) -> dict[str, Any]:
    """What became of all stories of a service, else of all, with the newest head of the ledger."""
    head, about = newest_head(), Subject(service=service)
    return {
        "about": about.describe(settings.public_url),
        **transparency(service),
        **taken_down.counts(about.services),
        "head": head and signing.described(head),
        "keeper": keeper(settings),
    }
