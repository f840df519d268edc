"""Addresses at which systems of an organisation hear what is published.

Its webmasters keep them. Each is switched off, with a letter, when nothing has arrived at it for days.
"""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tellback import clock, sealing
from tellback.accounts import recipients as staff
from tellback.accounts import roles
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Action, Role
from tellback.alerts import webhook_events
from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.webhook_events import Kind
from tellback.audit import acts
from tellback.config import Settings
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations import catalogue
from tellback.organisations.models import Organisation
from tellback.outbox import delivery, guard, messages
from tellback.outbox.delivery import Resolver
from tellback.outbox.models import DeliveryAttempt, OutboxMessage
from tellback.outbox.outcomes import Outcome
from tellback.outbox.webhooks import Endpoint
from tellback.stories.submission import new_public_id

LONGEST_URL = 500
# Of one organisation: its feedback system, its data warehouse, and what they rehearse with.
MOST = 10
# How long an old secret goes on signing beside a new one: a working day to change it, and a night.
BOTH_SECRETS = timedelta(hours=24)
# Whatever arrived in so long shows that the endpoint lives, whatever else did not.
ALIVE = timedelta(days=3)
# Deliveries on its screen.
SHOWN = 50
_SECRET_BYTES = 32


class EndpointState(StrEnum):
    """Whether events go to an endpoint."""

    ACTIVE = webhook_events.ACTIVE
    PAUSED = "paused"
    GIVEN_UP = "given_up"


def add(
    organisation: Organisation | None, url: str, kinds: Iterable[str], service: str, *, by: Account
) -> tuple[WebhookEndpoint, str]:
    """Have events sent to an address; it, and the secret they are signed with, which is shown this once.

    `service` is the code of the service whose events it wants, with what belongs to it; empty for all. Raises
    NotAllowed for somebody else's organisation, InvalidInput by field.
    """
    if organisation is None:
        raise InvalidInput(errors={"organisation": ["Choose whose it is."]})
    roles.require(by, Action.KEEP_WEBHOOKS, organisation)
    checked = _checked(organisation, url, kinds, service)
    secret = _new_secret()
    with transaction():
        if WebhookEndpoint.select().where(WebhookEndpoint.organisation == organisation).count() >= MOST:
            raise InvalidInput(errors={"url": [f"There are {MOST} webhooks, the most. Delete one first."]})
        endpoint = WebhookEndpoint.create(
            public_id=new_public_id(),
            organisation=organisation,
            secret_sealed=sealing.seal(secret),
            state=EndpointState.ACTIVE.value,
            state_since=clock.now(),
            made_by=by,
            made_at=clock.now(),
            **checked,
        )
        _record(acts.Act.WEBHOOK_ADDED, endpoint, acts.staff(by.id))
    return endpoint, secret


def get(account: Account, public_id: str) -> WebhookEndpoint:
    """A webhook that somebody keeps. Raises NotFound for any other."""
    query = WebhookEndpoint.select(WebhookEndpoint, Organisation).join(Organisation)
    endpoint: WebhookEndpoint | None = query.where(WebhookEndpoint.public_id == public_id).first()
    if endpoint is None or not roles.may(account, Action.KEEP_WEBHOOKS, endpoint.organisation):
        raise NotFound("You keep no such webhook.")
    return endpoint


def of_account(account: Account) -> list[WebhookEndpoint]:
    """The webhooks that somebody keeps: of their organisations; all, for administrators."""
    query = WebhookEndpoint.select(WebhookEndpoint, Organisation).join(Organisation)
    if not roles.may(account, Action.KEEP_WEBHOOKS):
        own = roles.organisations(account, Action.KEEP_WEBHOOKS)
        query = query.where(WebhookEndpoint.organisation.in_(own))
    return list(query.order_by(Organisation.name, WebhookEndpoint.id))


