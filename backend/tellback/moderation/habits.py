"""How somebody works at the desk: by keys or without, from story to story or back to the list each time."""

from tellback.accounts.models import Account
from tellback.moderation.models import DeskHabit


def of(account: Account) -> DeskHabit:
    """Someone's habits; until they chose any, keys work, and a decision leads on to the next story."""
    found: DeskHabit | None = DeskHabit.get_or_none(DeskHabit.account == account)
    return found or DeskHabit(account=account)


def keep(account: Account, **changed: bool) -> None:
    """Remember how someone works (`by_keys`, `onward`), on every device; what is not named stays."""
    habit = of(account)
    values = {"by_keys": habit.by_keys, "onward": habit.onward, **changed}
    DeskHabit.insert(account=account, **values).on_conflict(
        conflict_target=[DeskHabit.account], preserve=[DeskHabit.by_keys, DeskHabit.onward]
    ).execute()
