"""How Flask and Flask-Security are set for signing in: cookie, forms, password and addresses."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tellback.accounts import passwords, sessions
from tellback.config import Settings

# Where staff screens live; nowhere else is the session cookie read.
AREA = "/admin"
# One answer to whatever is wrong, so that nobody learns who has an account.
NOT_RIGHT = "The email address or the password is not right. Check both and try again."

_COOKIE = "staff"


def cookies(settings: Settings) -> dict[str, Any]:
    """The cookie of a session, for staff screens alone."""
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
        "PERMANENT_SESSION_LIFETIME": sessions.LIFE,
        # Would tie a session to a network address, which a ward's tablet changes all day.
        "SESSION_PROTECTION": None,
    }


FORMS = {
    # Checked by `sign_in` for staff screens alone: the public API bears no cookie to be misused.
    "WTF_CSRF_CHECK_DEFAULT": False,
    # A token lasts as long as its session, so a page left open over lunch can still be sent.
    "WTF_CSRF_TIME_LIMIT": None,
    # Staff pages send no Referer at all (`http/headers.py`); the token says what it would.
    "WTF_CSRF_SSL_STRICT": False,
}

SECURITY = {
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
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (NOT_RIGHT, "error"),
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
