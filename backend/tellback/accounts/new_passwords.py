"""Choosing a new password: by a letter when the old one is forgotten, or with the old one."""

from tellback import db
from tellback.accounts import links, notices, passwords, recipients, registration
from tellback.accounts.links import Purpose
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.errors import InvalidInput
from tellback.outbox import messages


def ask(email: str) -> None:
    """Have a letter sent to this address with the way to a new password, when somebody signs in with it.

    Whoever asks learns nothing: for an address that is nobody's the same is written, and the letter is set
    aside when it is to be sent.
    """
    account = registration.find(email)
    known = account is not None and account.active
    subject = str(account.id) if account is not None and known else recipients.NOBODY
    with db.transaction():
        messages.put("new_password", recipients.KIND, subject)
        acts.record(Act.PASSWORD_ASKED, Actor("visitor"), "account", subject)


def choose(token: str, password: str, secret_key: str, known: str = "") -> Account:
    """Keep a new password by the token of a letter, and end every session; its owner is told by letter.

    Raises NotSignedIn for a token that is used, old or broken, InvalidInput naming `password`.
    """
    account = links.account_of(Purpose.RESET, token, secret_key)
    with db.transaction():
        registration.give_password(account, password, by=Actor("staff", str(account.id)), known=known)
        notices.tell(account, "Your password was changed.")
    return account


def change(account: Account, present: str, password: str, known: str = "") -> None:
    """Keep a new password for someone who knows the present one, and end every session of theirs.

    Raises InvalidInput naming `present` or `password`.
    """
    if not passwords.is_right(account.password, present):
        raise InvalidInput(errors={"present": ["This is not your password of now."]})
    with db.transaction():
        registration.give_password(account, password, by=Actor("staff", str(account.id)), known=known)
        notices.tell(account, "Your password was changed.")
