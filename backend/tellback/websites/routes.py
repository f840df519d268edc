"""The embed's addresses: evergreen and pinned; and the pages where a webmaster tries it out."""

import base64
import hashlib

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback import __version__
from tellback.config import Settings
from tellback.errors import NotFound
from tellback.http.headers import PREVIEWING_POLICY, SAMPLE_POLICY
from tellback.http.ratelimits import limited
from tellback.translations.languages import LANGUAGES, known
from tellback.websites import embed, trying
from tellback.websites.choices import SAMPLES
from tellback.websites.trying import Subjects

pages = Blueprint("embed", __name__)

# Pages get a new release within five minutes, and never wait for the check.
_EVERGREEN = "public, max-age=300, stale-while-revalidate=86400"
_PINNED = "public, max-age=31536000, immutable"


def init_app(app: Flask, settings: Settings, subjects: Subjects) -> None:
    """Keep the scripts in memory, with this service's address in them, and what stories know of topics."""
    app.extensions["tellback_embed"] = embed.scripts_for(settings.public_url)
    app.extensions["tellback_subjects"] = subjects


@pages.get("/v1/stories.js")
def evergreen() -> Response:
    """The embed, always the newest of major version 1; it fetches the form when somebody wants to tell."""
    return _answer(_scripts().light, _EVERGREEN)


@pages.get("/<int:major>.<int:minor>.<int:patch>/stories.js")
def pinned(major: int, minor: int, patch: int) -> Response:
    """The embed of this release, or an earlier one, with all that ever runs in it: `integrity` can pin it."""
    version = f"{major}.{minor}.{patch}"
    if version == __version__:
        return _answer(_scripts().whole, _PINNED)
    earlier = embed.pinned_before(version, current_app.config["SETTINGS"].public_url)
    if earlier is None:
        raise NotFound(f"This service runs {__version__}: use /{__version__}/stories.js or /v1/stories.js.")
    return _answer(earlier, _PINNED)


@pages.get("/<int:major>.<int:minor>.<int:patch>/telling.js")
def form(major: int, minor: int, patch: int) -> Response:
    """The form, a module that the evergreen embed fetches."""
    return _answer(_scripts().telling, _kept(major, minor, patch))


@pages.get("/<int:major>.<int:minor>.<int:patch>/proof.js")
def proof(major: int, minor: int, patch: int) -> Response:
    """The proof of work, a module that the form fetches while very much arrives."""
    return _answer(_scripts().proof, _kept(major, minor, patch))


@pages.get("/v1/<name>.json")
def evergreen_data(name: str) -> Response:
    """What the embed fetches when it is wanted: `tiles` (pictures), `rules` (of the marks)."""
    return _answer(_data(name), _EVERGREEN)


@pages.get("/<int:major>.<int:minor>.<int:patch>/<name>.json")
def pinned_data(major: int, minor: int, patch: int, name: str) -> Response:
    """The same of a release."""
    return _answer(_data(name), _kept(major, minor, patch))


@pages.get("/v1/words/<tag>/<part>.json")
def evergreen_words(tag: str, part: str) -> Response:
    """The embed's words for `reading` or `telling` in a language."""
    return _answer(_words(tag, part), _EVERGREEN)


@pages.get("/<int:major>.<int:minor>.<int:patch>/words/<tag>/<part>.json")
def pinned_words(major: int, minor: int, patch: int, tag: str, part: str) -> Response:
    """The same of a release."""
    return _answer(_words(tag, part), _kept(major, minor, patch))


@pages.get("/websites/try")
@limited("finding")
def try_out() -> Response:
    """Choose, see and copy the tag, for everyone; nothing is kept."""
    settings: Settings = current_app.config["SETTINGS"]
    shown = trying.bench(request.args.to_dict(flat=False), _subjects(), settings, _scripts().whole.integrity)
    response = Response(render_template("websites/try.html", bench=shown), mimetype="text/html")
    response.headers["Content-Security-Policy"] = PREVIEWING_POLICY
    return response


@pages.get("/websites/sample/<kind>")
@limited("finding")
def sample(kind: str) -> Response:
    """An invented page that carries the tag: `hospital`, `practice` or `charity`."""
    if kind not in SAMPLES:
        raise NotFound(f"There is no such sample page, only {', '.join(SAMPLES)}.")
    attributes, style = trying.preview(request.args.to_dict(flat=False), _subjects())
    page = render_template(f"websites/sample_{kind}.html", attributes=attributes, style=style)
    response = Response(page, mimetype="text/html")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = SAMPLE_POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
    response.headers["Content-Security-Policy"] = policy
    # What is sent from here is known by it, and not kept (`http/origins.py`).
    response.headers["Referrer-Policy"] = "same-origin"
    return response


# The session's cookie goes to /admin alone, so that no public page ever sets, sends or varies by one
# (`accounts/sign_in.py`). Rather than widen it, what a signed-in webmaster sees lives there; these short
# addresses, good to say and to print, lead to it.
@pages.get("/websites/new")
def new() -> ResponseReturnValue:
    """Where a webmaster adds a website, after signing in."""
    return redirect(url_for("admin.new_website", **request.args.to_dict(flat=False)))  # type: ignore[arg-type]


@pages.get("/websites/<site_key>")
def website(site_key: str) -> ResponseReturnValue:
    """A website's page, for its webmaster."""
    return redirect(url_for("admin.website", site_key=site_key))


def _subjects() -> Subjects:
    subjects: Subjects = current_app.extensions["tellback_subjects"]
    return subjects


def _scripts() -> embed.Scripts:
    scripts: embed.Scripts = current_app.extensions["tellback_embed"]
    return scripts


def _data(name: str) -> embed.File:
    if name not in embed.DATA:
        raise NotFound(f"There is no such file here, only {', '.join(embed.DATA)}.")
    return embed.data(name)


def _words(tag: str, part: str) -> embed.File:
    language = known(tag)
    if language is None:
        raise NotFound(f"We do not speak that language yet, only {', '.join(LANGUAGES)}.")
    try:
        return embed.words(language, part)
    except KeyError as error:
        raise NotFound("Ask for the words of reading.json or telling.json.") from error


def _kept(major: int, minor: int, patch: int) -> str:
    """How long data may be kept: for a page that still has another release's script, until that changes."""
    return _PINNED if f"{major}.{minor}.{patch}" == __version__ else _EVERGREEN


def _answer(file: embed.File, kept: str) -> Response:
    response = Response(file.content, mimetype=file.mimetype)
    for coding, compressed in file.compressed.items():
        if request.accept_encodings[coding]:
            response.set_data(compressed)
            response.content_encoding = coding
            break
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = kept
    # Pages under COEP may load it too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    # One tag for each coding, as RFC 9110 (8.8.3.3) asks of a strong one.
    response.set_etag(f"{file.integrity[7:39]}-{response.content_encoding or 'plain'}")
    response.make_conditional(request)
    return response
