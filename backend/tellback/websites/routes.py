"""The embed's addresses: evergreen and pinned."""

from flask import Blueprint, Flask, Response, current_app, request

from tellback import __version__
from tellback.config import Settings
from tellback.errors import NotFound
from tellback.websites.embed import embed_for

pages = Blueprint("embed", __name__)

# Pages get a new release within five minutes, and never wait for the check.
_EVERGREEN = "public, max-age=300, stale-while-revalidate=86400"
_PINNED = "public, max-age=31536000, immutable"


def init_app(app: Flask, settings: Settings) -> None:
    """Keep the file in memory, with this service's address in it."""
    app.extensions["tellback_embed"] = embed_for(settings.public_url)


@pages.get("/v1/stories.js")
def evergreen() -> Response:
    """The embed, always the newest of major version 1."""
    return _script(_EVERGREEN)


@pages.get("/<int:major>.<int:minor>.<int:patch>/stories.js")
def pinned(major: int, minor: int, patch: int) -> Response:
    """The embed of this very release, which `integrity` can pin."""
    if f"{major}.{minor}.{patch}" != __version__:
        raise NotFound(f"This service runs {__version__}: use /{__version__}/stories.js or /v1/stories.js.")
    return _script(_PINNED)


def _script(kept: str) -> Response:
    embed = current_app.extensions["tellback_embed"]
    response = Response(embed.script, mimetype="text/javascript")
    for coding, compressed in embed.compressed.items():
        if request.accept_encodings[coding]:
            response.set_data(compressed)
            response.content_encoding = coding
            break
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = kept
    # Pages under COEP may load it too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    # One tag for each coding, as RFC 9110 (8.8.3.3) asks of a strong one.
    response.set_etag(f"{embed.integrity[7:39]}-{response.content_encoding or 'plain'}")
    response.make_conditional(request)
    return response
