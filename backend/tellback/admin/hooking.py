"""What the screens of webhooks show: those that somebody keeps, and one of them with what was sent to it."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.alerts import webhooks
from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.webhook_events import TEST, Kind
from tellback.alerts.webhooks import EndpointState
from tellback.errors import InvalidInput
from tellback.organisations.models import Organisation
from tellback.outbox.messages import DEAD, DROPPED, SENT, WAITING
from tellback.outbox.models import OutboxMessage
from tellback.rota.hours import ZONE
from tellback.websites.registration import organisation_of

# By their names, since a row may be of a kind that only a newer release knows.
KINDS: dict[str, str] = {
    Kind.STORY_PUBLISHED: "A story is published",
    Kind.STORY_EDITED: "A published story is changed by its author",
    Kind.STORY_MOVED: "A published story moves to another service",
    Kind.STORY_REMOVED: "A story is taken down or taken back",
    Kind.REPLY_PUBLISHED: "A reply is published",
    Kind.REPLY_REMOVED: "A reply is taken down",
    Kind.CHANGE_PUBLISHED: "A change is published: planned, made, or not made",
    Kind.CHANGE_REMOVED: "A change is taken down",
}
# Words and colour of a state.
_STATES = {
    EndpointState.ACTIVE: ("On", "green"),
    EndpointState.PAUSED: ("Paused", "grey"),
    EndpointState.GIVEN_UP: ("Switched off: nothing arrived", "red"),
}
_DELIVERED = {
    SENT: ("Arrived", "green"),
    WAITING: ("Waits", "yellow"),
    DEAD: ("Given up", "red"),
    DROPPED: ("Not sent: it was off", "grey"),
}
_ACTS = ("roll_webhook", "switch_webhook", "test_webhook", "delete_webhook", "replay_webhook")


def organisation_for(account: Account, code: str) -> Organisation | None:
    """Whose a new webhook is: the organisation of this code, or the only one that somebody keeps them for."""
    own = list(organisations(account, Action.KEEP_WEBHOOKS))
    if not code and len(own) == 1:
        return Organisation.get_by_id(own[0])
    return organisation_of(code) if code else None


def describe_list(account: Account) -> dict[str, Any]:
    """The webhooks that somebody keeps, as `staff/webhooks.html` shows them."""
    return {
        "webhooks": [
            {
                "url": url_for("admin.webhook", endpoint_id=endpoint.public_id),
                "address": endpoint.url,
                "organisation": endpoint.organisation.name,
                **_state(endpoint),
            }
            for endpoint in webhooks.of_account(account)
        ],
        "urls": {"new": url_for("admin.new_webhook"), "back": url_for("admin.websites")},
    }


def describe_new(account: Account) -> dict[str, Any]:
    """The form of a new webhook, as `staff/webhook_new.html` shows it."""
    own = organisations(account, Action.KEEP_WEBHOOKS)
    mine = Organisation.select().where(Organisation.id.in_(own)).order_by(Organisation.name)
    return {
        "organisations": [(one.code, one.name) for one in mine],
        "of_any": may(account, Action.KEEP_WEBHOOKS),
        "kinds": _kinds(),
        "values": {"kinds": [kind.value for kind in Kind]},
        "urls": {"back": url_for("admin.webhooks"), "send": url_for("admin.add_webhook")},
    }


def describe(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """One webhook with its latest events, as `staff/webhook.html` shows it."""
    both_until = webhooks.both_secrets_until(endpoint)
    return {
        "webhook": {
            "address": endpoint.url,
            "organisation": endpoint.organisation.name,
            **_state(endpoint),
            "since": endpoint.state_since.isoformat(),
            "old_until": _at(both_until) if both_until else None,
        },
        "kinds": _kinds(),
        "deliveries": [_delivery(message) for message in webhooks.deliveries(endpoint)],
        "values": {
            "url": endpoint.url,
            "kinds": endpoint.kinds,
            "service": endpoint.service.code if endpoint.service else "",
        },
        "urls": {
            "back": url_for("admin.webhooks"),
            "change": url_for("admin.change_webhook", endpoint_id=endpoint.public_id),
            **{
                act.partition("_")[0]: url_for(f"admin.{act}", endpoint_id=endpoint.public_id)
                for act in _ACTS
            },
        },
    }


def state_of(word: str) -> EndpointState:
    """The state that a button names. Raises InvalidInput for one that nobody switches to by hand."""
    if word not in (EndpointState.ACTIVE, EndpointState.PAUSED):
        raise InvalidInput("Press one of the buttons.")
    return EndpointState(word)


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, KINDS[kind]) for kind in Kind]


def _state(endpoint: WebhookEndpoint) -> dict[str, str]:
    words, colour = _STATES[EndpointState(endpoint.state)]
    return {"state": endpoint.state, "state_words": words, "colour": colour}


def _delivery(message: OutboxMessage) -> dict[str, Any]:
    words, colour = _DELIVERED[message.state]
    tries = list(message.tries)
    return {
        "id": message.message_id,
        "what": "A test" if message.kind == TEST else KINDS.get(message.kind, message.kind),
        "at": _at(message.created_at),
        "state_words": words,
        "colour": colour,
        "why": message.last_error,
        "tries": len(tries),
        "status": tries[-1].status if tries else None,
        "took_ms": tries[-1].took_ms if tries else None,
        "waits": message.state == WAITING,
    }


def _at(moment: Any) -> str:
    """A moment by the desk's clock, to the minute."""
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"
