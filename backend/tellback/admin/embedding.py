"""What a webmaster sees: their websites, whether the embed lives on them, and what to paste."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from tellback import __version__
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.admin import history, wording
from tellback.admin.exports import Cell
from tellback.config import Settings
from tellback.errors import InvalidInput
from tellback.http.sightings import EVERGREEN
from tellback.organisations.models import Organisation, Service
from tellback.stories.models import Story, Topic
from tellback.websites import registration, sightings, trying
from tellback.websites.models import Website
from tellback.websites.origins import normalise
from tellback.websites.sightings import Place, State

# How each state is called, and its colour as a tag.
_STATES = {
    State.ALIVE: ("Alive", "green"),
    State.ARRIVED: ("Just arrived", "blue"),
    State.SILENT: ("Not working", "red"),
    State.MISSING: ("Not working", "red"),
    State.NOT_ALLOWED: ("Not allowed", "red"),
    State.UNSEEN: ("Nothing seen yet", "grey"),
}
COLUMNS = ("Website", "Organisation", "Site key", "Origins", "Is it alive?", "Added")
# Of several origins, the one that a website is judged by in a list: what needs doing before what works.
_FIRST = (State.SILENT, State.MISSING, State.NOT_ALLOWED, State.ALIVE, State.ARRIVED, State.UNSEEN)


def describe_list(account: Account) -> dict[str, Any]:
    """The websites that someone keeps, as `websites/list.html` shows them."""
    return {
        "websites": [_in_list(website, origins) for website, origins in registration.kept_by(account)],
        "new_url": url_for("admin.new_website"),
        "export_url": url_for("admin.websites_file"),
    }


def rows(account: Account) -> Iterator[tuple[Cell, ...]]:
    """Every website that someone keeps as a line of a file, in the order of the list."""
    for website, origins in registration.kept_by(account):
        listed = _in_list(website, origins)
        said = (listed["name"], listed["organisation"], website.site_key, origins)
        yield (*said, listed["state_words"], website.created_at.date())


def describe_new(account: Account, query: str) -> dict[str, Any]:
    """The form to add a website, as `websites/new.html` shows it; `query` holds what was chosen before."""
    own = Organisation.select().where(Organisation.id.in_(list(organisations(account, Action.KEEP_WEBSITES))))
    return {
        "organisations": [(one.code, one.name) for one in own.order_by(Organisation.name)],
        "of_any": may(account, Action.KEEP_WEBSITES),
        "urls": {
            "back": url_for("admin.websites"),
            "send": url_for("admin.new_website") + (f"?{query}" if query else ""),
        },
    }


def organisation_for(account: Account, code: str) -> Organisation | None:
    """Whose a new website is: the organisation of this code, or the only one that someone keeps websites for.

    Raises InvalidInput for a code that is none, or where one must be chosen.
    """
    own = list(organisations(account, Action.KEEP_WEBSITES))
    if not code and may(account, Action.KEEP_WEBSITES):
        return None
    if not code and len(own) == 1:
        return Organisation.get_by_id(own[0])
    if not code:
        raise InvalidInput(errors={"organisation": ["Choose whose it is."]})
    return registration.organisation_of(code)


def describe_website(
    website: Website, query: Mapping[str, list[str]], integrity: str, subjects: trying.Subjects
) -> dict[str, Any]:
    """A website's page, as `websites/website.html` shows it."""
    settings: Settings = current_app.config["SETTINGS"]
    own, elsewhere = sightings.of(website), sightings.elsewhere(website)
    here = url_for("admin.website", site_key=website.site_key)
    bench = trying.bench(_begun(query, own), subjects, settings, integrity, website)
    allow = _to_allow(query.get("allow", [""])[0])
    origins = registration.origins_of(website)
    return {
        "website": {
            "name": website.name,
            "site_key": website.site_key,
            "organisation": website.organisation.name if website.organisation else None,
        },
        "places": _described([*elsewhere, *own], settings.public_url, here),
        "told": _last_told(website),
        "allow": allow if allow not in origins else "",
        "values": {
            "name": website.name,
            "origins": "\n".join([*origins, *([allow] if allow and allow not in origins else [])]),
        },
        "history": history.of_website(website.site_key),
        "bench": bench,
        "urls": {
            "back": url_for("admin.websites"),
            "here": here,
            "send": f"{here}?{bench['kept']}#origins" if bench["kept"] else f"{here}#origins",
        },
    }


def _begun(query: Mapping[str, list[str]], places: list[Place]) -> Mapping[str, list[str]]:
    """The choices in an address; where it says nothing yet, of what the website's pages read last."""
    seen = next((place.subjects[0] for place in places if place.subjects), "")
    if not seen or "service" in query or "topic" in query:
        return query
    kind, _, code = seen.partition(":")
    return {**query, kind: [code]}


