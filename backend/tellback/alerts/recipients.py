"""Letters of alerts: to whom, and what they say; looked up when they are sent, so what is gone is no more."""

from typing import Any

from tellback import clock
from tellback.accounts.models import Account
from tellback.alerts import timing
from tellback.alerts.matching import Occasion, Only, may_hear
from tellback.alerts.models import Alert, AlertMatch
from tellback.alerts.scopes import answered, ground_of, ground_of_service
from tellback.alerts.timing import Cadence
from tellback.alerts.unsubscribing import Ends, address
from tellback.config import Settings
from tellback.organisations.models import Service
from tellback.outbox.delivery import Recipient, Resolver
from tellback.replies import answering_for, signed_links
from tellback.replies.models import Reply
from tellback.rota import hours
from tellback.stories.about import services_of
from tellback.stories.models import PublishedText

# The kind of recipient that `gathering` names; the id is the letter's, as its matches hold it.
KIND = "alert"
# What one letter names; of more it says how many.
MOST_ITEMS = 20


def resolver(settings: Settings) -> Resolver:
    """The look-up for letters of alerts: nobody, when there is nothing left to tell or nobody to tell it to.

    That is so when the alert is gone or paused, its owner may not read these stories any more, or all of them
    were taken down or answered since. A letter holds no word of a story but its public title, and never how
    critical it is.
    """

    def resolve(_kind: str, recipient_id: str) -> Recipient | None:
        alert, matches = _of_letter(recipient_id)
        if alert is None or not alert.account.active or timing.is_paused(alert, clock.now()):
            return None
        items = _items(alert, matches, settings)
        if not items:
            return None
        facts = {
            "name": alert.account.name,
            "cadence": alert.cadence,
            "items": items[:MOST_ITEMS],
            "more": max(0, len(items) - MOST_ITEMS),
            "staff_url": f"{settings.public_url}/admin/",
            "alerts_url": f"{settings.public_url}/admin/alerts",
            "unsubscribe_url": address(
                settings.public_url, Ends.ALERT, alert.id, alert.account_id, settings.secret_key
            ),
        }
        return Recipient(alert.account.email, facts)

    return resolve


def _of_letter(letter: str) -> tuple[Alert | None, list[AlertMatch]]:
    query = (
        AlertMatch.select(AlertMatch, Alert, Account)
        .join(Alert)
        .join(Account)
        .where(AlertMatch.letter == letter)
        .order_by(AlertMatch.happened_at, AlertMatch.id)
    )
    matches = list(query)
    return (matches[0].alert if matches else None), matches


def _items(alert: Alert, matches: list[AlertMatch], settings: Settings) -> list[dict[str, Any]]:
    """What there is still to tell, in the order in which it happened, each thing once."""
    ids = [match.story_id for match in matches if match.story_id]
    titles, services, replied = _titles(ids), services_of(ids), _answered(alert, ids)
    items: dict[tuple[str, int], dict[str, Any]] = {}
    for match in matches:
        told_of = [match.change.service] if match.change_id else services.get(match.story_id, [])
        ground = ground_of_service(match.change.service) if match.change_id else ground_of(match.story)
        if not may_hear(alert.account, Occasion(match.occasion), ground.organisations):
            continue
        if match.change_id:
            items[match.occasion, match.change_id] = _change(match, settings)
        elif match.story_id in titles and match.story_id not in replied:
            title = titles[match.story_id]
            items[match.occasion, match.story_id] = _story(match, alert, title, told_of, settings)
    return list(items.values())


def _story(
    match: AlertMatch, alert: Alert, title: str, services: list[Service], settings: Settings
) -> dict[str, Any]:
    """One story; told at once to somebody who may answer, it has a link to do so without signing in."""
    public_id, staff = match.story.public_id, f"{settings.public_url}/admin"
    mine = next(iter(answering_for.services_for(match.story, alert.account)), None)
    return {
        "occasion": match.occasion,
        "title": title,
        "services": [service.name for service in services],
        "on": _on(match),
        "url": f"{staff}/flags" if match.occasion == Occasion.FLAGGED else _public(settings, public_id),
        "desk_url": f"{staff}/answers/{public_id}" if mine else None,
        "answer_link": f"{settings.public_url}/answer#{signed_links.make(mine, match.story, alert.account)}"
        if mine and alert.cadence == Cadence.AT_ONCE
        else None,
    }


def _change(match: AlertMatch, settings: Settings) -> dict[str, Any]:
    return {
        "occasion": match.occasion,
        "title": None,
        "services": [match.change.service.name],
        "on": _on(match),
        "url": f"{settings.public_url}/admin/changes/{match.change.public_id}",
        "desk_url": None,
        "answer_link": None,
    }


def _on(match: AlertMatch) -> str:
    day = hours.local_day(match.happened_at)
    return f"{day.day} {day:%B}"


def _public(settings: Settings, public_id: str) -> str:
    return f"{settings.public_url}/stories/{public_id}"


def _titles(story_ids: list[int]) -> dict[int, str]:
    """The public titles of those stories that can be read now."""
    texts = PublishedText.select(PublishedText.story, PublishedText.title)
    return {text.story_id: text.title for text in texts.where(PublishedText.story.in_(story_ids))}


def _answered(alert: Alert, story_ids: list[int]) -> frozenset[int]:
    """The stories that wait for no answer any more, for an alert that wants only those that do."""
    if alert.only != Only.WAITING:
        return frozenset()
    rows = answered().where(Reply.story.in_(story_ids))
    return frozenset(row.story_id for row in rows)
