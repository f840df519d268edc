"""Count requests by the table of `limits`, and say truly what is left and when to come back.

A route that names its acts (`limited`) is held against all of their lines in one look at the counters. What
names none, and guesses at passwords (`guard`), Flask-Limiter counts by itself, in the same place and by the
same keys; it looks twice at each request, and once more for each line.
"""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limit as DefaultLimit
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit

from tellback import clock
from tellback.config import Settings
from tellback.errors import SettingsError, TooManyRequests
from tellback.http import counters, headers, limits, problems
from tellback.http.counters import Counter, Counters
from tellback.http.limits import BY_NAME, EXEMPT, Limit, Per
from tellback.http.origins import has_known_origin
from tellback.http.pseudonyms import neighbourhood, visitor
from tellback.translations.sentences import say, say_n

P = ParamSpec("P")
R = TypeVar("R")

# The strategy stands in the prefix: in a Redis, counters of another kind under the same key are an error.
_PREFIX = "moving"
# Under what a route that names its acts holds its lines; whatever stands around it (`wraps`) hands that on.
_HELD = "held_against"
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


class _Limiter(Limiter):
    """Flask-Limiter, which does not look up limits for what it is not to count.

    It would find none, by the filter below, and take as long as to count.
    """

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not (in_middleware and request.endpoint and _is_not_the_librarys()):
            super()._check_request_limit(callable_name, in_middleware)


limiter = _Limiter(
    key_func=visitor,
    strategy="moving-window",
    key_prefix=_PREFIX,
    # Whatever has no limit of its own is reading.
    default_limits=[DefaultLimit(_READING.rate, scope=_READING.name, shared=True)],
)


class _Line:
    """A line of the table, as a route is held against it."""

    def __init__(self, limit: Limit, when: Callable[[], bool] | None) -> None:
        self.limit = limit
        self._when = when
        # One of two per person: for requests that name the page they come from, or for the others.
        self._by_origin = limit.per is Per.PERSON and any(one.without_origin for one in limits.of(limit.act))
        self._who = _KEYS[limit.per]
        self._before, self._after = limit.item.key_for(_PREFIX, "\0", limit.name).split("\0")
        self._most, self._seconds = limit.item.amount, limit.item.get_expiry()

    def applies(self) -> bool:
        """Whether this request counts by it: not in another act's turn, nor by the other of two."""
        if self._when is not None and not self._when():
            return False
        return not self._by_origin or has_known_origin() is not self.limit.without_origin

    def counter(self) -> Counter:
        """Where whoever sends this request is counted."""
        return Counter(f"{self._before}{self._who()}{self._after}", self._most, self._seconds)


@dataclass
class Counted:
    """A limit that a request was held against, where that is counted, and whether there was no room."""

    limit: Limit
    counter: Counter
    breached: bool = False


class _Held(NamedTuple):
    """A route, what stands around it to hold requests against limits, and these."""

    route: Callable[..., Any]
    guarded: Callable[..., Any]
    lines: Sequence[_Line]


@limiter.request_filter
def _is_not_the_librarys() -> bool:
    """Whether nothing counts this request, or its route does itself."""
    return request.endpoint in EXEMPT or has_acts(current_app.view_functions[request.endpoint or ""])


