"""For administrators: the people who sign in, and where organisations' people sign in."""

from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts import invitations, second_factors, single_sign_on
from tellback.accounts import people as staff
from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action, Role
from tellback.admin import people_schemas, staffing
from tellback.admin.doors import if_refused, me, on_to, page_asked, pages, public_url, stands_on, typed
from tellback.admin.exports import csv_answer
from tellback.audit import acts
from tellback.errors import NotFound, Problem
from tellback.http import bodies

_ONE = "<int(max=2147483647):account_id>"


def _invitation_screen(problem: Problem | None = None) -> str:
    return render_template("staff/people_new.html", **staffing.describe_invitation(), **typed(problem))


def _person_screen(account_id: int, problem: Problem | None = None, **_named: Any) -> str:
    described = staffing.describe_person(staff.get(account_id), me(), current_app.config["SETTINGS"])
    return render_template("staff/people_one.html", **described, **typed(problem))


def _provider_screen(slug: str | None = None, problem: Problem | None = None) -> str:
    described = staffing.describe_provider(_provider(slug) if slug else None, public_url())
    shown = {**described, **if_refused(problem)}
    return render_template("staff/people_provider.html", **shown)


@pages.get("/people")
@signed_in(Action.KEEP_PEOPLE)
def people() -> str:
    """Everyone who signs in."""
    page = page_asked()
    words, role = request.args.get("q", "")[:200], request.args.get("role", "")
    return render_template("staff/people.html", **staffing.describe_list(words, role, page))


@pages.get("/people.csv")
@signed_in(Action.KEEP_PEOPLE)
def people_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("people", staffing.COLUMNS, staffing.rows())


@pages.get("/people/new")
@signed_in(Action.KEEP_PEOPLE)
def new_person() -> str:
    """The form to invite somebody."""
    return _invitation_screen()


@pages.post("/people/new")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_invitation_screen)
def invite() -> ResponseReturnValue:
    """Invite somebody by letter, or give who is here already another role."""
    form = bodies.read(people_schemas.InvitationSchema())
    role, organisation = Role(form["role"]), form["organisation"] or None
    account = invitations.invite(form["email"], form["name"], role, organisation, by=me())
    waits = "A letter with the way in is on its way." if account.invited_at else "They sign in as before."
    return _to_person(account.id, f"{account.name} is {staffing.ROLES[role].lower()}. {waits}")


@pages.get(f"/people/{_ONE}")
@signed_in(Action.KEEP_PEOPLE)
def person(account_id: int) -> str:
    """One person: what they are where, and how they sign in."""
    return _person_screen(account_id)


@pages.post(f"/people/{_ONE}/roles")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def give_role(account_id: int) -> ResponseReturnValue:
    """Make somebody something more."""
    form = bodies.read(people_schemas.RoleSchema())
    staff.give_role(staff.get(account_id), Role(form["role"]), form["organisation"] or None, by=me())
    return _to_person(account_id, "The role is given.")


@pages.post(f"/people/{_ONE}/roles/<int(max=2147483647):membership_id>/take")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def take_role(account_id: int, membership_id: int) -> ResponseReturnValue:
    """Take a role from somebody."""
    staff.take_role(staff.get(account_id), membership_id, by=me())
    return _to_person(account_id, "The role is taken.")


@pages.post(f"/people/{_ONE}/suspend")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def suspend(account_id: int) -> ResponseReturnValue:
    """Let somebody sign in no more."""
    staff.suspend(staff.get(account_id), by=me())
    return _to_person(account_id, "The account is suspended, and its sessions are ended.")


@pages.post(f"/people/{_ONE}/resume")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def resume(account_id: int) -> ResponseReturnValue:
    """Let somebody sign in again."""
    staff.resume(staff.get(account_id), by=me())
    return _to_person(account_id, "They can sign in again, as what they were.")


@pages.post(f"/people/{_ONE}/end-sessions")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def end_sessions(account_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    staff.end_sessions(staff.get(account_id), by=me())
    return _to_person(account_id, "They are signed out everywhere.")


@pages.post(f"/people/{_ONE}/reset-second-factors")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def reset_factors(account_id: int) -> ResponseReturnValue:
    """Take somebody's second factors away, because they lost them."""
    second_factors.reset(staff.get(account_id), by=acts.staff(me().id))
    return _to_person(account_id, "Their second factors are gone. They sign in with their password.")


@pages.post(f"/people/{_ONE}/invite-again")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def invite_again(account_id: int) -> ResponseReturnValue:
    """Send the invitation once more."""
    invitations.invite_again(staff.get(account_id), by=me())
    return _to_person(account_id, "A new letter is on its way. The link in the old one works no more.")


@pages.post(f"/people/{_ONE}/withdraw")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_person_screen)
def withdraw_invitation(account_id: int) -> ResponseReturnValue:
    """Forget somebody who was invited and has not come."""
    account = staff.get(account_id)
    invitations.withdraw(account, by=me())
    return on_to(".people", f"The invitation of {account.name} is withdrawn.")


@pages.get("/providers")
@signed_in(Action.KEEP_PEOPLE)
def providers() -> str:
    """Where organisations' people sign in."""
    return render_template("staff/people_providers.html", **staffing.describe_providers())


@pages.get("/providers/new")
@signed_in(Action.KEEP_PEOPLE)
def new_provider() -> str:
    """The form to let an organisation's people sign in by its own accounts."""
    return _provider_screen()


@pages.post("/providers/new")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_provider_screen)
def add_provider() -> ResponseReturnValue:
    """Let them."""
    form = bodies.read(people_schemas.ProviderSchema())
    facts = [form[fact] for fact in ("name", "issuer", "client_id", "secret")]
    name, issuer, client_id, secret = facts
    place = form["organisation"] or None
    added = single_sign_on.add(name, place, issuer, client_id, secret, by=acts.staff(me().id))
    return on_to(".provider", "Give its administrators the address below, then try it.", slug=added.slug)


@pages.get("/providers/<slug>")
@signed_in(Action.KEEP_PEOPLE)
def provider(slug: str) -> str:
    """One of them."""
    return _provider_screen(slug)


@pages.post("/providers/<slug>")
@signed_in(Action.KEEP_PEOPLE)
@stands_on(_provider_screen)
def change_provider(slug: str) -> ResponseReturnValue:
    """Keep other facts of it, or switch it off."""
    form = bodies.read(people_schemas.ProviderSchema())
    facts = {fact: form[fact] for fact in ("name", "issuer", "client_id", "secret", "active")}
    single_sign_on.change(_provider(slug), **facts, by=acts.staff(me().id))
    return on_to(".provider", "The way in is changed.", slug=slug)


def _provider(slug: str) -> Any:
    if not single_sign_on.available():
        raise NotFound("This installation brings no sign-in by organisations: pip install 'tellback[sso]'.")
    return single_sign_on.get(slug)


def _to_person(account_id: int, said: str) -> ResponseReturnValue:
    return on_to(".person", said, account_id=account_id)
