"""Who speaks to us when proxies of ours stand in front: what the last N of them say, and nothing else."""

import ipaddress
import logging
import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tellback.config import Settings

log = logging.getLogger(__name__)

_FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
# Where the header is kept as it came, for `probing` alone.
SENT = "tellback.forwarded_for"
# As some proxies write it: 192.0.2.1:4711, [2001:db8::1]:4711 or [2001:db8::1].
_WITH_PORT = re.compile(r"(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d{1,5})?", re.IGNORECASE)


def init_app(app: Flask, settings: Settings) -> None:
    """Let the app see its visitors' addresses as `TRUSTED_PROXIES` says, whichever server runs it."""
    inner = app.wsgi_app
    if hops := settings.trusted_proxies:
        inner = ProxyFix(inner, x_for=hops, x_proto=hops)
    app.wsgi_app = Visitors(inner, settings.trusted_proxies)  # type: ignore[method-assign]


class Visitors:
    """Keeps of `X-Forwarded-For` the one address that the first of our own proxies put there.

    Each proxy appends the address that spoke to it, so the Nth from the right is the visitor's, and whatever
    stands left of it the visitor made up. `ProxyFix` alone reads the header as a list of quoted strings: a
    visitor who sends one quotation mark has what our proxies append taken for a part of it. Nothing but an
    address is believed; without one the visitor is whoever speaks to us. `Forwarded`, `X-Real-IP` and the
    like are never read.
    """

    def __init__(self, app: WSGIApplication, hops: int) -> None:
        self._app = app
        self._hops = hops
        self._said: set[str] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Mend the environment, and go on."""
        given = environ[SENT] = environ.pop(_FORWARDED_FOR, "")
        environ["REMOTE_ADDR"] = address_in(environ.get("REMOTE_ADDR") or "") or environ.get(
            "REMOTE_ADDR", ""
        )
        if self._hops:
            chain = given.split(",")
            visitor = address_in(chain[-self._hops]) if len(chain) >= self._hops else ""
            if visitor:
                # `ProxyFix` takes the Nth from the right, of as many.
                environ[_FORWARDED_FOR] = ", ".join([visitor] * self._hops)
            else:
                self._say(
                    f"TELLBACK_TRUSTED_PROXIES is {self._hops}, and a request came without as many addresses "
                    "in X-Forwarded-For, so it counts as the proxy's own: set how many proxies append to it"
                )
        elif given and _is_this_machine(environ["REMOTE_ADDR"]):
            self._say(
                "a proxy on this machine sends X-Forwarded-For, and TELLBACK_TRUSTED_PROXIES is 0: all "
                "visitors count as one. Set it to the number of your proxies"
            )
        return self._app(environ, start_response)

    def _say(self, sentence: str) -> None:
        """Log it, once in the life of this process."""
        if sentence not in self._said:
            self._said.add(sentence)
            log.warning("%s", sentence)


def address_in(text: str) -> str:
    """The IP address in one item of the header, in its usual form; empty for anything else.

    An IPv4 address that a socket of both families shows as IPv6 (::ffff:192.0.2.1) is that IPv4 address.
    """
    text = text.strip()
    if matched := _WITH_PORT.fullmatch(text):
        text = matched[1] or matched[2]
    try:
        parsed = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _is_this_machine(address: str) -> bool:
    return bool(address_in(address)) and ipaddress.ip_address(address_in(address)).is_loopback
