"""Leaving letters by one press (RFC 8058): a signed address that needs no session, and nothing else.

The address holds what it ends and for whom, signed; it says no more than that, and works for ever.
"""

from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer

from tellback.accounts.models import Account
from tellback.alerts.models import Alert, DigestChoice
from tellback.db import transaction
from tellback.errors import NotFound

_SALT = "tellback.alerts.unsubscribe"


class Ends(StrEnum):
    """What an address ends."""

    ALERT = "alert"
    DIGEST = "digest"


def address(public_url: str, what: Ends, which: int, account_id: int, secret_key: str) -> str:
    """Where to press: `which` is the alert, or the account of the digest; `account_id` is whose it is.

    A database may give the number of a deleted alert to the next, which may be somebody else's.
    """
    token = URLSafeSerializer(secret_key, salt=_SALT).dumps([what.value, which, account_id])
    return f"{public_url}/alerts/unsubscribe/{token}"


def read(token: str, secret_key: str) -> tuple[Ends, int, int]:
    """What an address ends, which, and whose. Raises NotFound for one that we did not make."""
    try:
        what, which, account_id = URLSafeSerializer(secret_key, salt=_SALT).loads(token)
    except (BadSignature, UnicodeEncodeError) as error:
        raise NotFound(
            "Part of this link is missing. Open it from the letter again, or sign in to stop letters."
        ) from error
    return Ends(what), int(which), int(account_id)


def end(what: Ends, which: int, account_id: int) -> None:
    """Send no more of these letters, nor what was to be told; ending a second time is no mistake."""
    if what == Ends.ALERT:
        Alert.delete().where(Alert.id == which, Alert.account == account_id).execute()
        return
    with transaction():
        if Account.select().where(Account.id == which).exists():
            DigestChoice.get_or_create(account=which)
            DigestChoice.update(wanted=False).where(DigestChoice.account == which).execute()
