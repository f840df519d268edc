"""Keys by which a program acts as somebody: shown once, kept as a hash, for one scope and a time."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from tellback import clock
from tellback.accounts import notices
from tellback.accounts.models import Account, ApiToken
from tellback.accounts.roles import Action, require_somewhere
from tellback.audit import acts
from tellback.audit.acts import Act
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound, NotSignedIn

# What programs that look for lost secrets know them by.
PREFIX = "tellback_"
# Days for which a token may be made.
LIVES = (30, 90, 365)
# Tokens of one person: one for each program, and some to spare.
MOST = 20
LONGEST_NAME = 60
# How exactly "last used" is said: a write for each request would cost more.
_USED_EVERY = timedelta(minutes=10)


class Scope(StrEnum):
    """What a token is good for: one action of the table in `roles`."""

    REPLIES_WRITE = Action.WRITE_REPLIES.value


def make(account: Account, name: str, days: int, scope: Scope = Scope.REPLIES_WRITE) -> str:
    """A new token of this account, to be shown once. The account's owner is told by letter.

    Raises NotAllowed for who answers for nobody, InvalidInput by field, Conflict when there are too many.
    """
    require_somewhere(account, Action(scope.value))
    errors = {}
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = [f"Say which program it is for, in up to {LONGEST_NAME} characters."]
    if days not in LIVES:
        errors["days"] = ["Choose for how long it is good."]
    if errors:
        raise InvalidInput(errors=errors)
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction():
        if len(of(account)) >= MOST:
            raise Conflict(f"You have {MOST} tokens. Revoke one that is not used any more.")
        made = ApiToken.create(
            account=account,
            name=name,
            token_hash=_hashed(secret),
            scope=scope.value,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=days),
        )
        _record(Act.TOKEN_MADE, account, made)
        notices.tell(account, f"A token for a program was made: {name}")
    return secret


def of(account: Account) -> list[ApiToken]:
    """The tokens of an account, the newest first; those whose time is over too, until they are revoked."""
    return list(account.tokens.order_by(ApiToken.id.desc()))


def revoke(account: Account, token_id: int) -> None:
    """Make one's token worthless from now on. Raises NotFound."""
    with transaction():
        found = ApiToken.get_or_none(ApiToken.id == token_id, ApiToken.account == account)
        if found is None:
            raise NotFound("There is no such token any more.")
        found.delete_instance()
        _record(Act.TOKEN_REVOKED, account, found)


def account_of(secret: str, scope: Scope) -> Account:
    """Who a token acts as, within a scope; that it was used is noted. Raises NotSignedIn, saying why.

    What the account may do is asked of `roles` each time: a role that was taken is gone for its tokens, too.
    """
    found: ApiToken | None = (
        ApiToken.select(ApiToken, Account)
        .join(Account)
        .where(ApiToken.token_hash == _hashed(secret), ApiToken.scope == scope.value)
        .first()
    )
    if found is None or not found.account.active:
        raise NotSignedIn("This token is not known here, or was revoked. Make a new one under Your account.")
    if found.expires_at <= clock.now():
        raise NotSignedIn("The time of this token is over. Make a new one under Your account.")
    last: datetime | None = found.used_at
    if last is None or last + _USED_EVERY <= clock.now():
        ApiToken.update(used_at=clock.now()).where(ApiToken.id == found.id).execute()
    account: Account = found.account
    return account


def _hashed(secret: str) -> str:
    # 256 random bits: nothing is gained by a slow hash.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _record(act: Act, account: Account, token: ApiToken) -> None:
    acts.record(act, acts.staff(account.id), "account", str(account.id), token=token.name, scope=token.scope)
