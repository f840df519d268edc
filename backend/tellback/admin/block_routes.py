"""The store: addresses that are kept out and phrases that are marked, for a time."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import keeping_out, store_schemas
from tellback.admin.doors import (
    me,
    on_to,
    page_asked,
    pages,
    refused_form,
    stands_on,
    typed,
    words_asked,
)
from tellback.admin.exports import csv_answer
from tellback.admin.store_screens import show
from tellback.audit import acts
from tellback.blocking import addresses, blocks, phrases
from tellback.errors import Problem
from tellback.http import bodies


def _blocks_screen(problem: Problem | None = None, **_named: Any) -> str:
    asked = request.form.get("kind") or request.args.get("kind")
    kind = blocks.PHRASE if asked == blocks.PHRASE else blocks.ADDRESS
    described = keeping_out.describe_lists(kind, words_asked(), page_asked())
    shown = {**described, **typed(problem), "q": words_asked(), "failed": refused_form(problem)}
    return show("blocks", "admin.blocks_list", **shown)


@pages.get("/blocks")
@signed_in(Action.READ_STORE)
def blocks_list() -> str:
    """Addresses that are kept out, or phrases that are marked."""
    return _blocks_screen()


@pages.get("/blocks.csv")
@signed_in(Action.READ_STORE)
def blocks_file() -> Response:
    """Both lists as a file to keep."""
    return csv_answer("blocks", keeping_out.COLUMNS, keeping_out.rows())


@pages.post("/blocks/addresses")
@signed_in(Action.KEEP_STORE)
@stands_on(_blocks_screen)
def block_address() -> ResponseReturnValue:
    """Keep an address out for a time."""
    form = bodies.read(store_schemas.BlockSchema(exclude=["phrase"]))
    by, own = acts.staff(me().id), request.remote_addr or ""
    addresses.block(form["address"], form["reason"], form["days"], by=by, own=own)
    return on_to(".blocks_list", "It is kept out from now on. We have not kept the address itself.")


@pages.post("/blocks/phrases")
@signed_in(Action.KEEP_STORE)
@stands_on(_blocks_screen)
def block_phrase() -> ResponseReturnValue:
    """Mark a phrase for a time."""
    form = bodies.read(store_schemas.BlockSchema(exclude=["address"]))
    phrases.block(form["phrase"], form["reason"], form["days"], by=acts.staff(me().id))
    return on_to(".blocks_list", "It is marked in stories from now on.", kind=blocks.PHRASE)


@pages.post("/blocks/ask")
@signed_in(Action.READ_STORE)
@stands_on(_blocks_screen)
def ask_address() -> ResponseReturnValue:
    """Say whether an address is blocked. In a form, so that no log of addresses holds it."""
    found = addresses.covering(bodies.read(store_schemas.AddressSchema())["asked"])
    said = "; ".join(f"until {one.until:%d %B %Y}: {one.reason}" for one in found)
    return on_to(".blocks_list", f"It is blocked {said}" if found else "It is not blocked.")


@pages.post("/blocks/<int(max=2147483647):block_id>/lift")
@signed_in(Action.KEEP_STORE)
@stands_on(_blocks_screen)
def lift_block(block_id: int) -> ResponseReturnValue:
    """End a block before its time."""
    block = blocks.get(block_id)
    blocks.lift(block, by=acts.staff(me().id))
    return on_to(".blocks_list", "It is ended.", kind=block.kind)
