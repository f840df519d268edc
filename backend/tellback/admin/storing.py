"""The store: its parts, and what their screens share."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.blocking import blocks
from tellback.moderation import templates
from tellback.organisations.models import Organisation, Service
from tellback.stories import topics
from tellback.stories.models import DismissedWords

# Lines of one screen.
PAGE = 50
# Services of an organisation that its own screen names.
NAMED_SERVICES = 12
# What can be set by hand although a register says it, and the rest of a service's facts: as staff read them.
FACTS = {
    "name": "Name",
    "kind": "Kind",
    "organisation": "Organisation",
    "parent": "Belongs to",
    "town": "Town",
    "postcode": "Postcode",
    "nation": "Nation",
    "reply_days": "Working days to answer",
    "owner_name": "Looks after its stories",
    "owner_email": "Their address",
    "local_codes": "Own codes",
    "closed_on": "open or closed",
}


class Section(NamedTuple):
    """A part of the store: its route, its name, what it holds, and how many."""

    route: str
    label: str
    says: str
    held: Callable[[], str]


SECTIONS = [
    Section(
        "admin.organisations",
        "Organisations",
        "Who runs services, who looks after their stories, and where complaints go.",
        lambda: f"{Organisation.select().count():,}",
    ),
    Section(
        "admin.services",
        "Services",
        "What stories are about: names, places, nations, own codes, open or closed.",
        lambda: f"{Service.select().where(Service.closed_on.is_null()).count():,} open",
    ),
    Section(
        "admin.topics_list",
        "Topics",
        "Conditions that gather stories across services, and the themes that are the same everywhere.",
        lambda: f"{len(topics.every())} offered",
    ),
    Section(
        "admin.reasons",
        "Reasons",
        "What authors read beneath the reason of a decision, in each language.",
        lambda: f"{len(templates.every_standing())} written",
    ),
    Section(
        "admin.blocks_list",
        "Block lists",
        "Addresses that are kept out and phrases that are marked, for a time.",
        lambda: f"{sum(blocks.standing(kind).count() for kind in blocks.DAYS)} stand",
    ),
    Section(
        "admin.dismissed_words",
        "Dismissed words",
        "What moderators had marked no more, each in stories about a service.",
        lambda: f"{DismissedWords.select().count():,}",
    ),
]


def sections(account: Account, here: str) -> dict[str, Any]:
    """The parts of the store for its menu, and whether this person may change what is in them."""
    return {
        "sections": [
            {"label": one.label, "url": url_for(one.route), "current": one.route == here} for one in SECTIONS
        ],
        "may_keep": may(account, Action.KEEP_STORE),
    }


def describe_store() -> list[dict[str, str]]:
    """The parts of the store with what each holds, as `staff/store/store.html` shows them."""
    return [
        {"label": one.label, "url": url_for(one.route), "says": one.says, "count": one.held()}
        for one in SECTIONS
    ]


def pages_of(route: str, page: int, total: int, **sought: Any) -> dict[str, str | None]:
    """The addresses of a list by pages: here, and the pages before and after, None at either end."""
    return {
        "here": url_for(route),
        "previous": url_for(route, page=page - 1, **sought) if page > 1 else None,
        "next": url_for(route, page=page + 1, **sought) if page * PAGE < total else None,
    }


def as_typed(place: Service | Organisation, names: Iterable[str]) -> dict[str, str]:
    """Columns as a form holds them: what is not there is empty."""
    return {name: getattr(place, name) or "" for name in names}


def set_here(place: Service | Organisation) -> list[str]:
    """What of it was set by hand, in words."""
    return [FACTS[name].lower() for name in FACTS if name in place.set_here]
