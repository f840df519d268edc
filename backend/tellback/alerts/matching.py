"""Which alerts something that happens is for: kept as matches, in the transaction in which it happens.

Each person hears once of each thing, by the alert of theirs that tells soonest; `gathering` writes letters.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Action, may, organisations
from tellback.alerts import timing, webhook_events
from tellback.alerts.models import Alert, AlertMatch
from tellback.alerts.scopes import Ground, ground_of, ground_of_service, reaches
from tellback.organisations.models import Service
from tellback.replies.models import Reply, ServiceChange
from tellback.stories.models import Story


class Only(StrEnum):
    """What of all that happens somebody wants to hear."""

    ALL = "all"
    # Stories that nobody has answered yet.
    WAITING = "waiting"
    # What readers reported: for those who settle reports.
    FLAGGED = "flagged"


class Occasion(StrEnum):
    """What happened."""

    PUBLISHED = "published"
    FLAGGED = "flagged"
    ANSWERED = "answered"
    CHANGE_DUE = "change_due"


# Which alerts are for an occasion, by what they want to hear.
_WANTED = {
    Occasion.PUBLISHED: (Only.ALL, Only.WAITING),
    Occasion.FLAGGED: (Only.ALL, Only.FLAGGED),
    Occasion.ANSWERED: (Only.ALL,),
    Occasion.CHANGE_DUE: (Only.ALL,),
}


def story_published(story: Story) -> None:
    """A story can be read by everyone from now on; systems of its services hear, too."""
    ground = ground_of(story)
    webhook_events.story_published(story, ground)
    _match(Occasion.PUBLISHED, ground, story=story)


def story_moved(story: Story, service: Service) -> None:
    """A published story is about this service from now on, where it was told about another."""
    new = ground_of_service(service)
    ground = replace(ground_of(story), organisations=new.organisations, services=new.services)
    _match(Occasion.PUBLISHED, ground, story=story)


def story_flagged(story: Story) -> None:
    """A reader reported a story."""
    _match(Occasion.FLAGGED, ground_of(story), story=story)


def author_answered(story: Story, _reply: Reply) -> None:
    """What an author answered to a reply can be read by everyone from now on."""
    _match(Occasion.ANSWERED, ground_of(story), story=story)


def change_due(change: ServiceChange) -> None:
    """The month or day is over that a change was planned for."""
    _match(Occasion.CHANGE_DUE, ground_of_service(change.service), change=change)


def may_hear(account: Account, occasion: Occasion, concerned: frozenset[int]) -> bool:
    """Whether somebody may be told of this, which is about these organisations (ids)."""
    if occasion == Occasion.FLAGGED:
        return may(account, Action.SETTLE_FLAGS)
    if may(account, Action.READ_UNPUBLISHED):
        return True
    return bool(organisations(account, Action.READ_OWN_STORIES) & concerned)


def _match(occasion: Occasion, ground: Ground, **about: Any) -> None:
    moment = clock.now()
    query = Alert.select(Alert, Account).join(Account)
    query = query.where(
        Account.active, Alert.only.in_([only.value for only in _WANTED[occasion]]), reaches(ground)
    )
    if not query.exists():
        # Most happens in places that nobody watches by an alert.
        return
    chosen: dict[int, Alert] = {}
    for alert in sorted(query.prefetch(Account, Membership), key=_promptness):
        if not timing.is_paused(alert, moment) and may_hear(alert.account, occasion, ground.organisations):
            chosen.setdefault(alert.account_id, alert)
    for alert in chosen.values():
        due = timing.due(alert, moment)
        AlertMatch.create(alert=alert, occasion=occasion.value, happened_at=moment, due_at=due, **about)


def _promptness(alert: Alert) -> tuple[int, int]:
    return timing.PROMPTNESS.index(timing.Cadence(alert.cadence)), alert.id
