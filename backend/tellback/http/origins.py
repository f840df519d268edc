"""From which page a write comes: some website must allow it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from tellback.errors import OriginNotAllowed

# Given an origin and a site key (or None), the website that allows it, or None.
LookUp = Callable[[str, str | None], Any]


def init_app(app: Flask, look_up: LookUp) -> None:
    """Hand over the look-up: this folder knows nothing of websites."""
    app.extensions["tellback_origins"] = look_up


def has_known_origin() -> bool:
    """Whether a browser says which page sent this request. `null` (a sandboxed frame) says nothing."""
    return request.headers.get("Origin", "null") != "null"


def sending_website(site_key: str | None) -> Any:
    """The website whose page sent this request; None for our own pages and for clients that name no origin.

    Raises OriginNotAllowed, saying how to allow it, for a page that no website names.
    """
    if not has_known_origin():
        return None
    origin = request.headers["Origin"]
    if origin in _own_origins():
        return None
    website = current_app.extensions["tellback_origins"](origin, site_key)
    if website is None:
        operator, shown = current_app.config["SETTINGS"].operator, origin[:200]
        raise OriginNotAllowed(
            f"Stories from {shown} are not accepted yet. Your story is still here. "
            f"The webmaster of this page can ask {operator} to allow it: "
            f'tellback website add "NAME OF THE WEBSITE" --origin {shown}',
            extra={"origin": shown},
        )
    return website


def _own_origins() -> tuple[str, str]:
    """Where our own pages are: the public address, and the one this very page was asked for at."""
    public = urlsplit(current_app.config["SETTINGS"].public_url)
    return f"{public.scheme}://{public.netloc}", request.host_url.rstrip("/")
