"""For responders: what their services changed because of stories."""

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import answer_schemas, changing
from tellback.admin.doors import me, on_to, page_asked, pages, public_url, stands_on, typed
from tellback.admin.exports import csv_answer
from tellback.errors import Problem
from tellback.http import bodies
from tellback.replies import changes


def _new_change_screen(problem: Problem | None = None) -> str:
    ids = _chosen_stories()
    described = changing.describe_new(me(), ids, request.values.get("state", ""))
    return render_template("staff/change.html", **{**described, **_typed_change(problem, ids)})


def _change_screen(change_id: str, problem: Problem | None = None) -> str:
    ids = _chosen_stories()
    own = changing.own_change(me(), change_id)
    described = changing.describe_change(own, me(), public_url(), ids)
    return render_template("staff/change.html", **{**described, **_typed_change(problem, ids)})


def _chosen_stories() -> list[str]:
    """The ids of stories that the address or the form names; what cannot be one of ours is left out."""
    named = [*request.args.getlist("story"), *request.form.getlist("stories")]
    return [name for name in dict.fromkeys(named) if name.isalnum()][: changes.MOST_STORIES]


def _typed_change(problem: Problem | None, story_ids: list[str]) -> dict[str, Any]:
    if problem is None:
        return {}
    return {**typed(problem), "values": {**request.form.to_dict(), "stories": story_ids}}


@pages.get("/changes")
@signed_in(Action.READ_OWN_STORIES)
def own_changes() -> str:
    """What one's own services said they change because of stories."""
    page = page_asked()
    return render_template("staff/changes.html", **changing.describe_list(me(), page))


@pages.get("/changes.csv")
@signed_in(Action.READ_OWN_STORIES)
def own_changes_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("your-changes", changing.COLUMNS, changing.rows(me()))


@pages.get("/changes/new")
@signed_in(Action.RECORD_CHANGES)
def new_change() -> str:
    """The form to say what is planned or was made because of a story."""
    return _new_change_screen()


@pages.post("/changes/new")
@signed_in(Action.RECORD_CHANGES)
@stands_on(_new_change_screen)
def record_change() -> ResponseReturnValue:
    """Send it to a moderator, who reads it before it shows."""
    form = bodies.read(answer_schemas.NewChangeSchema())
    claim = changes.record(form.pop("service"), form.pop("stories"), form, by=me())
    said = "A moderator reads it now. Then it shows under the stories, and their authors are told."
    return on_to(".change", said, change_id=claim.change.public_id)


@pages.get("/changes/<change_id>")
@signed_in(Action.READ_OWN_STORIES)
def change(change_id: str) -> str:
    """One change, with the form to say what became of it or which stories it answers, too."""
    return _change_screen(change_id)


@pages.post("/changes/<change_id>")
@signed_in(Action.RECORD_CHANGES)
@stands_on(_change_screen)
def go_on_with_change(change_id: str) -> ResponseReturnValue:
    """Send what became of it to a moderator."""
    own = changing.own_change(me(), change_id)
    form = bodies.read(answer_schemas.ChangeSchema())
    del form["service"]
    changes.go_on(own, form.pop("revision"), form.pop("stories"), form, by=me())
    said = "A moderator reads it now. Until then, everyone reads what was shown before."
    return on_to(".change", said, change_id=change_id)
