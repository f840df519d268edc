"""What an author does once their story is told: change it, answer back, judge, be reached, take a copy."""

import json
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tellback.authorship import lost_links, own_contact, own_copy, own_edits, own_replies
from tellback.authorship.by_token import bearer, private
from tellback.authorship.loop_schemas import (
    AnswerToReplySchema,
    AskedAgainSchema,
    ChangedSchema,
    ChangedStorySchema,
    CopySchema,
    LostLinkSchema,
    OwnAnswerSchema,
    ReachedSchema,
    VerdictSchema,
)
from tellback.authorship.schemas import ContactSchema
from tellback.errors import Conflict, Problem
from tellback.http import bodies
from tellback.http.api import Blueprint as ApiBlueprint
from tellback.http.ratelimits import limited
from tellback.http.translations import spoken
from tellback.replies import answering_back, verdicts
from tellback.stories import advice, editing
from tellback.stories.checking import Looked
from tellback.stories.models import Story
from tellback.stories.words import AUTHOR_ROLES, EXPERIENCES, FEELINGS
from tellback.translations.embed_words import word
from tellback.translations.languages import LANGUAGES

api = ApiBlueprint("my_story_api", __name__, url_prefix="/api/v1", description="What an author says later")

_BY_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
# The buttons of the form that tells a story otherwise.
_EDITING = ("keep_edit", "check_edit", "reword_edit", "send_edit")


def _body(schema: type) -> dict[str, Any]:
    return {"content": {kind: {"schema": schema} for kind in (bodies.FORM, bodies.JSON)}, "required": True}


@api.patch("/my-story")
@limited("own story")
@api.response(200, ChangedSchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(ChangedStorySchema))
def change() -> Response:
    """Tell the story otherwise. A moderator reads it; a published story stays as it is until then."""
    story, told = bearer(), bodies.read(ChangedStorySchema())
    own_edits.edit(story, told.pop("revision"), told)
    return private({"state": story.state, "revision": story.revision})


@api.post("/my-story/replies/<reply_id>/answers")
@limited("own story")
@api.response(201, OwnAnswerSchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(AnswerToReplySchema))
def answer_back(reply_id: str) -> tuple[Response, int]:
    """Answer a reply. A moderator reads it before it shows beneath the reply."""
    story, said = bearer(), bodies.read(AnswerToReplySchema())
    answer = answering_back.answer_back(story, reply_id, said["body"])
    return private(own_replies.own_answer(answer)), 201


@api.post("/my-story/replies/<reply_id>/verdict")
@limited("own story")
@api.response(200, VerdictSchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(VerdictSchema))
def judge_reply(reply_id: str) -> Response:
    """Say whether a reply answered the author; everyone reads it at once."""
    story, said = bearer(), bodies.read(VerdictSchema())["verdict"]
    verdicts.of_reply(story, reply_id, said)
    return private({"verdict": said})


@api.post("/my-story/changes/<change_id>/verdict")
@limited("own story")
@api.response(200, VerdictSchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(VerdictSchema))
def judge_change(change_id: str) -> Response:
    """Say whether it has really changed; everyone reads it at once."""
    story, said = bearer(), bodies.read(VerdictSchema())["verdict"]
    verdicts.of_change(story, change_id, said)
    return private({"verdict": said})


@api.patch("/my-story/contact")
@limited("asking for a link")
@api.response(200, ContactSchema)
@api.doc(security=_BY_TOKEN, requestBody=_body(ReachedSchema))
def reached() -> Response:
    """Change or delete the address, and choose the language of letters and answers."""
    _reach(story := bearer(), bodies.read(ReachedSchema()))
    return private(own_contact.describe(story))


@api.get("/my-story/copy")
@limited("own story")
@api.response(200, CopySchema)
@api.doc(security=_BY_TOKEN)
def copy() -> Response:
    """All that is kept about the story and its author, to take away."""
    return private(spoken(own_copy.copy_of(bearer(), _public_url())))


@api.post("/lost-links")
@limited("asking for a link")
@api.response(202, AskedAgainSchema)
@api.doc(requestBody=_body(LostLinkSchema))
def ask_again() -> tuple[Response, int]:
    """Have the links of an address sent to it. The answer is the same whether there are any."""
    lost_links.ask(bodies.read(LostLinkSchema())["email"])
    return private({"state": "asked"}), 202


