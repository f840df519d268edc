"""The way in at /admin: letters for passwords, invitations, second factors, passkeys, organisations."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts import (
    invitations,
    new_passwords,
    passkeys,
    registration,
    schemas,
    second_factors,
    single_sign_on,
)
from tellback.accounts.guards import back_to
from tellback.accounts.guessing import limited_guesses
from tellback.accounts.models import Account
from tellback.accounts.passkeys import Question
from tellback.accounts.present import begin_half_way, current_account, freshen, half_way, let_in, note_refusal
from tellback.accounts.registration import normalise_email
from tellback.accounts.sessions import How
from tellback.accounts.sign_in_options import AREA
from tellback.config import Settings
from tellback.errors import InvalidInput, NotSignedIn, Problem
from tellback.http import bodies
from tellback.http.ratelimits import limited

pages = Blueprint("accounts", __name__, url_prefix=AREA)

P = ParamSpec("P")
R = TypeVar("R")

# The screen that a form stood on, by the name of the route that the form goes to.
_screens: dict[str, Callable[[Problem], str]] = {}
# In the session: what a passkey was asked, and what is remembered of somebody who is at their organisation's.
_ASKED, _AWAY = "asked", "away"


def stands_on(screen: Callable[[Problem], str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Show a refused form again where it stood."""

    def noted(route: Callable[P, R]) -> Callable[P, R]:
        _screens[f"{pages.name}.{route.__name__}"] = screen
        return route

    return noted


@pages.errorhandler(InvalidInput)
@pages.errorhandler(NotSignedIn)
def show_again(problem: Problem) -> ResponseReturnValue:
    """The screen that the form stood on, with what is wrong."""
    return _screens[request.endpoint or ""](problem), problem.status


def _forgotten_screen(problem: Problem | None = None) -> str:
    return render_template("security/forgotten.html", **_typed(problem), values=request.form)


def _new_password_screen(problem: Problem | None = None) -> str:
    return render_template(
        "security/new_password.html", **_typed(problem), invited=False, token=request.form.get("token")
    )


def _welcome_screen(problem: Problem | None = None) -> str:
    return render_template(
        "security/new_password.html", **_typed(problem), invited=True, token=request.form.get("token")
    )


def _second_screen(problem: Problem | None = None) -> str:
    account = half_way()
    return render_template(
        "security/second.html",
        **_typed(problem),
        app=account is not None and second_factors.has_app(account),
        passkey=account is not None and bool(passkeys.of(account)),
        next=request.args.get("next"),
    )


def _passkey_screen(problem: Problem | None = None) -> str:
    return render_template("security/passkey.html", **_typed(problem), next=request.args.get("next"))


def _organisation_screen(problem: Problem | None = None) -> str:
    return render_template("security/organisation.html", problem=problem)


@pages.get("/forgotten")
def forgotten() -> str:
    """Where to have a letter sent with the way to a new password."""
    return _forgotten_screen()


@pages.post("/forgotten")
@limited_guesses(
    lambda: normalise_email(request.form.get("email", "")),
    "new password",
    every=True,
)
@stands_on(_forgotten_screen)
def send_letter() -> str:
    """Send it, to an address that somebody signs in with; whoever asks is told the same for any."""
    email = bodies.read(schemas.AddressSchema())["email"]
    new_passwords.ask(registration.checked_email(email))
    return render_template("security/letter_sent.html", email=email)


@pages.get("/new-password")
def new_password() -> str:
    """Where the link of such a letter leads; its token stands in the fragment, which is sent to nobody."""
    return _new_password_screen()


@pages.post("/new-password")
@limited("proving")
@stands_on(_new_password_screen)
def choose_password() -> ResponseReturnValue:
    """Keep a new password."""
    form = bodies.read(schemas.ChosenPasswordSchema())
    settings = _settings()
    new_passwords.choose(_bare(form["token"]), form["password"], settings.secret_key, settings.known_words)
    flash("Your password is changed. Sign in with it.")
    return redirect(url_for("security.login"))


@pages.get("/welcome")
def welcome() -> str:
    """Where the link of an invitation leads."""
    return _welcome_screen()


@pages.post("/welcome")
@limited("proving")
@stands_on(_welcome_screen)
def join() -> ResponseReturnValue:
    """Join with a password of one's own."""
    form = bodies.read(schemas.ChosenPasswordSchema())
    token, settings = _bare(form["token"]), _settings()
    account = invitations.accept(token, form["password"], settings.secret_key, settings.known_words)
    let_in(account, How.PASSWORD)
    flash(
        f"Welcome, {account.name}. Add a passkey or an app's codes, so that a stolen password opens nothing."
    )
    return redirect(url_for("admin.own_account"))


@pages.get("/second")
def second() -> ResponseReturnValue:
    """After the password: what else is to be proved."""
    return _second_screen() if half_way() else redirect(url_for("security.login"))


def _guessed_at() -> str:
    account = half_way()
    return account.email if account else ""


_limited_codes = limited_guesses(_guessed_at, "codes")


