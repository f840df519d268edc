"""The store: what authors read beneath the reason of a decision."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import paragraphs, store_schemas
from tellback.admin.doors import (
    me,
    on_to,
    pages,
    stands_on,
    typed,
    words_asked,
)
from tellback.admin.exports import csv_answer
from tellback.admin.store_screens import show
from tellback.errors import Problem
from tellback.http import bodies
from tellback.moderation import templates
from tellback.translations.languages import SOURCE


def _reason_screen(kind: str, reason: str, problem: Problem | None = None) -> str:
    lang = paragraphs.known_language(request.args.get("lang", SOURCE))
    described = paragraphs.describe_reason(kind, paragraphs.named(reason), lang, request.form.get("text"))
    return show("reason", "admin.reasons", **{**typed(problem), **described})


@pages.get("/reasons")
@signed_in(Action.READ_STORE)
def reasons() -> str:
    """Why stories are sent back, not published or taken down, and what authors read of it."""
    return show("reasons", "admin.reasons", **paragraphs.describe_list(words_asked()))


@pages.get("/reasons.csv")
@signed_in(Action.READ_STORE)
def reasons_file() -> Response:
    """Every paragraph that was written, as a file to keep."""
    return csv_answer("reasons", paragraphs.COLUMNS, paragraphs.rows())


@pages.get("/reasons/<kind>/<reason>")
@signed_in(Action.READ_STORE)
def reason(kind: str, reason: str) -> str:
    """One reason in one language: what its author reads."""
    return _reason_screen(kind, reason)


@pages.post("/reasons/<kind>/<reason>")
@signed_in(Action.KEEP_STORE)
@stands_on(_reason_screen)
def write_reason(kind: str, reason: str) -> ResponseReturnValue:
    """Look at what an author would read, or let them read it."""
    form = bodies.read(store_schemas.ParagraphSchema())
    if form["step"] == "try":
        return _reason_screen(kind, reason)
    lang = paragraphs.known_language(request.args.get("lang", SOURCE))
    templates.write(kind, paragraphs.named(reason), lang, form["text"], form["revision"], me())
    said = "Authors read it from the next decision on." if form["text"] else "The paragraph is gone."
    return on_to(".reason", said, kind=kind, reason=reason, lang=lang)
