"""What staff see of the addresses that are kept out and the phrases that are marked."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import peewee
from flask import url_for

from tellback.admin import store_history
from tellback.admin.exports import Cell
from tellback.admin.storing import PAGE, pages_of
from tellback.audit.acts import Act
from tellback.audit.models import AuditEvent
from tellback.blocking import addresses, blocks
from tellback.blocking.models import Block
from tellback.http import pressure

COLUMNS = ("Kind", "What", "Why", "By", "From", "Until", "Ended", "Stories")

_DAYS = {1: "1 day", 7: "1 week", 30: "30 days", 90: "90 days", 365: "1 year"}


def describe_lists(kind: str, q: str, page: int) -> dict[str, Any]:
    """One of the two block lists, as `staff/store/blocks.html` shows it; pages count from 1."""
    query = _blocks(kind, q)
    found, total = list(query.paginate(page, PAGE)), query.count()
    who = _who([block.id for block in found])
    return {
        "kind": kind,
        "blocks": [_described(block, who.get(block.id, "Someone")) for block in found],
        "standing": blocks.standing(kind).count(),
        "most": blocks.MOST,
        "total": total,
        "days": [(str(days), _DAYS[days]) for days in blocks.DAYS[kind]],
        "widths": list(addresses.WIDTHS.values()),
        "values": {"q": q},
        "pressure": asdict(pressure.last_hour()),
        "urls": {
            **pages_of("admin.blocks_list", page, total, kind=kind, q=q or None),
            "addresses": url_for("admin.blocks_list"),
            "phrases": url_for("admin.blocks_list", kind=blocks.PHRASE),
            "send": url_for("admin.block_phrase" if kind == blocks.PHRASE else "admin.block_address"),
            "ask": url_for("admin.ask_address"),
            "export": url_for("admin.blocks_file"),
        },
    }


def rows() -> Iterator[tuple[Cell, ...]]:
    """Every block as a line of a file: addresses, then phrases."""
    for kind in blocks.DAYS:
        found = list(_blocks(kind, ""))
        who = _who([block.id for block in found])
        for block in found:
            said = (kind, _what(block), block.reason, who.get(block.id, "Someone"))
            yield (*said, block.made_at, block.until, block.ended_at, block.times)


def _described(block: Block, who: str) -> dict[str, Any]:
    return {
        "what": _what(block),
        "reason": block.reason,
        "who": who,
        "made": block.made_at.date().isoformat(),
        "until": block.until.date().isoformat(),
        "ended": block.ended_at.date().isoformat() if block.ended_at else None,
        "stands": blocks.stands(block),
        "times": block.times,
        "lift_url": url_for("admin.lift_block", block_id=block.id),
    }


def _what(block: Block) -> str:
    return str(block.phrase) if block.kind == blocks.PHRASE else addresses.WIDTHS[block.width]


def _blocks(kind: str, q: str) -> "peewee.ModelSelect[Block]":
    query = blocks.every(kind)
    return query.where(Block.reason.contains(q) | Block.phrase.contains(q)) if q else query


def _who(ids: list[int]) -> dict[int, str]:
    """Who made each block, by its id."""
    events = AuditEvent.select().where(
        AuditEvent.subject_kind == "block",
        AuditEvent.subject_id.in_([str(one) for one in ids]),
        AuditEvent.act == Act.BLOCK_MADE.value,
    )
    made = list(events)
    actors = store_history.names(made)
    return {int(event.subject_id): actors[event.id] for event in made}
