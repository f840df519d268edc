"""Heads of the ledger, signed each day: whoever keeps one can prove that what came before was rewritten.

Ed25519 (RFC 8032). A head says: on this day, this ledger had so many entries, and the last had this hash.
"""

import hashlib
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tellback import clock
from tellback.audit import ledger
from tellback.audit.models import LedgerHead, LedgerKey
from tellback.config import Settings
from tellback.db import transaction

# Digits of a public key's SHA-256 by which it is named.
_KEY_NAME = 16


def sign_today(settings: Settings) -> None:
    """Publish the day's head, once a day (UTC), whichever process comes first.

    The public keys of all keys that the settings name are published with it, and stay for ever. A ledger
    without entries has no head.
    """
    day = clock.today().isoformat()
    if LedgerHead.get_or_none(LedgerHead.day == day):
        return
    with transaction():
        last = ledger.newest()
        if last is None:
            return
        keys = [_private(key) for key in settings.ledger_key]
        names = [_publish(key.public_key(), day) for key in keys]
        signed = {
            "day": day,
            "hash": last.hash,
            "key": names[0],
            "ledger": settings.public_url,
            "number": last.number,
        }
        signature = keys[0].sign(ledger.canonical(signed)).hex()
        LedgerHead.insert(**signed, signature=signature).on_conflict_ignore().execute()


def newest_head() -> LedgerHead | None:
    """The head published last, if there is one: of most entries, whatever day the clock said it was."""
    order = LedgerHead.number.desc(), LedgerHead.day.desc()
    head: LedgerHead | None = LedgerHead.select().order_by(*order).first()
    return head


def heads_after(day: str, *, limit: int) -> list[LedgerHead]:
    """Up to `limit` heads of later days than this (`2026-11-23`; empty for the first), in their order."""
    return list(LedgerHead.select().where(LedgerHead.day > day).order_by(LedgerHead.day).limit(limit))


def count_heads() -> int:
    """How many heads were published."""
    found: int = LedgerHead.select().count()
    return found


def described(head: LedgerHead) -> dict[str, Any]:
    """A head as the API shows it: what is signed, and the signature."""
    return {**_signed(head), "signature": head.signature}


def published_keys() -> list[dict[str, str]]:
    """The public keys by which heads were ever signed, the first first, as the API shows them."""
    keys = LedgerKey.select().order_by(LedgerKey.since, LedgerKey.id)
    return [{"id": key.id, "public": key.public, "since": key.since} for key in keys]


def is_signed(head: LedgerHead, public: str) -> bool:
    """Whether the public key (in hexadecimal) bears the head out, and is the one that it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(head.signature), ledger.canonical(_signed(head)))
    except (ValueError, InvalidSignature):
        return False
    return head.key_id == _name(bytes.fromhex(public))


def was_mailed_in(week: str) -> bool:
    """Whether a head went out in the letters of this week."""
    return LedgerHead.get_or_none(LedgerHead.mailed_in == week) is not None


def claim_for_letters(week: str) -> LedgerHead | None:
    """Take the newest head for the letters of this week, in the caller's transaction; None if it went before.

    Raises IntegrityError when another head was taken for the week.
    """
    head = newest_head()
    if head is None:
        return None
    claimed = LedgerHead.update(mailed_in=week).where(
        LedgerHead.day == head.day, LedgerHead.mailed_in.is_null()
    )
    return head if claimed.execute() else None


def week_of(day: date) -> str:
    """The week of a day by ISO 8601, such as `2026-W48`: letters to witnesses go once in each."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _signed(head: LedgerHead) -> dict[str, Any]:
    return {
        "day": head.day,
        "hash": head.hash,
        "key": head.key_id,
        "ledger": head.ledger,
        "number": head.number,
    }


def _private(key: str) -> Ed25519PrivateKey:
    # A key may be any text of 32 characters or more, as all of ours.
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(key.encode()).digest())


def _publish(key: Ed25519PublicKey, day: str) -> str:
    """Publish a public key, where it is not yet, and return its name."""
    public = key.public_bytes_raw()
    name = _name(public)
    LedgerKey.insert(id=name, public=public.hex(), since=day).on_conflict_ignore().execute()
    return name


def _name(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:_KEY_NAME]
