"""The frame of the store's screens, and what their several forms share."""

from typing import Any

from flask import render_template, request

from tellback.admin import storing
from tellback.admin.doors import me, refused_form, typed
from tellback.audit import acts
from tellback.errors import Conflict, Problem
from tellback.organisations import complaints, editing
from tellback.organisations.models import Organisation, Service


def show(template: str, here: str, **described: Any) -> str:
    """A screen of the store, in its frame; `here` is the list that it belongs to."""
    return render_template(f"staff/store/{template}.html", **storing.sections(me(), here), **described)


def with_typed(described: dict[str, Any], problem: Problem | None, **forms: str) -> dict[str, Any]:
    """A screen of several forms after one was refused: `forms` are where each one's values go, by its route.

    The refused form holds what was typed; the others hold what is kept.
    """
    failed = refused_form(problem)
    shown = {**described, **typed(problem), "values": described.get("now", {}), "failed": failed}
    if failed in forms:
        shown[forms[failed]] = request.form
    meanwhile = {
        described["labels"][name]: kept
        for name, kept in described.get("now", {}).items()
        if isinstance(problem, Conflict) and name in request.form and not _same(request.form[name], kept)
    }
    return {**shown, "meanwhile": meanwhile}


def _same(one: str, other: str) -> bool:
    # Browsers send line ends of their own.
    return one.split() == other.split()


def keep_contact(place: Organisation | Service, form: dict[str, Any]) -> str:
    """Keep who deals with complaints about a place, or nobody; what there is to say of it."""
    read, by = form.pop("revision"), acts.staff(me().id)
    if any(form.values()):
        editing.name_complaints_contact(place, read, form, by=by)
    else:
        editing.forget_complaints_contact(place, read, by=by)
    told = complaints.named_for(place)
    return f"Complaints go to {told.name}." if told else "Nobody is named here."
