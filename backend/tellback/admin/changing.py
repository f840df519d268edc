"""What a service's people see of the changes they record, and what a moderator sees of what they claim."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import peewee
from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.admin import wording
from tellback.admin.exports import Cell
from tellback.errors import NotFound
from tellback.moderation.reasons import REMOVED_ANSWERS
from tellback.organisations.models import Service
from tellback.replies import changes
from tellback.replies.changes import ChangeState, Review
from tellback.replies.models import ChangeClaim, ServiceChange, StoryChange
from tellback.stories.models import PublishedText, Story, StoryService
from tellback.stories.states import State, in_states

# Changes on one screen.
PAGE = 50
# What a file of them says.
COLUMNS = ("Change", "Service", "State", "When", "With the moderators", "Stories")
_REVIEWS = {
    Review.WAITING: "Waiting",
    Review.SHOWN: "Shown",
    Review.RETURNED: "Came back",
    Review.REMOVED: "Taken down",
    Review.PAST: "",
}
# The newest stories offered to be answered by a change; an older one is added from its own screen.
OFFERED_STORIES = 30
# The newest changes to which a story may be added rather than recording another.
OFFERED_CHANGES = 10


def describe_list(account: Account, page: int) -> dict[str, Any]:
    """One screen of own changes, as `staff/changes.html` shows it; pages count from 1."""
    own = organisations(account, Action.READ_OWN_STORIES)
    total = ServiceChange.select().join(Service).where(Service.organisation.in_(own)).count()
    found = _own_changes(own, page)
    counts = _story_counts([change.id for change in found])
    return {
        "changes": [_in_list(change, counts.get(change.id, 0)) for change in found],
        "total": total,
        "record_url": url_for("admin.new_change") if organisations(account, Action.RECORD_CHANGES) else None,
        "previous_url": url_for("admin.own_changes", page=page - 1) if page > 1 else None,
        "next_url": url_for("admin.own_changes", page=page + 1) if page * PAGE < total else None,
        "export_url": url_for("admin.own_changes_file"),
    }


def rows(account: Account) -> Iterator[tuple[Cell, ...]]:
    """Every own change as a line of a file, in the order of the list."""
    own = organisations(account, Action.READ_OWN_STORIES)
    for page in count(1):
        found = _own_changes(own, page)
        counts = _story_counts([change.id for change in found])
        for change in found:
            listed = _in_list(change, counts.get(change.id, 0))
            told = (listed["what"], listed["service"], listed["state_words"], listed["on"])
            yield (*told, _REVIEWS[Review(listed["review"])], listed["stories"])
        if len(found) < PAGE:
            return


def describe_new(account: Account, story_ids: list[str], state: str) -> dict[str, Any]:
    """The form to record a change because of these stories, as `staff/change.html` shows it."""
    own = organisations(account, Action.RECORD_CHANGES)
    chosen = _public_stories(own).where(Story.public_id.in_(story_ids))
    services = _services_for(own, [story.id for story in chosen])
    return {
        "change": None,
        "now": None,
        "last": None,
        "services": [(service.code, service.name) for service in services],
        "states": _states(None),
        "stories": [],
        "offered": _offered(_public_stories(own), story_ids),
        "recorded": _recorded(services, story_ids),
        "languages": list(wording.LANGUAGES.items()),
        "may_record": True,
        "values": {"state": state, "stories": story_ids},
        "urls": {"back": url_for("admin.own_changes"), "send": url_for("admin.record_change")},
    }


def describe_change(
    change: ServiceChange, account: Account, public_url: str, story_ids: list[str]
) -> dict[str, Any]:
    """One own change, with the form to say what became of it, as `staff/change.html` shows it.

    `story_ids` are further stories to tick: those of a claim that came back are ticked, too.
    """
    standing, last = changes.shown_claim(change), changes.latest(change)
    came_back = last if last.review == Review.RETURNED else None
    answered = links(change)
    ticked = [*story_ids, *(link.story.public_id for link in answered if came_back and not link.shown_at)]
    begun_with = came_back or standing
    return {
        "change": {"id": change.public_id, "service": change.service.name, "revision": change.revision},
        "now": standing and changes.describe(standing, change, public_url),
        "last": None if last.review == Review.SHOWN else claimed(last, change, public_url),
        "services": [],
        "states": _states(standing),
        "stories": [linked(link) for link in answered if link.shown_at or last.review == Review.WAITING],
        "offered": _offered(
            changes.answerable(change.service).where(
                Story.id.not_in([link.story_id for link in answered if link.shown_at])
            ),
            ticked,
        ),
        "recorded": [],
        "languages": list(wording.LANGUAGES.items()),
        "may_record": may(account, Action.RECORD_CHANGES, change.service.organisation)
        and last.review != Review.WAITING,
        "values": {**(_as_written(begun_with, came_back) if begun_with else {}), "stories": ticked},
        "urls": {
            "back": url_for("admin.own_changes"),
            "send": url_for("admin.go_on_with_change", change_id=change.public_id),
        },
    }


def own_change(account: Account, public_id: str) -> ServiceChange:
    """One change of one's own organisation's services. Raises NotFound for any other."""
    change = changes.get(public_id)
    if not may(account, Action.READ_OWN_STORIES, change.service.organisation):
        raise NotFound("There is no change of your organisation at this address.")
    return change


def of_story(story: Story, account: Account, public_url: str) -> list[dict[str, Any]]:
    """What one's own organisations said they change because of a story, the newest first."""
    own = organisations(account, Action.READ_OWN_STORIES)
    query = (
        StoryChange.select(StoryChange, ServiceChange, Service)
        .join(ServiceChange)
        .join(Service)
        .where(StoryChange.story == story, Service.organisation.in_(own))
        .order_by(StoryChange.id.desc())
    )
    return [
        {
            **claimed(changes.latest(link.change), link.change, public_url),
            "url": url_for("admin.change", change_id=link.change.public_id),
        }
        for link in query
    ]


