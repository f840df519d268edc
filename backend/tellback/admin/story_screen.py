"""The screen of one story: every form on it comes back to it when it is refused."""

from flask import render_template, request, url_for

from tellback.admin import casework, desk, history, queueing, reports
from tellback.admin.doors import me, public_url, typed
from tellback.errors import Problem
from tellback.moderation import reading


def story_screen(story_id: str, problem: Problem | None = None) -> str:
    """A story as it is now; `problem` is why a form of this screen was refused."""
    found = desk.find_story(story_id)
    read = request.form.get("revision", type=int)
    changed = history.since(found, read) if problem and read is not None else []
    refused = desk.form_of((request.endpoint or "").removeprefix("admin.")) if problem else None
    described = {**desk.describe_story(found, me(), public_url()), "flags": reports.of_story(found)}
    described["cases"] = casework.of_story(found, me())
    described["reading"] = queueing.describe_reading(found, me(), barred := desk.barred(found, me()))
    described["urls"]["queue"] = url_for(".stories", **queueing.looked_through().given())
    if not barred:
        # Every act on a story leads back to its screen, so this tells the others of each.
        reading.note(found, me())
    return render_template("staff/story.html", **described, failed=refused, changed=changed, **typed(problem))
