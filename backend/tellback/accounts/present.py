"""Who is signed in: of the request at hand, by which session, and when they last proved who they are."""

from datetime import timedelta
from typing import Any, cast

from flask import Flask, current_app, request, session

from tellback import clock, db
from tellback.accounts import roles, second_factors, sessions
from tellback.accounts.flask_security_alone import UserMixin, current_user, login_user
from tellback.accounts.models import Account, StaffSession
from tellback.accounts.sessions import How
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.config import Settings
from tellback.http import devices

# For a dangerous act somebody must have proved who they are within this time …
FRESH_FOR = timedelta(minutes=20)
# … but a form that was opened then may be sent until this is over: nobody types against a clock.
FRESH_TO_SEND = timedelta(hours=1)
# How long the second thing may take after the password.
HALF_WAY_FOR = timedelta(minutes=10)

# In the session: its key (`sessions`), when its owner last proved who they are, and who is half-way in.
_KEY, _PROVED, _HALF_WAY = "key", "proved", "half"


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


def current_account() -> Account | None:
    """Who is signed in, with their memberships read; None for nobody. Asks the database once a request."""
    return cast(Account, current_user.account) if current_user.is_authenticated else None


def current_session() -> StaffSession | None:
    """The session that this request is part of; None for nobody's."""
    return cast(StaffSession, current_user.session_row) if current_user.is_authenticated else None


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


def begin_session(_app: Flask, user: SignedIn, authn_via: list[str] | None = None, **_about: Any) -> None:
    """Begin a session for whoever Flask-Security let in, and record it."""
    how = How((authn_via or [How.PASSWORD.value])[0])
    agent = request.user_agent.string
    with db.transaction():
        session[_KEY] = sessions.begin(user.account, how, agent)
        by = acts.staff(user.account.id)
        device = sessions.device(agent)
        acts.record(Act.SESSION_BEGUN, by, "account", str(user.account.id), how=how.value, device=device)
    freshen()
    devices.remember(user.account.email)


def of_session(uniquifier: str) -> SignedIn | None:
    """Whose session the cookie names, as long as it lasts."""
    settings: Settings = current_app.config["SETTINGS"]
    found = sessions.find(session.get(_KEY, ""), uniquifier, settings.session_idle)
    return SignedIn(*found) if found else None


def end_session(_app: Flask, user: SignedIn, **_about: Any) -> None:
    """End the session of whoever signs out."""
    # The cookie is signed, not stored: only without its row is a copy of it worthless.
    if user.session_row is not None:
        sessions.end(user.account, user.session_row.id)