def change(endpoint: WebhookEndpoint, url: str, kinds: Iterable[str], service: str, *, by: Account) -> None:
    """Send other events, or elsewhere; what waits goes to the new address. Raises InvalidInput by field."""
    checked = _checked(endpoint.organisation, url, kinds, service)
    with transaction():
        WebhookEndpoint.update(**checked).where(WebhookEndpoint.id == endpoint.id).execute()
        _record(acts.Act.WEBHOOK_CHANGED, endpoint, acts.staff(by.id))


def roll(endpoint: WebhookEndpoint, *, by: Account) -> str:
    """A new secret, shown this once; for a day the old one signs, too, so that nothing is refused."""
    secret = _new_secret()
    with transaction():
        WebhookEndpoint.update(
            secret_sealed=sealing.seal(secret),
            old_secret_sealed=endpoint.secret_sealed,
            old_until=clock.now() + BOTH_SECRETS,
        ).where(WebhookEndpoint.id == endpoint.id).execute()
        _record(acts.Act.WEBHOOK_ROLLED, endpoint, acts.staff(by.id))
    return secret


def both_secrets_until(endpoint: WebhookEndpoint) -> datetime | None:
    """Until when the secret before signs, too; None when it does not any more."""
    until: datetime | None = endpoint.old_until
    return until if until and clock.now() < until else None


def switch(endpoint: WebhookEndpoint, state: EndpointState, *, by: Account) -> None:
    """Pause a webhook, or let events go to it again. What happens while it is off is not sent later."""
    with transaction():
        _set(endpoint, state)
        _record(acts.Act.WEBHOOK_SWITCHED, endpoint, acts.staff(by.id), state=state.value)


def delete(endpoint: WebhookEndpoint, *, by: Account) -> None:
    """Send nothing there any more, and forget what was sent."""
    with transaction():
        OutboxMessage.delete().where(_of(endpoint)).execute()
        endpoint.delete_instance()
        _record(acts.Act.WEBHOOK_DELETED, endpoint, acts.staff(by.id))


def test(endpoint: WebhookEndpoint) -> None:
    """Send an event that says nothing, to see that it arrives. Raises Conflict while it is not active."""
    _require_active(endpoint)
    messages.put(webhook_events.TEST, messages.WEBHOOK, str(endpoint.id))


def replay(endpoint: WebhookEndpoint, message_id: str) -> None:
    """Send an event again, under its own id. Raises NotFound for none of its own, Conflict when it waits."""
    _require_active(endpoint)
    message = OutboxMessage.get_or_none(_of(endpoint), OutboxMessage.message_id == message_id)
    if message is None:
        raise NotFound("No such event was sent to this webhook.")
    with transaction():
        if not messages.again(message):
            raise Conflict("This event waits to be sent already.")


def deliveries(endpoint: WebhookEndpoint) -> list[OutboxMessage]:
    """The latest events, the newest first, each with its `tries` at hand."""
    query = OutboxMessage.select().where(_of(endpoint)).order_by(OutboxMessage.id.desc()).limit(SHOWN)
    return list(query.prefetch(DeliveryAttempt.select().order_by(DeliveryAttempt.id)))


def resolver(settings: Settings) -> Resolver:
    """The look-up for webhooks: where an event goes, by which secrets it is signed, and what it says."""

    def resolve(_kind: str, recipient_id: str) -> Endpoint | None:
        endpoint = WebhookEndpoint.get_or_none(WebhookEndpoint.id == int(recipient_id))
        if endpoint is None or endpoint.state != EndpointState.ACTIVE:
            return None
        old = both_secrets_until(endpoint)
        return Endpoint(
            endpoint.url,
            sealing.unseal(endpoint.secret_sealed),
            body=partial(_body, settings.public_url, endpoint.organisation_id),
            old_secret=sealing.unseal(endpoint.old_secret_sealed) if old else None,
        )

    return resolve


