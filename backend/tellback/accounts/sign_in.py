"""Signing in at /admin/sign-in, by Flask-Security; who is signed in; forged forms refused.

Sessions live in a signed cookie that only /admin ever reads, so no public page sets or reads one; each has a
row (`sessions`), so that it can be ended from afar. Flask-Security checks the password, then asks `Factors`
what else must be proved; its own views for that are left out, since they let a code or a signature be used
again within its time and keep what is being set up in the address or the cookie.
"""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from flask_login import user_logged_out
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    current_user,
    login_user,
    user_authenticated,
)
from flask_security.datastore import Datastore
from flask_security.tf_plugin import TfPlugin
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from wtforms import EmailField, Field, ValidationError
from wtforms.validators import DataRequired, Length

from tellback import clock, db
from tellback.accounts import (
    passkeys,
    passwords,
    registration,
    roles,
    second_factors,
    sessions,
    single_sign_on,
)
from tellback.accounts.models import Account, StaffSession
from tellback.accounts.roles import Action
from tellback.accounts.sessions import How
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.config import Settings
from tellback.errors import BadRequest, TooManyRequests
from tellback.http import devices, limits
from tellback.http.limits import Per
from tellback.http.pseudonyms import visitor
from tellback.http.ratelimits import guard, seconds_until

# Where staff screens live; nowhere else is the session cookie read.
AREA = "/admin"
SESSION_LIFE = sessions.LIFE
# For a dangerous act somebody must have proved who they are within this time …
FRESH_FOR = timedelta(minutes=20)
# … but a form that was opened then may be sent until this is over: nobody types against a clock.
FRESH_TO_SEND = timedelta(hours=1)
# How long the second thing may take after the password.
HALF_WAY_FOR = timedelta(minutes=10)

_COOKIE = "staff"
# In the session: its key (`sessions`), when its owner last proved who they are, and who is half-way in.
_KEY, _PROVED, _HALF_WAY = "key", "proved", "half"

_NOT_RIGHT = "The email address or the password is not right. Check both and try again."
_FORGED = (
    "This form did not come from a page of ours that is still good, so nothing was changed. "
    "Go back, reload the page and try again."
)

# Fields of staff forms in which somebody may have written for a while.
_LONG_FIELDS = frozenset(
    {"answer", "body", "closed", "local_codes", "message", "note", "origins", "text", "what", "why", "words"}
)

log = logging.getLogger(__name__)

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

    def __init__(self, account: Account, session_row: StaffSession | None = None) -> None:
        self.account = account
        self.session_row = session_row
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

    email = EmailField(validators=[DataRequired(_NOT_RIGHT), Length(max=254, message=_NOT_RIGHT)])
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
            raise ValidationError(_NOT_RIGHT)

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
    app.config.update(_cookies(settings), **_FORMS, **_SECURITY)
    app.session_interface = StaffSessions()
    csrf = CSRFProtect(app)
    security = Security(app, Accounts(), login_form=SignInForm)
    security.two_factor_plugins = Factors()
    security.login_context_processor(lambda: {"ways": _other_ways(settings)})
    security.want_json(lambda _request: False)
    app.login_manager.user_loader(_of_session)  # type: ignore[attr-defined]
    # Sessions only: no token in a header or an address signs anyone in.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)
    app.before_request(lambda: _refuse_forged(csrf))
    views = app.view_functions
    views["security.login"] = _limited_sign_in(views["security.login"])  # type: ignore[assignment]


