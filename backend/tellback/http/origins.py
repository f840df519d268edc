"""From which page a write comes: some website must allow it."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request

from tellback.errors import NotAllowed, OriginNotAllowed
from tellback.http import hosts
from tellback.translations.sentences import say

# Given an origin (None: our own pages) and a site key (or None), the website that allows it, or None.
LookUp = Callable[[str | None, str | None], Any]
# Pages of ours that show how the embed looks in somebody's: whatever is sent from them is a try.
SAMPLES = "/websites/sample/"
# Under what a request keeps them, once they were asked for.
_OURS = "tellback.own_origins"


def init_app(app: Flask, look_up: LookUp) -> None:
    """Hand over the look-up: this folder knows nothing of websites."""
    app.extensions["tellback_origins"] = look_up


def has_known_origin() -> bool:
    """Whether a browser says which page sent this request. `null` (a sandboxed frame) says nothing."""
    return request.headers.get("Origin", "null") != "null"


def is_our_own() -> bool:
    """Whether a page of ours sent this request: a hosted one, or a frame that stands in somebody's page."""
    origin = request.headers.get("Origin")
    return origin is not None and origin in own_origins()


def sending_website(site_key: str | None) -> Any:
    """The website whose page sent this request; None for clients that name no origin.

    From our own pages it is the one that the site key names, since a frame of ours may stand in its pages;
    without a key, None. Raises OriginNotAllowed, saying how to allow it, for a page that no website names;
    NotAllowed for a sample page of ours, from which nothing is kept.
    """
    if not has_known_origin():
        return None
    look_up, origin = current_app.extensions["tellback_origins"], request.headers["Origin"]
    if is_our_own():
        if SAMPLES in request.headers.get("Referer", ""):
            raise NotAllowed("This page is for trying out, so nothing was sent. On your own page it will be.")
        return look_up(None, site_key)
    website = look_up(origin, site_key)
    if website is None:
        operator, shown = current_app.config["SETTINGS"].operator, origin[:200]
        raise OriginNotAllowed(
            say(
                "Stories from {page} are not accepted yet. Your story is still here. "
                "The webmaster of this page can ask {operator} to allow it: {command}",
                page=shown,
                operator=operator,
                command=f'tellback website add "NAME OF THE WEBSITE" --origin {shown}',
            ),
            extra={"origin": shown},
        )
    g.sending_origin = origin
    return website


def may_send(origin: str) -> bool:
    """Whether a page of this origin may send at all: one of ours, of a website of ours, or of no origin.

    `null` is what a browser says for a page in a sandbox: the same as saying nothing, and held as strictly.
    """
    if origin == "null" or origin in own_origins() or g.get("sending_origin") == origin:
        return True
    return current_app.extensions["tellback_origins"](origin, None) is not None


def own_origins() -> tuple[str, ...]:
    """Where our own pages are: by our public name, by our others, and by this machine's own.

    Never by whatever name a request claims (`hosts.py`).
    """
    found: tuple[str, ...] | None = request.environ.get(_OURS)
    if found is None:
        here = hosts.here()
        found = (*hosts.origins_of(current_app.config["SETTINGS"]), *([here] if here else []))
        # A write asks five times.
        request.environ[_OURS] = found
    return found
