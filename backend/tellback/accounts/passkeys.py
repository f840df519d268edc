"""Passkeys: key pairs of someone's own devices, which no page but ours can ask (WebAuthn level 3).

No attestation is asked for: whose factory an authenticator comes from is nobody's business.
"""

import base64
import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tellback import clock, db
from tellback.accounts import notices, second_factors
from tellback.accounts.models import Account, Passkey
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.errors import InvalidInput, NotFound, NotSignedIn

# How long somebody may look for their key.
LIFE = timedelta(minutes=5)
LONGEST_NAME = 60
MOST = 20

_NOT_TAKEN = "This passkey could not be taken. Try again, or use another device."
_UNKNOWN = "This passkey is not known here. Sign in with your password, then add it to your account."
_OVER = "That took too long. Try again."


@dataclass(frozen=True)
class Question:
    """What an authenticator is asked to sign, and since when; kept in the session until it answers."""

    challenge: str
    at: float

    @property
    def asked_at(self) -> datetime:
        """The moment it was asked."""
        return datetime.fromtimestamp(self.at, clock.now().tzinfo)


def possible(public_url: str) -> bool:
    """Whether browsers make passkeys for this address: HTTPS (or this machine itself), with a name."""
    parts = urlsplit(public_url)
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme == "https" or parts.hostname == "localhost"
    return False


def of(account: Account) -> list[Passkey]:
    """Someone's passkeys, the oldest first."""
    return list(Passkey.select().where(Passkey.account == account).order_by(Passkey.id))


def ask_to_make(account: Account, public_url: str, keeper: str) -> tuple[Question, dict[str, Any]]:
    """What a browser needs to make a passkey for someone, and what is to be remembered of it."""
    from tellback.accounts import authenticators  # when first used: it says why

    if not account.passkey_handle:
        account.passkey_handle = secrets.token_urlsafe(32)
        account.save(only=[Account.passkey_handle])
    question = _question()
    asked = authenticators.Asked(question.challenge, public_url)
    return question, authenticators.to_make(asked, account, of(account), keeper)


def add(
    account: Account, answer: str, question: Question | None, name: str, public_url: str, *, by: Actor
) -> list[str]:
    """Keep a passkey that was made as asked; recovery codes to be shown once, when there are none.

    Raises InvalidInput naming `name` or `credential`.
    """
    from tellback.accounts import authenticators  # when first used: it says why

    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise InvalidInput(
            errors={"name": [f"Name it in 1 to {LONGEST_NAME} characters, such as “My phone”."]}
        )
    if question is None or _is_over(question):
        raise InvalidInput(errors={"credential": [_OVER]})
    try:
        made = authenticators.made(authenticators.Asked(question.challenge, public_url), answer)
    except authenticators.NotSigned as error:
        raise InvalidInput(errors={"credential": [_NOT_TAKEN]}) from error
    with db.transaction():
        here = len(of(account))
        if here >= MOST or Passkey.select().where(Passkey.credential_id == made.credential_id).exists():
            raise InvalidInput(errors={"credential": [_NOT_TAKEN]})
        Passkey.create(
            account=account,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=authenticators.transports(answer),
            name=called,
            created_at=clock.now(),
        )
        acts.record(Act.PASSKEY_ADDED, by, "account", str(account.id))
        notices.tell(account, f"A passkey was added: {called}.")
        return [] if second_factors.left(account) else second_factors.new_recovery_codes(account, by=by)


def remove(account: Account, passkey_id: int, *, by: Actor) -> None:
    """Take no more signatures of a passkey. Raises NotFound for one that is not theirs."""
    with db.transaction():
        gone = Passkey.get_or_none(Passkey.id == passkey_id, Passkey.account == account)
        if gone is None:
            raise NotFound("This passkey is not on your account any more.")
        gone.delete_instance()
        second_factors.drop_idle_codes(account)
        acts.record(Act.PASSKEY_REMOVED, by, "account", str(account.id))
        notices.tell(account, f"A passkey was removed: {gone.name}.")


def ask(public_url: str, account: Account | None = None) -> tuple[Question, dict[str, Any]]:
    """What a browser needs to have a passkey sign: any (which says who it is), or one of someone's."""
    from tellback.accounts import authenticators  # when first used: it says why

    question = _question()
    asked = authenticators.Asked(question.challenge, public_url)
    return question, authenticators.to_sign(asked, of(account) if account else None)


def check(answer: str, question: Question | None, public_url: str, account: Account | None = None) -> Account:
    """Whose passkey signed what was asked, just now and for the first time.

    Without an `account` it stands for a password too, so its owner must have proved themselves to it (a
    fingerprint, a PIN). Raises NotSignedIn, in words for people.
    """
    from tellback.accounts import authenticators  # when first used: it says why

    if question is None or _is_over(question):
        raise NotSignedIn(_OVER)
    passkey = _passkey(answer)
    if passkey is None or not passkey.account.active or (account and passkey.account != account):
        raise NotSignedIn(_UNKNOWN)
    asked = authenticators.Asked(question.challenge, public_url)
    try:
        signed = authenticators.signed(asked, answer, passkey, proved=account is None)
    except authenticators.NotSigned as error:
        raise NotSignedIn(_NOT_TAKEN) from error
    # What was asked before its last use may be what it answered then: an answer works once.
    first = Passkey.update(sign_count=signed.new_sign_count, used_at=clock.now()).where(
        Passkey.id == passkey.id, Passkey.used_at.is_null() | (Passkey.used_at <= question.asked_at)
    )
    if not first.execute():
        raise NotSignedIn(_OVER)
    owner: Account = passkey.account
    return owner


def _passkey(answer: str) -> Passkey | None:
    try:
        credential_id = base64.urlsafe_b64decode(str(json.loads(answer)["rawId"]) + "==")
    except (ValueError, KeyError, TypeError):
        return None
    found: Passkey | None = (
        Passkey.select(Passkey, Account).join(Account).where(Passkey.credential_id == credential_id).first()
    )
    return found


def _question() -> Question:
    return Question(secrets.token_urlsafe(32), clock.now().timestamp())


def _is_over(question: Question) -> bool:
    return clock.now() - question.asked_at > LIFE
