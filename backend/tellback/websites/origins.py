"""Origins: how a webmaster writes one, and which website a page of that origin belongs to."""

import ipaddress
import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tellback.db import prepared
from tellback.errors import InvalidInput
from tellback.translations.sentences import say
from tellback.websites.models import Website, WebsiteOrigin

LONGEST = 300
_LABEL = re.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)")
_USUAL_PORTS = {"https": 443, "http": 80}
# Letters that browsers (UTS 46) and Python's codec (IDNA 2003) encode differently.
_ENCODED_DIFFERENTLY = re.compile("[ßς\u200c\u200d]")


def normalise(text: str) -> str:
    """An origin as browsers send it: `https://host` in lower case, IDNA-encoded, its port only where unusual.

    Raises ValueError with what to write instead. Plain http is taken from this very machine only: elsewhere
    a page without TLS can be altered on its way, and then sends stories of health to whom it likes.
    """
    text = text.strip()
    if text in ("*", "null") or "*" in text:
        raise ValueError(
            f"{text} names no website. Give each origin by itself, such as https://www.hospital.example"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{text[:LONGEST]} is no origin: {error}") from error
    host = _host(text, parts)
    if parts.path not in ("", "/") or parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError(f"Give the origin alone, without path or query: {parts.scheme}://{parts.netloc}")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise ValueError(f"Stories are told over https only. Give https://{host}; http is for localhost.")
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _USUAL_PORTS[parts.scheme] else "")


def website_for(origin: str | None, site_key: str | None) -> Website | None:
    """The website whose page sends from this origin; None when no website names it, as for `null`.

    Where several name it, the site key says which, else the oldest. No origin means a page of ours in a
    website's frame, whose site key alone says which. Raises InvalidInput for a site key of no website that
    names this origin: a story filed under the wrong page would mislead.
    """
    if origin is None:
        return _by_key(site_key) if site_key else None
    if len(origin) > LONGEST or not origin.isascii() or not origin.isprintable():
        return None
    websites = _of_origin(origin.lower())
    if not websites or not site_key:
        return websites[0] if websites else None
    for website in websites:
        if website.site_key == site_key:
            return website
    raise _wrong_key()


@prepared
def _of_origin(origin: Any) -> Any:
    # Each story asks: no more than says whose it is.
    found = Website.select(Website.id, Website.site_key).join(WebsiteOrigin)
    found = found.where(WebsiteOrigin.origin == origin)
    return found.order_by(Website.created_at, Website.id)


def website_of(site_key: str) -> Website | None:
    """The website of a site key, whatever its origins are."""
    return Website.get_or_none(Website.site_key == site_key)


def _by_key(site_key: str) -> Website:
    if website := website_of(site_key):
        return website
    raise _wrong_key()


def _wrong_key() -> InvalidInput:
    return InvalidInput(
        say("Your story is still here. The webmaster of this page can put it right: its site key is wrong."),
        errors={"site_key": [say("This site key does not belong to this page's website.")]},
    )


def _host(text: str, parts: SplitResult) -> str:
    if parts.scheme not in _USUAL_PORTS or not parts.hostname:
        raise ValueError(f"{text[:LONGEST]!r} is no origin. Write it like https://www.hospital.example")
    if "@" in parts.netloc:
        raise ValueError("An origin holds no user name or password.")
    host = _encoded(parts.hostname)
    if "[" in parts.netloc:
        return f"[{ipaddress.IPv6Address(host)}]"
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError(f"{host[:LONGEST]!r} is no host name.")
    return host


def _encoded(host: str) -> str:
    """A host name of any script as it travels (https://www.rfc-editor.org/rfc/rfc3490)."""
    if host.isascii():
        return host
    if _ENCODED_DIFFERENTLY.search(host):
        raise ValueError(f"Write {host} in its encoded form (xn--…), as the browser's address bar copies it.")
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"{host!r} is no host name.") from error


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "[::1]") or host.endswith(".localhost")
