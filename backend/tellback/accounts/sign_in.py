"""Signing in at /admin/sign-in, by Flask-Security; forged forms refused.

Sessions live in a signed cookie that only /admin ever reads, so no public page sets or reads one; each has a
row (`sessions`), so that it can be ended from afar. Flask-Security checks the password, then asks `Factors`
what else must be proved; its own views for that are left out, since they let a code or a signature be used
again within its time and keep what is being set up in the address or the cookie.
"""

import logging
from typing import Any, cast

from flask import Flask, Request, Response, redirect, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from wtforms import EmailField, Field, ValidationError
from wtforms.validators import DataRequired, Length

from tellback import db
from tellback.accounts import (
    kept_words,
    passkeys,
    passwords,
    present,
    registration,
    second_factors,
    single_sign_on,
)
from tellback.accounts.flask_security_alone import (
    Datastore,
    LoginForm,
    RoleMixin,
    Security,
    TfPlugin,
    UserDatastore,
    UserMixin,
    user_authenticated,
)
from tellback.accounts.guessing import limited_guesses
from tellback.accounts.models import Account
from tellback.accounts.present import SignedIn, begin_half_way, note_refusal
from tellback.accounts.sign_in_options import AREA, FORMS, NOT_RIGHT, SECURITY, cookies
from tellback.config import Settings
from tellback.errors import BadRequest

_FORGED = (
    "This form did not come from a page of ours that is still good, so nothing was changed. "
    "Go back, reload the page and try again."
)

log = logging.getLogger(__name__)


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, for the staff area alone.

    Elsewhere there is no session to read or write: public answers carry neither a cookie nor `Vary: Cookie`.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request to the staff area; elsewhere None, which Flask takes for "no sessions"."""
        return super().open_session(app, request) if _is_of_staff(request.path) else None


class Accounts(Datastore, UserDatastore):
    """Our accounts, offered to Flask-Security; roles are ours alone (`accounts.roles`)."""

    def __init__(self) -> None:
        Datastore.__init__(self, db.database)
        UserDatastore.__init__(self, SignedIn, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **facts: Any) -> SignedIn | None:  # noqa: ARG002 (theirs)
        """Who has this `email`. None for nobody."""
        account = registration.find(facts["email"])
        return SignedIn(account) if account else None

    def put(self, user: SignedIn) -> SignedIn:
        """Keep a password that was hashed anew because the cost of hashing was raised."""
        user.account.password = user.password or ""
        user.account.save(only=[Account.password])
        return user


class SignInForm(LoginForm):
    """Address and password; no "remember me", since staff machines are shared.

    What cannot be an account's gets the answer of a wrong password.
    """

    email = EmailField(validators=[DataRequired(NOT_RIGHT), Length(max=254, message=NOT_RIGHT)])
    remember = None  # type: ignore[assignment]  # how WTForms takes a field away

    def validate(self, **more: Any) -> bool:
        """Whether address and password are right; when not, that is recorded, the same for any address."""
        right: bool = super().validate(**more)
        if not right:
            account = getattr(self.user, "account", None)
            note_refusal(account, "password")
        return right

    def validate_password(self, field: Field) -> None:
        """Refuse what is longer than any password, before time is spent on hashing it."""
        if len(passwords.normalise(field.data)) > passwords.LONGEST:
            raise ValidationError(NOT_RIGHT)

    def validate_next(self, field: Field) -> None:
        """Leave the way back to Flask-Security: it takes paths of this host, else the start page."""


class Factors(TfPlugin):
    """What Flask-Security asks, once the password was right: whether anything else must be proved."""

    def tf_enter(
        self,
        user: UserMixin,
        remember_me: bool | None,  # noqa: ARG002 (theirs)
        primary_authn_via: str,  # noqa: ARG002 (likewise)
        next_loc: str | None,
    ) -> Response | None:
        """Send whoever has a second factor to prove it; None lets them in."""
        account = cast(SignedIn, user).account
        if not second_factors.has(account):
            return None
        begin_half_way(account)
        # Where nothing was on the way, Flask-Security names the sign-in page itself.
        after = next_loc if next_loc != request.url else None
        return cast(Response, redirect(url_for("accounts.second", next=after)))


def init_app(app: Flask) -> None:
    """Add sign-in, sign-out and the guard against forged forms to the app.

    After `ratelimits.init_app`, and with `SETTINGS` and `SECRET_KEY` in the app's configuration.
    """
    settings: Settings = app.config["SETTINGS"]
    app.config.update(cookies(settings), **FORMS, **SECURITY)
    app.session_interface = StaffSessions()
    csrf = CSRFProtect(app)
    security = Security(app, Accounts(), login_form=SignInForm)
    security.two_factor_plugins = Factors()
    # Where there is no session nobody is signed in: told stories and read pages need not wait for that look.
    look = security.principal.identity_loaders.popleft()
    security.principal.identity_loader(lambda: look() if _is_of_staff(request.path) else None)
    security.login_context_processor(lambda: {"ways": _other_ways(settings)})
    security.want_json(lambda _request: False)
    app.login_manager.user_loader(present.of_session)  # type: ignore[attr-defined]
    # Sessions only: no token in a header or an address signs anyone in.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_authenticated.connect(present.begin_session, app)
    user_logged_out.connect(present.end_session, app)
    app.before_request(lambda: _refuse_forged(csrf))
    views = app.view_functions
    views["security.login"] = _limited_sign_in(views["security.login"])  # type: ignore[assignment]


def _is_of_staff(path: str) -> bool:
    return path == AREA or path.startswith(f"{AREA}/")


def _refuse_forged(csrf: CSRFProtect) -> ResponseReturnValue | None:
    """Refuse a form that no page of ours made for this session; when it is over, give the words back."""
    if not request.path.startswith(f"{AREA}/"):
        return None
    try:
        csrf.protect()
    except CSRFError as error:
        log.warning("refused (no token of ours) at %s", request.endpoint)
        # Only from a page of ours: nobody else's form may put words on a page of ours.
        if kept_words.typed() and request.headers.get("Sec-Fetch-Site") == "same-origin":
            return kept_words.screen(), BadRequest.status
        raise BadRequest(_FORGED) from error
    return None


def _other_ways(settings: Settings) -> dict[str, Any]:
    """Ways to sign in without a password of ours, for the sign-in page."""
    after = request.args.get("next")
    organisations = [
        {"name": one.name, "url": url_for("accounts.sign_in_with", slug=one.slug, next=after)}
        for one in single_sign_on.offered()
    ]
    return {"passkeys": passkeys.possible(settings.public_url), "organisations": organisations}


def _typed_address() -> str:
    return registration.normalise_email(request.form.get("email", ""))


# Once for the process: to a limiter, the same limit made anew for another app is one more to count by.
_limited_sign_in = limited_guesses(_typed_address, "signing in")
