"""The store: organisations, and which stories some of them may answer besides."""

from flask import Response
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import schemas, store_organisations, store_schemas
from tellback.admin.doors import me, on_to, page_asked, pages, stands_on, words_asked
from tellback.admin.exports import csv_answer
from tellback.admin.store_screens import keep_contact, show, with_typed
from tellback.audit import acts
from tellback.errors import Problem
from tellback.http import bodies
from tellback.organisations import editing
from tellback.replies import answering_for


def _organisation_screen(code: str, problem: Problem | None = None, **_named: int) -> str:
    described = store_organisations.describe(editing.organisation(code))
    forms = {
        "change_organisation": "values",
        "name_organisation_contact": "contact",
        "let_organisation_answer": "typed_place",
    }
    return show("organisation", "admin.organisations", **with_typed(described, problem, **forms))


@pages.get("/organisations")
@signed_in(Action.READ_STORE)
def organisations() -> str:
    """Who runs services."""
    described = store_organisations.describe_list(words_asked(), page_asked())
    return show("organisations", "admin.organisations", **described)


@pages.get("/organisations.csv")
@signed_in(Action.READ_STORE)
def organisations_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("organisations", store_organisations.COLUMNS, store_organisations.rows(words_asked()))


@pages.get("/organisations/<code>")
@signed_in(Action.READ_STORE)
def organisation(code: str) -> str:
    """One organisation: what it is called, who looks after its stories, where complaints go."""
    return _organisation_screen(code)


@pages.post("/organisations/<code>")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def change_organisation(code: str) -> ResponseReturnValue:
    """Set its name and who looks after its stories."""
    form = bodies.read(store_schemas.OrganisationSchema())
    editing.change_organisation(code, form.pop("revision"), form, by=acts.staff(me().id))
    return on_to(".organisation", "The organisation is changed.", code=code)


@pages.post("/organisations/<code>/complaints")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def name_organisation_contact(code: str) -> ResponseReturnValue:
    """Say where complaints about all its services go, or name nobody any more."""
    organisation, form = editing.organisation(code), bodies.read(store_schemas.ContactSchema())
    return on_to(".organisation", keep_contact(organisation, form), code=organisation.code)


@pages.post("/organisations/<code>/answers-for")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def let_organisation_answer(code: str) -> ResponseReturnValue:
    """Let a charity or a patient group answer stories about a service or a topic, named as what it is."""
    form = bodies.read(store_schemas.LetInSchema())
    organisation = editing.organisation(code)
    answering_for.let_in(organisation, form["service"], form["topic"], by=acts.staff(me().id))
    return on_to(".organisation", "It may answer these stories from now on.", code=code)


@pages.post("/organisations/<code>/answers-for/<int:let_in_id>/end")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def stop_organisation_answering(code: str, let_in_id: int) -> ResponseReturnValue:
    """Take that back."""
    answering_for.shut_out(editing.organisation(code), let_in_id, by=acts.staff(me().id))
    return on_to(".organisation", "It answers these stories no more. What it answered stays.", code=code)


@pages.post("/organisations/<code>/register")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def let_register_say_organisation(code: str) -> ResponseReturnValue:
    """Take its name from the register again."""
    form = bodies.read(schemas.ReadSchema())
    editing.let_register_say(editing.organisation(code), form["revision"], by=acts.staff(me().id))
    return on_to(".organisation", "The register says it again, once it is brought in next.", code=code)
