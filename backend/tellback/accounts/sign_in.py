"""Signing in at /admin/sign-in, by Flask-Security; who is signed in; forged forms refused.

Sessions live in a signed cookie that only /admin ever sees, so no public page sets or reads one.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    current_user,
    user_authenticated,
)
from flask_security.datastore import Datastore
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from wtforms import EmailField, Field, ValidationError
from wtforms.validators import DataRequired, Length

from tellback import clock, db
from tellback.accounts import passwords, registration, roles
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Action
from tellback.config import Settings
from tellback.errors import BadRequest
from tellback.http.ratelimits import SIGNING_IN, limiter

# Where staff screens live; the session cookie goes nowhere else.
AREA = "/admin"
# A long shift; after it everyone signs in again, however busy they were.
SESSION_LIFE = timedelta(hours=12)

# When this session's password was given, in seconds since 1970: nothing that happens later moves it.
_SINCE = "since"

_NOT_RIGHT = "The email address or the password is not right. Check both and try again."
_FORGED = (
    "This form did not come from a page of ours that is still good, so nothing was changed. "
    "Go back, reload the page and try again."
)

# Fields of staff forms in which somebody may have written for a while.
_LONG_FIELDS = ("body", "message", "note", "origins")

P = ParamSpec("P")
R = TypeVar("R")


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, for the staff area alone.

    Elsewhere there is no session to read or write: public answers carry neither a cookie nor `Vary: Cookie`.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request to the staff area; elsewhere None, which Flask takes for "no sessions"."""
        if request.path != AREA and not request.path.startswith(f"{AREA}/"):
            return None
        return super().open_session(app, request)


class SignedIn(UserMixin):
    """An account as Flask-Security sees it."""

    # Looked for on the class, too.
    fs_uniquifier = ""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.email = account.email
        self.active = account.active
        self.password = account.password
        self.fs_uniquifier = account.fs_uniquifier


class Accounts(Datastore, UserDatastore):
    """Our accounts, offered to Flask-Security; roles are ours alone (`accounts.roles`)."""

    def __init__(self) -> None:
        Datastore.__init__(self, db.database)
        UserDatastore.__init__(self, SignedIn, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **facts: Any) -> SignedIn | None:  # noqa: ARG002 (theirs)
        """Who has this `email`; or this `fs_uniquifier`, with their memberships read. None for nobody."""
        if "email" in facts:
            account = registration.find(facts["email"])
        else:
            found = Account.select().where(Account.fs_uniquifier == facts["fs_uniquifier"])
            account = next(iter(found.prefetch(Membership)), None)
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

    email = EmailField(validators=[DataRequired(_NOT_RIGHT), Length(max=254, message=_NOT_RIGHT)])
    remember = None  # type: ignore[assignment]  # how WTForms takes a field away

    def validate_password(self, field: Field) -> None:
        """Refuse what is longer than any password, before time is spent on hashing it."""
        if len(passwords.normalise(field.data)) > passwords.LONGEST:
            raise ValidationError(_NOT_RIGHT)

    def validate_next(self, field: Field) -> None:
        """Leave the way back to Flask-Security: it takes paths of this host, else the start page."""


def init_app(app: Flask) -> None:
    """Add sign-in, sign-out and the guard against forged forms to the app.

    After `ratelimits.init_app`, and with `SETTINGS` and `SECRET_KEY` in the app's configuration.
    """
    settings: Settings = app.config["SETTINGS"]
    app.config.update(_cookies(settings), **_FORMS, **_SECURITY)
    app.session_interface = StaffSessions()
    csrf = CSRFProtect(app)
    security = Security(app, Accounts(), login_form=SignInForm)
    security.want_json(lambda _request: False)
    app.login_manager.user_loader(_of_session)  # type: ignore[attr-defined]
    # Sessions only: no token in a header or an address signs anyone in.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_sessions, app)
    app.before_request(lambda: _refuse_forged(csrf))
    limited = limiter.limit(SIGNING_IN, methods=["POST"], deduct_when=_was_refused)
    app.view_functions["security.login"] = limited(app.view_functions["security.login"])  # type: ignore[assignment]


