"""Inviting people by letter: the link in it lets them choose a password, once, within a week."""

from tellback import clock, db
from tellback.accounts import links, passwords, registration, roles
from tellback.accounts.links import Purpose
from tellback.accounts.models import Account
from tellback.accounts.recipients import KIND
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.errors import Conflict
from tellback.outbox import messages


def invite(email: str, name: str, role: Role, organisation: str | None, *, by: Account) -> Account:
    """Give someone a role; who has no account yet gets a letter with the way to one.

    Raises InvalidInput naming the fields, Conflict when they hold the role already.
    """
    # Before anything is kept, so that a refused invitation sends nothing.
    roles.check_place(role, registration.organisation_of(organisation))
    actor = acts.staff(by.id)
    with db.transaction():
        account = registration.find(email)
        if account is None:
            account = registration.create(email, name, passwords.unusable(), clock.now())
            _send(account, by)
            acts.record(Act.ACCOUNT_INVITED, actor, "account", str(account.id))
        return registration.add(account.email, account.name, None, role, organisation, by=actor)


def invite_again(account: Account, *, by: Account) -> None:
    """Send the letter once more; links in letters from before are worthless then.

    Raises Conflict for who has joined.
    """
    _require_waiting(account)
    with db.transaction():
        facts = {"password": passwords.unusable(), "invited_at": clock.now()}
        Account.update(**facts).where(Account.id == account.id).execute()
        _send(account, by)
        acts.record(Act.ACCOUNT_INVITED, acts.staff(by.id), "account", str(account.id))


def withdraw(account: Account, *, by: Account) -> None:
    """Forget someone who was invited and has not come. Raises Conflict for who has joined."""
    _require_waiting(account)
    with db.transaction():
        acts.record(Act.INVITATION_WITHDRAWN, acts.staff(by.id), "account", str(account.id))
        account.delete_instance()


def accept(token: str, password: str, secret_key: str, known: str = "") -> Account:
    """Join with a password of one's own, by the token of an invitation.

    Raises NotSignedIn for a token that is used, old or broken, InvalidInput naming `password`.
    """
    account = links.account_of(Purpose.INVITATION, token, secret_key)
    themselves = Actor("staff", str(account.id))
    with db.transaction():
        registration.give_password(account, password, by=themselves, known=known)
        acts.record(Act.ACCOUNT_JOINED, themselves, "account", str(account.id))
    return account


def _send(account: Account, by: Account) -> None:
    messages.put("invitation", KIND, str(account.id), invited_by=by.name)


def _require_waiting(account: Account) -> None:
    if account.invited_at is None:
        raise Conflict(f"{account.name} has joined already.")
