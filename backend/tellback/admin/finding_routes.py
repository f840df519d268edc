"""Findings of screening: dismissed, marked again, and the words that are marked no more."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.roles import Action
from tellback.accounts.sign_in import signed_in
from tellback.admin import answering, desk, dismissing, review_schemas, storing
from tellback.admin.doors import me, pages, stands_on
from tellback.admin.exports import csv_answer
from tellback.admin.story_screen import story_screen
from tellback.http import bodies
from tellback.moderation import dismissals

# A filter is a few words; a longer one finds nothing anyway.
_LONGEST_Q = 200


def _q() -> str:
    return request.args.get("q", "").strip()[:_LONGEST_Q]


@pages.post("/stories/<story_id>/findings/dismiss")
@signed_in(Action.REDACT_STORIES)
@stands_on(story_screen)
def dismiss_finding(story_id: str) -> ResponseReturnValue:
    """Say that what is marked is nothing, in this story or for good."""
    form = bodies.read(review_schemas.DismissSchema())
    dismissals.dismiss(desk.find_story(story_id), form.pop("revision"), form.pop("finding"), by=me(), **form)
    return redirect(url_for(".story", story_id=story_id, _anchor="marked"))


@pages.post("/stories/<story_id>/findings/restore")
@signed_in(Action.REDACT_STORIES)
@stands_on(story_screen)
def restore_finding(story_id: str) -> ResponseReturnValue:
    """Mark it again."""
    form = bodies.read(review_schemas.FindingSchema())
    dismissals.restore(desk.find_story(story_id), form["revision"], form["finding"], by=me())
    return redirect(url_for(".story", story_id=story_id, _anchor="marked"))


@pages.get("/dismissed")
@signed_in(Action.REDACT_STORIES)
def dismissed_words() -> str:
    """The words that are marked no more, each in stories about a service."""
    page = min(max(request.args.get("page", 1, type=int), 1), answering.LAST_PAGE)
    frame = storing.sections(me(), "admin.dismissed_words")
    described = dismissing.describe_dismissed(_q(), page)
    return render_template("staff/store/dismissed.html", **frame, **described)


@pages.get("/dismissed.csv")
@signed_in(Action.REDACT_STORIES)
def dismissed_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("dismissed-words", dismissing.COLUMNS, dismissing.dismissed_rows(_q()))


@pages.post("/dismissed/<int:remembered_id>/forget")
@signed_in(Action.REDACT_STORIES)
def forget_words(remembered_id: int) -> ResponseReturnValue:
    """Have the words marked again in stories to come."""
    dismissals.forget(remembered_id, by=me())
    flash("These words are marked again in stories that are told from now on.")
    return redirect(url_for(".dismissed_words"))
