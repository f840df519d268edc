"""Webmasters witness the ledger: each week its newest signed head comes into a mailbox that is not ours."""

import peewee

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit import signing
from tellback.config import Settings
from tellback.db import transaction
from tellback.outbox import messages

_IS_WEBMASTER = Membership.role == Role.WEBMASTER.value


def write_to_witnesses(_settings: Settings) -> None:
    """Have the newest head sent to every webmaster who wants it, once in a week (ISO 8601, UTC).

    Safe in any number of processes at once: the week is claimed with the letters, or not at all.
    """
    week = signing.week_of(clock.today())
    if signing.was_mailed_in(week):
        return
    try:
        with transaction():
            head = signing.claim_for_letters(week)
            if head:
                for account in _witnesses():
                    messages.put("ledger_head", "account", str(account.id), **signing.described(head))
    except peewee.IntegrityError:
        # Another process was first.
        return


def is_witness(account: Account) -> bool:
    """Whether this is a webmaster, who is not of the installation."""
    return Membership.select().where(_IS_WEBMASTER, Membership.account == account).exists()


def wants_letters(account: Account) -> bool:
    """Whether the weekly head goes to this witness."""
    return account.no_witness_letters_since is None


def choose(account: Account, *, letters: bool) -> None:
    """Note whether a webmaster wants the weekly head."""
    since = None if letters else clock.now()
    Account.update(no_witness_letters_since=since).where(Account.id == account.id).execute()


def _witnesses() -> list[Account]:
    webmasters = Membership.select(Membership.account).where(_IS_WEBMASTER)
    query = Account.select().where(
        Account.id.in_(webmasters), Account.active, Account.no_witness_letters_since.is_null()
    )
    return list(query.order_by(Account.id))
