"""Who is told at once of words of crisis: those on call, or everyone who moderates when nobody is."""

from tellback import clock
from tellback.accounts import recipients
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Action, Role, may, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.rota import hours
from tellback.rota.models import Duty


def moderators() -> list[Account]:
    """Everyone who decides about stories and may sign in, by name."""
    roles = (Role.ADMINISTRATOR.value, Role.MODERATOR.value)
    held = Membership.select(Membership.account).where(
        Membership.role.in_(roles), Membership.organisation.is_null()
    )
    return list(Account.select().where(Account.id.in_(held), Account.active).order_by(Account.name))


def people() -> list[Account]:
    """Those on call who may still sign in and decide, by name."""
    on_call = {duty.account_id for duty in Duty.select().where(Duty.on_call)}
    return [account for account in moderators() if account.id in on_call]


def keep(account_ids: set[int], *, by: Account) -> None:
    """Say who is on call from now on. Raises NotAllowed, and InvalidInput for who does not moderate."""
    require(by, Action.KEEP_ROTA)
    known = {account.id for account in moderators()}
    if not account_ids <= known:
        raise InvalidInput(errors={"on_call": ["Choose people who moderate here."]})
    with transaction():
        for account_id in known:
            duty_of(account_id)
            Duty.update(on_call=account_id in account_ids).where(Duty.account == account_id).execute()
        acts.record(
            acts.Act.ON_CALL_CHANGED, acts.staff(by.id), "rota", "on_call", people=sorted(account_ids)
        )


def alert(story_id: str, letter: str = "crisis_alert", **facts: str) -> None:
    """Write at once to those on call that a story (its public id) holds words of crisis or of harm.

    In the transaction that keeps the words, so that none are told without the letter, which holds none of
    them. Another `letter` says where else than in the story they stand, by further `facts`.
    """
    staffed = hours.current().staffed(clock.now())
    for account in people() or moderators():
        recipients.write(account, letter, story=story_id, staffed=staffed, **facts)


def duty_of(account_id: int) -> Duty:
    """What someone is on duty for; nothing yet, when nobody said so."""
    duty: Duty = Duty.get_or_create(account=account_id)[0]
    return duty


def require_moderator(account: Account) -> None:
    """Raise InvalidInput for someone who does not read stories here."""
    if not may(account, Action.READ_UNPUBLISHED):
        raise InvalidInput(errors={"reader": [f"{account.name} does not read stories here."]})
