"""/alerts/unsubscribe: leaving letters by one press, for people and for their mail programs (RFC 8058)."""

from flask import Blueprint, Response, current_app, make_response, render_template

from tellback.alerts import unsubscribing
from tellback.http.ratelimits import limited

pages = Blueprint("alerts", __name__)


@pages.get("/alerts/unsubscribe/<token>")
@limited("reading")
def leave(token: str) -> Response:
    """One button. Opening the page ends nothing: programs that look for viruses open every link."""
    what, _which, _whose = unsubscribing.read(token, current_app.config["SETTINGS"].secret_key)
    return _page("staff/unsubscribe.html", what=what.value)


@pages.post("/alerts/unsubscribe/<token>")
@limited("reading")
def left(token: str) -> Response:
    """End these letters, whoever presses: the address is the proof, with no session and no form's token."""
    what, which, account_id = unsubscribing.read(token, current_app.config["SETTINGS"].secret_key)
    unsubscribing.end(what, which, account_id)
    return _page("staff/unsubscribed.html", what=what.value)


def _page(template: str, **facts: str) -> Response:
    response = make_response(render_template(template, **facts))
    response.headers["Cache-Control"] = "no-store"
    # The address is a key.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
