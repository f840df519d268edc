"""Deciding about a story, undoing it or sending it at once; how critical it is and what it is about."""

from datetime import timedelta

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import deciding, desk, queueing, review_schemas
from tellback.admin.doors import me, on_to, pages, stands_on, to_queue
from tellback.admin.story_screen import story_screen
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import criticality, decisions, pausing, reading, tagging
from tellback.moderation.models import Decision
from tellback.moderation.waiting import DecisionState


def _screen_of(decision_id: int, problem: Problem | None = None) -> str:
    return story_screen(decisions.get(decision_id).story.public_id, problem)


@pages.post("/stories/<story_id>/publish")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def publish(story_id: str) -> ResponseReturnValue:
    """Let everyone read the story."""
    form = bodies.read(review_schemas.ScoreSchema())
    return _onward(decisions.publish(desk.find_story(story_id), by=me(), wait=_wait(), **form))


@pages.post("/stories/<story_id>/return")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def send_back(story_id: str) -> ResponseReturnValue:
    """Ask the author to change it."""
    form = bodies.read(review_schemas.DecisionSchema())
    return _onward(decisions.send_back(desk.find_story(story_id), by=me(), wait=_wait(), **form))


@pages.post("/stories/<story_id>/reject")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def reject(story_id: str) -> ResponseReturnValue:
    """Decide not to publish it."""
    form = bodies.read(review_schemas.DecisionSchema())
    return _onward(decisions.reject(desk.find_story(story_id), by=me(), wait=_wait(), **form))


@pages.post("/stories/<story_id>/ask")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def ask_author(story_id: str) -> ResponseReturnValue:
    """Have the author agree to the edits, or discuss them."""
    form = bodies.read(review_schemas.AskSchema())
    return _onward(decisions.ask_author(desk.find_story(story_id), by=me(), wait=_wait(), **form))


@pages.post("/stories/<story_id>/remove")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def remove(story_id: str) -> ResponseReturnValue:
    """Take a published story down, at once: what should not be read is read until then."""
    form = bodies.read(review_schemas.DecisionSchema())
    decision = decisions.remove(desk.find_story(story_id), by=me(), **form)
    return to_queue(deciding.DONE[decision.act])


@pages.post("/stories/<story_id>/pause")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def pause_story(story_id: str) -> ResponseReturnValue:
    """Have nobody read the story while something about it is settled."""
    form = bodies.read(review_schemas.PauseSchema())
    pausing.pause(desk.find_story(story_id), me(), **form)
    return on_to(".story", "The story is paused. A note in its place says so.", story_id=story_id)


@pages.post("/stories/<story_id>/resume")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def resume_story(story_id: str) -> ResponseReturnValue:
    """Have everyone read a paused story again."""
    pausing.resume(desk.find_story(story_id), me())
    return on_to(".story", "Everyone can read the story again.", story_id=story_id)


@pages.post("/decisions/<int:decision_id>/undo")
@signed_in(Action.DECIDE_STORIES)
@stands_on(_screen_of)
def undo_decision(decision_id: int) -> ResponseReturnValue:
    """Let a decision that waits never take effect."""
    decision = decisions.get(decision_id)
    decisions.undo(decision, me())
    said = "The decision is undone. The story waits for one, as before."
    return on_to(".story", said, story_id=decision.story.public_id)


@pages.post("/decisions/<int:decision_id>/send")
@signed_in(Action.DECIDE_STORIES)
@stands_on(_screen_of)
def send_decision(decision_id: int) -> ResponseReturnValue:
    """Carry out at once a decision that waits."""
    decision = decisions.get(decision_id)
    decisions.send_now(decision, me())
    done = deciding.DONE[decision.act]
    # Pressed while one reads the next story already, it leads away from nothing.
    stay = request.form.get("stay", "")
    return on_to(".story", done, story_id=stay) if stay.isalnum() else to_queue(done)


@pages.post("/stories/<story_id>/criticality")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def score(story_id: str) -> ResponseReturnValue:
    """Keep how critical the story is, without deciding yet."""
    form = bodies.read(review_schemas.ScoreSchema())
    criticality.score(desk.find_story(story_id), by=me(), **form)
    return on_to(".story", "The score is kept. The queue goes by it.", story_id=story_id, _anchor="decide")


@pages.post("/stories/<story_id>/topics")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def tag(story_id: str) -> ResponseReturnValue:
    """Say what the story is about."""
    form = bodies.read(review_schemas.TopicsSchema())
    tagging.tag(desk.find_story(story_id), by=me(), **form)
    return redirect(url_for(".story", story_id=story_id, _anchor="topics"))


def _wait() -> timedelta:
    """How long decisions wait in this installation."""
    wait: timedelta = current_app.config["SETTINGS"].decision_wait
    return wait


def _onward(decision: Decision) -> ResponseReturnValue:
    """On to what waits, saying what was decided; while it can be undone, with a button for that."""
    reading.leave(decision.story, me())
    if decision.state == DecisionState.WAITING:
        flash(deciding.said_waiting(decision), f"decision-{decision.id}")
    else:
        flash(deciding.DONE[decision.act])
    return redirect(queueing.after_decision(me()))
