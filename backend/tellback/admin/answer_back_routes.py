"""What authors answer to replies, read before it shows."""

from flask import render_template
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import answers_back, schemas
from tellback.admin.doors import me, pages, public_url, stands_on, to_queue, typed
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import answer_decisions
from tellback.replies import answering_back


def _answer_screen(answer_id: str, problem: Problem | None = None) -> str:
    described = answers_back.describe(answering_back.get(answer_id), me(), public_url())
    return render_template("staff/answer_back.html", **described, **typed(problem))


@pages.get("/answers-back/<answer_id>")
@signed_in(Action.DECIDE_REPLIES)
def answer_back(answer_id: str) -> str:
    """What an author answers to a reply, before it shows."""
    return _answer_screen(answer_id)


@pages.post("/answers-back/<answer_id>/publish")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_answer_screen)
def publish_answer_back(answer_id: str) -> ResponseReturnValue:
    """Show it beneath the reply."""
    answer_decisions.publish(answering_back.get(answer_id), me())
    return to_queue("The answer is published beneath the reply.")


@pages.post("/answers-back/<answer_id>/reject")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_answer_screen)
def reject_answer_back(answer_id: str) -> ResponseReturnValue:
    """Do not show it, and tell its author why."""
    form = bodies.read(schemas.NoteSchema())
    answer_decisions.reject(answering_back.get(answer_id), me(), note=form["note"])
    return to_queue("The answer is not published. Its author can read why.")
