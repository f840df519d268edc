"""For webmasters: the websites one keeps, and what to paste into them."""

from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import embedding, store_schemas
from tellback.admin.doors import if_refused, me, on_to, pages, stands_on, typed
from tellback.admin.exports import csv_answer
from tellback.errors import Problem
from tellback.http import bodies
from tellback.http.headers import PREVIEWING_POLICY
from tellback.websites import registration


def _new_website_screen(problem: Problem | None = None) -> str:
    described = embedding.describe_new(me(), request.query_string.decode("ascii", "ignore"))
    return render_template("websites/new.html", **described, **typed(problem))


def _website_screen(site_key: str, problem: Problem | None = None) -> str:
    described = embedding.describe_website(
        registration.get(me(), site_key),
        request.args.to_dict(flat=False),
        current_app.extensions["tellback_embed"].whole.integrity,
        current_app.extensions["tellback_subjects"],
    )
    return render_template("websites/website.html", **{**described, **if_refused(problem)})


def _chosen() -> dict[str, Any]:
    """What the tag is to show, as the address says it."""
    return request.args.to_dict(flat=False)


@pages.get("/websites")
@signed_in(Action.KEEP_WEBSITES)
def websites() -> str:
    """The websites one keeps, and whether the embed lives on them."""
    return render_template("websites/list.html", **embedding.describe_list(me()))


@pages.get("/websites.csv")
@signed_in(Action.KEEP_WEBSITES)
def websites_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("websites", embedding.COLUMNS, embedding.rows(me()))


@pages.get("/websites/new")
@signed_in(Action.KEEP_WEBSITES)
def new_website() -> str:
    """The form to add a website."""
    return _new_website_screen()


@pages.post("/websites/new")
@signed_in(Action.KEEP_WEBSITES)
@stands_on(_new_website_screen)
def add_website() -> ResponseReturnValue:
    """Let a website's pages send stories."""
    form = bodies.read(store_schemas.WebsiteSchema())
    organisation = embedding.organisation_for(me(), form["organisation"])
    added = registration.register(form["name"], form["origins"], organisation, by=me())
    said = "Its pages may send stories from now on. Choose below what they show, and copy the tag."
    return on_to(".website", said, **{**_chosen(), "site_key": added.site_key})


@pages.get("/websites/<site_key>")
@signed_in(Action.KEEP_WEBSITES)
def website(site_key: str) -> ResponseReturnValue:
    """One website: whether the embed lives on it, what to paste, which origins it has."""
    return _website_screen(site_key), {"Content-Security-Policy": PREVIEWING_POLICY}


@pages.post("/websites/<site_key>")
@signed_in(Action.KEEP_WEBSITES)
@stands_on(_website_screen)
def change_website(site_key: str) -> ResponseReturnValue:
    """Change a website's name and origins."""
    own = registration.get(me(), site_key)
    form = bodies.read(store_schemas.WebsiteSchema(exclude=["organisation"]))
    registration.change(own, form["name"], form["origins"], by=me())
    return on_to(".website", "The website is changed.", **{**_chosen(), "site_key": site_key})
