"""/my-story/relay: private talk by the token of the private link; the page's forms do the same."""

from typing import Any

from flask import Response, current_app, request

from tellback.authorship import own_relay
from tellback.authorship.by_token import bearer, private
from tellback.authorship.relay_schemas import (
    OwnRelaySchema,
    RelayEndSchema,
    RelayMessageSchema,
    RelayReportSchema,
    RelaySwitchSchema,
)
from tellback.http import bodies
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.ratelimits import limited
from tellback.http.translations import spoken
from tellback.replies import relay
from tellback.stories.models import Story

api = ApiBlueprint(
    "relay", __name__, url_prefix="/api/v1/my-story/relay", description="Private talk of an author"
)

_BY_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
_STEPS = ("relay_send", "relay_close", "relay_report", "relay_off", "relay_on")


def _body(schema: type) -> dict[str, Any]:
    return {"content": {kind: {"schema": schema} for kind in (bodies.FORM, bodies.JSON)}, "required": True}


@api.get("")
@limited("own story")
@api.response(200, OwnRelaySchema)
@api.doc(security=_BY_TOKEN)
def talks() -> Response:
    """What was said in private about the story; what the services wrote counts as read then."""
    story = bearer()
    answer = _answer(story)
    own_relay.note_read(story)
    return answer


@api.post("")
@limited("own story")
@api.response(201, OwnRelaySchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(RelayMessageSchema))
def write() -> tuple[Response, int]:
    """Ask or tell a service something in private. 409 `look-again`: it would say who its author is."""
    story, said = bearer(), bodies.read(RelayMessageSchema())
    relay.write_as_author(story, said["service"], said["words"], seen=said["seen"])
    return _answer(story), 201


@api.post("/end")
@limited("own story")
@api.response(200, OwnRelaySchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(RelayEndSchema))
def end() -> Response:
    """End the talk with a service, for good."""
    relay.close(story := bearer(), bodies.read(RelayEndSchema())["service"])
    return _answer(story)


@api.post("/report")
@limited("own story")
@api.response(200, OwnRelaySchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(RelayReportSchema))
def report() -> Response:
    """Have the moderators read the talk with a service."""
    story, said = bearer(), bodies.read(RelayReportSchema())
    own_relay.report(story, said["service"], said["words"] or "")
    return _answer(story)


@api.post("/switch")
@limited("own story")
@api.response(200, OwnRelaySchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(RelaySwitchSchema))
def switch() -> Response:
    """Take private messages about the story, or none."""
    relay.switch(story := bearer(), on=bodies.read(RelaySwitchSchema())["on"])
    return _answer(story)


def take(step: str, story: Story) -> None:
    """Do what the author pressed in the private part of their page: one of `_STEPS`; nothing for another."""
    if step not in _STEPS:
        return
    given = {name: request.form[name] for name in ("service", "words", "seen") if request.form.get(name)}
    if step == "relay_send":
        said = bodies.load(RelayMessageSchema(), given)
        relay.write_as_author(story, said["service"], said["words"], seen=said["seen"])
    elif step == "relay_close":
        relay.close(story, bodies.load(RelayEndSchema(), {"service": given.get("service")})["service"])
    elif step == "relay_report":
        given.pop("seen", None)
        said = bodies.load(RelayReportSchema(), given)
        own_relay.report(story, said["service"], said["words"] or "")
    else:
        relay.switch(story, on=step == "relay_on")


def page_facts(story: Story) -> dict[str, Any]:
    """What `public/_relay.html` shows: `relay`, and `relay_help` after words of crisis."""
    public_url = current_app.config["SETTINGS"].public_url
    facts = {"relay": spoken(own_relay.describe(story, public_url))}
    typed = request.form.get("words", "") if request.form.get("step") == "relay_send" else ""
    facts["relay_help"] = spoken(own_relay.help_at_once(story, typed, public_url))
    own_relay.note_read(story)
    return facts


def _answer(story: Story) -> Response:
    return private(spoken(own_relay.describe(story, current_app.config["SETTINGS"].public_url)))
