"""/my-story: the private link as API and as page. The token comes in a header or body, never an address."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from tellback.authorship.own_letter import send_link
from tellback.authorship.own_story import describe, withdraw
from tellback.authorship.schemas import LetterSchema, LetterSentSchema, OwnStorySchema, WithdrawnSchema
from tellback.errors import NotSignedIn, Problem
from tellback.http import bodies
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.ratelimits import LETTERS, OWN_STORY, READING, limiter
from tellback.http.translations import spoken
from tellback.stories import qr
from tellback.stories.models import Story
from tellback.stories.private_links import address, story_of
from tellback.stories.submission import current_version
from tellback.translations.sentences import say

api = ApiBlueprint("authorship", __name__, url_prefix="/api/v1", description="The author's own story")
pages = Blueprint("my_story", __name__)

_LETTER = {
    "content": {kind: {"schema": LetterSchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_BY_TOKEN: list[dict[str, list[str]]] = [{"token": []}]


@api.get("/my-story")
@limiter.limit(OWN_STORY)
@api.response(200, OwnStorySchema)
@api.doc(security=_BY_TOKEN)
def own_story() -> Response:
    """Where the story stands; `Authorization: Bearer` and the part of the private link after the #."""
    return _private(spoken(describe(_bearer(), current_app.config["SETTINGS"].public_url)))


@api.delete("/my-story")
@limiter.limit(OWN_STORY)
@api.response(200, WithdrawnSchema)
@api.doc(security=_BY_TOKEN)
def take_back() -> Response:
    """Withdraw the story."""
    withdraw(_bearer())
    return _private({"state": "withdrawn"})


@api.post("/my-story/letter")
@limiter.limit(LETTERS)
@api.response(202, LetterSentSchema)
@api.doc(requestBody=_LETTER)
def letter() -> tuple[Response, int]:
    """Send the private link to an address, and keep it: later letters about the story go there too."""
    asked = bodies.read(LetterSchema())
    send_link(story_of(_token(asked["token"])), asked["email"])
    return _private({"state": "waiting"}), 202


@pages.get("/my-story")
@limiter.limit(READING)
def ask() -> str:
    """The page that a private link opens; its script (or the reader) sends the token on."""
    return render_template("public/my_story.html", mine=None)


@pages.post("/my-story")
@limiter.limit(OWN_STORY)
def show() -> str | tuple[str, int]:
    """The author's view; `step` is empty, `ask_withdraw` or `withdraw`."""
    token = _token(request.form.get("token", ""))
    try:
        story = story_of(token)
    except NotSignedIn as problem:
        return render_template("public/my_story.html", mine=None, error=problem.detail), problem.status
    if request.form.get("step") == "withdraw":
        withdraw(story)
    mine = spoken(describe(story, current_app.config["SETTINGS"].public_url))
    asking = request.form.get("step") == "ask_withdraw"
    return render_template("public/my_story.html", mine=mine, token=token, asking=asking)


@pages.post("/my-story/letter")
@limiter.limit(LETTERS)
def letter_page() -> str | tuple[str, int]:
    """The same without a script; the answer shows the private link again, sent or not."""
    token, typed = _token(request.form.get("token", "")), request.form.get("email", "").strip()
    try:
        story = story_of(token)
    except NotSignedIn as problem:
        return render_template("public/my_story.html", mine=None, error=problem.detail), problem.status
    try:
        asked = bodies.load(LetterSchema(), {"token": token} | ({"email": typed} if typed else {}))
        send_link(story, asked["email"])
    except Problem as problem:
        errors = problem.errors or {"email": [problem.detail]}
        return _link_again(story, token, email=typed, errors=errors), problem.status
    return _link_again(story, token, sent=typed)


def _link_again(story: Story, token: str, **said: Any) -> str:
    lang = current_version(story).lang
    link = address(current_app.config["SETTINGS"].public_url, token, lang)
    return render_template("public/letter.html", link=link, qr=qr.code(link), token=token, **said)


def _token(pasted: str) -> str:
    """The token of what was pasted: the whole link may be, and what counts stands after the #."""
    return pasted.strip().rpartition("#")[2]


def _bearer() -> Story:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn(say("Send the part of the private link after the # as Authorization: Bearer …"))
    return story_of(token.strip())


def _private(members: dict[str, object]) -> Response:
    response = jsonify(members)
    response.headers["Cache-Control"] = "no-store"
    return response