def limited_guesses(
    name: Callable[[], str], act: str, *, every: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit wrong answers to a POST (or `every` one), so that no stranger's guesses keep anybody out.

    By the act's lines in the table of limits they count by the `name` they are about and their source; and,
    only from devices on which that name was never signed in with, by the name wherever they come from, and by
    the connection.
    """

    def known() -> bool:
        return devices.is_known(name())

    def anywhere() -> str:
        return f"{devices.mark(name())} anywhere"

    options: dict[str, Any] = {
        "methods": ["POST"],
        "deduct_when": None if every else _was_refused,
        "on_breach": _too_many,
    }
    keys = {Per.NAME_HERE: lambda: devices.source(name()), Per.NAME_ANYWHERE: anywhere, Per.PERSON: visitor}
    guards: list[Callable[[Callable[P, R]], Callable[P, R]]] = [
        guard(limit, keys[limit.per], **options, exempt_when=None if limit.per is Per.NAME_HERE else known)
        for limit in limits.of(act)
    ]

    def guarded(route: Callable[P, R]) -> Callable[P, R]:
        for one in guards:
            route = one(route)
        return route

    return guarded


def signed_in(action: Action) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let a route be entered only by someone who may do this for the installation or for some organisation.

    Others are sent to sign in, or told (NotAllowed) who may. Rules still ask about the organisation itself.
    For an act that `roles.DANGEROUS` names, whoever proved who they are a while ago is asked again.
    """

    def guard(route: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(route)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            account = current_account()
            if account is None:
                return to_sign_in()
            g.staff = account.id
            roles.require_somewhere(account, action)
            if lacks_second_factor():
                return cast(Response, redirect(url_for("admin.own_account")))
            if action in roles.DANGEROUS and not is_fresh():
                return to_confirm()
            return route(*args, **kwargs)

        return _asking(entered, action)

    return guard


def anyone_signed_in(*, fresh: bool = False) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let a route be entered by whoever is signed in, about themselves; `fresh` asks again who they are."""

    def guard(route: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(route)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if current_account() is None:
                return to_sign_in()
            if fresh and not is_fresh():
                return to_confirm()
            return route(*args, **kwargs)

        return _asking(entered, None)

    return guard


def asked_by(route: Callable[..., Any]) -> Action | None:
    """What somebody must be allowed to do to enter a guarded route; None where being signed in is enough.

    Raises KeyError for a route that nothing guards.
    """
    return cast(Action | None, vars(route)["asks"])


def _asking(entered: Callable[P, R], action: Action | None) -> Callable[P, R]:
    vars(entered)["asks"] = action
    return entered


def is_fresh() -> bool:
    """Whether whoever is signed in proved who they are a short while ago."""
    proved = clock.now().timestamp() - session.get(_PROVED, 0)
    return bool(proved <= (FRESH_FOR if request.method == "GET" else FRESH_TO_SEND).total_seconds())


def freshen() -> None:
    """Note that whoever is signed in has just proved who they are."""
    session[_PROVED] = clock.now().timestamp()


def lacks_second_factor() -> bool:
    """Whether whoever is signed in must first set up a second factor, because a setting asks for it."""
    account, settings = current_account(), cast(Settings, current_app.config["SETTINGS"])
    if account is None or not settings.second_factor_required:
        return False
    installed = any(roles.Role(held.role) in roles.INSTALLATION_ROLES for held in account.memberships)
    proved = current_session()
    twice = proved is not None and How(proved.how) in sessions.TWICE_PROVED
    return installed and not twice and not second_factors.has(account)


def let_in(account: Account, how: How) -> None:
    """Begin a session for somebody who proved who they are."""
    session.pop(_HALF_WAY, None)
    login_user(SignedIn(account), remember=False, authn_via=[how.value])


def begin_half_way(account: Account) -> None:
    """Note that the first thing was proved, and who is to prove a second."""
    session[_HALF_WAY] = {"id": account.id, "mark": account.fs_uniquifier, "at": clock.now().timestamp()}


def half_way() -> Account | None:
    """Who has proved the first of two things in this browser, a short while ago."""
    half = session.get(_HALF_WAY) or {"at": 0}
    if clock.now().timestamp() - half["at"] > HALF_WAY_FOR.total_seconds():
        return None
    found: Account | None = Account.get_or_none(
        Account.id == half["id"], Account.fs_uniquifier == half["mark"], Account.active
    )
    return found


def note_refusal(account: Account | None, what: str) -> None:
    """Record that somebody was not let in, for the account they tried (none for an unknown address)."""
    subject = str(account.id) if account else ""
    device = sessions.device(request.user_agent.string)
    acts.record(Act.SESSION_REFUSED, Actor("visitor"), "account", subject, wrong=what, device=device)


def current_account() -> Account | None:
    """Who is signed in, with their memberships read; None for nobody. Asks the database once a request."""
    return cast(Account, current_user.account) if current_user.is_authenticated else None


def current_session() -> StaffSession | None:
    """The session that this request is part of; None for nobody's."""
    return cast(StaffSession, current_user.session_row) if current_user.is_authenticated else None


def to_confirm() -> Response:
    """The way to prove once more who one is and back to the page; what was typed until then is given back."""
    if request.method == "GET":
        return cast(Response, redirect(url_for("admin.confirm", next=request.full_path.rstrip("?"))))
    typed = [text for _, text in _typed()]
    return Response(render_template("security/gone_stale.html", typed=typed), status=BadRequest.status)


def to_sign_in() -> Response:
    """The way to the sign-in page and, for a page that was only looked at, back again.

    A form in which somebody wrote is shown again, to be sent once they have signed in.
    """
    if request.method == "POST" and _typed():
        return Response(_kept_words(), status=BadRequest.status)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("security.login", next=back)))


