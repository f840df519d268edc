"""Conditional reading: an ETag over the bytes, 304 for who has them, how long caches may hold them, and by
which keys one that many share may be told to drop them.
"""

import re

from flask import Response, request
from werkzeug.http import generate_etag

# Seconds for which a cache may still show what it has while it asks for what is new (RFC 5861).
SHOWN_WHILE_ASKING = 60
# The key of every public answer: whatever was published or taken down, a list, a sum or a feed may say so.
EVERYTHING = "public"
# Of addresses that are about one thing, by what comes first in them and by what a query calls it.
_ABOUT = {"services": "service", "topics": "topic", "organisations": "organisation", "stories": "story"}
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def conditional(
    response: Response, *, max_age: int, shared: int | None = None, of: bytes | None = None
) -> Response:
    """Let this public answer be kept `max_age` seconds, and answer 304 when it has not changed.

    `shared` are the seconds for caches that many share, such as a proxy's, where they differ. `of` are the
    bytes that count as the answer, where it holds something that alone makes no other answer of it.
    """
    kept = response.cache_control
    kept.public = True
    kept.max_age = max_age
    if shared is not None:
        kept.s_maxage = shared
    kept.stale_while_revalidate = SHOWN_WHILE_ASKING
    keys = [EVERYTHING, *_about()]
    # By the first name Fastly and Varnish's xkey know them, by the second Cloudflare, bunny and KeyCDN.
    response.headers["Surrogate-Key"] = " ".join(keys)
    response.headers["Cache-Tag"] = ",".join(keys)
    if of is None:
        response.add_etag()
    else:
        response.set_etag(generate_etag(of), weak=True)
    response.make_conditional(request)
    return response


def _about() -> list[str]:
    """The keys of what the address is about, such as `service:RXH01`."""
    first, _, rest = request.path.removeprefix("/api/v1").lstrip("/").partition("/")
    named = [(_ABOUT[first], rest.partition("/")[0])] if first in _ABOUT else []
    asked = [(kind, name) for kind in _ABOUT.values() for name in request.args.getlist(kind)]
    return [f"{kind}:{name}" for kind, name in [*named, *asked] if _NAME.fullmatch(name)]
