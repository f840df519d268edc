"""Count requests by the table of `limits`, and say truly what is left and when to come back."""

import hashlib
import math
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, Response, g, request
from flask_limiter import Limit as DefaultLimit
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit

from tellback import clock
from tellback.config import Settings
from tellback.errors import SettingsError, TooManyRequests
from tellback.http import counters, headers, limits, problems
from tellback.http.limits import BY_NAME, EXEMPT, Limit, Per
from tellback.http.origins import has_known_origin
from tellback.http.pseudonyms import neighbourhood, visitor
from tellback.translations.sentences import say, say_n

P = ParamSpec("P")
R = TypeVar("R")

# The strategy stands in the prefix: in a Redis, counters of another kind under the same key are an error.
_PREFIX = "moving"
# Whose counts a visitor is shown: their own. What is left to all others together is nobody's business.
_SHOWN = (Per.PERSON, Per.ACCOUNT)


def _account() -> str:
    """Whose token acts; of a wrong one too, so the limit per person stands beside. Tokens are not kept."""
    token = request.headers.get("Authorization", "")
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:32] if token else visitor()


_KEYS = {
    Per.PERSON: visitor,
    Per.NETWORK: neighbourhood,
    Per.ACCOUNT: _account,
    Per.EVERYONE: lambda: "everyone",
}

(_READING,) = limits.of("reading")
limiter = Limiter(
    key_func=visitor,
    strategy="moving-window",
    key_prefix=_PREFIX,
    # Whatever has no limit of its own is reading.
    default_limits=[DefaultLimit(_READING.rate, scope=_READING.name, shared=True)],
)


@limiter.request_filter
def _is_exempt() -> bool:
    return request.endpoint in EXEMPT


def limited(
    act: str, *, when: Callable[[], bool] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit a route by all lines of the table for this act; `when` says for which requests (all)."""

    def decorate(route: Callable[P, R]) -> Callable[P, R]:
        # Nearest first, as in the table: who is refused by their own limit uses up none of the others'.
        for limit in limits.of(act):
            route = guard(limit, _KEYS[limit.per], exempt_when=_exempt(limit, when))(route)
        return route

    return decorate


def guard(limit: Limit, key: Callable[[], str], **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit a route by one line of the table, under a key that the caller knows how to find.

    `options` are those of `Limiter.shared_limit`.
    """
    return cast(
        Callable[[Callable[P, R]], Callable[P, R]],
        limiter.shared_limit(limit.rate, scope=limit.name, key_func=key, **options),
    )


def is_searched() -> bool:
    """Whether this request for a list searches it."""
    return bool(request.args.get("q", "").strip())


def is_read() -> bool:
    """Whether it does not."""
    return not is_searched()


def is_sent() -> bool:
    """Whether this step of the form without a script sends the story."""
    return request.form.get("step") == "send"


def init_app(app: Flask, settings: Settings) -> None:
    """Count in the place the settings name, and tell what is left.

    Raises SettingsError for a place that several processes cannot share.
    """
    url = settings.ratelimit_url
    if not url.startswith(("sqlite:///", "redis://", "rediss://", "unix://")):
        raise SettingsError(
            "TELLBACK_RATELIMIT_URL must be redis://… or empty: in memory each process would count alone"
        )
    app.config.update(
        RATELIMIT_ENABLED=settings.ratelimit_enabled,
        RATELIMIT_STORAGE_URI=url,
        RATELIMIT_STORAGE_OPTIONS={"own": str(settings.data_dir / counters.OWN_FILE)},
    )
    # Before the limiter's own, so that it runs after that has counted what counts by its answer.
    app.after_request(_tell)
    limiter.init_app(app)
    # A limit may have an answer of its own (`on_breach`).
    app.register_error_handler(
        RateLimitExceeded, lambda error: error.response or problems.answer(wait(error))
    )


def breached() -> list[str]:
    """The names of the limits that refuse this request."""
    return [_limit_of(one).name for one in limiter.current_limits if one.breached]


def are_counted() -> bool:
    """Whether the place answers where limits are to be counted."""
    return bool(limiter.storage.check())


def seconds_until(limit: RequestLimit) -> int:
    """Seconds until one more request fits under this limit, rounded up: at that time it does."""
    return max(1, math.ceil(limit.window.reset_time - clock.now().timestamp()))


def wait(_error: RateLimitExceeded) -> TooManyRequests:
    """The problem of a limit that was reached, with the time until one more fits."""
    current = limiter.current_limit
    seconds = seconds_until(current) if current else 60
    when = _again_in(seconds)
    if current and _limit_of(current).per is Per.EVERYONE:
        said = say(
            "Very many people are using this website now. What you typed is not lost. {when}", when=when
        )
    else:
        said = say("Many requests came from your connection. What you typed is not lost. {when}", when=when)
    return TooManyRequests(said, retry_after=seconds)


def _exempt(limit: Limit, when: Callable[[], bool] | None) -> Callable[[], bool] | None:
    """When this line does not apply: another act's turn, or the other of the two per person."""
    by_origin = limit.per is Per.PERSON and any(one.without_origin for one in limits.of(limit.act))
    if not by_origin:
        return (lambda: not when()) if when else None
    return lambda: (when is not None and not when()) or has_known_origin() is limit.without_origin


def _limit_of(counted: RequestLimit) -> Limit:
    return BY_NAME[counted.request_args[-1]]


def _tell(response: Response) -> Response:
    """Add `RateLimit-Policy` and, where nobody else is shown this answer, `RateLimit`.

    draft-ietf-httpapi-ratelimit-headers: q requests in w seconds; r of them are left, and in t seconds there
    is room for more. An answer that a browser or a proxy may keep carries no visitor's counts.
    """
    if not limiter.enabled:
        return response
    if g.get("uncounted"):
        for one in limiter.current_limits:
            if not (one.breached or _limit_of(one).every_try):
                cast(counters.Counters, limiter.storage).give_back(one.key)
    refused = response.status_code == TooManyRequests.status
    counted = [
        one for one in limiter.current_limits if _limit_of(one).per in _SHOWN or (refused and one.breached)
    ]
    if counted:
        response.headers["RateLimit-Policy"] = ", ".join(
            f'"{_limit_of(one).name}";q={one.limit.amount};w={one.limit.get_expiry()}' for one in counted
        )
        if refused or _is_for_one(response):
            response.headers["RateLimit"] = ", ".join(
                f'"{_limit_of(one).name}";r={max(0, one.remaining)};t={seconds_until(one)}' for one in counted
            )
    return response


def _is_for_one(response: Response) -> bool:
    if request.method not in ("GET", "HEAD") or headers.is_private(request.path):
        return True
    return bool(response.cache_control.no_store or response.cache_control.private)


def _again_in(seconds: int) -> str:
    if seconds < 90:
        return say_n(
            "You can send again in {count} second.", "You can send again in {count} seconds.", seconds
        )
    # A window ends a second after its last: 3,601 seconds are an hour to everyone.
    minutes = -(-(seconds - 1) // 60)
    if minutes < 120:
        return say_n(
            "You can send again in {count} minute.", "You can send again in {count} minutes.", minutes
        )
    hours = -(-minutes // 60)
    return say_n("You can send again in {count} hour.", "You can send again in {count} hours.", hours)
