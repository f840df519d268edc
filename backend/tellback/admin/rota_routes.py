"""The rota: when the desk is staffed, who is on call, by when stories are read, who reads which language."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.models import Account
from tellback.accounts.roles import Action
from tellback.admin import rota as screen
from tellback.admin.doors import me, on_to, pages, refused_form, stands_on, typed
from tellback.admin.people_schemas import DutySchema, HoursSchema, OnCallSchema, ReaderSchema, TargetsSchema
from tellback.errors import InvalidInput, Problem
from tellback.http import bodies
from tellback.moderation import morning, targets
from tellback.rota import hours, languages, on_call


def _rota_screen(problem: Problem | None = None, **_named: Any) -> str:
    refused = {**typed(problem), "failed": refused_form(problem)}
    return render_template("staff/rota.html", **screen.describe(me()), **refused)


@pages.get("/rota")
@signed_in(Action.READ_UNPUBLISHED)
def rota() -> str:
    """Who is on duty, and when."""
    return _rota_screen()


@pages.post("/rota/hours")
@signed_in(Action.KEEP_ROTA)
@stands_on(_rota_screen)
def keep_hours() -> ResponseReturnValue:
    """Say when the desk is staffed, and on which days it is closed."""
    hours.keep(**bodies.read(HoursSchema()), by=me())
    return _kept("The hours are kept. Forms say when nobody reads.")


@pages.post("/rota/on-call")
@signed_in(Action.KEEP_ROTA)
@stands_on(_rota_screen)
def keep_on_call() -> ResponseReturnValue:
    """Say whom words of crisis reach at once."""
    on_call.keep(set(bodies.read(OnCallSchema())["on_call"]), by=me())
    return _kept("It is kept who is on call.")


@pages.post("/rota/targets")
@signed_in(Action.KEEP_ROTA)
@stands_on(_rota_screen)
def keep_targets() -> ResponseReturnValue:
    """Say by when stories are to be read."""
    chosen: Any = bodies.read(TargetsSchema())
    targets.keep(chosen, by=me())
    return _kept("The targets are kept.")


@pages.post("/rota/readers")
@signed_in(Action.KEEP_ROTA)
@stands_on(_rota_screen)
def name_reader() -> ResponseReturnValue:
    """Name who reads stories in a language that nobody else reads."""
    form = bodies.read(ReaderSchema())
    reader = Account.get_or_none(Account.id == form["reader"])
    if reader is None:
        raise InvalidInput(errors={"reader": ["Choose who reads it."]})
    languages.name_reader(form["lang"], reader, by=me())
    return _kept("Stories in this language go there from now on.")


@pages.post("/rota/readers/<lang>/forget")
@signed_in(Action.KEEP_ROTA)
def forget_reader(lang: str) -> ResponseReturnValue:
    """Name nobody for a language any more."""
    languages.forget_reader(lang, by=me())
    return _kept("Nobody is named for this language any more.")


@pages.post("/rota/own")
@signed_in(Action.READ_UNPUBLISHED)
@stands_on(_rota_screen)
def keep_own_duty() -> ResponseReturnValue:
    """Say which languages one reads, and whether one wants the morning letter."""
    form = bodies.read(DutySchema())
    languages.keep_own(me(), form["languages"])
    morning.wants_letters(me(), form["letter"])
    return _kept("It is kept.")


def _kept(said: str) -> ResponseReturnValue:
    return on_to(".rota", said)
