"""The public ledger as everyone may read, copy and check it: docs/ledger.md says how."""

from typing import Any

from flask import Response, jsonify

from tellback.audit import ledger, signing
from tellback.audit.schemas import HeadsQuerySchema, HeadsSchema, LedgerQuerySchema, LedgerSchema
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.caching import conditional
from tellback.http.ratelimits import limited

# Seconds a reader may keep an answer; an entry never changes, but another may follow.
_KEPT = 30

api = ApiBlueprint("ledger", __name__, url_prefix="/api/v1", description="The public ledger")


@api.get("/ledger")
@limited("reading")
@api.arguments(LedgerQuerySchema, location="query")
@api.response(200, LedgerSchema)
def entries(query: dict[str, Any]) -> Response:
    """The public ledger: each step of each story in order, none with a word of it."""
    story = query.get("story")
    rows = ledger.after(query["after"], limit=query["limit"] + 1, story_id=story)
    items = [ledger.described(entry) for entry in rows[: query["limit"]]]
    head = signing.newest_head()
    return _answer(
        items=items,
        next=items[-1]["number"] if len(rows) > len(items) else None,
        total=ledger.count(story),
        shown=len(items),
        head=head and signing.described(head),
    )


@api.get("/ledger/heads")
@limited("reading")
@api.arguments(HeadsQuerySchema, location="query")
@api.response(200, HeadsSchema)
def heads(query: dict[str, Any]) -> Response:
    """How far the ledger had come on each day, signed; and the public keys, old ones too."""
    after = query["after"].isoformat() if "after" in query else ""
    rows = signing.heads_after(after, limit=query["limit"] + 1)
    items = [signing.described(head) for head in rows[: query["limit"]]]
    return _answer(
        items=items,
        next=items[-1]["day"] if len(rows) > len(items) else None,
        total=signing.count_heads(),
        shown=len(items),
        keys=signing.published_keys(),
    )


def _answer(**members: Any) -> Response:
    return conditional(jsonify(members), max_age=_KEPT)
