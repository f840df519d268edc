"""Headers that every answer carries: what a browser may do with it, and who may keep it."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

# No inline anything, nobody else's host; frames of our own pages nowhere.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The one page that is made to stand in anybody's: as strict, but for that. (`frame-ancestors *` would keep it
# out of pages that are sandboxed, as some editors show what is being written: those are of no origin.)
FRAME_POLICY = PAGE_POLICY.replace("; frame-ancestors 'none'", "")
# A page that shows a sample page of ours in a frame, and the sample page, which stands in no other's.
PREVIEWING_POLICY = f"{PAGE_POLICY}; frame-src 'self'"
SAMPLE_POLICY = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


# Nothing of this is ours to use, nor a frame's in our pages. What is not named we may: to copy, to share.
NO_DEVICES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
# A year, as browsers and ASVS (3.4.1) ask. Of our own host alone: of its neighbours we know nothing.
TLS_FOR_A_YEAR = "max-age=31536000"
# Where an address, or what it answers, is one person's: kept nowhere, told nobody.
_PRIVATE = ("/my-story/", "/admin/", "/answer/", "/alerts/", "/api/v1/my-story/", "/api/v1/lost-links/")


def init_app(app: Flask) -> None:
    """Put the headers on every answer; a route that set one keeps its own.

    To be called before whatever else adds headers, so that this sees them: Flask asks the last one first.
    """

    @app.after_request
    def put(response: Response) -> Response:
        headers = response.headers
        private = is_private(request.path)
        there = {name.lower() for name in headers.keys()}  # noqa: SIM118 (a Headers gives pairs)
        headers.extend(
            (name, value)
            for name, value in _headers(response, private=private).items()
            if name.lower() not in there
        )
        if private:
            # Flask-Security writes `private=True, no-store=True`, which no cache has to understand.
            headers["Cache-Control"] = "no-store"
        if framing := _framing(headers["Content-Security-Policy"]):
            headers["X-Frame-Options"] = framing
        return response


def always(*, secure: bool) -> dict[str, str]:
    """What stands on every answer, whatever it is; `secure`: it goes over TLS to an address that has it."""
    headers = {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": NO_DEVICES,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        # No page of another host under our domain shares a process with ours, by whatever name.
        "Origin-Agent-Cluster": "?1",
    }
    return headers | ({"Strict-Transport-Security": TLS_FOR_A_YEAR} if secure else {})


def _headers(response: Response, *, private: bool) -> dict[str, str]:
    secure = request.is_secure and urlsplit(current_app.config["SETTINGS"].public_url).scheme == "https"
    headers = always(secure=secure)
    # Files and public reads may be loaded by every page, also by one under COEP. (And in a sandboxed frame
    # our own page is of no origin, and would be refused its own files.)
    anyone = response.headers.get("Access-Control-Allow-Origin") == "*"
    if not private and (anyone or request.path.startswith("/static/")):
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if private:
        headers["Referrer-Policy"] = "no-referrer"
    # A form that is shown carries a key of its own, so no cache may hand it to a second person; but a browser
    # that goes back to it must find what was typed.
    sent = request.method not in ("GET", "HEAD")
    headers["Cache-Control"] = "no-store" if private or sent else "private, no-cache"
    return headers


def is_private(path: str) -> bool:
    """Whether an address is of one person: of an author, of staff, of whom something was handed on to."""
    return f"{path}/".startswith(_PRIVATE)


def _framing(policy: str) -> str | None:
    """What the policy says of frames, for browsers that know only the older header."""
    if "frame-ancestors 'none'" in policy:
        return "DENY"
    return "SAMEORIGIN" if "frame-ancestors 'self'" in policy else None
