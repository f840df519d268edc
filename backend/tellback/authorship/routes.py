"""/my-story: the private link as API and as page. The token comes in a header or body, never an address."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tellback.authorship import loop_routes, lost_links, own_cases, relay_routes
from tellback.authorship.by_token import bearer, private
from tellback.authorship.erasure import erase
from tellback.authorship.loop_schemas import LostLinkSchema
from tellback.authorship.own_letter import send_link
from tellback.authorship.own_story import answer, describe, withdraw
from tellback.authorship.schemas import (
    AnsweredSchema,
    AnswerSchema,
    AppealedSchema,
    LetterSchema,
    LetterSentSchema,
    OwnStorySchema,
    WithdrawnSchema,
    WordsSchema,
)
from tellback.errors import Gone, NotSignedIn, Problem
from tellback.http import bodies
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.ratelimits import limited
from tellback.http.translations import spoken
from tellback.moderation import pausing
from tellback.stories import qr
from tellback.stories.advice import LookFirst
from tellback.stories.checking import Looked
from tellback.stories.models import Story
from tellback.stories.private_links import address, story_of
from tellback.stories.submission import current_version

api = ApiBlueprint("authorship", __name__, url_prefix="/api/v1", description="The author's own story")
pages = Blueprint("my_story", __name__)

_LETTER = {
    "content": {kind: {"schema": LetterSchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_ANSWER = {
    "content": {kind: {"schema": AnswerSchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_WORDS = {
    "content": {kind: {"schema": WordsSchema} for kind in (bodies.FORM, bodies.JSON)},
    "required": True,
}
_BY_TOKEN: list[dict[str, list[str]]] = [{"token": []}]


@api.get("/my-story")
@limited("own story")
@api.response(200, OwnStorySchema)
@api.doc(security=_BY_TOKEN)
def own_story() -> Response:
    """Where the story stands; `Authorization: Bearer` and the part of the private link after the #."""
    return private(spoken(describe(bearer(), current_app.config["SETTINGS"].public_url)))


@api.delete("/my-story")
@limited("own story")
@api.response(200, WithdrawnSchema)
@api.doc(security=_BY_TOKEN)
def take_back() -> Response:
    """Withdraw the story."""
    withdraw(bearer())
    return private({"state": "withdrawn"})


@api.post("/my-story/answer")
@limited("own story")
@api.response(200, AnsweredSchema)
@api.doc(security=_BY_TOKEN, requestBody=_ANSWER)
def answer_question() -> Response:
    """Agree to large edits, or discuss them with the moderators."""
    story = bearer()
    answer(story, **bodies.read(AnswerSchema()))
    return private({"state": story.state})


@api.post("/my-story/appeal")
@limited("own story")
@api.response(201, AppealedSchema)
@api.doc(security=_BY_TOKEN, requestBody=_WORDS)
def appeal() -> tuple[Response, int]:
    """Ask a second moderator to look at a decision again, and say why."""
    own_cases.appeal(bearer(), **bodies.read(WordsSchema()))
    return private({"state": "waiting"}), 201


@api.post("/my-story/message")
@limited("own story")
@api.response(200, AnsweredSchema)
@api.doc(security=_BY_TOKEN, requestBody=_WORDS)
def message() -> Response:
    """Answer what a moderator asks about the story (`asked`)."""
    story = bearer()
    own_cases.answer(story, **bodies.read(WordsSchema()))
    return private({"state": story.state})


@api.post("/my-story/pause")
@limited("own story")
@api.response(200, AnsweredSchema)
@api.doc(security=_BY_TOKEN)
def pause() -> Response:
    """Have a published story shown to nobody until its author ends that (UK GDPR, article 18)."""
    pausing.pause_as_author(story := bearer())
    return private({"state": story.state})


@api.delete("/my-story/pause")
@limited("own story")
@api.response(200, AnsweredSchema)
@api.doc(security=_BY_TOKEN)
def resume() -> Response:
    """Have a story shown again that its author paused."""
    pausing.resume_as_author(story := bearer())
    return private({"state": story.state})


@api.delete("/my-story/words")
@limited("own story")
@api.response(200, WithdrawnSchema)
@api.doc(security=_BY_TOKEN)
def erase_words() -> Response:
    """Withdraw the story, and have its words and everything that belongs to them erased for good."""
    erase(bearer())
    return private({"state": "erased"})


@api.post("/my-story/letter")
@limited("asking for a link")
@api.response(202, LetterSentSchema)
@api.doc(requestBody=_LETTER)
def letter() -> tuple[Response, int]:
    """Send the private link to an address, and keep it: later letters about the story go there too."""
    asked = bodies.read(LetterSchema())
    send_link(story_of(_token(asked["token"])), asked["email"])
    return private({"state": "waiting"}), 202


