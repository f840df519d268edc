"""Bodies of writes: form-encoded (what the embed posts) or JSON, read into one schema."""

import json
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from flask import request
from marshmallow import Schema, ValidationError, fields
from werkzeug.exceptions import UnsupportedMediaType

from tellback.errors import BadRequest, InvalidInput
from tellback.translations.sentences import say

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def read(schema: Schema) -> dict[str, Any]:
    """The body as the schema loads it.

    Raises BadRequest when it does not parse, InvalidInput naming each wrong field,
    UnsupportedMediaType (415) for any other type.
    """
    if request.mimetype == JSON:
        return load(schema, _read_json())
    if request.mimetype == FORM:
        return load(schema, _read_form(schema))
    raise UnsupportedMediaType


def load(schema: Schema, given: dict[str, Any]) -> dict[str, Any]:
    """Given values as the schema loads them. Raises InvalidInput with sentences by field."""
    try:
        return cast(dict[str, Any], schema.load(given))
    except ValidationError as error:
        raise InvalidInput(
            say("Nothing was sent yet, and what you typed is still here."),
            errors=sentences(error.messages_dict),
        ) from error


def _read_json() -> dict[str, Any]:
    try:
        given = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise BadRequest(say("The body is not JSON that we can read. Check it and send it again.")) from error
    if not isinstance(given, dict):
        raise BadRequest(say("The body must be one JSON object with the fields of a story."))
    return given


def _read_form(schema: Schema) -> dict[str, Any]:
    try:
        # Werkzeug would put U+FFFD for broken bytes; a patient's words are not guessed at.
        unquote_to_bytes(request.get_data(cache=True)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            say("The form is not UTF-8 text. Send it again from an up-to-date browser.")
        ) from error
    lists = {name for name, field in schema.fields.items() if isinstance(field, fields.List)}
    given: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name in lists:
            given[name] = [value for value in values if value]
        elif len(values) > 1:
            raise InvalidInput(errors={name: [say("This was sent more than once.")]})
        elif values[0] != "":
            # An empty box of a form is an answer that was not given.
            given[name] = values[0]
    return given


def sentences(messages: dict[Any, Any]) -> dict[str, list[str]]:
    """marshmallow's messages with list items and nested fields folded into their field."""
    return {str(name): _flat(found) for name, found in messages.items()}


def _flat(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [sentence for inner in found.values() for sentence in _flat(inner)]
    if isinstance(found, list):
        return [sentence for inner in found for sentence in _flat(inner)]
    # A Sentence stays one: whoever answers says it in the reader's language.
    return [found if isinstance(found, str) else str(found)]
