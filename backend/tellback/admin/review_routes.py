"""The review desk: the queue, a story, a reply and a claim before they show, what readers report."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import desk, reading_claims, reply_reviewing, reports, review_schemas, schemas
from tellback.admin.doors import me, on_to, pages, public_url, stands_on, to_queue, typed
from tellback.admin.exports import csv_answer
from tellback.admin.story_screen import story_screen
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import change_decisions, redaction, reply_decisions
from tellback.moderation import flags as flagging
from tellback.moderation.redaction import Span
from tellback.replies import changes, responding


def _flags_screen(flag_id: str, problem: Problem | None = None) -> str:
    described = reports.describe_open(me())
    return render_template("staff/flags.html", **described, failed=flag_id, **typed(problem))


def _reply_screen(reply_id: str, problem: Problem | None = None) -> str:
    described = reply_reviewing.describe_reply(responding.get(reply_id), me(), public_url())
    return render_template("staff/reply_review.html", **described, **typed(problem))


def _claim_screen(claim_id: str, problem: Problem | None = None) -> str:
    described = reading_claims.describe_claim(changes.get_claim(claim_id), me(), public_url())
    return render_template("staff/change_review.html", **described, **typed(problem))


@pages.get("/stories/<story_id>")
@signed_in(Action.READ_UNPUBLISHED)
def story(story_id: str) -> str:
    """One story with its findings and redactions marked; its author is told that someone reads it."""
    desk.begin_reading(desk.find_story(story_id), me())
    return story_screen(story_id)


@pages.post("/stories/<story_id>/redactions")
@signed_in(Action.REDACT_STORIES)
@stands_on(story_screen)
def redact(story_id: str) -> ResponseReturnValue:
    """Take out the words of a finding."""
    form = bodies.read(review_schemas.SpanSchema())
    span = Span(form.pop("field"), form.pop("start"), form.pop("end"))
    redaction.redact(desk.find_story(story_id), form.pop("revision"), span, by=me(), **form)
    return redirect(url_for(".story", story_id=story_id, _anchor="words"))


@pages.post("/stories/<story_id>/redactions/by-words")
@signed_in(Action.REDACT_STORIES)
@stands_on(story_screen)
def redact_words(story_id: str) -> ResponseReturnValue:
    """Take out exact words wherever they stand."""
    form = bodies.read(review_schemas.WordsSchema())
    redaction.redact_words(desk.find_story(story_id), by=me(), **form)
    return redirect(url_for(".story", story_id=story_id, _anchor="words"))


@pages.post("/stories/<story_id>/redactions/undo")
@signed_in(Action.REDACT_STORIES)
@stands_on(story_screen)
def undo(story_id: str) -> ResponseReturnValue:
    """Put the author's words back."""
    form = bodies.read(review_schemas.UndoSchema())
    redaction.undo(desk.find_story(story_id), form["revision"], form["redaction"], by=me())
    return redirect(url_for(".story", story_id=story_id, _anchor="words"))


@pages.get("/replies/<reply_id>")
@signed_in(Action.DECIDE_REPLIES)
def reply(reply_id: str) -> str:
    """A reply beside its story, before it shows."""
    return _reply_screen(reply_id)


@pages.post("/replies/<reply_id>/publish")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_reply_screen)
def publish_reply(reply_id: str) -> ResponseReturnValue:
    """Show the reply under its story."""
    reply_decisions.publish(responding.get(reply_id), me())
    return to_queue("The reply is published under its story.")


@pages.post("/replies/<reply_id>/return")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_reply_screen)
def return_reply(reply_id: str) -> ResponseReturnValue:
    """Ask whoever wrote the reply to change it."""
    form = bodies.read(schemas.NoteSchema())
    reply_decisions.send_back(responding.get(reply_id), me(), note=form["note"])
    return to_queue("The reply is back with the service.")


@pages.post("/replies/<reply_id>/read")
@signed_in(Action.DECIDE_REPLIES)
@stands_on(_reply_screen)
def note_reply_read(reply_id: str) -> ResponseReturnValue:
    """Note that a reply which showed at once is good as it is."""
    reply_decisions.read_afterwards(responding.get(reply_id), me())
    return to_queue("The reply stays as it is.")


@pages.get("/claims/<claim_id>")
@signed_in(Action.DECIDE_CHANGES)
def claim(claim_id: str) -> str:
    """What a service says it changes, before it shows."""
    return _claim_screen(claim_id)


@pages.post("/claims/<claim_id>/publish")
@signed_in(Action.DECIDE_CHANGES)
@stands_on(_claim_screen)
def publish_claim(claim_id: str) -> ResponseReturnValue:
    """Show it under the stories it answers."""
    change_decisions.publish(changes.get_claim(claim_id), me())
    return to_queue("The change is shown under its stories.")


@pages.post("/claims/<claim_id>/return")
@signed_in(Action.DECIDE_CHANGES)
@stands_on(_claim_screen)
def return_claim(claim_id: str) -> ResponseReturnValue:
    """Ask the service to say it otherwise."""
    form = bodies.read(schemas.NoteSchema())
    change_decisions.send_back(changes.get_claim(claim_id), me(), note=form["note"])
    return to_queue("What was said of the change is back with the service.")


@pages.get("/flags")
@signed_in(Action.SETTLE_FLAGS)
def flags() -> str:
    """What readers report about published stories."""
    return render_template("staff/flags.html", **reports.describe_open(me()))


@pages.get("/flags.csv")
@signed_in(Action.SETTLE_FLAGS)
def flags_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("reports", reports.COLUMNS, reports.rows())


@pages.post("/flags/<flag_id>")
@signed_in(Action.SETTLE_FLAGS)
@stands_on(_flags_screen)
def settle_flag(flag_id: str) -> ResponseReturnValue:
    """Close a report with a note."""
    form = bodies.read(schemas.NoteSchema())
    flagging.settle(flagging.get(flag_id), me(), note=form["note"])
    return on_to(".flags", "The report is settled.")
