"""Somebody's own alerts, and their weekly digest."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import alerting, people_schemas
from tellback.admin.doors import me, on_to, pages, stands_on, typed
from tellback.alerts import keeping
from tellback.alerts.keeping import Wish
from tellback.digests import choosing
from tellback.errors import Problem
from tellback.http import bodies

_ONE = "<int:alert_id>"


def _list_screen(alert_id: int | None = None, problem: Problem | None = None) -> str:
    described = alerting.describe_list(me())
    return render_template("staff/alerts.html", **described, failed=alert_id, **typed(problem))


def _form_screen(alert_id: int | None = None, problem: Problem | None = None, told: str | None = None) -> str:
    alert = keeping.get(me(), alert_id) if alert_id else None
    shown = {**alerting.describe_form(me(), alert), "told": told}
    if problem or told:
        shown.update(typed(problem))
    return render_template("staff/alert.html", **shown)


@pages.get("/alerts")
@signed_in(Action.KEEP_ALERTS)
def alerts() -> str:
    """What one hears of, and how soon."""
    return _list_screen()


@pages.get("/alerts/new")
@signed_in(Action.KEEP_ALERTS)
def new_alert() -> str:
    """The form to begin an alert."""
    return _form_screen()


@pages.post("/alerts/new")
@signed_in(Action.KEEP_ALERTS)
@stands_on(_form_screen)
def add_alert() -> ResponseReturnValue:
    """Begin an alert; or, asked to look first, say what it would have told."""
    wish = _wish()
    if "look" in request.form:
        return _form_screen(told=alerting.would_have_told(keeping.drawn(me(), wish)))
    keeping.add(me(), wish)
    return _to_list("The alert is kept. You hear of what happens from now on.")


@pages.get(f"/alerts/{_ONE}")
@signed_in(Action.KEEP_ALERTS)
def alert(alert_id: int) -> str:
    """The form to change an alert."""
    return _form_screen(alert_id)


@pages.post(f"/alerts/{_ONE}")
@signed_in(Action.KEEP_ALERTS)
@stands_on(_form_screen)
def change_alert(alert_id: int) -> ResponseReturnValue:
    """Let an alert be for something else; or, asked to look first, say what it would have told."""
    own, wish = keeping.get(me(), alert_id), _wish()
    if "look" in request.form:
        return _form_screen(alert_id, told=alerting.would_have_told(keeping.drawn(me(), wish)))
    keeping.change(own, wish)
    return _to_list("The alert is changed.")


@pages.post(f"/alerts/{_ONE}/pause")
@signed_in(Action.KEEP_ALERTS)
@stands_on(_list_screen)
def pause_alert(alert_id: int) -> ResponseReturnValue:
    """Tell nothing until one is back."""
    keeping.pause(keeping.get(me(), alert_id), bodies.read(people_schemas.PauseSchema())["until"])
    return _to_list("The alert is paused. What happens until then is not told later.")


@pages.post(f"/alerts/{_ONE}/resume")
@signed_in(Action.KEEP_ALERTS)
def resume_alert(alert_id: int) -> ResponseReturnValue:
    """Tell again from now on."""
    keeping.resume(keeping.get(me(), alert_id))
    return _to_list("The alert goes on.")


@pages.post(f"/alerts/{_ONE}/delete")
@signed_in(Action.KEEP_ALERTS)
def delete_alert(alert_id: int) -> ResponseReturnValue:
    """End an alert."""
    keeping.delete(keeping.get(me(), alert_id))
    return _to_list("The alert is deleted.")


@pages.get("/digest")
@signed_in(Action.KEEP_ALERTS)
def digest() -> str:
    """The last week in numbers, as the letter says them, with the plot."""
    return render_template("staff/digest.html", **alerting.describe_digest(me()))


@pages.post("/alerts/digest")
@signed_in(Action.KEEP_ALERTS)
def choose_digest() -> ResponseReturnValue:
    """Say whether one wants the weekly digest."""
    wanted = bodies.read(people_schemas.DigestSchema())["letter"]
    choosing.choose(me(), wanted=wanted)
    return _to_list("You get the digest on Mondays." if wanted else "You get no digest by letter.")


def _wish() -> Wish:
    form = bodies.read(people_schemas.AlertSchema())
    return Wish(only=form.pop("what"), **form)


def _to_list(said: str) -> ResponseReturnValue:
    return on_to(".alerts", said)