def take(step: str, story: Story) -> None:
    """Do what the author pressed on their page, if it is one of these."""
    form = request.form
    if step in ("answer_back", "send_answer"):
        said = bodies.load(AnswerToReplySchema(), {"body": form.get("body", "")})
        if step == "answer_back":
            advice.require_looked(story, {"body": said["body"]})
        answering_back.answer_back(story, form.get("reply", ""), said["body"])
    elif step in ("judge_reply", "judge_change"):
        said = bodies.load(VerdictSchema(), {"verdict": form.get("verdict", "")})
        judge = verdicts.of_reply if step == "judge_reply" else verdicts.of_change
        judge(story, form.get("about", ""), said["verdict"])
    elif step in ("set_address", "delete_address"):
        given = {"email": form.get("email", "").strip()} if step == "set_address" else {"email": None}
        _reach(story, bodies.load(ReachedSchema(), given))
    elif step == "set_language":
        _reach(story, bodies.load(ReachedSchema(), {"contact_lang": form.get("contact_lang") or None}))


def page(pressed: str, story: Story, token: str) -> ResponseReturnValue | None:
    """The page of its own that the author pressed for: the form to tell it otherwise, or a copy; else None.

    None, too, once what they told otherwise is sent: they are back where they were. Raises Conflict when the
    story cannot be told otherwise as it stands.
    """
    step, _, at = pressed.partition(":")
    if step in ("copy", "copy_file"):
        kept = spoken(own_copy.copy_of(story, _public_url()))
        return (
            _as_file(kept)
            if step == "copy_file"
            else render_template("public/copy.html", kept=kept, token=token)
        )
    if step == "edit":
        if closed := own_edits.why_not(story):
            raise Conflict(closed)
        return _edit_page(story, token, editing.standing(story))
    return _edited(step, at, story, token) if step in _EDITING else None


def _edited(step: str, at: str, story: Story, token: str) -> ResponseReturnValue | None:
    typed = _typed()
    if step == "keep_edit":
        return _edit_page(story, token, typed)
    try:
        told = bodies.load(ChangedStorySchema(), {**typed, "revision": request.form.get("revision", "")})
        if step == "reword_edit":
            written = advice.reword(story, told, at)
            typed, told = typed | written, told | written
        if step != "send_edit":
            advice.require_looked(story, told)
        if step == "reword_edit":
            # Nothing more is marked, and it is still theirs to send.
            return _edit_page(story, token, typed)
        own_edits.edit(story, told.pop("revision"), told)
    except advice.LookFirst as advised:
        return _edit_page(story, token, typed, looked=advised.looked)
    except Problem as problem:
        return _edit_page(story, token, typed, problem), problem.status
    return None


def page_facts(story: Story, looked: Looked | None) -> dict[str, Any]:
    """What the author's page shows besides the story: what their words could tell, and the languages."""
    return {
        "looked": looked,
        "support": spoken(advice.support(story, _public_url())) if looked and looked.distress else None,
        "tongues": [(one.tag, one.name) for one in LANGUAGES.values()],
        "letters": bool(current_app.config["SETTINGS"].smtp_url),
    }


def _edit_page(
    story: Story,
    token: str,
    values: dict[str, Any],
    problem: Problem | None = None,
    looked: Looked | None = None,
) -> str:
    return render_template(
        "public/my_story_edit.html",
        token=token,
        story=story,
        values=values,
        problem=problem,
        errors=(problem.errors or {}) if problem else {},
        roles=[(value, word(f"author_role_{value}")) for value in AUTHOR_ROLES],
        experiences=[(value, word(f"overall_experience_{value}")) for value in EXPERIENCES],
        feelings=[(value, word(f"feelings_{value.partition(':')[2]}")) for value in FEELINGS],
        **page_facts(story, looked),
    )


def _typed() -> dict[str, Any]:
    """The form as typed; a line that is empty is an answer that was taken back."""
    names = [name for name in (*editing.WORDS, *editing.FACTS) if name in request.form]
    typed: dict[str, Any] = {name: request.form[name] or None for name in names}
    if typed.get("body", "") is None:
        typed["body"] = ""
    return {**typed, "feelings": request.form.getlist("feelings")}


def _reach(story: Story, asked: dict[str, Any]) -> None:
    if "contact_lang" in asked:
        own_contact.set_language(story, asked["contact_lang"])
    if "email" in asked:
        own_contact.set_address(story, asked["email"])


def _as_file(kept: dict[str, Any]) -> Response:
    response = Response(json.dumps(kept, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-story.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _public_url() -> str:
    url: str = current_app.config["SETTINGS"].public_url
    return url