def back_to() -> str:
    """The staff page that somebody was on their way to; the first one, where none is named."""
    wanted = request.args.get("next", "")
    return wanted if re.fullmatch(rf"{AREA}/[!-\[\]-~]*", wanted) else url_for("admin.start")


def _typed() -> list[tuple[str, str]]:
    """What stands in the long fields of the form that was sent: name and text."""
    return [(name, text) for name, text in request.form.items() if name in _LONG_FIELDS and text.strip()]


def _kept_words() -> str:
    """The form that was sent after its session had ended, to be sent once more: nothing was done by it."""
    typed = _typed()
    rest = [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name != "csrf_token" and (name, text) not in typed
    ]
    return render_template("staff/kept_words.html", to=request.full_path.rstrip("?"), typed=typed, rest=rest)


def _cookies(settings: Settings) -> dict[str, Any]:
    public = urlsplit(settings.public_url)
    secure = public.scheme == "https"
    # A browser takes a __Host- cookie only over HTTPS, from this very host and for all of it: no neighbour
    # under our domain can put its own in the place. (Only /admin reads it, see `StaffSessions`.)
    host = secure and not public.path
    return {
        "SESSION_COOKIE_NAME": f"__Host-{_COOKIE}" if host else f"__Secure-{_COOKIE}" if secure else _COOKIE,
        "SESSION_COOKIE_PATH": "/" if host else public.path + AREA,
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
    # Negative: none of its own; `roles.DANGEROUS` names the acts, and `accounts.confirm` asks.
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
        log.warning("refused (no token of ours) at %s", request.endpoint)
        # Only from a page of ours: nobody else's form may put words on a page of ours.
        if _typed() and request.headers.get("Sec-Fetch-Site") == "same-origin":
            return _kept_words(), BadRequest.status
        raise BadRequest(_FORGED) from error
    return None


def _too_many(limit: RequestLimit) -> Response:
    """What is said after too many wrong answers: how long to wait, and the ways in that stay open."""
    seconds = seconds_until(limit)
    page = render_template("security/wait.html", minutes=-(-(seconds - 1) // 60))
    return Response(page, status=TooManyRequests.status, headers={"Retry-After": str(seconds)})


def _was_refused(response: Response) -> bool:
    # A right password is answered with a redirect. Counting only wrong ones, a busy office behind one
    # address keeps signing in.
    return response.status_code < 300 or response.status_code >= 400


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


def _begin_session(_app: Flask, user: SignedIn, authn_via: list[str] | None = None, **_about: Any) -> None:
    how = How((authn_via or [How.PASSWORD.value])[0])
    agent = request.user_agent.string
    with db.transaction():
        session[_KEY] = sessions.begin(user.account, how, agent)
        by = acts.staff(user.account.id)
        device = sessions.device(agent)
        acts.record(Act.SESSION_BEGUN, by, "account", str(user.account.id), how=how.value, device=device)
    freshen()
    devices.remember(user.account.email)


def _of_session(uniquifier: str) -> SignedIn | None:
    settings: Settings = current_app.config["SETTINGS"]
    found = sessions.find(session.get(_KEY, ""), uniquifier, settings.session_idle)
    return SignedIn(*found) if found else None


def _end_session(_app: Flask, user: SignedIn, **_about: Any) -> None:
    # The cookie is signed, not stored: only without its row is a copy of it worthless.
    if user.session_row is not None:
        sessions.end(user.account, user.session_row.id)


# Once for the process: to a limiter, the same limit made anew for another app is one more to count by.
_limited_sign_in = limited_guesses(_typed_address, "signing in")
