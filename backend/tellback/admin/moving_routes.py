"""Stories that responders say are not about their service: a moderator decides."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import moving, review_schemas, schemas
from tellback.admin.doors import me, on_to, pages, public_url, stands_on, typed
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import reroute_decisions
from tellback.organisations.finder import LONGEST_QUERY
from tellback.replies import rerouting


def _move_screen(move_id: str, problem: Problem | None = None) -> str:
    q = request.values.get("q", "")[:LONGEST_QUERY]
    described = moving.describe(rerouting.get(move_id), me(), q, public_url())
    return render_template("staff/move.html", **described, **typed(problem))


@pages.get("/moves")
@signed_in(Action.DECIDE_STORIES)
def moves() -> str:
    """What waits, the longest first."""
    return render_template("staff/moves.html", **moving.describe_waiting())


@pages.get("/moves/<move_id>")
@signed_in(Action.DECIDE_STORIES)
def move(move_id: str) -> str:
    """One of them, beside its story."""
    return _move_screen(move_id)


@pages.post("/moves/<move_id>/accept")
@signed_in(Action.DECIDE_STORIES)
@stands_on(_move_screen)
def accept_move(move_id: str) -> ResponseReturnValue:
    """Have the story be about another service."""
    form = bodies.read(review_schemas.MoveSchema())
    reroute_decisions.accept(rerouting.get(move_id), form["to"], me())
    return on_to(".moves", "The story is with the other service. Its people and the author are told.")


@pages.post("/moves/<move_id>/refuse")
@signed_in(Action.DECIDE_STORIES)
@stands_on(_move_screen)
def refuse_move(move_id: str) -> ResponseReturnValue:
    """Leave it where it is."""
    reroute_decisions.refuse(rerouting.get(move_id), me(), note=bodies.read(schemas.NoteSchema())["note"])
    return on_to(".moves", "It stays where it is, and they read why.")
