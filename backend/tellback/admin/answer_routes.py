"""For responders: stories about one's own services, and the answers to them, from the draft on."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import answer_schemas, answering, composing_screen, handing
from tellback.admin.answering import OwnStory
from tellback.admin.doors import me, on_to, page_asked, pages, public_url, stands_on
from tellback.admin.exports import csv_answer
from tellback.errors import Conflict, NotFound, Problem
from tellback.http import bodies
from tellback.replies import answering_for, drafts, responding, second_looks, undoing
from tellback.replies.models import Reply, ReplyDraft
from tellback.replies.second_looks import Outcome
from tellback.replies.states import ReplyState

P = ParamSpec("P")


def _answer_screen(own_id: str, problem: Problem | None = None) -> str:
    own = answering.own_story(me(), own_id)
    typed = request.form if request.method == "POST" else None
    described = composing_screen.describe_answer(own, me(), public_url(), typed, problem)
    return render_template("staff/reply.html", **described)


def keeps_words(route: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Give back what somebody wrote on a story that is public no more, which the route then does not find."""

    @wraps(route)
    def or_ended(*args: P.args, **named: P.kwargs) -> ResponseReturnValue:
        try:
            return route(*args, **named)
        except NotFound:
            words = composing_screen.kept_words(me(), str(named["own_id"]), request.form.get("body", ""))
            if not words:
                raise
            back = url_for(".own_stories")
            return render_template("staff/story_ended.html", words=words, back=back), NotFound.status

    return or_ended


def _draft(own: OwnStory) -> ReplyDraft:
    draft = composing_screen.draft_of(own, me())
    if draft is None:
        raise Conflict("This draft was sent or deleted meanwhile.")
    return draft


def _save(own: OwnStory, form: dict[str, object]) -> ReplyDraft:
    revision = form.pop("revision")
    assert isinstance(revision, int), "the schema says so"
    organisation = answering_for.service_of(own.story, str(form["service"])).organisation
    return drafts.save(own.story, organisation, form, revision, by=me())


def _mine_waiting(own: OwnStory) -> Reply:
    reply = undoing.waiting(me(), own.story.id)
    if reply is None:
        raise Conflict("Your reply has gone on already.")
    return reply


def _back(own_id: str, said: str) -> ResponseReturnValue:
    return on_to(".own_story", said, own_id=own_id)


def _sent(reply: Reply) -> str:
    if reply.state == ReplyState.WAITING:
        minutes = current_app.config["SETTINGS"].reply_minutes
        return f"Your reply goes on in {minutes} minutes. Until then you can take it back."
    if reply.state == ReplyState.PUBLISHED:
        return "Your reply is published under the story. A moderator reads it afterwards."
    if reply.state == ReplyState.KEPT:
        return "The story is not public any more, so your reply was not sent."
    return "Your reply is with a moderator. It shows under the story once they have read it."


@pages.get("/answers")
@signed_in(Action.READ_OWN_STORIES)
def own_stories() -> str:
    """Published stories about one's own services, those that wait for an answer first."""
    page = page_asked()
    described = answering.describe_list(me(), page, request.args.get("show", ""))
    beside = handing.describe_list(me())
    return render_template("staff/my_stories.html", **described, beside=beside)


@pages.get("/answers.csv")
@signed_in(Action.READ_OWN_STORIES)
def own_stories_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("your-stories", answering.COLUMNS, answering.rows(me(), public_url()))


@pages.get("/answers/<own_id>")
@signed_in(Action.READ_OWN_STORIES)
@keeps_words
def own_story(own_id: str) -> ResponseReturnValue:
    """One of them, with the form to answer it."""
    composing_screen.note_reading(answering.own_story(me(), own_id), me())
    return _answer_screen(own_id)


@pages.post("/answers/<own_id>")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
@keeps_words
def answer(own_id: str) -> ResponseReturnValue:
    """Send an answer: it can be taken back for a while, and then a moderator reads it before it shows."""
    own = answering.own_story(me(), own_id)
    form = bodies.read(answer_schemas.ReplySchema())
    revision, service = form.pop("revision"), form.pop("service")
    wait = current_app.config["SETTINGS"].reply_wait
    reply = responding.reply(own.story, service, form, by=me(), wait=wait, draft_revision=revision)
    return _back(own_id, _sent(reply))


@pages.post("/answers/<own_id>/check")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
@keeps_words
def check_answer(own_id: str) -> ResponseReturnValue:
    """Look at an answer as far as it is written; nothing is sent or kept."""
    bodies.read(answer_schemas.DraftSchema())
    return _answer_screen(own_id)


@pages.post("/answers/<own_id>/draft")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
@keeps_words
def save_draft(own_id: str) -> ResponseReturnValue:
    """Keep an answer as far as it is written, for oneself and one's colleagues."""
    _save(answering.own_story(me(), own_id), bodies.read(answer_schemas.DraftSchema()))
    return _back(own_id, "The draft is saved. Your colleagues can see it, and nobody else.")


@pages.post("/answers/<own_id>/draft/delete")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
def throw_draft_away(own_id: str) -> ResponseReturnValue:
    """Delete a draft, as it was read."""
    own, read = answering.own_story(me(), own_id), bodies.read(answer_schemas.RevisionSchema())
    drafts.throw_away(own.story, _draft(own).organisation, read["revision"], by=me())
    return _back(own_id, "The draft is deleted.")


@pages.post("/answers/<own_id>/look")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
@keeps_words
def ask_for_look(own_id: str) -> ResponseReturnValue:
    """Keep the draft, and ask a colleague by letter to look at it."""
    own, form = answering.own_story(me(), own_id), bodies.read(answer_schemas.AskForLookSchema())
    colleague = form.pop("colleague")
    look = second_looks.ask(_save(own, form), colleague, by=me())
    return _back(own_id, f"The draft is saved, and {look.asked_of.name} is asked to look at it.")


@pages.post("/answers/<own_id>/look/give")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
def give_look(own_id: str) -> ResponseReturnValue:
    """Say what one thinks of a draft that one was asked to look at."""
    own, said = answering.own_story(me(), own_id), bodies.read(answer_schemas.GiveLookSchema())
    second_looks.answer(_draft(own), Outcome(said["outcome"]), said["words"], by=me())
    return _back(own_id, "Your colleague is told.")


@pages.post("/answers/<own_id>/take-back")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
def take_reply_back(own_id: str) -> ResponseReturnValue:
    """Make a draft again of an answer that was sent and has not gone on yet."""
    undoing.take_back(_mine_waiting(answering.own_story(me(), own_id)), by=me())
    return _back(own_id, "You took your reply back. It is a draft again.")


@pages.post("/answers/<own_id>/send-now")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_answer_screen)
def send_reply_now(own_id: str) -> ResponseReturnValue:
    """Let an answer go on before its time."""
    reply = _mine_waiting(answering.own_story(me(), own_id))
    undoing.send_now(reply, by=me())
    return _back(own_id, _sent(reply))