def _own_changes(own: frozenset[int], page: int) -> list[ServiceChange]:
    """Own changes: what came back first, then what is planned, the soonest first, then the newest."""
    last, standing, other = ChangeClaim.alias(), ChangeClaim.alias(), ChangeClaim.alias()
    newest = other.select(peewee.fn.MAX(other.id)).where(other.change == ServiceChange.id)
    is_planned = standing.state == ChangeState.PLANNED.value
    query = (
        ServiceChange.select(ServiceChange, Service, last, standing)
        .join(Service)
        .switch(ServiceChange)
        .join(last, on=(last.change == ServiceChange.id).alias("last"))
        .switch(ServiceChange)
        .join(
            standing,
            peewee.JOIN.LEFT_OUTER,
            on=((standing.change == ServiceChange.id) & (standing.review == Review.SHOWN.value)).alias(
                "standing"
            ),
        )
        .where(Service.organisation.in_(own), last.id == newest)
        .order_by(
            peewee.Case(None, [(last.review == Review.RETURNED.value, 0), (is_planned, 1)], 2),
            peewee.Case(None, [(is_planned, standing.on)], ""),
            last.id.desc(),
        )
    )
    return list(query.paginate(page, PAGE))


def _in_list(change: ServiceChange, stories: int) -> dict[str, Any]:
    last: ChangeClaim = change.last
    standing: ChangeClaim | None = getattr(change, "standing", None)
    return {
        "url": url_for("admin.change", change_id=change.public_id),
        "what": last.what,
        "lang": last.lang,
        "service": change.service.name,
        "state": standing.state if standing else None,
        "state_words": wording.CHANGES[standing.state] if standing else None,
        "on": standing.on if standing else None,
        "overdue": standing is not None and changes.is_overdue(standing),
        "review": last.review,
        "stories": stories,
    }


def claimed(claim: ChangeClaim, change: ServiceChange, public_url: str) -> dict[str, Any]:
    """A claim as everyone would read it, and how it stands with the moderators."""
    described = changes.describe(claim, change, public_url)
    return {
        **described,
        "published_at": described["published_at"] or claim.written_at.isoformat(),
        "state_words": wording.CHANGES[claim.state],
        "review": claim.review,
        "note": claim.note,
        "taken_down": REMOVED_ANSWERS.get(claim.removed_reason, "") if claim.removed_reason else None,
    }


def _states(standing: ChangeClaim | None) -> list[tuple[str, str]]:
    words = wording.CHANGES_TO_CHOOSE
    return [(state.value, words[state]) for state in changes.moves_from(standing)]