@pages.post("/second")
@_limited_codes
@stands_on(_second_screen)
def second_by_code() -> ResponseReturnValue:
    """Prove it by the code that one's app shows."""
    return _second_by(second_factors.check_code, How.CODE)


@pages.post("/second/recovery")
@_limited_codes
@stands_on(_second_screen)
def second_by_recovery_code() -> ResponseReturnValue:
    """Prove it by a recovery code."""
    return _second_by(second_factors.use_recovery_code, How.RECOVERY_CODE)


@pages.post("/second/passkey")
@limited("proving")
@stands_on(_second_screen)
def second_by_passkey() -> ResponseReturnValue:
    """Prove it by a passkey."""
    account = half_way()
    if account is None:
        return redirect(url_for("security.login"))
    passkeys.check(_credential(), _asked("second"), _settings().public_url, account)
    let_in(account, How.PASSWORD_AND_PASSKEY)
    return redirect(back_to())


@pages.post("/passkey/question/<any('sign-in', 'second', 'confirm'):purpose>")
@limited("proving")
def passkey_question(purpose: str) -> dict[str, Any]:
    """What a passkey is to sign: to sign in, as the second thing, or to confirm who one is."""
    whose = {"second": half_way(), "confirm": current_account()}.get(purpose)
    question, options = passkeys.ask(_settings().public_url, whose)
    session[_ASKED] = {"challenge": question.challenge, "at": question.at, "purpose": purpose}
    return options


@pages.post("/passkey")
@limited("proving")
@stands_on(_passkey_screen)
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey alone: it is a device, and its owner proved themselves to it."""
    account = passkeys.check(_credential(), _asked("sign-in"), _settings().public_url)
    let_in(account, How.PASSKEY)
    return redirect(back_to())


@pages.post("/confirm/passkey")
@limited("proving")
@stands_on(_passkey_screen)
def confirm_by_passkey() -> ResponseReturnValue:
    """Prove by a passkey that it is still oneself."""
    account = current_account()
    if account is None:
        return redirect(url_for("security.login"))
    passkeys.check(_credential(), _asked("confirm"), _settings().public_url, account)
    freshen()
    return redirect(back_to())


@pages.get("/with/<slug>")
@limited("organisation")
@stands_on(_organisation_screen)
def sign_in_with(slug: str) -> ResponseReturnValue:
    """Go and sign in by one's organisation's account; whoever is signed in already proves it anew."""
    provider = single_sign_on.get(slug)
    ours = f"{_settings().public_url}{url_for('.back_from', slug=slug)}"
    address, remembered = single_sign_on.begin(provider, ours, anew=current_account() is not None)
    session[_AWAY] = {**remembered, "next": back_to()}
    return redirect(address)


@pages.get("/with/<slug>/back")
@limited("organisation")
@stands_on(_organisation_screen)
def back_from(slug: str) -> ResponseReturnValue:
    """Back from there: signed in, or told why not."""
    remembered = session.pop(_AWAY, {})
    provider = single_sign_on.get(slug)
    person = single_sign_on.finish(provider, remembered, request.args)
    account = single_sign_on.account_of(provider, person)
    return _enter_from_organisation(account, remembered["next"], twice=person.twice)


def _enter_from_organisation(account: Account, after: str, *, twice: bool) -> ResponseReturnValue:
    """Let somebody in whom their organisation vouches for; what it did not ask for, we ask."""
    present = current_account()
    if present is not None:
        if present != account:
            raise NotSignedIn("You are signed in as somebody else. Sign out first.")
        freshen()
        return redirect(after)
    if second_factors.has(account) and not twice:
        begin_half_way(account)
        return redirect(url_for(".second", next=after))
    let_in(account, How.ORGANISATION_TWICE if twice else How.ORGANISATION)
    return redirect(after)


def _second_by(check: Callable[[Account, str], bool], how: How) -> ResponseReturnValue:
    account = half_way()
    if account is None:
        return redirect(url_for("security.login"))
    if not check(account, bodies.read(schemas.CodeSchema())["code"]):
        note_refusal(account, how)
        raise InvalidInput(errors={_FIELDS[how]: [_WRONG[how]]})
    let_in(account, how)
    return redirect(back_to())


_FIELDS = {How.CODE: "code", How.RECOVERY_CODE: "recovery-code"}
_WRONG = {
    How.CODE: "This code is not right, or was used already. Wait until your app shows a new one.",
    How.RECOVERY_CODE: "This is none of your recovery codes, or was used already. Try the next one.",
}


def _credential() -> str:
    return str(bodies.read(schemas.PasskeySchema())["credential"])


def _asked(purpose: str) -> Question | None:
    """What was asked for this purpose; it is asked no more."""
    asked = session.pop(_ASKED, {})
    return Question(asked["challenge"], asked["at"]) if asked.get("purpose") == purpose else None


def _bare(token: str) -> str:
    """The token alone, of a whole link that was pasted."""
    return token.rpartition("#")[2].strip()


def _typed(problem: Problem | None) -> dict[str, Any]:
    return {"problem": problem, "errors": (problem.errors or {}) if problem else {}}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
