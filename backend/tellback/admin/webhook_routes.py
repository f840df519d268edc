"""For webmasters: the addresses at which systems of their organisation hear what is published."""

from flask import Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import hooking, store_schemas
from tellback.admin.doors import if_refused, me, on_to, pages, stands_on, typed
from tellback.alerts import webhooks as rules
from tellback.errors import Problem
from tellback.http import bodies


def _new_screen(problem: Problem | None = None) -> str:
    shown = {**hooking.describe_new(me()), **if_refused(problem)}
    return render_template("staff/webhook_new.html", **shown)


def _screen(endpoint_id: str, problem: Problem | None = None) -> str:
    shown = hooking.describe(rules.get(me(), endpoint_id))
    # Only its form has anything typed; what a button could not do is said above.
    return render_template(
        "staff/webhook.html",
        **{**shown, **(typed(problem) if problem and problem.errors else {})},
        said=problem,
    )


@pages.get("/webhooks")
@signed_in(Action.KEEP_WEBHOOKS)
def webhooks() -> str:
    """The webhooks one keeps, and whether anything arrives."""
    return render_template("staff/webhooks.html", **hooking.describe_list(me()))


@pages.get("/webhooks/new")
@signed_in(Action.KEEP_WEBHOOKS)
def new_webhook() -> str:
    """The form to add a webhook."""
    return _new_screen()


@pages.post("/webhooks/new")
@signed_in(Action.KEEP_WEBHOOKS)
@stands_on(_new_screen)
def add_webhook() -> ResponseReturnValue:
    """Have events sent to an address, and show the secret that they are signed with."""
    form = bodies.read(store_schemas.WebhookSchema())
    organisation = hooking.organisation_for(me(), form.pop("organisation"))
    endpoint, secret = rules.add(organisation, **form, by=me())
    return _secret(endpoint.public_id, secret, first=True)


@pages.get("/webhooks/<endpoint_id>")
@signed_in(Action.KEEP_WEBHOOKS)
def webhook(endpoint_id: str) -> str:
    """One webhook: what it hears, and what arrived."""
    return _screen(endpoint_id)


@pages.post("/webhooks/<endpoint_id>")
@signed_in(Action.KEEP_WEBHOOKS)
@stands_on(_screen)
def change_webhook(endpoint_id: str) -> ResponseReturnValue:
    """Send other events, or elsewhere."""
    endpoint = rules.get(me(), endpoint_id)
    rules.change(endpoint, **bodies.read(store_schemas.WebhookSchema(exclude=["organisation"])), by=me())
    return _back(endpoint_id, "The webhook is changed.")


@pages.post("/webhooks/<endpoint_id>/secret")
@signed_in(Action.KEEP_WEBHOOKS)
def roll_webhook(endpoint_id: str) -> ResponseReturnValue:
    """Make a new secret, and show it."""
    return _secret(endpoint_id, rules.roll(rules.get(me(), endpoint_id), by=me()), first=False)


@pages.post("/webhooks/<endpoint_id>/state")
@signed_in(Action.KEEP_WEBHOOKS)
@stands_on(_screen)
def switch_webhook(endpoint_id: str) -> ResponseReturnValue:
    """Pause a webhook, or switch it on again."""
    endpoint = rules.get(me(), endpoint_id)
    state = hooking.state_of(bodies.read(store_schemas.WebhookStateSchema())["state"])
    rules.switch(endpoint, state, by=me())
    return _back(endpoint_id, "Events go there again from now on." if state == "active" else "It is paused.")


@pages.post("/webhooks/<endpoint_id>/test")
@signed_in(Action.KEEP_WEBHOOKS)
@stands_on(_screen)
def test_webhook(endpoint_id: str) -> ResponseReturnValue:
    """Send an event that says nothing."""
    rules.test(rules.get(me(), endpoint_id))
    return _back(endpoint_id, "A test is on its way. Open this page again in a few seconds.")


@pages.post("/webhooks/<endpoint_id>/replay")
@signed_in(Action.KEEP_WEBHOOKS)
@stands_on(_screen)
def replay_webhook(endpoint_id: str) -> ResponseReturnValue:
    """Send an event again."""
    rules.replay(rules.get(me(), endpoint_id), bodies.read(store_schemas.ReplaySchema())["message"])
    return _back(endpoint_id, "It goes out again in the next seconds, under its own id.")


@pages.post("/webhooks/<endpoint_id>/delete")
@signed_in(Action.KEEP_WEBHOOKS)
def delete_webhook(endpoint_id: str) -> ResponseReturnValue:
    """Send nothing there any more."""
    rules.delete(rules.get(me(), endpoint_id), by=me())
    return on_to(".webhooks", "The webhook is deleted.")


def _secret(endpoint_id: str, secret: str, *, first: bool) -> Response:
    go_on = url_for(".webhook", endpoint_id=endpoint_id)
    response = make_response(
        render_template("staff/webhook_secret.html", secret=secret, first=first, urls={"go_on": go_on})
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(endpoint_id: str, said: str) -> ResponseReturnValue:
    return on_to(".webhook", said, endpoint_id=endpoint_id)
