"""The finder and the services over HTTP."""

from typing import Any

from flask import Response, current_app, jsonify

from tellback.http.api import Blueprint
from tellback.http.caching import conditional
from tellback.http.ratelimits import limited
from tellback.organisations import catalogue, finder
from tellback.organisations.schemas import FinderQuerySchema, ServiceSchema, ServicesSchema

# Seconds a browser may keep an answer: registers change by the week.
KEPT = 300

api = Blueprint("organisations", __name__, url_prefix="/api/v1", description="Services and the finder")


@api.get("/services")
@limited("finding")
@api.arguments(FinderQuerySchema, location="query")
@api.response(200, ServicesSchema)
def find_services(query: dict[str, Any]) -> Response:
    """Find a service by its name, town, postcode or code, best match first."""
    found = finder.find(**query)
    items = [catalogue.describe(service, _public_url()) for service in found.items]
    return conditional(
        jsonify(items=items, next=found.next, total=found.total, shown=len(items)), max_age=KEPT
    )


@api.get("/services/<code>")
@limited("reading")
@api.response(200, ServiceSchema)
def get_service(code: str) -> Response:
    """One service."""
    return conditional(jsonify(catalogue.describe(catalogue.get(code), _public_url())), max_age=KEPT)


def _public_url() -> str:
    public_url: str = current_app.config["SETTINGS"].public_url
    return public_url
