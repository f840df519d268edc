"""The people who sign in: who they are, what each is where, and keeping that true."""

from dataclasses import dataclass

import peewee

from tellback import db
from tellback.accounts import registration, sessions
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.audit.acts import Act
from tellback.errors import Conflict, NotFound
from tellback.organisations.models import Organisation

# People on one screen.
PAGE = 50


@dataclass(frozen=True)
class Found:
    """One screen of people, with their memberships read; `total` counts all that were sought."""

    people: list[Account]
    total: int


def find(words: str = "", role: str = "", page: int = 1) -> Found:
    """People by name, address or organisation, and by a role they hold; by name, `PAGE` on each screen."""
    query = Account.select()
    for word in words.split():
        query = query.where(_mentions(word))
    if role:
        query = query.where(
            Account.id.in_(Membership.select(Membership.account).where(Membership.role == role))
        )
    total = query.count()
    query = query.order_by(peewee.fn.LOWER(Account.name), Account.id).paginate(page, PAGE)
    memberships = Membership.select(Membership, Organisation).left_outer_join(Organisation)
    return Found(list(query.prefetch(memberships)), total)


def get(account_id: int) -> Account:
    """One person, with their memberships read. Raises NotFound."""
    memberships = Membership.select(Membership, Organisation).left_outer_join(Organisation)
    found = Account.select().where(Account.id == account_id).prefetch(memberships)
    account: Account | None = next(iter(found), None)
    if account is None:
        raise NotFound("Nobody here has this address.")
    return account


def give_role(account: Account, role: Role, organisation: str | None, *, by: Account) -> None:
    """Make someone something more.

    Raises InvalidInput naming the fields, Conflict when they are it already.
    """
    registration.add(account.email, account.name, None, role, organisation, by=acts.staff(by.id))


def take_role(account: Account, membership_id: int, *, by: Account) -> None:
    """Take a role from someone, from their next step on.

    Raises NotFound for one they do not hold, Conflict for that of the last administrator.
    """
    with db.transaction():
        held = Membership.get_or_none(Membership.id == membership_id, Membership.account == account)
        if held is None:
            raise NotFound(f"{account.name} does not hold this role any more.")
        if held.role == Role.ADMINISTRATOR:
            _require_another_administrator(account)
        place = held.organisation.code if held.organisation else None
        held.delete_instance()
        acts.record(
            Act.ROLE_TAKEN, acts.staff(by.id), "account", str(account.id), role=held.role, organisation=place
        )


def suspend(account: Account, *, by: Account) -> None:
    """Let someone sign in no more, and end their sessions; what they did stays theirs.

    Raises Conflict for oneself and for the last administrator.
    """
    if account.id == by.id:
        raise Conflict("Nobody suspends themselves: ask another administrator.")
    with db.transaction():
        _require_another_administrator(account)
        _switch(account, active=False)
        sessions.end_all(account)
        acts.record(Act.ACCOUNT_SUSPENDED, acts.staff(by.id), "account", str(account.id))


def resume(account: Account, *, by: Account) -> None:
    """Let someone sign in again, as what they were."""
    with db.transaction():
        _switch(account, active=True)
        acts.record(Act.ACCOUNT_RESUMED, acts.staff(by.id), "account", str(account.id))


def end_sessions(account: Account, *, by: Account) -> int:
    """End every session of someone's; how many there were."""
    with db.transaction():
        _switch(account, active=account.active)
        ended = sessions.end_all(account)
        acts.record(Act.SESSION_ENDED, acts.staff(by.id), "account", str(account.id), ended=ended)
    return ended


def _switch(account: Account, *, active: bool) -> None:
    account.active = active
    account.fs_uniquifier = registration.make_uniquifier()
    account.save(only=[Account.active, Account.fs_uniquifier])


def _require_another_administrator(account: Account) -> None:
    """Refuse to leave the installation without anybody who can let people in."""
    administrators = (
        Account.select(Account.id)
        .join(Membership)
        .where(
            Membership.role == Role.ADMINISTRATOR.value,
            Membership.organisation.is_null(),
            Account.active,
            Account.invited_at.is_null(),
        )
    )
    others = {other.id for other in administrators} - {account.id}
    is_one = Membership.select().where(
        Membership.account == account, Membership.role == Role.ADMINISTRATOR.value
    )
    if not others and is_one.exists():
        raise Conflict(f"{account.name} is the only administrator. Make somebody else one first.")


def _mentions(word: str) -> peewee.Expression:
    there = Membership.select(Membership.account).join(Organisation)
    there = there.where(Organisation.name.contains(word) | Organisation.code.contains(word))
    return Account.name.contains(word) | Account.email.contains(word) | Account.id.in_(there)