def give_up(recipient_id: str, why: str) -> None:
    """Switch a webhook off at which nothing has arrived for days, and tell who keeps it; once.

    In the transaction that gives up an event. Where others arrived meanwhile, only that event is given up.
    """
    endpoint = WebhookEndpoint.get_or_none(WebhookEndpoint.id == int(recipient_id))
    if endpoint is None or endpoint.state != EndpointState.ACTIVE:
        return
    if _wants_more(endpoint) and _is_alive(endpoint):
        return
    _set(endpoint, EndpointState.GIVEN_UP)
    _record(acts.Act.WEBHOOK_SWITCHED, endpoint, acts.SYSTEM, state=EndpointState.GIVEN_UP.value)
    for account in _keepers(endpoint):
        messages.put(
            "webhook_given_up",
            staff.KIND,
            str(account.id),
            endpoint=endpoint.public_id,
            server=urlsplit(endpoint.url).hostname,
            why=why,
        )


def _body(public_url: str, organisation_id: int, _kind: str, facts: dict[str, str]) -> dict[str, object]:
    return webhook_events.describe(public_url, organisation_id, facts)


def _checked(organisation: Organisation, url: str, kinds: Iterable[str], service: str) -> dict[str, Any]:
    """The columns of a webhook. Raises InvalidInput naming each field that is wrong."""
    wrong: dict[str, list[str]] = {}
    url = url.strip()
    try:
        guard.read(url)
    except guard.UnfitAddress as unfit:
        wrong["url"] = [unfit.detail]
    if len(url) > LONGEST_URL:
        wrong["url"] = [f"Keep the address to {LONGEST_URL} characters."]
    chosen = [kind.value for kind in Kind if kind in set(kinds)]
    if not chosen:
        wrong["kinds"] = ["Choose one kind of event at least."]
    found = next(iter(catalogue.by_codes([service])), None) if service.strip() else None
    if service.strip() and (found is None or found.organisation_id != organisation.id):
        wrong["service"] = [
            f"{organisation.name} has no service of this code. Leave it empty for all of its."
        ]
    if wrong:
        raise InvalidInput("Nothing was kept yet, and what you typed is still here.", errors=wrong)
    return {"url": url, "kinds": chosen, "service": found}


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _require_active(endpoint: WebhookEndpoint) -> None:
    if endpoint.state != EndpointState.ACTIVE:
        raise Conflict("Nothing goes to this webhook now. Switch it on first.")


def _set(endpoint: WebhookEndpoint, state: EndpointState) -> None:
    changed = {"state": state.value, "state_since": clock.now()}
    WebhookEndpoint.update(changed).where(WebhookEndpoint.id == endpoint.id).execute()


def _of(endpoint: WebhookEndpoint) -> Any:
    """The condition that a message goes to this endpoint."""
    return (OutboxMessage.recipient_kind == messages.WEBHOOK) & (
        OutboxMessage.recipient_id == str(endpoint.id)
    )


def _wants_more(endpoint: WebhookEndpoint) -> bool:
    """Whether its server did not just say that it wants no more of them."""
    tries = DeliveryAttempt.select().join(OutboxMessage).where(_of(endpoint))
    last = tries.order_by(DeliveryAttempt.id.desc()).first()
    return last is None or last.outcome != Outcome.GONE


def _is_alive(endpoint: WebhookEndpoint) -> bool:
    lately = OutboxMessage.sent_at >= clock.now() - ALIVE
    return bool(OutboxMessage.select().where(_of(endpoint), lately).exists())


def _keepers(endpoint: WebhookEndpoint) -> list[Account]:
    """The webmasters of its organisation; administrators, where there is none."""
    active = Account.select().join(Membership).where(Account.active).order_by(Account.id).distinct()
    webmasters = active.where(
        Membership.role == Role.WEBMASTER.value, Membership.organisation == endpoint.organisation_id
    )
    return list(webmasters) or list(active.where(Membership.role == Role.ADMINISTRATOR.value))


def _record(act: acts.Act, endpoint: WebhookEndpoint, actor: acts.Actor, **detail: str) -> None:
    acts.record(act, actor, "webhook", endpoint.public_id, server=urlsplit(endpoint.url).hostname, **detail)


delivery.on_given_up(messages.WEBHOOK, give_up)