def signed_in(action: Action) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let a route be entered only by someone who may do this for the installation or for some organisation.

    Others are sent to sign in, or told (NotAllowed) who may. Rules still ask about the organisation itself.
    """

    def guard(route: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(route)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            account = current_account()
            if account is None:
                return to_sign_in()
            roles.require_somewhere(account, action)
            return route(*args, **kwargs)

        return entered

    return guard


def current_account() -> Account | None:
    """Who is signed in, with their memberships read; None for nobody. Asks the database once a request."""
    return cast(Account, current_user.account) if current_user.is_authenticated else None


def to_sign_in() -> Response:
    """The way to the sign-in page and, for a page that was only looked at, back again."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("security.login", next=back)))


def _cookies(settings: Settings) -> dict[str, Any]:
    public = urlsplit(settings.public_url)
    secure = public.scheme == "https"
    return {
        # A browser keeps a __Secure- cookie only when it came over HTTPS.
        "SESSION_COOKIE_NAME": "__Secure-staff" if secure else "staff",
        "SESSION_COOKIE_PATH": public.path + AREA,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFE,
        # Would tie a session to a network address, which a ward's tablet changes all day.
        "SESSION_PROTECTION": None,
    }


_FORMS = {
    # Checked by _refuse_forged for staff screens alone: the public API bears no cookie to be misused.
    "WTF_CSRF_CHECK_DEFAULT": False,
    # A token lasts as long as its session, so a page left open over lunch can still be sent.
    "WTF_CSRF_TIME_LIMIT": None,
    # Staff pages send no Referer at all (`http/headers.py`); the token says what it would.
    "WTF_CSRF_SSL_STRICT": False,
}

_SECURITY = {
    "SECURITY_URL_PREFIX": AREA,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_POST_LOGIN_VIEW": f"{AREA}/",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    # Negative: no page to sign in again half-way; it comes with the acts that need it.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (_NOT_RIGHT, "error"),
    # argon2id alone, exactly as `passwords.hashed` makes it; no HMAC before it, so that changing the
    # secret key locks nobody out.
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "id",
        "argon2__memory_cost": passwords.MEMORY_KIB,
        "argon2__time_cost": passwords.PASSES,
        "argon2__parallelism": passwords.LANES,
    },
    "SECURITY_PASSWORD_NORMALIZE_FORM": passwords.NORMAL_FORM,
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
}


def _refuse_forged(csrf: CSRFProtect) -> ResponseReturnValue | None:
    """Refuse a form that no page of ours made for this session; when it is over, give the words back."""
    if not request.path.startswith(f"{AREA}/"):
        return None
    try:
        csrf.protect()
    except CSRFError as error:
        typed = [request.form[name] for name in _LONG_FIELDS if request.form.get(name, "").strip()]
        # Only from a page of ours: nobody else's form may put words on a page of ours.
        if typed and request.headers.get("Sec-Fetch-Site") == "same-origin":
            return render_template("staff/kept_words.html", typed=typed), BadRequest.status
        raise BadRequest(_FORGED) from error
    return None


def _was_refused(response: Response) -> bool:
    # A right password is answered with a redirect. Counting only wrong ones, a busy office behind one
    # address keeps signing in.
    return response.status_code < 300 or response.status_code >= 400


def _begin_session(_app: Flask, **_about: Any) -> None:
    session[_SINCE] = clock.now().timestamp()


def _of_session(uniquifier: str) -> SignedIn | None:
    if clock.now().timestamp() - session.get(_SINCE, 0) > SESSION_LIFE.total_seconds():
        return None
    user = Accounts().find_user(fs_uniquifier=uniquifier)
    return user if user and user.active else None


def _end_sessions(_app: Flask, user: SignedIn, **_about: Any) -> None:
    # The cookie is signed, not stored: only a new identifier makes a copy of it worthless.
    user.account.fs_uniquifier = registration.make_uniquifier()
    user.account.save(only=[Account.fs_uniquifier])
