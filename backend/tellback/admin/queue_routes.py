"""The queue: what waits, views of it, who takes what on, advertising rejected at once; finding any story."""

from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.models import Account
from tellback.accounts.roles import Action
from tellback.admin import (
    answers_back,
    corrections,
    desk,
    queueing,
    reading_claims,
    reply_reviewing,
    review_schemas,
)
from tellback.admin.doors import me, on_to, pages, stands_on, to_queue
from tellback.admin.exports import csv_answer
from tellback.admin.story_screen import story_screen
from tellback.errors import NotFound, Problem
from tellback.http import bodies
from tellback.moderation import habits, queue, reading, saved_views, spam
from tellback.moderation.filters import Filters


def _asked() -> Filters:
    """The filters that the address or the form names. Raises InvalidInput for text that none can hold."""
    return Filters(**bodies.load(review_schemas.FiltersSchema(), request.values.to_dict()))


def _queue_screen(problem: Problem | None = None, **_: Any) -> str:
    """What waits; after a refused form all of it, with what was typed and what is wrong."""
    asked, cursor = (Filters(), None) if problem else (_asked(), request.args.get("cursor"))
    described = queueing.describe_queue(me(), asked, cursor)
    if not problem:
        queueing.looks_through(asked)
    waiting = reading_claims.describe_waiting(queue.changes())
    return render_template(
        "staff/queue.html",
        **described,
        replies=reply_reviewing.describe_waiting() + corrections.describe_waiting(),
        unread=reply_reviewing.describe_unread(),
        answers_back=answers_back.describe_waiting(),
        changes=waiting,
        problem=problem,
        errors=problem.errors if problem else None,
        values=request.values if problem else {**asked.given()},
    )


def _find_screen(problem: Problem | None = None) -> str:
    asked, cursor = (Filters(), None) if problem else (_asked(), request.args.get("cursor"))
    q = "" if problem else request.args.get("q", "").strip()
    described = queueing.describe_found(me(), q, asked, cursor)
    return render_template(
        "staff/find.html",
        **described,
        errors=problem.errors if problem else None,
        values=request.args if problem else {**asked.given(), "q": q},
    )


@pages.get("/stories")
@signed_in(Action.READ_UNPUBLISHED)
@stands_on(_queue_screen)
def stories() -> str:
    """The queue: stories, replies and changes that wait for a moderator."""
    return _queue_screen()


@pages.get("/stories.csv")
@signed_in(Action.READ_UNPUBLISHED)
@stands_on(_queue_screen)
def queue_file() -> Response:
    """The stories of the same list as a file to keep."""
    return csv_answer("queue", queueing.COLUMNS, queueing.rows(me(), _asked()))


@pages.get("/find")
@signed_in(Action.FIND_STORIES)
@stands_on(_find_screen)
def find_stories() -> str:
    """Any story that this person may see, by its words and facts."""
    return _find_screen()


@pages.get("/find.csv")
@signed_in(Action.FIND_STORIES)
@stands_on(_find_screen)
def found_file() -> Response:
    """What was found as a file to keep."""
    q = request.args.get("q", "").strip()
    return csv_answer("stories", queueing.FOUND_COLUMNS, queueing.found_rows(me(), q, _asked()))


@pages.post("/views")
@signed_in(Action.READ_UNPUBLISHED)
@stands_on(_queue_screen)
def keep_view() -> ResponseReturnValue:
    """Keep what is looked at by a name."""
    asked = _asked()
    view = saved_views.keep(me(), **bodies.read(review_schemas.ViewSchema()), asked=asked)
    return on_to(".stories", f"The view “{view.name}” is kept.", **asked.given())


@pages.post("/views/<int:view_id>/remove")
@signed_in(Action.READ_UNPUBLISHED)
def remove_view(view_id: int) -> ResponseReturnValue:
    """Keep a view no longer."""
    return to_queue(f"The view “{saved_views.remove(view_id, me()).name}” is removed.")


@pages.get("/stories/<story_id>/<any(next, previous):way>")
@signed_in(Action.READ_UNPUBLISHED)
def story_beside(story_id: str, way: str) -> ResponseReturnValue:
    """On to the story after this one in what was last looked through, or back to the one before."""
    here, asked = desk.find_story(story_id), queueing.looked_through()
    reading.leave(here, me())
    found = queue.beside(here, me(), asked, after=way == "next")
    if found is None:
        said = "This is the last of them." if way == "next" else "This is the first of them."
        return on_to(".stories", said, **asked.given())
    return redirect(url_for(".story", story_id=found.public_id))


@pages.post("/stories/<story_id>/assignment")
@signed_in(Action.DECIDE_STORIES)
@stands_on(story_screen)
def assign(story_id: str) -> ResponseReturnValue:
    """Say who takes a story on."""
    number = bodies.read(review_schemas.AssignmentSchema())["to"]
    to = Account.get_or_none(Account.id == number) if number else None
    if number and to is None:
        raise NotFound("There is nobody of that number. Open the story again and choose from the list.")
    reading.assign(desk.find_story(story_id), to, by=me())
    said = f"{to.name} takes this story on." if to else "Nobody in particular takes this story on."
    return on_to(".story", said, story_id=story_id)


@pages.post("/spam")
@signed_in(Action.DECIDE_STORIES)
@stands_on(_queue_screen)
def reject_spam() -> ResponseReturnValue:
    """Reject the ticked stories as advertising."""
    chosen = bodies.read(review_schemas.SpamSchema())["stories"]
    outcome = spam.reject(chosen, me(), wait=current_app.config["SETTINGS"].decision_wait)
    return to_queue(queueing.said_of_spam(outcome))


@pages.post("/habits")
@signed_in(Action.READ_UNPUBLISHED)
@stands_on(_queue_screen)
def keep_habits() -> ResponseReturnValue:
    """Remember whether somebody works by keys, and what follows a decision."""
    habits.keep(me(), **bodies.read(review_schemas.HabitsSchema()))
    return to_queue("So you work from now on, on every device.")
