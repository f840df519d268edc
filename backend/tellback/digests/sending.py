"""The digest by letter: on Monday morning, as people begin to work, once a week, to those who want it."""

from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.alerts.models import DigestChoice
from tellback.alerts.timing import MONDAY, MORNING
from tellback.alerts.unsubscribing import Ends, address
from tellback.config import Settings
from tellback.db import transaction
from tellback.digests import choosing, weekly
from tellback.outbox import messages
from tellback.outbox.delivery import Recipient, Resolver
from tellback.rota import hours

# The kind of recipient; the id is the account's.
KIND = "digest"
LETTER = "weekly_digest"
# Days after Monday on which a digest that could not be written on it still is: later it would be no news.
_CATCHING_UP = 1
# A bar of the plain letter has at most so many blocks.
_BLOCKS = 24


def write_digests() -> None:
    """Write to everyone who wants the digest and has not had that of the last week.

    Safe in several processes at once: a week's digest of somebody's is claimed before it is written.
    """
    local = clock.now().astimezone(hours.ZONE)
    days = local.weekday() - MONDAY
    if days > _CATCHING_UP or (days == 0 and local.time() < MORNING):
        return
    week = f"{weekly.last_week():%G-W%V}"
    for account in _unsettled(week):
        DigestChoice.get_or_create(account=account)
        with transaction():
            if _claim(account, week) and choosing.wants(account):
                messages.put(LETTER, KIND, str(account.id))


def resolver(settings: Settings) -> Resolver:
    """The look-up for digests: nobody, when somebody does not want it any more or there is nothing to say."""

    def resolve(_kind: str, recipient_id: str) -> Recipient | None:
        account = Account.get_or_none(Account.id == int(recipient_id))
        if account is None or not account.active or not choosing.wants(account):
            return None
        scopes = [described(week) for week in weekly.of_account(account) if week.anything]
        if not scopes:
            return None
        monday = weekly.last_week()
        facts = {
            "name": account.name,
            "monday": f"{monday.day} {monday:%B}",
            "scopes": scopes,
            "fewest": weekly.FEWEST,
            "digest_url": f"{settings.public_url}/admin/digest",
            "alerts_url": f"{settings.public_url}/admin/alerts",
            "unsubscribe_url": address(
                settings.public_url, Ends.DIGEST, account.id, account.id, settings.secret_key
            ),
        }
        return Recipient(account.email, facts)

    return resolve


def described(week: weekly.Week) -> dict[str, Any]:
    """A week as its letter and its page show it."""
    most = max((bar.total for bar in week.weeks), default=0)
    return {
        **vars(week),
        "most": most,
        "weeks": [
            {
                "label": bar.label,
                "total": bar.total,
                "part": bar.part,
                "filled": _share(bar.part, most),
                "open": _share(bar.total, most) - _share(bar.part, most),
            }
            for bar in week.weeks
        ],
    }


def _share(value: int, most: int) -> int:
    """How many blocks of a bar a number is; at least one for any but nothing."""
    return max(1, round(value * _BLOCKS / most)) if value else 0


def _unsettled(week: str) -> list[Account]:
    """Everyone with a role whose digest of this week is neither written nor left out yet."""
    settled = DigestChoice.select(DigestChoice.account).where(DigestChoice.week == week)
    with_role = Membership.select(Membership.account)
    query = Account.select().where(Account.active, Account.id.in_(with_role), Account.id.not_in(settled))
    return list(query.order_by(Account.id))


def _claim(account: Account, week: str) -> bool:
    other: peewee.Expression = DigestChoice.week.is_null() | (DigestChoice.week != week)
    claimed = DigestChoice.update(week=week).where(DigestChoice.account == account, other).execute()
    return bool(claimed)
