"""Telling somebody by letter what was changed in how they sign in: they notice when it was not they."""

from tellback.accounts import recipients
from tellback.accounts.models import Account


def tell(account: Account, what: str) -> None:
    """Put the letter with the transaction that changed it; `what` is a sentence."""
    recipients.write(account, "sign_in_changed", what=what)
