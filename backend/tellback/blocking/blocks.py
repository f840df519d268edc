"""What addresses and phrases have in common: they are blocked for a reason, until a moment, and on record."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import peewee

from tellback import clock
from tellback.audit import acts
from tellback.blocking.models import Block
from tellback.db import transaction
from tellback.errors import InvalidInput, NotFound

ADDRESS, PHRASE = "address", "phrase"
LONGEST_REASON = 200
# How long a block may stand, in days: an address changes hands within weeks, a phrase means what it means.
DAYS: dict[str, Sequence[int]] = {ADDRESS: (1, 7, 30, 90), PHRASE: (7, 30, 90, 365)}
# Of each kind at a time: as many as a story is held against in about a millisecond.
MOST = 100


def standing(kind: str, at: Any = None) -> "peewee.ModelSelect[Block]":
    """A query of the blocks of a kind that stand at a moment (now), the one that ends first first."""
    query: peewee.ModelSelect[Block] = (
        Block.select()
        .where(Block.kind == kind, Block.ended_at.is_null(), Block.until > (at or clock.now()))
        .order_by(Block.until, Block.id)
    )
    return query


def every(kind: str) -> "peewee.ModelSelect[Block]":
    """A query of all blocks of a kind, those that stand first, then the newest."""
    stands = peewee.Case(None, [(Block.ended_at.is_null() & (Block.until > clock.now()), 0)], 1)
    query: peewee.ModelSelect[Block] = (
        Block.select().where(Block.kind == kind).order_by(stands, Block.id.desc())
    )
    return query


def stands(block: Block) -> bool:
    """Whether it blocks anything now."""
    return not block.ended_at and block.until > clock.now()


def get(block_id: int) -> Block:
    """One block. Raises NotFound."""
    # Beyond what a database counts there is none.
    found: Block | None = Block.get_or_none(Block.id == block_id) if 0 < block_id < 2**31 else None
    if found is None:
        raise NotFound("There is no block at this address.")
    return found


def errors_in(kind: str, reason: str, days: int | None) -> dict[str, list[str]]:
    """What is wrong with a new block's reason and length, by field."""
    errors: dict[str, list[str]] = {}
    if not reason or len(reason) > LONGEST_REASON:
        errors["reason"] = [
            f"Say why, in up to {LONGEST_REASON} characters: later nobody can tell by the list."
        ]
    if days not in DAYS[kind]:
        errors["days"] = ["Choose until when."]
    if not errors and standing(kind).count() >= MOST:
        errors["days"] = [f"Up to {MOST} stand at a time. End one that is needed no more, then add this."]
    return errors


def make(kind: str, reason: str, days: int, by: acts.Actor, **columns: Any) -> Block:
    """Keep a block that was checked, in the caller's transaction."""
    moment = clock.now()
    block = Block.create(
        kind=kind, reason=reason, made_at=moment, until=moment + timedelta(days=days), **columns
    )
    acts.record(acts.Act.BLOCK_MADE, by, "block", str(block.id), kind=kind, days=days)
    return block


def lift(block: Block, *, by: acts.Actor) -> None:
    """End a block before its time. Raises InvalidInput for one that has ended."""
    with transaction():
        if not _end(block, clock.now()):
            raise InvalidInput("It has ended already.")
        acts.record(acts.Act.BLOCK_LIFTED, by, "block", str(block.id))


def count(ids: Collection[int]) -> None:
    """Note that these blocks refused a story, or marked one."""
    if ids:
        Block.update(times=Block.times + 1).where(Block.id.in_(list(ids))).execute()


def end_expired() -> int:
    """End what has stood its time: an address's HMAC and its key go with it. How many blocks ended."""
    ended = 0
    due = Block.select().where(Block.ended_at.is_null(), Block.until <= clock.now())
    for block in due:
        with transaction():
            # Another process may have been first.
            if _end(block, block.until):
                acts.record(acts.Act.BLOCK_EXPIRED, acts.SYSTEM, "block", str(block.id))
                ended += 1
    return ended


def _end(block: Block, at: datetime) -> bool:
    ended = Block.update(ended_at=at, digest=None, key_sealed=None)
    return bool(ended.where(Block.id == block.id, Block.ended_at.is_null()).execute())
