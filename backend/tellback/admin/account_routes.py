"""For everyone who signs in: their own account, and proving once more who they are."""

from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts import new_passwords, passkeys, passwords, second_factors, sessions, single_sign_on
from tellback.accounts.guards import anyone_signed_in, back_to
from tellback.accounts.guessing import limited_guesses
from tellback.accounts.models import IdentityProvider, LinkedIdentity, StaffSession
from tellback.accounts.passkeys import Question
from tellback.accounts.present import current_session, freshen, let_in, note_refusal
from tellback.accounts.sessions import How
from tellback.admin import people_schemas, staffing
from tellback.admin.doors import me, on_to, pages, stands_on, typed
from tellback.audit import acts
from tellback.audit.acts import Act
from tellback.config import Settings
from tellback.errors import InvalidInput, NotFound, Problem
from tellback.http import bodies

# In the session: what an authenticator was asked when it was to make a passkey.
_ASKED = "asked-to-make"


def _account_screen(problem: Problem | None = None, **_named: Any) -> str:
    described = staffing.describe_own(me(), _session(), _settings())
    return render_template("staff/own_account.html", **described, **typed(problem))


def _app_screen(problem: Problem | None = None) -> str:
    key = request.form.get("key") if problem else second_factors.new_key()
    described = staffing.describe_app(me(), key or second_factors.new_key(), _settings().operator)
    return render_template("staff/own_app.html", **described, **typed(problem))


def _confirm_screen(problem: Problem | None = None) -> str:
    account = me()
    linked = (
        LinkedIdentity.select(IdentityProvider)
        .join(IdentityProvider)
        .where(LinkedIdentity.account == account, IdentityProvider.active)
    )
    known = [link.provider for link in linked] if single_sign_on.available() else []
    return render_template(
        "security/confirm.html",
        **typed(problem),
        next=request.args.get("next"),
        passkey=bool(passkeys.of(account)),
        organisations=[
            {
                "name": one.name,
                "url": url_for("accounts.sign_in_with", slug=one.slug, next=request.args.get("next")),
            }
            for one in known
        ],
    )


def _codes_screen(codes: list[str]) -> str:
    return render_template("staff/own_codes.html", codes=codes, back_url=url_for(".own_account"))


@pages.get("/account")
@anyone_signed_in()
def own_account() -> str:
    """One's own account: password, second factors, sessions."""
    return _account_screen()


@pages.post("/account/password")
@anyone_signed_in()
@limited_guesses(lambda: me().email, "signing in")
@stands_on(_account_screen)
def change_password() -> ResponseReturnValue:
    """Choose another password; everyone else who is signed in as oneself is signed out."""
    form = bodies.read(people_schemas.NewPasswordSchema())
    account, how = me(), How(_session().how)
    new_passwords.change(account, form["present"], form["password"], _settings().known_words)
    let_in(account, how)
    return on_to(".own_account", "Your password is changed. Other devices are signed out.")


@pages.get("/account/app")
@anyone_signed_in(fresh=True)
def new_app() -> str:
    """A key for one's app."""
    return _app_screen()


@pages.post("/account/app")
@anyone_signed_in(fresh=True)
@stands_on(_app_screen)
def set_up_app() -> ResponseReturnValue:
    """Ask for the app's codes from now on."""
    form = bodies.read(people_schemas.AppSchema())
    codes = second_factors.set_up(me(), form["key"], form["code"], by=_i())
    return _codes_screen(codes) if codes else _done("Your app's codes are asked for from now on.")


@pages.post("/account/app/remove")
@anyone_signed_in(fresh=True)
def remove_app() -> ResponseReturnValue:
    """Ask for no more codes."""
    second_factors.remove_app(me(), by=_i())
    return _done("Your app's codes are no longer asked for.")


@pages.post("/account/recovery-codes")
@anyone_signed_in(fresh=True)
def new_recovery_codes() -> ResponseReturnValue:
    """New recovery codes, shown once; the old ones are worthless."""
    if not second_factors.has(me()):
        raise NotFound("Recovery codes stand in for a second factor: set one up first.")
    return _codes_screen(second_factors.new_recovery_codes(me(), by=_i()))


@pages.post("/account/passkeys/question")
@anyone_signed_in(fresh=True)
def ask_new_passkey() -> ResponseReturnValue:
    """What a browser needs to make a passkey."""
    settings = _settings()
    question, options = passkeys.ask_to_make(me(), settings.public_url, settings.operator)
    session[_ASKED] = {"challenge": question.challenge, "at": question.at}
    return options


@pages.post("/account/passkeys")
@anyone_signed_in(fresh=True)
@stands_on(_account_screen)
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that was made."""
    form = bodies.read(people_schemas.NewPasskeySchema())
    asked = session.pop(_ASKED, None)
    question = Question(**asked) if asked else None
    public_url = _settings().public_url
    codes = passkeys.add(me(), form["credential"], question, form["name"], public_url, by=_i())
    return _codes_screen(codes) if codes else _done("The passkey is on your account.")


@pages.post("/account/passkeys/<int(max=2147483647):passkey_id>/remove")
@anyone_signed_in(fresh=True)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Take no more signatures of a passkey."""
    passkeys.remove(me(), passkey_id, by=_i())
    return _done("The passkey is removed.")


@pages.post("/account/sessions/<int(max=2147483647):session_id>/end")
@anyone_signed_in()
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of one's devices."""
    if sessions.end(me(), session_id):
        acts.record(Act.SESSION_ENDED, _i(), "account", str(me().id))
    return _done("That device is signed out.")


@pages.post("/account/sessions/end-others")
@anyone_signed_in()
def end_other_sessions() -> ResponseReturnValue:
    """Sign out every device but this one."""
    ended = sessions.end_all(me(), but=_session())
    acts.record(Act.SESSION_ENDED, _i(), "account", str(me().id), ended=ended)
    return _done("Every other device is signed out.")


@pages.get("/confirm")
@anyone_signed_in()
def confirm() -> str:
    """Where to prove once more who one is, before a dangerous act."""
    return _confirm_screen()


@pages.post("/confirm")
@anyone_signed_in()
@limited_guesses(lambda: me().email, "signing in")
@stands_on(_confirm_screen)
def confirm_by_password() -> ResponseReturnValue:
    """Prove it by one's password."""
    given = bodies.read(people_schemas.PasswordSchema())["password"]
    if not passwords.is_right(me().password, given):
        note_refusal(me(), "password")
        raise InvalidInput(errors={"password": ["This is not your password."]})
    acts.record(Act.SESSION_CONFIRMED, _i(), "account", str(me().id))
    freshen()
    return redirect(back_to())


def _done(said: str) -> ResponseReturnValue:
    return on_to(".own_account", said)


def _i() -> acts.Actor:
    return acts.staff(me().id)


def _session() -> StaffSession:
    found = current_session()
    assert found is not None, "routes that ask are behind anyone_signed_in"
    return found


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
