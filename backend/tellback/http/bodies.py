"""Bodies of writes: form-encoded (what the embed posts) or JSON, read into one schema, within limits.

How many bytes a body may have the server and the application say (`server.BODY`, `app.LARGEST_BODY`), how
long a field may be its schema. Here stands what a small body could still ask too much by.
"""

import json
import math
from collections.abc import Iterable
from typing import Any, NamedTuple, cast
from urllib.parse import unquote_to_bytes

from flask import Flask, g, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.exceptions import RequestURITooLarge, UnsupportedMediaType

from tellback.errors import BadRequest, InvalidInput, TooLarge
from tellback.http import text
from tellback.http.words import Words
from tellback.translations.sentences import say, say_n

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
# Fields of a form, repeated ones counted. The longest of ours has fifty.
MOST_FIELDS = 500
# Lists and objects within each other in JSON. Ours have two.
DEEPEST = 32
# Digits of a number in JSON. Ours have ten.
MOST_DIGITS = 20
# Characters of a query. The longest of ours, a cursor of the finder, has 2,400.
LONGEST_QUERY = 8192
_UNKNOWN = say("We do not know this field. Leave it out.")
# What marshmallow says of one.
_MARSHMALLOWS = "Unknown field."
# What mail programs send for who reads a letter, in either encoding (RFC 8058, 3.1); the body is not read.
_FROM_MAIL_PROGRAMS = ("alerts.left",)


def init_app(app: Flask) -> None:
    """Refuse what asks too much by its shape before any route, schema or parser meets it."""

    @app.before_request
    def refuse() -> None:
        if len(request.query_string) > LONGEST_QUERY:
            raise RequestURITooLarge
        kind = request.mimetype
        if kind == "multipart/form-data" and request.endpoint not in _FROM_MAIL_PROGRAMS:
            # No form of ours has a file in it.
            raise UnsupportedMediaType
        if kind == FORM and request.get_data().count(b"&") >= MOST_FIELDS:
            raise TooLarge(say("A form may have up to {most} fields. Send less at a time.", most=MOST_FIELDS))


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
        loaded = cast(dict[str, Any], schema.load(given))
        _require_storable(schema, given)
    except ValidationError as error:
        raise InvalidInput(
            say("Nothing was sent yet, and what you typed is still here."),
            errors=sentences(error.messages_dict),
        ) from error
    if words := _shape(schema).words:
        written = [value for key, value in given.items() if key in words and isinstance(value, str)]
        g.taken_out = sum(map(text.taken_out, written))
    return loaded


def taken_out() -> int:
    """How many characters that nobody sees were taken out of the words that were read last."""
    return int(g.get("taken_out", 0))


def changed() -> list[str]:
    """What was changed in the words that were read last, in sentences for who wrote them."""
    count = taken_out()
    if not count:
        return []
    said = say_n(
        "We took out {count} character that cannot be seen and may change how your words read.",
        "We took out {count} characters that cannot be seen and may change how your words read.",
        count,
    )
    return [said]


def _require_storable(schema: Schema, given: dict[str, Any]) -> None:
    """Raises ValidationError for a code, a key or the like that could not even be looked for."""
    broken = say("This holds a character that cannot be stored. Check it and try again.")
    found = {}
    others = _shape(schema).others
    for key, value in given.items():
        values = value if isinstance(value, list) else [value]
        if key in others and not all(text.is_storable(v) for v in values if isinstance(v, str)):
            found[others[key]] = [broken]
    if found:
        raise ValidationError(cast(dict[str | int, Any], found))


class _Shape(NamedTuple):
    """What is sent to a schema, by kind: keys of texts that people write, names of the others, and lists."""

    words: frozenset[str]
    others: dict[str, str]
    lists: frozenset[str]


# By a schema's class and the names of its fields, of which a form may leave some out.
_shapes: dict[tuple[Any, ...], _Shape] = {}


def _shape(schema: Schema) -> _Shape:
    kind = (type(schema), *schema.fields)
    if kind not in _shapes:
        keys = {
            name: name if (key := field.data_key) is None else key for name, field in schema.fields.items()
        }
        words = {name for name, field in schema.fields.items() if isinstance(field, Words)}
        _shapes[kind] = _Shape(
            words=frozenset(keys[name] for name in words),
            others={key: name for name, key in keys.items() if name not in words},
            lists=frozenset(name for name, field in schema.fields.items() if isinstance(field, fields.List)),
        )
    return _shapes[kind]


def _read_json() -> dict[str, Any]:
    try:
        given = json.loads(
            request.get_data(),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_number,
            parse_int=_whole_number,
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest(say("The body is not JSON that we can read. Check it and send it again.")) from error
    if not isinstance(given, dict):
        raise BadRequest(say("The body must be one JSON object with the fields of a story."))
    if _is_deeper(given, DEEPEST):
        raise InvalidInput(say("The body is nested more than {most} deep. Send it flatter.", most=DEEPEST))
    return given


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name that stands in it twice would be read differently by others (RFC 8259, 4)."""
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = {name: [say("This was sent more than once.")] for name in found if names.count(name) > 1}
        raise InvalidInput(errors=twice)
    return found


def _no_number(_name: str) -> None:
    raise ValueError("NaN and Infinity are no JSON (RFC 8259, 6)")


def _number(digits: str) -> float:
    found = float(digits)
    if len(digits) > MOST_DIGITS or not math.isfinite(found):
        raise ValueError("beyond any number of ours")
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("beyond any number of ours")
    return int(digits)


def _is_deeper(given: Any, most: int) -> bool:
    """Whether lists and objects stand more than so many deep in each other, looking level by level."""
    level = [given]
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _read_form(schema: Schema) -> dict[str, Any]:
    try:
        # Werkzeug would put U+FFFD for broken bytes; a patient's words are not guessed at.
        unquote_to_bytes(request.get_data(cache=True)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            say("The form is not UTF-8 text. Send it again from an up-to-date browser.")
        ) from error
    lists = _shape(schema).lists
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


def require_known(given: Iterable[str]) -> None:
    """Raises InvalidInput that names whatever was given where nothing is taken."""
    if unknown := {name: [_UNKNOWN] for name in given}:
        raise InvalidInput(say("Check the address and its query."), errors=unknown)


def sentences(messages: dict[Any, Any]) -> dict[str, list[str]]:
    """marshmallow's messages with list items and nested fields folded into their field."""
    return {str(name): _flat(found) for name, found in messages.items()}


def _flat(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [sentence for inner in found.values() for sentence in _flat(inner)]
    if isinstance(found, list):
        return [sentence for inner in found for sentence in _flat(inner)]
    if found == _MARSHMALLOWS:
        return [_UNKNOWN]
    # A Sentence stays one: whoever answers says it in the reader's language.
    return [found if isinstance(found, str) else str(found)]
