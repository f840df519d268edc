"""Letters to people who sign in: where they go, looked up when they are sent."""

from typing import Any

from tellback.accounts import links
from tellback.accounts.links import Purpose
from tellback.accounts.models import Account
from tellback.config import Settings
from tellback.outbox import messages
from tellback.outbox.delivery import Recipient, Resolver

# The kind of recipient that `outbox.messages.put` names; the id is the account's.
KIND = "account"
# An id that is nobody's: a letter to it is set aside unsent.
NOBODY = "0"


def write(account: Account, letter: str, **facts: Any) -> None:
    """Put a letter to somebody who signs in, in the caller's transaction."""
    messages.put(letter, KIND, str(account.id), **facts)


def resolver(settings: Settings) -> Resolver:
    """The look-up for letters to accounts: nobody is written to whose account is switched off.

    A letter may use `name`, `staff_url`, and the links that let its reader choose a password; those are made
    as it is sent, so that the outbox holds none.
    """

    def resolve(kind: str, recipient_id: str) -> Recipient | None:
        account = Account.get_or_none(Account.id == int(recipient_id)) if kind == KIND else None
        if account is None or not account.active:
            return None
        facts = {
            "name": account.name,
            "staff_url": f"{settings.public_url}/admin/",
            "reset_link": _link(settings, "new-password", Purpose.RESET, account),
            "invitation_link": _link(settings, "welcome", Purpose.INVITATION, account),
        }
        return Recipient(account.email, facts)

    return resolve


def _link(settings: Settings, page: str, purpose: Purpose, account: Account) -> str:
    # In the fragment, which a browser sends to nobody: no log and no referrer holds it.
    return f"{settings.public_url}/admin/{page}#{links.make(purpose, account, settings.secret_key)}"
