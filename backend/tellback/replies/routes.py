"""The API by which a program answers stories for somebody, by a token of theirs."""

from flask import Response, current_app, jsonify, request

from tellback.accounts import tokens
from tellback.accounts.models import Account
from tellback.accounts.tokens import Scope
from tellback.errors import NotSignedIn
from tellback.http import bodies
from tellback.http.api import Blueprint
from tellback.http.ratelimits import limited
from tellback.http.translations import spoken
from tellback.replies import by_program
from tellback.replies.models import Reply
from tellback.replies.schemas import SentReplySchema, WrittenReplySchema
from tellback.stories.schemas import KeySchema

api = Blueprint("replies", __name__, url_prefix="/api/v1", description="Answering stories by a program")

_BODY = {
    "content": {kind: {"schema": WrittenReplySchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{16,128}$"},
    "description": "Made by the client; the same key and reply give the same answer again.",
}
_BY_TOKEN: list[dict[str, list[str]]] = [{"staff_token": []}]


@api.post("/stories/<story_id>/replies")
@limited("replying")
@api.response(201, SentReplySchema)
@api.doc(requestBody=_BODY, parameters=[_KEY], security=_BY_TOKEN)
def send_reply(story_id: str) -> Response:
    """Answer a story for a service. 201 means that it is on the disk; `state` says what becomes of it."""
    account, written = _whose(), bodies.read(WrittenReplySchema())
    wait = current_app.config["SETTINGS"].reply_wait
    reply = by_program.send(story_id, written.pop("service"), written, _key(), by=account, wait=wait)
    response = _private(reply)
    response.status_code = 201
    response.headers["Location"] = f"/api/v1/replies/{reply.public_id}"
    return response


@api.get("/replies/<reply_id>")
@limited("reading")
@api.response(200, SentReplySchema)
@api.doc(security=_BY_TOKEN)
def sent_reply(reply_id: str) -> Response:
    """Where a reply of one's own organisation stands, and what a moderator asks to change."""
    return _private(by_program.find(reply_id, by=_whose()))


def _whose() -> Account:
    """Who the token in `Authorization: Bearer` acts as. Raises NotSignedIn."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Send a token of your account as Authorization: Bearer …")
    return tokens.account_of(token.strip(), Scope.REPLIES_WRITE)


def _key() -> str | None:
    if "Idempotency-Key" not in request.headers:
        return None
    given = {"idempotency_key": request.headers["Idempotency-Key"]}
    return str(bodies.load(KeySchema(), given)["idempotency_key"])


def _private(reply: Reply) -> Response:
    response = jsonify(spoken(by_program.describe(reply)))
    response.headers["Cache-Control"] = "no-store"
    return response