def limited(
    act: str, *, when: Callable[[], bool] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit a route by all lines of the table for this act; `when` says for which requests (all).

    Of several acts those further in come first. In each, nearest first, as in the table: who is refused by
    their own limit uses up none of the others'.
    """
    own = [_Line(limit, when) for limit in limits.of(act)]

    def decorate(route: Callable[P, R]) -> Callable[P, R]:
        held = vars(route).get(_HELD)
        # Only right around another act: what stands between the two is to be asked between them.
        inner, lines = (held.route, [*held.lines, *own]) if held and held.guarded is route else (route, own)

        @wraps(inner)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if limiter.enabled:
                _count(lines)
            return cast(R, inner(*args, **kwargs))

        vars(guarded)[_HELD] = _Held(inner, guarded, lines)
        return guarded

    return decorate


def has_acts(route: Callable[..., Any]) -> bool:
    """Whether a route names acts that it is limited by."""
    return _HELD in vars(route)


def guard(limit: Limit, key: Callable[[], str], **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit a route by one line of the table, under a key that the caller knows how to find.

    Not one that names its acts, which the library leaves alone. `options` are those of
    `Limiter.shared_limit`.
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
    app.register_error_handler(RateLimitExceeded, _answer_breach)


def breached() -> list[str]:
    """The names of the limits that refuse this request."""
    return [one.limit.name for one in _counted() if one.breached]


def are_counted() -> bool:
    """Whether the place answers where limits are to be counted."""
    return bool(limiter.storage.check())


def seconds_until(limit: RequestLimit) -> int:
    """Seconds until one more request fits under this limit, rounded up: at that time it does."""
    return _seconds_until(limit.window.reset_time)


def _count(lines: Sequence[_Line]) -> None:
    """Hold this request against these lines. Raises TooManyRequests by the first that has no room."""
    held = [Counted(line.limit, line.counter()) for line in lines if line.applies()]
    counted = _storage().take_in_turn([one.counter for one in held])
    g.held_against = held[: counted + 1]
    if counted < len(held):
        held[counted].breached = True
        raise _wait(held[counted])


def _counted() -> list[Counted]:
    """The limits that this request was held against, by its route or by the library."""
    by_the_library = (
        Counted(
            BY_NAME[one.request_args[-1]],
            Counter(one.key, one.limit.amount, one.limit.get_expiry()),
            one.breached,
        )
        for one in limiter.current_limits
    )
    return [*g.get("held_against", ()), *by_the_library]


def _wait(refusing: Counted) -> TooManyRequests:
    """The problem of a limit that was reached, with the time until one more fits."""
    (window,) = _storage().windows([refusing.counter])
    seconds = _seconds_until(window.start + refusing.counter.expiry)
    when = _again_in(seconds)
    if refusing.limit.per is Per.EVERYONE:
        said = say(
            "Very many people are using this website now. What you typed is not lost. {when}", when=when
        )
    else:
        said = say("Many requests came from your connection. What you typed is not lost. {when}", when=when)
    return TooManyRequests(said, retry_after=seconds)


def _answer_breach(error: RateLimitExceeded) -> Response:
    """What the library refused; a limit may have an answer of its own (`on_breach`)."""
    if error.response is not None:
        return cast(Response, error.response)
    return problems.answer(_wait(next(one for one in _counted() if one.breached)))


def _seconds_until(moment: float) -> int:
    return max(1, math.ceil(moment - clock.now().timestamp()))


def _storage() -> Counters:
    return cast(Counters, limiter.storage)


def _tell(response: Response) -> Response:
    """Add `RateLimit-Policy` and, where nobody else is shown this answer, `RateLimit`.

    draft-ietf-httpapi-ratelimit-headers: q requests in w seconds; r of them are left, and in t seconds there
    is room for more. An answer that a browser or a proxy may keep carries no visitor's counts.
    """
    if not limiter.enabled:
        return response
    held = _counted()
    if g.get("uncounted"):
        for one in held:
            if not (one.breached or one.limit.every_try):
                _storage().give_back(one.counter.key)
    refused = response.status_code == TooManyRequests.status
    shown = [one for one in held if one.limit.per in _SHOWN or (refused and one.breached)]
    if shown:
        response.headers["RateLimit-Policy"] = ", ".join(
            f'"{one.limit.name}";q={one.counter.limit};w={one.counter.expiry}' for one in shown
        )
        if refused or _is_for_one(response):
            windows = _storage().windows([one.counter for one in shown])
            response.headers["RateLimit"] = ", ".join(
                f'"{one.limit.name}";r={max(0, one.counter.limit - window.hits)}'
                f";t={_seconds_until(window.start + one.counter.expiry)}"
                for one, window in zip(shown, windows, strict=True)
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
