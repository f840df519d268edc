"""The public ledger: every step of every story, in order, each entry holding the hash of the one before.

No entry holds a word of a story, a person or a time of day. What it holds and proves: docs/ledger.md.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import peewee

from tellback import clock
from tellback.audit.models import LedgerEntry
from tellback.db import database, is_postgresql, prepared, put

# What the first entry holds on to.
BEGINNING = "0" * 64
# Bytes: as many as the hash has, so that a commitment tells nothing about the words.
SALT_BYTES = 32
# Under this number PostgreSQL lets one transaction at a time append; any that nobody else uses.
_ONE_AT_A_TIME = 7_316_404_021


class Step(StrEnum):
    """What happened to a story, as the public reads it."""

    RECEIVED = "received"
    RETURNED = "returned"
    PUBLISHED = "published"
    EDITED = "edited"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    # Not shown while something about it is settled; it is `published` again, or ends.
    PAUSED = "paused"
    ERASED = "erased"
    # Its words went by their age (`retention`): it changes nothing of where the story stands.
    AGED = "aged"


def append(step: Step, story_id: str, *, reason: str = "", commitment: str = "") -> int:
    """Add an entry at the end of the ledger, its number; call it last in the transaction that it tells of.

    `story_id` is the story's public id, `reason` a code of `moderation.reasons`, `commitment` that of the
    words (`commit`). Until the transaction ends nobody else can append: that keeps the order. Raises
    RuntimeError outside a transaction, for then an entry could stand without what it tells of.
    """
    if not database.in_transaction():
        raise RuntimeError("the ledger is appended to in the transaction that it tells of")
    if is_postgresql():
        # SQLite lets one writer in anyway.
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
    ((number, previous),) = _end() or [(0, BEGINNING)]
    members: dict[str, Any] = {
        "number": number + 1,
        "day": clock.today().isoformat(),
        "story": story_id,
        "step": step.value,
        "reason": reason,
        "commitment": commitment,
        "previous": previous,
    }
    put(LedgerEntry, [{**members, "hash": hash_of(members)}])
    return int(number) + 1


@prepared
def _end() -> Any:
    end = LedgerEntry.select(LedgerEntry.number, LedgerEntry.hash).order_by(LedgerEntry.number.desc())
    return end.limit(1).tuples()


def newest() -> LedgerEntry | None:
    """The last entry, if there is one."""
    entry: LedgerEntry | None = LedgerEntry.select().order_by(LedgerEntry.number.desc()).first()
    return entry


def after(number: int, *, limit: int, story_id: str | None = None) -> list[LedgerEntry]:
    """Up to `limit` entries behind this number, in their order; of one story, where it is named."""
    query = _entries(story_id).where(LedgerEntry.number > number)
    return list(query.order_by(LedgerEntry.number).limit(limit))


def count(story_id: str | None = None) -> int:
    """How many entries there are; of one story, where it is named."""
    if story_id is None:
        last = newest()
        return last.number if last else 0
    found: int = _entries(story_id).count()
    return found


def described(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as the API shows it: what its hash is made of, and the hash."""
    names = ("number", "day", "story", "step", "reason", "commitment", "previous", "hash")
    return {name: getattr(entry, name) for name in names}


def hash_of(entry: Mapping[str, Any]) -> str:
    """The hash that an entry must have: SHA-256 over its other members in canonical form, in hexadecimal."""
    return hashlib.sha256(canonical({name: entry[name] for name in entry if name != "hash"})).hexdigest()


def new_salt() -> str:
    """A salt for one commitment: 32 random bytes, in hexadecimal."""
    return secrets.token_hex(SALT_BYTES)


def commit(salt: str, words: Mapping[str, str | None]) -> str:
    """The commitment to words: SHA-256 over the salt's bytes and the canonical form, in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(words)).hexdigest()


def canonical(members: Mapping[str, Any]) -> bytes:
    """Members as bytes that everyone writes alike: JSON by RFC 8785 (sorted names, no spaces, UTF-8)."""
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _entries(story_id: str | None) -> "peewee.ModelSelect[LedgerEntry]":
    query: peewee.ModelSelect[LedgerEntry] = LedgerEntry.select()
    return query.where(LedgerEntry.story == story_id) if story_id is not None else query
