"""Guesses at a password or a code: limited where they come from, so that nobody else is kept out."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Response, render_template
from flask_limiter import RequestLimit

from tellback.errors import TooManyRequests
from tellback.http import devices, limits
from tellback.http.limits import Per
from tellback.http.pseudonyms import visitor
from tellback.http.ratelimits import guard, seconds_until

P = ParamSpec("P")
R = TypeVar("R")


def limited_guesses(
    name: Callable[[], str], act: str, *, every: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit wrong answers to a POST (or `every` one), so that no stranger's guesses keep anybody out.

    By the act's lines in the table of limits they count by the `name` they are about and their source; and,
    only from devices on which that name was never signed in with, by the name wherever they come from, and by
    the connection.
    """

    def known() -> bool:
        return devices.is_known(name())

    def anywhere() -> str:
        return f"{devices.mark(name())} anywhere"

    options: dict[str, Any] = {
        "methods": ["POST"],
        "deduct_when": None if every else _was_refused,
        "on_breach": _too_many,
    }
    keys = {Per.NAME_HERE: lambda: devices.source(name()), Per.NAME_ANYWHERE: anywhere, Per.PERSON: visitor}
    guards: list[Callable[[Callable[P, R]], Callable[P, R]]] = [
        guard(limit, keys[limit.per], **options, exempt_when=None if limit.per is Per.NAME_HERE else known)
        for limit in limits.of(act)
    ]

    def guarded(route: Callable[P, R]) -> Callable[P, R]:
        for one in guards:
            route = one(route)
        return route

    return guarded


def _too_many(limit: RequestLimit) -> Response:
    """What is said after too many wrong answers: how long to wait, and the ways in that stay open."""
    seconds = seconds_until(limit)
    page = render_template("security/wait.html", minutes=-(-(seconds - 1) // 60))
    return Response(page, status=TooManyRequests.status, headers={"Retry-After": str(seconds)})


def _was_refused(response: Response) -> bool:
    # A right password is answered with a redirect. Counting only wrong ones, a busy office behind one
    # address keeps signing in.
    return response.status_code < 300 or response.status_code >= 400