@pages.get("/my-story")
@limited("reading")
def ask() -> str:
    """The page that a private link opens; its script (or the reader) sends the token on."""
    return render_template("public/my_story.html", mine=None, letters=_sends_letters())


@pages.post("/my-story/lost")
@limited("asking for a link")
def lost() -> str | tuple[str, int]:
    """Have the links of an address sent to it; the page says the same whatever address it is."""
    typed = request.form.get("email", "").strip()
    try:
        lost_links.ask(bodies.load(LostLinkSchema(), {"email": typed} if typed else {})["email"])
    except Problem as problem:
        lost_facts = {"values": {"email": typed}, "lost_errors": problem.errors or {}}
        page = render_template("public/my_story.html", mine=None, letters=_sends_letters(), **lost_facts)
        return page, problem.status
    return render_template("public/my_story.html", mine=None, letters=_sends_letters(), asked_again=True)


@pages.post("/my-story")
@limited("own story")
def show() -> ResponseReturnValue:
    """The author's view; `step` is empty, or names what the author pressed."""
    token, step = _token(request.form.get("token", "")), request.form.get("step", "")
    try:
        story = story_of(token)
    except (NotSignedIn, Gone) as problem:
        return _closed(problem)
    try:
        page: ResponseReturnValue | None = loop_routes.page(step, story, token)
        if page is None:
            _take(step, story)
    except LookFirst as advised:
        return _own_page(story, token, looked=advised.looked)
    except Problem as problem:
        return _own_page(story, token, problem), problem.status
    return page or _own_page(story, token)


@pages.post("/my-story/erase")
@limited("own story")
def erase_page() -> str | tuple[str, int]:
    """The same without a script, once the author was asked."""
    try:
        erase(story_of(_token(request.form.get("token", ""))))
    except (NotSignedIn, Gone) as problem:
        return _closed(problem)
    return render_template("public/my_story.html", mine=None, erased=True)


@pages.post("/my-story/letter")
@limited("asking for a link")
def letter_page() -> str | tuple[str, int]:
    """The same without a script; the answer shows the private link again, sent or not."""
    token, typed = _token(request.form.get("token", "")), request.form.get("email", "").strip()
    try:
        story = story_of(token)
    except (NotSignedIn, Gone) as problem:
        return _closed(problem)
    try:
        asked = bodies.load(LetterSchema(), {"token": token} | ({"email": typed} if typed else {}))
        send_link(story, asked["email"])
    except Problem as problem:
        errors = problem.errors or {"email": [problem.detail]}
        return _link_again(story, token, email=typed, errors=errors), problem.status
    return _link_again(story, token, sent=typed)


def _take(step: str, story: Story) -> None:
    """Do what the author pressed on the page of the private link."""
    if step == "withdraw":
        withdraw(story)
    elif step in ("pause", "resume"):
        (pausing.pause_as_author if step == "pause" else pausing.resume_as_author)(story)
    elif step in ("agree", "discuss"):
        given = {name: request.form[name] for name in ("revision", "words") if request.form.get(name)}
        answer(story, **bodies.load(AnswerSchema(), {**given, "answer": step}))
    elif step in ("appeal", "message"):
        said = bodies.load(WordsSchema(), {"words": request.form.get("words", "")})
        (own_cases.appeal if step == "appeal" else own_cases.answer)(story, **said)
    else:
        loop_routes.take(step, story)
        relay_routes.take(step, story)


def _own_page(story: Story, token: str, problem: Problem | None = None, looked: Looked | None = None) -> str:
    mine = spoken(describe(story, current_app.config["SETTINGS"].public_url))
    asked = request.form.get("step", "") if problem is None else ""
    asking = asked.removeprefix("ask_") if asked.startswith("ask_") else ""
    return render_template(
        "public/my_story.html",
        mine=mine,
        token=token,
        asking=asking,
        problem=problem,
        values=request.form,
        **relay_routes.page_facts(story),
        **loop_routes.page_facts(story, looked),
    )


def _closed(problem: Problem) -> tuple[str, int]:
    """The page that asks for a link, since this one opens nothing; or that says its story was erased."""
    gone = isinstance(problem, Gone)
    said = {"gone": problem.detail} if gone else {"error": problem.detail}
    return render_template(
        "public/my_story.html", mine=None, letters=_sends_letters(), **said
    ), problem.status


def _sends_letters() -> bool:
    return bool(current_app.config["SETTINGS"].smtp_url)


def _link_again(story: Story, token: str, **said: Any) -> str:
    lang = current_version(story).lang
    link = address(current_app.config["SETTINGS"].public_url, token, lang)
    return render_template("public/letter.html", link=link, qr=qr.code(link), token=token, **said)


def _token(pasted: str) -> str:
    """The token of what was pasted: the whole link may be, and what counts stands after the #."""
    return pasted.strip().rpartition("#")[2]
