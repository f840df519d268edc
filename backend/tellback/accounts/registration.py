"""Adding people who sign in, and what each is where."""

import re
import secrets
import unicodedata
import uuid
from datetime import datetime

from marshmallow import ValidationError, validate

from tellback import clock, db
from tellback.accounts import passwords, roles, sessions
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.audit.acts import SYSTEM, Act, Actor
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations.models import Organisation

_LONGEST_NAME = 100
_LONGEST_EMAIL = 254
# No letter that is taken for a figure, so that a password can be read out over a telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def add(
    email: str,
    name: str,
    password: str | None,
    role: Role,
    organisation: str | None = None,
    *,
    by: Actor = SYSTEM,
    known: str = "",
) -> Account:
    """Give someone a role, with an account of their own when this address has none yet.

    `organisation` is a code, for the roles that belong to one. An address that is known keeps its
    name and password. For `known` see `passwords.check`. Raises InvalidInput naming the fields, Conflict when
    the role is held already.
    """
    place = organisation_of(organisation)
    roles.check_place(role, place)
    with db.transaction():
        account = find(email) or _with_password(email, name, password, known)
        if (role, place) in [(held.role, held.organisation) for held in account.memberships]:
            raise Conflict(f"{account.email} is a {role} there already.")
        Membership.create(account=account, role=role.value, organisation=place)
        acts.record(
            Act.ACCOUNT_ADDED, by, "account", str(account.id), role=role.value, organisation=organisation
        )
    return account


def set_password(email: str, password: str, *, by: Actor = SYSTEM, known: str = "") -> Account:
    """Give an account a new password, and end every session it has.

    Raises NotFound for an unknown address, InvalidInput for a password that is too weak.
    """
    account = find(email)
    if account is None:
        raise NotFound(f"Nobody here signs in with {email}.")
    give_password(account, password, by=by, known=known)
    return account


def give_password(account: Account, password: str, *, by: Actor, known: str = "") -> None:
    """Keep a new password, and end every session: whoever knew the old one is out.

    Raises InvalidInput for a password that is too weak.
    """
    passwords.check(password, email=account.email, name=account.name, known=known)
    with db.transaction():
        account.password = passwords.hashed(password)
        account.fs_uniquifier = make_uniquifier()
        account.save(only=[Account.password, Account.fs_uniquifier])
        Account.update(invited_at=None).where(Account.id == account.id).execute()
        sessions.end_all(account)
        acts.record(Act.PASSWORD_SET, by, "account", str(account.id))


def find(email: str) -> Account | None:
    """The account of an address, however its letters are cased."""
    address = normalise_email(email)
    # PostgreSQL cannot even be asked about NUL.
    return Account.get_or_none(Account.email == address) if address.isprintable() else None


def everyone() -> list[Account]:
    """All accounts by address, each with its memberships and their organisations read."""
    memberships = Membership.select(Membership, Organisation).left_outer_join(Organisation)
    return list(Account.select().order_by(Account.email).prefetch(memberships))


def normalise_email(email: str) -> str:
    """The one spelling an address is kept and looked up in."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def make_password() -> str:
    """A random password of 99 bits in four groups, easy to read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def make_uniquifier() -> str:
    """A new name for an account's sessions; giving it ends those under the old one."""
    return uuid.uuid4().hex


def create(email: str, name: str, password_hash: str, invited_at: datetime | None = None) -> Account:
    """Keep a new account, which has no role yet. Raises InvalidInput naming `email` or `name`."""
    return Account.create(
        email=checked_email(email),
        name=_name(name),
        password=password_hash,
        fs_uniquifier=make_uniquifier(),
        created_at=clock.now(),
        invited_at=invited_at,
    )


def _with_password(email: str, name: str, password: str | None, known: str) -> Account:
    if password is None:
        raise InvalidInput(errors={"password": ["A new account needs a password."]})
    passwords.check(password, email=checked_email(email), name=_name(name), known=known)
    return create(email, name, passwords.hashed(password))


def checked_email(email: str) -> str:
    """An address in the spelling it is kept in. Raises InvalidInput naming `email` for what is none."""
    address = normalise_email(email)
    try:
        validate.Email()(address)
    except ValidationError:
        address = ""
    if not address or len(address) > _LONGEST_EMAIL:
        raise InvalidInput(errors={"email": ["Write an email address, such as moira.bell@example.org."]})
    return address


def _name(name: str) -> str:
    called = re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip()
    if not called or len(called) > _LONGEST_NAME or not called.isprintable():
        raise InvalidInput(errors={"name": [f"Write a name of 1 to {_LONGEST_NAME} characters."]})
    return called


def organisation_of(code: str | None) -> Organisation | None:
    """The organisation of a code; None for no code. Raises InvalidInput naming `organisation`."""
    if code is None:
        return None
    found: Organisation | None = Organisation.get_or_none(Organisation.code == code)
    if found is None:
        raise InvalidInput(errors={"organisation": [f"No organisation here has the code {code!r}."]})
    return found
