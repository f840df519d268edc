"""Conditional reading: an ETag over the bytes, and 304 when the client has them."""

from flask import Response, request


def conditional(response: Response, *, max_age: int) -> Response:
    """Let this public answer be kept `max_age` seconds, and answer 304 when it has not changed."""
    response.cache_control.public = True
    response.cache_control.max_age = max_age
    response.add_etag()
    response.make_conditional(request)
    return response
