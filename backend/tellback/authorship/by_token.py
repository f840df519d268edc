"""Whose story a request is about, by the token it brings; and answers that nobody else may keep."""

from flask import Response, jsonify, request

from tellback.errors import NotSignedIn
from tellback.stories.models import Story
from tellback.stories.private_links import story_of
from tellback.translations.sentences import say


def bearer() -> Story:
    """The story that the token in `Authorization: Bearer` opens. Raises NotSignedIn."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn(say("Send the part of the private link after the # as Authorization: Bearer …"))
    return story_of(token.strip())


def private(members: dict[str, object]) -> Response:
    """An answer in JSON that no cache keeps."""
    response = jsonify(members)
    response.headers["Cache-Control"] = "no-store"
    return response
