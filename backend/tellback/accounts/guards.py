"""Who may enter a route of the staff screens, and the way to sign in for everybody else."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Response, g, redirect, render_template, request, url_for

from tellback.accounts import kept_words, roles
from tellback.accounts.present import current_account, is_fresh, lacks_second_factor
from tellback.accounts.roles import Action
from tellback.accounts.sign_in_options import AREA
from tellback.errors import BadRequest

P = ParamSpec("P")
R = TypeVar("R")


def signed_in(action: Action) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let a route be entered only by someone who may do this for the installation or for some organisation.

    Others are sent to sign in, or told (NotAllowed) who may. Rules still ask about the organisation itself.
    For an act that `roles.DANGEROUS` names, whoever proved who they are a while ago is asked again.
    """

    def guard(route: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(route)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            account = current_account()
            if account is None:
                return to_sign_in()
            g.staff = account.id
            roles.require_somewhere(account, action)
            if lacks_second_factor():
                return cast(Response, redirect(url_for("admin.own_account")))
            if action in roles.DANGEROUS and not is_fresh():
                return to_confirm()
            return route(*args, **kwargs)

        return _asking(entered, action)

    return guard


def anyone_signed_in(*, fresh: bool = False) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let a route be entered by whoever is signed in, about themselves; `fresh` asks again who they are."""

    def guard(route: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(route)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if current_account() is None:
                return to_sign_in()
            if fresh and not is_fresh():
                return to_confirm()
            return route(*args, **kwargs)

        return _asking(entered, None)

    return guard


def asked_by(route: Callable[..., Any]) -> Action | None:
    """What somebody must be allowed to do to enter a guarded route; None where being signed in is enough.

    Raises KeyError for a route that nothing guards.
    """
    return cast(Action | None, vars(route)["asks"])


def _asking(entered: Callable[P, R], action: Action | None) -> Callable[P, R]:
    vars(entered)["asks"] = action
    return entered


def to_confirm() -> Response:
    """The way to prove once more who one is and back to the page; what was typed until then is given back."""
    if request.method == "GET":
        return cast(Response, redirect(url_for("admin.confirm", next=request.full_path.rstrip("?"))))
    typed = [text for _, text in kept_words.typed()]
    return Response(render_template("security/gone_stale.html", typed=typed), status=BadRequest.status)


def to_sign_in() -> Response:
    """The way to the sign-in page and, for a page that was only looked at, back again.

    A form in which somebody wrote is shown again, to be sent once they have signed in.
    """
    if request.method == "POST" and kept_words.typed():
        return Response(kept_words.screen(), status=BadRequest.status)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("security.login", next=back)))


def back_to() -> str:
    """The staff page that somebody was on their way to; the first one, where none is named."""
    wanted = request.args.get("next", "")
    return wanted if re.fullmatch(rf"{AREA}/[!-\[\]-~]*", wanted) else url_for("admin.start")
