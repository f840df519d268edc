"""Codes that only someone's own app makes (RFC 6238), and codes for the day it is lost.

No code works twice, in whatever session: NIST SP 800-63B, section 3.1.4.2.
"""

import base64
import binascii
import hashlib
import secrets
from typing import Final
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from tellback import clock, db, sealing
from tellback.accounts import notices
from tellback.accounts.models import Account, Passkey, RecoveryCode, StaffSession
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.errors import InvalidInput, NotFound

# What every authenticator app can do (RFC 6238 leaves the choice, the apps do not).
DIGITS = 6
STEP = 30
# A code of the step before or after is taken as well: a phone's clock may be half a minute off.
DRIFT = 1
RECOVERY_CODES = 10

_KEY_BYTES: Final = 20
# No letter that is taken for a figure, so that a code can be copied from paper: 74 bits in fifteen.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_NOT_RIGHT: Final = (
    "This code is not right, or was used already. Wait until your app shows a new one, and type that."
)
_WRONG_KEY: Final = "The key of this form is broken. Open the page again and begin anew."


def has(account: Account) -> bool:
    """Whether someone proves a second thing when they sign in with a password."""
    return has_app(account) or Passkey.select().where(Passkey.account == account).exists()


def has_app(account: Account) -> bool:
    """Whether an app of theirs makes codes for us."""
    return account.totp_sealed is not None


def new_key() -> str:
    """A key for an app to make codes from: 160 random bits, in the base 32 that apps read."""
    return base64.b32encode(secrets.token_bytes(_KEY_BYTES)).decode()


def in_groups(key: str) -> str:
    """A key as a person types it into an app: in groups of four."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def address(key: str, account: Account, keeper: str) -> str:
    """What the app's camera reads: https://github.com/google/google-authenticator/wiki/Key-Uri-Format."""
    named = quote(f"{keeper}:{account.email}")
    facts = {"secret": key, "issuer": keeper, "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{named}?{urlencode(facts, quote_via=quote)}"


def set_up(account: Account, key: str, code: str, *, by: Actor) -> list[str]:
    """Ask for codes made from this key from now on, once a code shows that an app has it.

    Gives new recovery codes when there are none, to be shown once. Raises InvalidInput naming `code`.
    """
    try:
        raw = base64.b32decode(key)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(errors={"code": [_WRONG_KEY]}) from error
    if len(raw) != _KEY_BYTES:
        raise InvalidInput(errors={"code": [_WRONG_KEY]})
    step = _step_of(code, raw)
    if step is None:
        raise InvalidInput(errors={"code": [_NOT_RIGHT]})
    with db.transaction():
        account.totp_sealed, account.totp_counter = sealing.seal(key), step
        account.save(only=[Account.totp_sealed, Account.totp_counter])
        acts.record(Act.APP_SET_UP, by, "account", str(account.id))
        notices.tell(account, "Codes of an app are asked for when you sign in.")
        return [] if left(account) else new_recovery_codes(account, by=by)


def check_code(account: Account, code: str) -> bool:
    """Whether this is a code of theirs that was not used yet; it is used then. One of two who race wins."""
    if account.totp_sealed is None:
        return False
    step = _step_of(code, base64.b32decode(sealing.unseal(account.totp_sealed)))
    if step is None:
        return False
    used = Account.update(totp_counter=step).where(Account.id == account.id, Account.totp_counter < step)
    return bool(used.execute())


def remove_app(account: Account, *, by: Actor) -> None:
    """Ask for no more codes. Raises NotFound when none are asked for."""
    if not has_app(account):
        raise NotFound("No app makes codes for this account.")
    with db.transaction():
        account.totp_sealed, account.totp_counter = None, 0
        account.save(only=[Account.totp_sealed, Account.totp_counter])
        acts.record(Act.APP_REMOVED, by, "account", str(account.id))
        notices.tell(account, "No codes of an app are asked for any more when you sign in.")
        drop_idle_codes(account)


def reset(account: Account, *, by: Actor) -> None:
    """Take every second factor away, for someone who lost theirs, and end their sessions; they are told."""
    with db.transaction():
        account.totp_sealed, account.totp_counter = None, 0
        account.save(only=[Account.totp_sealed, Account.totp_counter])
        for table in (Passkey, RecoveryCode, StaffSession):
            table.delete().where(table.account == account).execute()
        acts.record(Act.FACTORS_RESET, by, "account", str(account.id))
        notices.tell(account, "An administrator took away your app's codes, passkeys and recovery codes.")


def new_recovery_codes(account: Account, *, by: Actor) -> list[str]:
    """Ten codes that each stand in once for a second factor; those from before are worthless from now on."""
    codes = ["-".join(_random(5) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    with db.transaction():
        RecoveryCode.delete().where(RecoveryCode.account == account).execute()
        for code in codes:
            RecoveryCode.create(account=account, code_hash=_hashed(code))
        acts.record(Act.RECOVERY_CODES_MADE, by, "account", str(account.id))
    return codes


def use_recovery_code(account: Account, code: str) -> bool:
    """Whether this is one of their recovery codes; it is gone then."""
    used = RecoveryCode.delete().where(
        RecoveryCode.account == account, RecoveryCode.code_hash == _hashed(code)
    )
    return bool(used.execute())


def left(account: Account) -> int:
    """How many recovery codes someone still has."""
    return int(RecoveryCode.select().where(RecoveryCode.account == account).count())


def drop_idle_codes(account: Account) -> None:
    """Take recovery codes away from someone who has no second factor left for them to stand in for."""
    if not has(account):
        RecoveryCode.delete().where(RecoveryCode.account == account).execute()


def _step_of(code: str, key: bytes) -> int | None:
    """Which step, near the present one, a code was made for; None for a code of none."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    hotp = HOTP(key, DIGITS, SHA1(), enforce_key_length=True)  # noqa: S303 (what apps make, RFC 6238)
    now = int(clock.now().timestamp()) // STEP
    matching = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if secrets.compare_digest(hotp.generate(step), typed.encode())
    ]
    return max(matching, default=None)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _hashed(code: str) -> str:
    # Random and long enough that a plain hash tells nothing; dashes and spaces are how paper shows it.
    letters = "".join(letter for letter in code.casefold() if letter in _ALPHABET)
    return hashlib.sha256(letters.encode()).hexdigest()
