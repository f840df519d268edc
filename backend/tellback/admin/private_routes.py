"""Private talk: what responders write to authors, and what moderators may read of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import answer_schemas, private_talk, review_schemas
from tellback.admin.doors import me, on_to, pages, stands_on, typed
from tellback.audit import acts
from tellback.errors import Problem
from tellback.http import bodies
from tellback.replies import relay, relay_reports


def _talk_screen(own_id: str, problem: Problem | None = None) -> str:
    described = private_talk.describe(me(), own_id)
    private_talk.note_read(me(), own_id)
    failed = request.form.get("service") if problem else None
    return render_template("staff/private.html", **described, failed=failed, **typed(problem))


def _report_screen(report_id: str, problem: Problem | None = None) -> str:
    described = private_talk.describe_report(relay_reports.get(report_id), me())
    return render_template("staff/private_report.html", **described, **typed(problem))


@pages.get("/answers/<own_id>/private")
@signed_in(Action.WRITE_REPLIES)
def private_talks(own_id: str) -> str:
    """What one's own services and the author of a story say to each other in private."""
    return _talk_screen(own_id)


@pages.post("/answers/<own_id>/private")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_talk_screen)
def write_in_private(own_id: str) -> ResponseReturnValue:
    """Write to the author, by a role."""
    story, _services = private_talk.own_talks(me(), own_id)
    form = bodies.read(answer_schemas.PrivateMessageSchema())
    relay.write_as_service(story, form.pop("service"), by=me(), **form)
    said = "It is sent. Only its author reads it, and a letter tells them that it is there."
    return on_to(".private_talks", said, own_id=own_id)


@pages.post("/answers/<own_id>/private/report")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_talk_screen)
def report_talk(own_id: str) -> ResponseReturnValue:
    """Have the moderators read a talk."""
    story, services = private_talk.own_talks(me(), own_id)
    form = bodies.read(answer_schemas.PrivateReportSchema())
    thread = relay.own_thread(story, form["service"])
    if thread.service in services:
        relay_reports.report(thread, form["words"], acts.staff(me().id))
        flash("A moderator reads this talk now.")
    return redirect(url_for(".private_talks", own_id=own_id))


@pages.get("/private")
@signed_in(Action.SETTLE_FLAGS)
def private_reports() -> str:
    """The private talks and messages that moderators are to read."""
    return render_template("staff/private_reports.html", **private_talk.describe_reports())


@pages.get("/private/<report_id>")
@signed_in(Action.SETTLE_FLAGS)
def private_report(report_id: str) -> str:
    """One of them; that it was opened is on record."""
    return _report_screen(report_id)


@pages.post("/private/<report_id>/settle")
@signed_in(Action.SETTLE_FLAGS)
@stands_on(_report_screen)
def settle_private_report(report_id: str) -> ResponseReturnValue:
    """Settle it with a note, and end the talk where that is needed."""
    form = bodies.read(review_schemas.PrivateSettlingSchema())
    relay_reports.settle(relay_reports.get(report_id), me(), note=form["note"], end=form["end"])
    return on_to(".private_reports", "It is settled. Nobody but the two sides reads the talk any more.")
