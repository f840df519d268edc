"""Taking down what a service said in public, and corrections of replies."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import answer_schemas, corrections, desk, schemas, thread
from tellback.admin.doors import if_refused, me, on_to, pages, public_url, stands_on, to_queue, typed
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import correction_decisions, taking_down
from tellback.replies import changes, correcting, responding
from tellback.stories.models import Story


def _thread_screen(story_id: str, problem: Problem | None = None, failed: str = "") -> str:
    described = thread.describe(desk.find_story(story_id), me(), public_url())
    return render_template("staff/thread.html", **described, failed=failed, **typed(problem))


def _thread_of_reply(reply_id: str, problem: Problem | None = None) -> str:
    return _thread_screen(responding.get(reply_id).story.public_id, problem, reply_id)


def _thread_of_change(change_id: str, problem: Problem | None = None) -> str:
    return _thread_screen(request.args.get("story", ""), problem, change_id)


def _thread_of_link(story_id: str, change_id: str, problem: Problem | None = None) -> str:
    return _thread_screen(story_id, problem, change_id)


def _correct_screen(reply_id: str, problem: Problem | None = None) -> str:
    described = corrections.describe_form(correcting.own_reply(me(), reply_id))
    return render_template("staff/correct.html", **{**described, **if_refused(problem)})


def _correction_screen(correction_id: str, problem: Problem | None = None) -> str:
    described = corrections.describe(correcting.get(correction_id), me(), public_url())
    return render_template("staff/correction.html", **described, **typed(problem))


def _to_thread(story: Story, said: str) -> ResponseReturnValue:
    return on_to(".thread_of", said, story_id=story.public_id)


@pages.get("/stories/<story_id>/thread")
@signed_in(Action.DECIDE_REPLIES)
def thread_of(story_id: str) -> str:
    """What services said under a story, with what takes it down."""
    return _thread_screen(story_id)


@pages.post("/replies/<reply_id>/take-down")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_thread_of_reply)
def take_down_reply(reply_id: str) -> ResponseReturnValue:
    """Take a reply down; a note with the reason stays."""
    reply = responding.get(reply_id)
    taking_down.reply(reply, me(), reason=bodies.read(schemas.ReasonSchema())["reason"])
    return _to_thread(reply.story, "The reply is taken down. A note with the reason stands in its place.")


@pages.post("/changes/<change_id>/take-down")
@signed_in(Action.DECIDE_CHANGES)
@stands_on(_thread_of_change)
def take_down_change(change_id: str) -> ResponseReturnValue:
    """Take a change down, under every story that it answers; a note with the reason stays."""
    change = changes.get(change_id)
    taking_down.change(change, me(), reason=bodies.read(schemas.ReasonSchema())["reason"])
    story = desk.find_story(request.args.get("story", ""))
    return _to_thread(story, "The change is taken down. A note with the reason stands in its place.")


@pages.post("/stories/<story_id>/changes/<change_id>/unlink")
@signed_in(Action.DECIDE_CHANGES)
@stands_on(_thread_of_link)
def unlink_change(story_id: str, change_id: str) -> ResponseReturnValue:
    """Take this story from a change that does not answer it."""
    story = desk.find_story(story_id)
    taking_down.unlink(changes.get(change_id), story, me())
    return _to_thread(story, "The change does not stand under this story any more.")


@pages.get("/replies/<reply_id>/correct")
@signed_in(Action.WRITE_REPLIES)
def correct_reply(reply_id: str) -> str:
    """A published reply of one's own organisation, with the form to correct it."""
    return _correct_screen(reply_id)


@pages.post("/replies/<reply_id>/correct")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_correct_screen)
def send_correction(reply_id: str) -> ResponseReturnValue:
    """Send the correction to a moderator."""
    reply = correcting.own_reply(me(), reply_id)
    correcting.correct(reply, bodies.read(answer_schemas.CorrectionSchema()), by=me())
    said = "The correction is with a moderator. What stands there now stays until they have read it."
    return on_to(".own_story", said, own_id=reply.story.public_id)


@pages.get("/corrections/<correction_id>")
@signed_in(Action.DECIDE_REPLIES)
def correction(correction_id: str) -> str:
    """A correction beside what stands, before it shows."""
    return _correction_screen(correction_id)


@pages.post("/corrections/<correction_id>/publish")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_correction_screen)
def publish_correction(correction_id: str) -> ResponseReturnValue:
    """Put it in the reply's place."""
    correction_decisions.publish(correcting.get(correction_id), me())
    return to_queue("The correction stands. It says that the service corrected it, and when.")


@pages.post("/corrections/<correction_id>/return")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_correction_screen)
def return_correction(correction_id: str) -> ResponseReturnValue:
    """Ask whoever wrote it to change it."""
    form = bodies.read(schemas.NoteSchema())
    correction_decisions.send_back(correcting.get(correction_id), me(), note=form["note"])
    return to_queue("The correction is back with the service.")
