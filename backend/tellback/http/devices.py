"""Devices on which a name was signed in with before: guesses from elsewhere never hold these up.

So a limit on guesses locks out the guesser, and not the one who is guessed at
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from tellback.http.pseudonyms import visitor

# As long as a browser remembers, from the last sign-in on.
LIFE = timedelta(days=180)
# A ward's shared computer: the names signed in with last are remembered.
MOST_NAMES = 20


def mark(name: str) -> str:
    """What stands for a name, such as an email address, where it may not stand itself."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"device {name}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:24]


def is_known(name: str) -> bool:
    """Whether this name was signed in with on this device before."""
    return mark(name) in _remembered()


def source(name: str) -> str:
    """Where an attempt to sign in with this name comes from: a device it knows, or else a network."""
    return f"{mark(name)} {_remembered().get(mark(name)) or visitor()}"


def remember(name: str) -> None:
    """Have this device remember that this name was signed in with."""
    named = mark(name)
    names = {other: token for other, token in _remembered().items() if other != named}
    kept = [*names.items()][-(MOST_NAMES - 1) :]
    value = _signer().dumps({**dict(kept), named: secrets.token_urlsafe(9)})

    @after_this_request
    def put(response: Response) -> Response:
        config = current_app.config
        response.set_cookie(
            _cookie(),
            value,
            max_age=LIFE,
            path=config["SESSION_COOKIE_PATH"],
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _remembered() -> dict[str, str]:
    try:
        names = _signer().loads(request.cookies.get(_cookie(), ""))
    except BadSignature:
        return {}
    return dict(names)


def _cookie() -> str:
    prefix = str(current_app.config["SESSION_COOKIE_NAME"]).removesuffix("staff")
    return f"{prefix}known"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="tellback.http.devices")
