"""Links that let somebody choose a password, once: signed, with an end, and kept nowhere.

What a link says of its account is signed together with the password it is to replace, so choosing a new one
makes every link from before worthless.
"""

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from tellback import clock
from tellback.accounts.models import Account
from tellback.errors import NotSignedIn


class Purpose(StrEnum):
    """What a link is for."""

    RESET = "reset"
    INVITATION = "invitation"


# A letter may take a while to come, and is read by whoever has the mailbox.
LIFE: Final = {Purpose.RESET: timedelta(hours=1), Purpose.INVITATION: timedelta(days=7)}

_REFUSED = {
    Purpose.RESET: "This link is no longer good: it was used, it is over an hour old, or part of it is "
    "missing. Ask for a new letter.",
    Purpose.INVITATION: "This invitation is no longer good: it was used, it is over a week old, or part of "
    "it is missing. Ask whoever invited you to send it again.",
}


def make(purpose: Purpose, account: Account, secret_key: str) -> str:
    """A token that lets its bearer choose this account's password, until `LIFE` is over or one was chosen."""
    ends = clock.now() + LIFE[purpose]
    return str(_signer(purpose, secret_key).dumps([account.id, int(ends.timestamp()), _mark(account)]))


def account_of(purpose: Purpose, token: str, secret_key: str) -> Account:
    """The account whose password this token lets choose. Raises NotSignedIn, saying how to get another."""
    try:
        account_id, ends, mark = _signer(purpose, secret_key).loads(token)
    except (BadSignature, UnicodeEncodeError) as error:
        raise NotSignedIn(_REFUSED[purpose]) from error
    account: Account | None = Account.get_or_none(Account.id == account_id)
    over = clock.now().timestamp() >= ends
    if account is None or over or not account.active or mark != _mark(account):
        raise NotSignedIn(_REFUSED[purpose])
    return account


def _signer(purpose: Purpose, secret_key: str) -> URLSafeSerializer:
    # One purpose's tokens are nothing to another: the salt is part of the key.
    return URLSafeSerializer(secret_key, salt=f"tellback.accounts.{purpose}")


def _mark(account: Account) -> str:
    """What changes with the password and the address, and tells nothing of either."""
    return hashlib.sha256(f"{account.email}\n{account.password}".encode()).hexdigest()[:24]
