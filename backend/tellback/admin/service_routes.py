"""The store: services, those that registers list and those that are named here."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import schemas, store_schemas, store_services
from tellback.admin.doors import (
    if_refused,
    me,
    on_to,
    pages,
    stands_on,
    words_asked,
)
from tellback.admin.exports import csv_answer
from tellback.admin.store_screens import keep_contact, show, with_typed
from tellback.audit import acts
from tellback.errors import Problem
from tellback.http import bodies
from tellback.organisations import catalogue, editing
from tellback.stories import moved_services


def _service_screen(code: str, problem: Problem | None = None) -> str:
    described = store_services.describe(catalogue.get(code))
    forms = {"change_service": "values", "name_service_contact": "contact"}
    return show("service", "admin.services", **with_typed(described, problem, **forms))


def _new_service_screen(problem: Problem | None = None) -> str:
    described = store_services.describe_new(request.args.get("parent", ""))
    return show("service_new", "admin.services", **{**described, **if_refused(problem)})


@pages.get("/services")
@signed_in(Action.READ_STORE)
def services() -> str:
    """What stories are about."""
    state, cursor = request.args.get("state", ""), request.args.get("cursor")
    return show("services", "admin.services", **store_services.describe_list(words_asked(), state, cursor))


@pages.get("/services.csv")
@signed_in(Action.READ_STORE)
def services_file() -> Response:
    """The same list as a file to keep."""
    rows = store_services.rows(words_asked(), request.args.get("state", ""))
    return csv_answer("services", store_services.COLUMNS, rows)


@pages.get("/services/new")
@signed_in(Action.KEEP_STORE)
def new_service() -> str:
    """The form to name a service that no register lists."""
    return _new_service_screen()


@pages.post("/services/new")
@signed_in(Action.KEEP_STORE)
@stands_on(_new_service_screen)
def add_service() -> ResponseReturnValue:
    """Name it."""
    form = bodies.read(store_schemas.NewServiceSchema())
    added = editing.add_service(form, by=acts.staff(me().id))
    return on_to(".service", f"It is added. Its code is {added.code}.", code=added.code)


@pages.get("/services/<code>")
@signed_in(Action.READ_STORE)
def service(code: str) -> str:
    """One service: all that is known of it, and where complaints about it go."""
    return _service_screen(code)


@pages.post("/services/<code>")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def change_service(code: str) -> ResponseReturnValue:
    """Set what is known of it."""
    form = bodies.read(store_schemas.ServiceSchema())
    moved_services.change_service(code, form.pop("revision"), form, by=acts.staff(me().id))
    return on_to(".service", "The service is changed.", code=code)


@pages.post("/services/<code>/complaints")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def name_service_contact(code: str) -> ResponseReturnValue:
    """Say where complaints about it go, or name nobody any more."""
    service, form = catalogue.get(code), bodies.read(store_schemas.ContactSchema())
    return on_to(".service", keep_contact(service, form), code=service.code)


@pages.post("/services/<code>/state")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def open_or_close_service(code: str) -> ResponseReturnValue:
    """Close it, or open it again."""
    form = bodies.read(store_schemas.StateSchema())
    act, said = (
        (editing.close_service, "The service is closed. Its stories stay.")
        if form["to"] == "closed"
        else (editing.open_service, "The service is open again.")
    )
    act(code, form["revision"], by=acts.staff(me().id))
    return on_to(".service", said, code=code)


@pages.post("/services/<code>/register")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def let_register_say_service(code: str) -> ResponseReturnValue:
    """Take what was set by hand from the register again."""
    form = bodies.read(schemas.ReadSchema())
    editing.let_register_say(catalogue.get(code), form["revision"], by=acts.staff(me().id))
    return on_to(".service", "The register says it again, once it is brought in next.", code=code)
