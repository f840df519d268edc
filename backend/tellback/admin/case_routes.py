"""Cases: what is due, one on its path, and what is done in it; escalating a story."""

from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import casework, desk, review_schemas
from tellback.admin.doors import me, on_to, pages, refused_form, stands_on, typed
from tellback.admin.exports import csv_answer
from tellback.admin.story_screen import story_screen
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import case_closing, case_steps
from tellback.moderation import cases as rules
from tellback.moderation.models import Case


def _case_screen(case_id: str, problem: Problem | None = None) -> str:
    refused = refused_form(problem).removeprefix("case_")
    described = casework.describe(rules.get(case_id), me())
    return render_template("staff/case.html", **described, failed=refused, **typed(problem))


@pages.get("/cases")
@signed_in(Action.KEEP_CASES)
def cases() -> str:
    """What is open, the first due first."""
    return render_template("staff/cases.html", **casework.describe_open(me()))


@pages.get("/cases.csv")
@signed_in(Action.KEEP_CASES)
def cases_file() -> Response:
    """The same list as a file to keep, without what anybody wrote."""
    return csv_answer("cases", casework.COLUMNS, casework.rows(me()))


@pages.get("/cases/<case_id>")
@signed_in(Action.KEEP_CASES)
def case(case_id: str) -> str:
    """One case: what to do, what was done, how it ends."""
    return _case_screen(case_id)


@pages.post("/stories/<story_id>/escalate")
@signed_in(Action.KEEP_CASES)
@stands_on(story_screen)
def escalate(story_id: str) -> ResponseReturnValue:
    """Take a story out of the queue for safeguarding."""
    form = bodies.read(review_schemas.OpenCaseSchema())
    opened = rules.escalate(desk.find_story(story_id), form["revision"], me(), why=form["why"])
    return _to_case(opened, "The story is out of the queue. Follow the steps, and write down whom you told.")


@pages.post("/stories/<story_id>/cases")
@signed_in(Action.KEEP_CASES)
@stands_on(story_screen)
def open_case(story_id: str) -> ResponseReturnValue:
    """Open a case of another kind."""
    opened = rules.open_case(
        desk.find_story(story_id), by=me(), **bodies.read(review_schemas.OpenCaseSchema())
    )
    return _to_case(opened, "The case is open. The story is not published before it is closed.")


@pages.post("/cases/<case_id>/told")
@signed_in(Action.KEEP_CASES)
@stands_on(_case_screen)
def case_tell(case_id: str) -> ResponseReturnValue:
    """Write down whom somebody told, how and when."""
    form: dict[str, Any] = bodies.read(review_schemas.TellingSchema())
    at = case_steps.moment_at_desk(form.pop("day"), form.pop("hour"))
    case_steps.tell(found := rules.get(case_id), me(), at=at, **form)
    return _to_case(found, "It is written down.")


@pages.post("/cases/<case_id>/question")
@signed_in(Action.KEEP_CASES)
@stands_on(_case_screen)
def case_ask(case_id: str) -> ResponseReturnValue:
    """Ask the author."""
    form = bodies.read(review_schemas.MessageSchema())
    case_steps.ask(found := rules.get(case_id), me(), form["message"])
    return _to_case(found, "Its author can read the question on their private link.")


@pages.post("/cases/<case_id>/notes")
@signed_in(Action.KEEP_CASES)
@stands_on(_case_screen)
def case_note(case_id: str) -> ResponseReturnValue:
    """Keep what was found so far."""
    form = bodies.read(review_schemas.CaseNoteSchema())
    case_steps.note(found := rules.get(case_id), me(), form["words"])
    return _to_case(found, "The note is kept.")


@pages.post("/cases/<case_id>/close")
@signed_in(Action.KEEP_CASES)
@stands_on(_case_screen)
def case_close(case_id: str) -> ResponseReturnValue:
    """End the case."""
    case_closing.close(found := rules.get(case_id), me(), **bodies.read(review_schemas.ClosingSchema()))
    return _to_case(found, "The case is closed.")


def _to_case(found: Case, said: str) -> ResponseReturnValue:
    return on_to(".case", said, case_id=found.public_id)