def _as_written(claim: ChangeClaim, came_back: ChangeClaim | None) -> dict[str, str]:
    """What the form begins with. What was planned is left open: the form is for saying what became of it."""
    again = came_back is not None or claim.state != ChangeState.PLANNED
    boxes = zip(("on_year", "on_month", "on_day"), (claim.on or "").split("-"), strict=False)
    return {
        "state": claim.state if again else "",
        "what": claim.what,
        "why": claim.why or "",
        "evidence": claim.evidence or "",
        "lang": claim.lang,
        **(dict(boxes) if again else {}),
    }


def links(change: ServiceChange) -> list[StoryChange]:
    """The stories that a change answers or would, the first first, with what is published of them."""
    query = (
        StoryChange.select(StoryChange, Story, PublishedText)
        .join(Story)
        .join(
            PublishedText,
            peewee.JOIN.LEFT_OUTER,
            on=(PublishedText.story == Story.id).alias("text"),
        )
        .where(StoryChange.change == change)
        .order_by(StoryChange.id)
    )
    return list(query)


def linked(link: StoryChange) -> dict[str, Any]:
    """One of those stories, as screens list it."""
    text = getattr(link.story, "text", None)
    return {
        "title": text.title if text else wording.STATES[State(link.story.state)],
        "url": url_for("pages.story_page", story_id=link.story.public_id),
        "new": not link.shown_at,
        "public": text is not None,
    }


def _public_stories(own: frozenset[int]) -> "peewee.ModelSelect[Story]":
    about = StoryService.select(StoryService.story).join(Service).where(Service.organisation.in_(own))
    query: peewee.ModelSelect[Story] = Story.select().where(in_states(State.PUBLISHED), Story.id.in_(about))
    return query


def _offered(query: "peewee.ModelSelect[Story]", ticked: list[str]) -> list[tuple[str, str]]:
    """Stories to choose from, by id and title: those ticked already, then the newest."""
    first = peewee.Case(None, [(Story.public_id.in_(ticked), 0)], 1) if ticked else peewee.Value(0)
    found = list(
        query.order_by(first, Story.published_at.desc(), Story.id.desc()).limit(OFFERED_STORIES + len(ticked))
    )
    texts = PublishedText.select(PublishedText.story, PublishedText.title)
    titles = {text.story_id: text.title for text in texts.where(PublishedText.story.in_(found))}
    return [(story.public_id, titles[story.id]) for story in found if story.id in titles]


def _services_for(own: frozenset[int], story_ids: list[int]) -> list[Service]:
    """Own services that may answer these stories (without stories: any): theirs and those above them."""
    about = StoryService.select(StoryService.service)
    told = about.where(StoryService.story.in_(story_ids)) if story_ids else about
    wanted = (
        Service.select().where(Service.id.in_(told), Service.organisation.in_(own)).order_by(Service.name)
    )
    found: dict[int, Service] = {}
    rows = list(wanted)
    while rows:
        found.update({service.id: service for service in rows if service.id not in found})
        above = [service.parent_id for service in rows if service.parent_id not in found]
        rows = list(Service.select().where(Service.id.in_(above), Service.organisation.in_(own)))
    return list(found.values())


def _recorded(services: list[Service], story_ids: list[str]) -> list[dict[str, Any]]:
    """The newest changes of these services that the stories may be added to, and do not stand under yet."""
    if not story_ids:
        return []
    answered = StoryChange.select(StoryChange.change).join(Story).where(Story.public_id.in_(story_ids))
    query = changes.in_full().where(
        Service.id.in_([service.id for service in services]),
        ChangeClaim.review == Review.SHOWN.value,
        ChangeClaim.state != ChangeState.NOT_MADE.value,
        ServiceChange.id.not_in(answered),
    )
    return [
        {
            "what": claim.what,
            "lang": claim.lang,
            "state_words": wording.CHANGES[claim.state],
            "url": url_for("admin.change", change_id=claim.change.public_id, story=story_ids),
        }
        for claim in query.order_by(ChangeClaim.published_at.desc()).limit(OFFERED_CHANGES)
    ]


def _story_counts(change_ids: list[int]) -> dict[int, int]:
    rows = StoryChange.select(StoryChange.change, peewee.fn.COUNT(StoryChange.id).alias("stories"))
    counted = rows.where(StoryChange.change.in_(change_ids)).group_by(StoryChange.change)
    return {row.change_id: row.stories for row in counted}
