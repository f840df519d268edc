"""Who gets the weekly digest: whose services stories are about, unless they said no; others who said yes."""

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may_somewhere, organisations
from tellback.alerts.models import DigestChoice


def wants(account: Account) -> bool:
    """Whether somebody gets the digest: as they chose, or else as their role has it."""
    choice = DigestChoice.get_or_none(DigestChoice.account == account)
    if not may_somewhere(account, Action.KEEP_ALERTS):
        return False
    if choice is None or choice.wanted is None:
        return bool(organisations(account, Action.READ_OWN_STORIES))
    return bool(choice.wanted)


def choose(account: Account, *, wanted: bool) -> None:
    """Keep whether somebody wants the digest."""
    DigestChoice.get_or_create(account=account)
    DigestChoice.update(wanted=wanted).where(DigestChoice.account == account).execute()
