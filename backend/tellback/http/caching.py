"""Conditional reading: an ETag over the bytes, 304 for who has them, and how long caches may hold them."""

from flask import Response, request
from werkzeug.http import generate_etag

# Seconds for which a cache may still show what it has while it asks for what is new (RFC 5861).
SHOWN_WHILE_ASKING = 60


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
    if of is None:
        response.add_etag()
    else:
        response.set_etag(generate_etag(of), weak=True)
    response.make_conditional(request)
    return response
