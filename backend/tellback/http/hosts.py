"""By which names this service answers: its public one, those of a setting, and this very machine's.

A request may claim any name in its `Host`. Whatever is built from a claimed name (a link in a page, an origin
taken for our own, an answer that a cache keeps for another) would be the claimer's, so no other is answered.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from tellback.config import Settings
from tellback.errors import WrongHost
from tellback.http import problems
from tellback.translations.sentences import say

# Asked by what watches over us (a container's health check, a load balancer), which knows our number alone.
_ANYWHERE = ("/healthz", "/readyz", "/metrics")
_THIS_MACHINE = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?")


def init_app(app: Flask) -> None:
    """Refuse (421) what asks for another host, before anything else looks at the request."""
    app.before_request(_refuse_other)


def origins_of(settings: Settings) -> tuple[str, ...]:
    """The origins of our own pages, as browsers write them; the public one first."""
    return _origins(settings.public_url, *settings.also_at)


def here() -> str | None:
    """The origin this machine was asked at by itself, as when somebody tries it out; else None."""
    host = request.host
    # A page of a visitor's own machine is no stranger's: no one else can put one there.
    return f"{request.scheme}://{host}" if _THIS_MACHINE.fullmatch(host) else None


def is_ours(host: str, settings: Settings) -> bool:
    """Whether a `Host` (name, and port where it is unusual) is one of those we answer by."""
    names = _names(settings.public_url, *settings.also_at)
    return host.lower() in names or _THIS_MACHINE.fullmatch(host) is not None


def _refuse_other() -> Response | None:
    settings: Settings = current_app.config["SETTINGS"]
    if request.path in _ANYWHERE or is_ours(request.headers.get("Host", ""), settings):
        return None
    return problems.answer(
        WrongHost(
            say(
                "This website is at {address}. Who runs it can let it answer by other names, too: {setting}",
                address=settings.public_url,
                setting="TELLBACK_ALSO_AT",
            )
        )
    )


# Every request asks for these.
@lru_cache
def _names(*addresses: str) -> frozenset[str]:
    return frozenset().union(*map(_names_in, addresses))


@lru_cache
def _origins(*addresses: str) -> tuple[str, ...]:
    return tuple(map(_origin, addresses))


def _names_in(address: str) -> frozenset[str]:
    parts = urlsplit(address)
    name = (parts.hostname or "").lower()
    name = f"[{name}]" if ":" in name else name
    # A proxy may pass the name on without its port, or with the usual one.
    return frozenset({name, parts.netloc.lower(), f"{name}:{443 if parts.scheme == 'https' else 80}"})


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()
