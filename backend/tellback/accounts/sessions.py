"""Who is signed in where: each session a row that can be ended, from afar too."""

import hashlib
import re
import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Any

from tellback import clock
from tellback.accounts.models import Account, Membership, StaffSession

# A long shift; after it everyone signs in again, however busy they were. Whoever asks for nothing for a while
# (`idle`, a setting) is signed out before: staff machines are shared, and stand where others pass.
LIFE = timedelta(hours=12)
# How exactly it is known when each was last used; a write for each request would cost more.
SEEN_EVERY = timedelta(minutes=1)


class How(StrEnum):
    """What somebody proved themselves by."""

    PASSWORD = "password"  # noqa: S105 (the name of a way to sign in)
    CODE = "password and code"
    RECOVERY_CODE = "password and recovery code"
    PASSKEY = "passkey"
    PASSWORD_AND_PASSKEY = "password and passkey"  # noqa: S105 (likewise)
    ORGANISATION = "organisation"
    ORGANISATION_TWICE = "organisation, twice"


# Sessions that two things were proved for: a passkey asks for a device and who holds it, and an organisation
# says itself whether it asked for two.
TWICE_PROVED = frozenset(
    {How.CODE, How.RECOVERY_CODE, How.PASSKEY, How.PASSWORD_AND_PASSKEY, How.ORGANISATION_TWICE}
)

# What a browser calls itself by, the more telling first: Edge says that it is Chrome, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def begin(account: Account, how: How, user_agent: str) -> str:
    """Begin a session; the key that its browser is to keep. Sessions that are over go at the same time."""
    key = secrets.token_urlsafe(32)
    moment = clock.now()
    StaffSession.delete().where(~_is_young()).execute()
    StaffSession.create(
        account=account,
        key_hash=_hashed(key),
        how=how.value,
        device=device(user_agent),
        began_at=moment,
        seen_at=moment,
    )
    return key


def find(key: str, uniquifier: str, idle: timedelta) -> tuple[Account, StaffSession] | None:
    """Who is signed in by this key, with their memberships read, while both are good; noted as in use.

    A session that was not in use for as long as `idle`, to the minute, is over (ASVS 5.0, 7.3.1).
    """
    query = (
        Account.select(Account, StaffSession)
        .join(StaffSession, attr="session")
        .where(
            StaffSession.key_hash == _hashed(key),
            _goes_on(idle),
            Account.fs_uniquifier == uniquifier,
            Account.active,
        )
    )
    account = next(iter(query.prefetch(Membership)), None)
    if account is None:
        return None
    session: StaffSession = account.session
    if abs(clock.now() - session.seen_at) >= SEEN_EVERY:
        StaffSession.update(seen_at=clock.now()).where(StaffSession.id == session.id).execute()
    return account, session


def of(account: Account, idle: timedelta) -> list[StaffSession]:
    """Where someone is signed in now, the latest first; see `find` for `idle`."""
    query = StaffSession.select().where(StaffSession.account == account, _goes_on(idle))
    return list(query.order_by(StaffSession.began_at.desc(), StaffSession.id.desc()))


def end(account: Account, session_id: int) -> bool:
    """End one session of someone's; whether there was such a one."""
    query = StaffSession.delete().where(StaffSession.id == session_id, StaffSession.account == account)
    return bool(query.execute())


def end_all(account: Account, but: StaffSession | None = None) -> int:
    """End every session of someone's, but for one that may go on; how many there were."""
    query = StaffSession.delete().where(StaffSession.account == account)
    if but is not None:
        query = query.where(StaffSession.id != but.id)
    return int(query.execute())


def device(user_agent: str) -> str:
    """What a person would call the browser that says this of itself: "Firefox on Windows"."""
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}", user_agent)), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _goes_on(idle: timedelta) -> Any:
    """Which sessions are not over."""
    return _is_young() & (StaffSession.seen_at > clock.now() - idle)


def _is_young() -> Any:
    """Which began within a shift. One that began far ahead did so by a wrong clock, and is over too."""
    moment = clock.now()
    return StaffSession.began_at.between(moment - LIFE, moment + LIFE)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
