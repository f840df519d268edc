"""Whether the proxies in front are counted rightly: what `tellback check` asks through the public address.

It claims an address that nobody has, and is told how many proxies named whom they speak for, and whether the
claim was believed. Only a question signed with our key is answered, and no answer holds an address.
"""

from flask import Flask, Response, abort, jsonify, request
from itsdangerous import BadSignature, TimestampSigner

from tellback.config import Settings
from tellback.http import proxies

PATH = "/healthz/proxies"
# Of TEST-NET-1, which stands for nobody (RFC 5737).
CLAIMED = "192.0.2.1"
# Seconds that a question is good for.
_LIFE = 60
_SCHEME = "Tellback-Check "


def question(secret_key: str) -> dict[str, str]:
    """The headers of a question that an installation of this key answers for a minute."""
    return {
        "Authorization": _SCHEME + _signer(secret_key).sign(b"proxies").decode(),
        "X-Forwarded-For": CLAIMED,
    }


def init_app(app: Flask, settings: Settings) -> None:
    """Answer such questions; anybody else finds nothing there."""

    @app.get(PATH)
    def proxies_in_front() -> Response:
        try:
            asked = request.headers.get("Authorization", "").removeprefix(_SCHEME)
            _signer(settings.secret_key).unsign(asked, max_age=_LIFE)
        except BadSignature:
            abort(404)
        answer = jsonify(
            counted=settings.trusted_proxies,
            named=named(request.environ[proxies.SENT]),
            believed=request.remote_addr == CLAIMED,
            scheme=request.scheme,
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


def named(forwarded: str) -> int:
    """How many proxies added to an `X-Forwarded-For` that was claimed, or set their own in its place."""
    found = [entry.strip() for entry in forwarded.split(",") if entry.strip()]
    return len(found) - (found.index(CLAIMED) + 1 if CLAIMED in found else 0)


def _signer(secret_key: str) -> TimestampSigner:
    return TimestampSigner(secret_key, salt="tellback check")
