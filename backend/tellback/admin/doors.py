"""The frame of the staff screens: the doors open to whoever is signed in, and forms that come back."""

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import to_sign_in
from tellback.accounts.models import Account
from tellback.accounts.present import current_account
from tellback.accounts.roles import Action, may, may_somewhere
from tellback.admin import desk
from tellback.errors import Conflict, InvalidInput, NotFound, Problem
from tellback.http import problems
from tellback.moderation import cases, habits
from tellback.moderation import flags as flagging
from tellback.replies import relay_reports, rerouting

pages = Blueprint("admin", __name__, url_prefix="/admin")

# Far beyond any list of ours; a page number beyond what a database counts would be an error.
LAST_PAGE = 100_000
# A filter is a few words; a longer one finds nothing anyway.
LONGEST_FILTER = 200


class Door(NamedTuple):
    """An entry of the menu: its route, what it is called, and who may go through."""

    route: str
    label: str
    action: Action


# In the order of the menu; the first that is open to someone is where their work lies.
DOORS = [
    Door(".stories", "To read", Action.READ_UNPUBLISHED),
    Door(".own_stories", "Your stories", Action.READ_OWN_STORIES),
    Door(".own_changes", "Your changes", Action.READ_OWN_STORIES),
    Door(".alerts", "Alerts", Action.KEEP_ALERTS),
    Door(".find_stories", "Find a story", Action.FIND_STORIES),
    Door(".websites", "Websites", Action.KEEP_WEBSITES),
    Door(".people", "People", Action.KEEP_PEOPLE),
    Door(".store", "Store", Action.READ_STORE),
    Door(".rota", "Rota", Action.READ_UNPUBLISHED),
    Door(".outbox", "Outbox", Action.KEEP_OUTBOX),
]

P = ParamSpec("P")
R = TypeVar("R")

# The screen that a form stood on, by the name of the route that the form goes to.
_screens: dict[str, Callable[..., str]] = {}


def stands_on(screen: Callable[..., str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Show a refused form again where it stood: `screen(problem=…)` with what the route's address names.

    Inside `signed_in`, so that only someone who may send the form sees the screen.
    """

    def noted(route: Callable[P, R]) -> Callable[P, R]:
        _screens[f"{pages.name}.{route.__name__}"] = screen
        return route

    return noted


@pages.url_value_preprocessor
def only_ids(_route: str | None, parts: dict[str, Any] | None) -> None:
    """Refuse, before any query, what cannot be an id of ours."""
    if parts and not all(str(part).replace("-", "").isalnum() for part in parts.values()):
        raise NotFound("There is nothing at this address.")
    # Beyond what both databases count, a number would be an error rather than nothing.
    if parts and any(isinstance(part, int) and part >= 2**31 for part in parts.values()):
        raise NotFound("There is nothing at this address.")


@pages.context_processor
def frame() -> dict[str, Any]:
    """Who is signed in, and the doors open to them: what someone may not do shows no menu."""
    account = current_account()
    menu = [
        {"label": door.label, "url": url_for(door.route), "current": request.path == url_for(door.route)}
        for door in DOORS
        if account is not None and may_somewhere(account, door.action)
    ]
    # Readers seldom report anything, so this door stands only while something waits behind it.
    if account is not None and may(account, Action.SETTLE_FLAGS) and (waiting := flagging.open_count()):
        here = url_for(".flags")
        menu.insert(1, {"label": f"Reports ({waiting})", "url": here, "current": request.path == here})
    # And this one only while a case is open.
    if account is not None and may(account, Action.KEEP_CASES) and (open_now := cases.open_count(account)):
        here = url_for(".cases")
        menu.insert(1, {"label": f"Cases ({open_now})", "url": here, "current": request.path == here})
    if account is not None and may(account, Action.SETTLE_FLAGS) and (told := relay_reports.waiting_count()):
        here = url_for(".private_reports")
        menu.insert(1, {"label": f"Private talk ({told})", "url": here, "current": request.path == here})
    if account is not None and may(account, Action.DECIDE_STORIES) and (asked := rerouting.waiting_count()):
        here = url_for(".moves")
        menu.insert(1, {"label": f"Not theirs ({asked})", "url": here, "current": request.path == here})
    # Only those who moderate work by keys; None leaves the script out.
    by_keys = habits.of(account).by_keys if account and may(account, Action.READ_UNPUBLISHED) else None
    return {"signed_in": account, "menu": menu, "by_keys": by_keys}


@pages.get("/")
def start() -> ResponseReturnValue:
    """Where this person's work lies."""
    account = current_account()
    if account is None:
        return to_sign_in()
    for door in DOORS:
        if may_somewhere(account, door.action):
            return redirect(url_for(door.route))
    return render_template("staff/nothing.html")


@pages.errorhandler(Conflict)
@pages.errorhandler(InvalidInput)
def show_again(problem: Problem) -> ResponseReturnValue:
    """The screen the form stood on, with what was typed and what is wrong or has changed meanwhile."""
    named = request.view_args or {}
    if desk.changed_since(named.get("story_id"), request.form.get("revision", type=int)):
        # What was missing matters no more: there may be nothing left to decide.
        problem = desk.OVERTAKEN
    try:
        return _screens[request.endpoint or ""](**named, problem=problem), problem.status
    except Problem as gone:
        # What the form was about is not there, or not for this person.
        return problems.answer(gone)


def typed(problem: Problem | None) -> dict[str, Any]:
    """What a screen needs to show a refused form again: why, what is wrong where, and what was typed."""
    return {"problem": problem, "errors": problem.errors if problem else None, "values": request.form}


def if_refused(problem: Problem | None) -> dict[str, Any]:
    """The same where the form holds something already: only once it was refused."""
    return typed(problem) if problem else {}


def refused_form(problem: Problem | None) -> str:
    """Which form of a screen was refused, by its route; empty for none."""
    return (request.endpoint or "").removeprefix(f"{pages.name}.") if problem else ""


def page_asked() -> int:
    """Which page of a list the address asks for; pages count from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def words_asked() -> str:
    """The words by which a list is to be filtered."""
    return request.args.get("q", "").strip()[:LONGEST_FILTER]


def public_url() -> str:
    """The address people reach this service at."""
    return str(current_app.config["SETTINGS"].public_url)


def on_to(route: str, said: str, **named: Any) -> ResponseReturnValue:
    """On to another screen, which says what was done; `named` is what its address names."""
    flash(said)
    return redirect(url_for(route, **named))


def to_queue(said: str) -> ResponseReturnValue:
    """Back to what waits, saying what was done."""
    return on_to(".stories", said)


def me() -> Account:
    """Who is signed in, in a route behind `signed_in`."""
    account = current_account()
    assert account is not None, "routes that ask are behind signed_in"
    return account
