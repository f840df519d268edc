"""Findings of screening: dismissed, marked again, and the words that are marked no more."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import desk, dismissing, review_schemas
from tellback.admin.doors import me, on_to, page_asked, pages, stands_on, words_asked
from tellback.admin.exports import csv_answer
from tellback.admin.store_screens import show
from tellback.admin.story_screen import story_screen
from tellback.http import bodies
from tellback.moderation import dismissals


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
    page = page_asked()
    described = dismissing.describe_dismissed(words_asked(), page)
    return show("dismissed", "admin.dismissed_words", **described)


@pages.get("/dismissed.csv")
@signed_in(Action.REDACT_STORIES)
def dismissed_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("dismissed-words", dismissing.COLUMNS, dismissing.dismissed_rows(words_asked()))


@pages.post("/dismissed/<int:remembered_id>/forget")
@signed_in(Action.REDACT_STORIES)
def forget_words(remembered_id: int) -> ResponseReturnValue:
    """Have the words marked again in stories to come."""
    dismissals.forget(remembered_id, by=me())
    return on_to(".dismissed_words", "These words are marked again in stories that are told from now on.")
