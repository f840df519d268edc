"""The API as one described whole: OpenAPI 3.1 at /openapi.json, problems as its errors."""

from collections.abc import Callable
from functools import partial
from threading import RLock
from typing import Any

import flask_smorest
from apispec import APISpec
from flask import Flask, Request, Response, current_app, request
from marshmallow import INCLUDE, Schema, fields
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tellback import __version__
from tellback.config import Settings
from tellback.http import bodies, problems


class ProblemSchema(Schema):
    """A problem (RFC 9457, `application/problem+json`), with what else belongs to its kind."""

    class Meta:
        """Such as the `revision` that was read, in a conflict."""

        unknown = INCLUDE

    type = fields.Url(metadata={"description": "Which problem; the last part is its name."})
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "A sentence for people that says what to do."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Sentences by field."},
    )
    request_id = fields.String(
        metadata={"description": "Of this request, as in the X-Request-ID header: quote it to the operator."}
    )
    retry_after = fields.Integer(metadata={"description": "Seconds; also in the Retry-After header."})


class StrictParser(FlaskParser):
    """Refuses what an address should not say: a misspelt filter must not quietly show everything.

    `lang` is understood everywhere (translations.py), so a schema need not name it.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {}

    def load_querystring(self, req: Request, schema: Schema) -> MultiDictProxy:
        """The query, without a `lang` that its schema does not ask for."""
        query = MultiDict(req.args)
        if "lang" not in schema.fields:
            query.poplist("lang")
        return MultiDictProxy(query, schema)


class Api(flask_smorest.Api):
    """flask-smorest's Api with our shape of error, which describes nothing before somebody asks for that."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask, **options: Any) -> None:
        self._undescribed: list[Callable[[], None]] = []
        self._describing = RLock()
        super().__init__(app, **options)

    def describe_later(self, describe: Callable[[], None]) -> None:
        """Put off a part of the description until it is asked for: no start has to wait for it."""
        self._undescribed.append(describe)

    def whole(self) -> APISpec:
        """The description of all routes."""
        with self._describing:
            while self._undescribed:
                self._undescribed.pop(0)()
        return self.spec

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer in the one shape of `problems`."""
        return problems.answer_http(error)

    def _openapi_json(self) -> Response:
        self.whole()
        return super()._openapi_json()

    def _register_responses(self) -> None:
        self.describe_later(self._describe_responses)

    def _describe_responses(self) -> None:
        # No public way names the media type of errors, so the documented one is mended here.
        super()._register_responses()
        components = self.spec.components
        for response in [*components.responses.values(), *components.responses_lazy.values()]:
            content = response.get("content", {})
            if "application/json" in content:
                content["application/problem+json"] = content.pop("application/json")


class Blueprint(flask_smorest.Blueprint):
    """Described routes of one domain."""

    ARGUMENTS_PARSER = StrictParser()

    def register_views_in_doc(self, api: Api, *given: Any, **named: Any) -> None:
        """Have the routes described when somebody asks for that."""
        api.describe_later(partial(super().register_views_in_doc, api, *given, **named))


def _refuse_unknown_query() -> None:
    """Refuse what the address says and its route does not ask for, as a schema does where there is one."""
    if not request.query_string:
        return
    if not request.path.startswith("/api/") or request.method == "OPTIONS" or not request.endpoint:
        return
    described = getattr(current_app.view_functions[request.endpoint], "_apidoc", {})
    asks = described.get("arguments", {}).get("parameters", [])
    if not any(one.get("in") == "query" for one in asks):
        bodies.require_known(name for name in request.args if name != "lang")


def init_app(app: Flask, settings: Settings) -> Api:
    """The Api of this app; blueprints register with it to be described."""
    app.config.update(
        API_TITLE="Tellback",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    options: dict[str, Any] = {
        "info": {
            "description": "Patients' stories, services' answers. Reading is open to everyone; "
            "telling is open to pages that a website here allows. Everywhere `lang` (BCP 47) chooses the "
            "language of our own words: problems, reasons, names of topics.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": settings.public_url}],
    }
    described = Api(app, spec_kwargs=options)
    app.before_request(_refuse_unknown_query)
    described.spec.components.security_scheme(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "The part of the author's private link after the #.",
        },
    )
    described.spec.components.security_scheme(
        "staff_token",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that somebody who answers for a service made under Your account.",
        },
    )
    return described
