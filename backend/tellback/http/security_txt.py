"""/.well-known/security.txt: whom to tell of a hole in this installation (RFC 9116)."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, current_app

from tellback import clock
from tellback.config import Settings
from tellback.errors import NotFound

PATH = "/.well-known/security.txt"
# Said anew with every answer; RFC 9116 (2.5.5) recommends less than a year.
GOOD_FOR = timedelta(days=90)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,20}")


def init_app(app: Flask) -> None:
    """Answer it where the operator says how to be reached, and with 404 where not."""

    @app.get(PATH)
    def security_txt() -> Response:
        settings: Settings = current_app.config["SETTINGS"]
        contact = contact_uri(settings.operator_contact)
        if contact is None:
            raise NotFound("Who keeps these stories has not said how to be reached.")
        lines = [
            f"Contact: {contact}",
            f"Expires: {(clock.now() + GOOD_FOR).strftime('%Y-%m-%dT00:00:00Z')}",
            f"Canonical: {settings.public_url}{PATH}",
            "Preferred-Languages: en",
        ]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")


def contact_uri(contact: str) -> str | None:
    """How an operator can be reached, as a URI; None where the words are no address, number or page.

    RFC 9116 (2.5.3) asks for `mailto:`, `tel:` or `https:`.
    """
    if _EMAIL.fullmatch(contact):
        return f"mailto:{contact}"
    if _TELEPHONE.fullmatch(contact):
        return "tel:" + re.sub(r"[^0-9+]", "", contact)
    page = urlsplit(contact)
    return contact if page.scheme == "https" and page.hostname and not re.search(r"\s", contact) else None