def _in_list(website: Website, origins: list[str]) -> dict[str, Any]:
    places = [*sightings.elsewhere(website), *sightings.of(website)]
    state = min((place.state for place in places), key=_FIRST.index, default=State.UNSEEN)
    seen = max((place.last_at for place in places if place.last_at), default=None)
    words, colour = _STATES[state]
    return {
        "name": website.name,
        "url": url_for("admin.website", site_key=website.site_key),
        "organisation": website.organisation.name if website.organisation else None,
        "origins": origins,
        "state_words": words,
        "colour": colour,
        "seen": f"{wording.waiting(seen)} ago" if seen else None,
    }


def _described(places: list[Place], public_url: str, here: str) -> list[dict[str, Any]]:
    names = _names({subject for place in places for subject in place.subjects})
    return [
        {
            "origin": place.origin,
            "state": place.state.value,
            "state_words": _STATES[place.state][0],
            "colour": _STATES[place.state][1],
            "says": _said(place, public_url),
            "facts": _facts(place),
            "about": [names[subject] for subject in place.subjects if subject in names],
            "allow_url": None if place.allowed else url_for_allowing(here, place.origin),
        }
        for place in places
    ]


def url_for_allowing(here: str, origin: str) -> str | None:
    """Where a website's form proposes to allow an origin; None for one that cannot be allowed."""
    return f"{here}?allow={origin}#origins" if _to_allow(origin) else None


def _to_allow(text: str) -> str:
    try:
        return normalise(text) if text else ""
    except ValueError:
        return ""


def _said(place: Place, public_url: str) -> list[str]:
    """What the state means, and what to do about it."""
    match place.state:
        case State.UNSEEN:
            return ["No page of this origin has asked for anything in the last month."]
        case State.ALIVE:
            if place.read_at is None and place.told_at is None:
                return [f"Our frame was shown here {_ago(place.frame_at)}."]
            return [f"Stories were read here {_ago(place.read_at or place.told_at)}."]
        case State.ARRIVED:
            return [
                f"The file arrived {_ago(place.file_at)}, and has not asked for stories yet.",
                "It asks when a reader scrolls near the box. Look again in ten minutes.",
            ]
        case State.SILENT:
            return [
                f"The file arrived {_ago(place.file_at)} but never asked for stories: most likely "
                f"connect-src of the page’s policy. It must name {public_url}.",
                "Or nobody has scrolled as far as the box yet.",
            ]
        case State.MISSING:
            return [
                f"Pages ask for version {place.missing_version} of the file, which this service has no "
                "longer, so they show the link alone. Paste the tag below in its place."
            ]
    refused = (
        [f"A story was refused {_ago(place.refused_at)}: origin not allowed."] if place.refused_at else []
    )
    can_be = _to_allow(place.origin)
    return [
        *refused,
        "Stories can be read here, but none can be told, until this website names the origin."
        if can_be
        else "Stories can be read here, but none can be told: it must be reached over https first.",
    ]


def _facts(place: Place) -> list[tuple[str, str]]:
    """When each thing was last seen, by its name."""
    version = place.version
    if version != EVERGREEN:
        version = f"version {version}, pinned" + (
            "" if version == __version__ else f" (ours is {__version__})"
        )
    seen = (
        ("File loaded", place.file_at, version),
        ("Frame shown", place.frame_at, ""),
        ("Stories read", place.read_at, ""),
        ("A story told", place.told_at, ""),
    )
    return [(name, ", ".join(filter(None, (_ago(at), more)))) for name, at, more in seen if at]


def _last_told(website: Website) -> str | None:
    """When and where on the website somebody last told a story."""
    story = Story.select().where(Story.website == website).order_by(Story.told_at.desc()).first()
    if story is None:
        return None
    where = f" on {story.website_path}" if story.website_path else ""
    return f"The last story was told {_ago(story.told_at)}{where}."


def _names(subjects: set[str]) -> dict[str, str]:
    """What people call a service or a topic, by the subject that a sighting names."""
    codes = [subject.removeprefix("service:") for subject in subjects]
    slugs = [subject.removeprefix("topic:") for subject in subjects]
    services = Service.select(Service.code, Service.name).where(Service.code.in_(codes))
    topics = Topic.select(Topic.slug, Topic.name).where(Topic.slug.in_(slugs))
    named = {f"service:{one.code}": one.name for one in services}
    return named | {f"topic:{one.slug}": one.name for one in topics}


def _ago(moment: datetime | None) -> str:
    return f"{wording.waiting(moment)} ago" if moment else ""
