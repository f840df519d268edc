"""Every limit by its name, and where hits are counted.

Counted per pseudonym: an HMAC of the visitor's network, under a key that lives one day. A ward's
patients may share one address (NAT), so limits leave room for many people behind it.
"""

import random
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded
from limits.storage import Storage

from tellback import clock
from tellback.config import Settings
from tellback.errors import SettingsError, TooManyRequests
from tellback.http import problems
from tellback.http.origins import has_known_origin
from tellback.http.pseudonyms import visitor
from tellback.translations.sentences import say, say_n

# A ward of 30 behind one address, each sending twice within an hour.
TELLING = "60 per hour"
# Scripts and sandboxed frames name no origin: enough for a person, dull for a script.
TELLING_WITHOUT_ORIGIN = "10 per hour"
# The form without a script asks the service at each step: to find a place, to change an answer, to check.
TELLING_STEPS = "600 per hour"
# A page of stories costs little; this only stops a runaway client.
READING = "600 per minute"
# A search reads many words; people send one, read, and send another.
SEARCHING = "120 per minute"
# The same ward, each finding four stories that happened to them too.
ME_TOO = "120 per hour"
ME_TOO_WITHOUT_ORIGIN = "20 per hour"
# Each report takes a moderator's time, and few readers ever send one.
FLAGGING = "30 per hour"
FLAGGING_WITHOUT_ORIGIN = "10 per hour"
# Someone who types a town asks a few times a second.
FINDING = "240 per minute"
# Looks at a private link; guessing one takes 2^255 tries anyway.
OWN_STORY = "60 per 10 minutes"
# Private links sent by letter: the ward again, a third of it asking.
LETTERS = "20 per hour"
# Passwords tried from one network.
SIGNING_IN = "10 per 10 minutes"

limiter = Limiter(
    key_func=visitor, strategy="fixed-window", key_prefix="tellback-fw", retry_after="delta-seconds"
)


def telling_limits() -> str:
    """The limit on telling for this request: stricter when no known page sent it."""
    return TELLING if has_known_origin() else TELLING_WITHOUT_ORIGIN


def telling_page_limits() -> str:
    """The limit on the form without a script for this request: only what sends a story is telling."""
    return telling_limits() if request.form.get("step") == "send" else TELLING_STEPS


def me_too_limits() -> str:
    """The limit on "this happened to me too" for this request."""
    return ME_TOO if has_known_origin() else ME_TOO_WITHOUT_ORIGIN


def flagging_limits() -> str:
    """The limit on reporting stories for this request."""
    return FLAGGING if has_known_origin() else FLAGGING_WITHOUT_ORIGIN


def reading_limits() -> str:
    """The limit on a list for this request: searched or not."""
    return SEARCHING if request.args.get("q", "").strip() else READING


def init_app(app: Flask, settings: Settings) -> None:
    """Count in the place the settings name.

    Raises SettingsError for a place that several processes cannot share.
    """
    url = settings.ratelimit_url
    if not url.startswith(("sqlite:///", "redis://", "rediss://", "unix://")):
        raise SettingsError(
            "TELLBACK_RATELIMIT_URL must be redis://… or empty: in memory each process would count alone"
        )
    app.config.update(
        RATELIMIT_ENABLED=settings.ratelimit_enabled,
        RATELIMIT_STORAGE_URI=url,
        # A lost Redis must not stop stories: each process then counts alone, and the log says so.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=not url.startswith("sqlite:"),
    )
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, lambda error: problems.answer(wait(error)))


def wait(_error: RateLimitExceeded) -> TooManyRequests:
    """The problem of a limit that was reached, with the time until it is over."""
    current = limiter.current_limit
    until = current.reset_at - clock.now().timestamp() if current else 60
    seconds = max(1, round(until))
    return TooManyRequests(
        say(
            "Many requests came from your connection. What you typed is not lost. {when}",
            when=_again_in(seconds),
        ),
        retry_after=seconds,
    )


def _again_in(seconds: int) -> str:
    if seconds < 90:
        return say_n(
            "You can send again in {count} second.", "You can send again in {count} seconds.", seconds
        )
    # A window ends a second after its last: 3,601 seconds are an hour to everyone.
    minutes = -(-(seconds - 1) // 60)
    if minutes < 120:
        return say_n(
            "You can send again in {count} minute.", "You can send again in {count} minutes.", minutes
        )
    hours = -(-minutes // 60)
    return say_n("You can send again in {count} hour.", "You can send again in {count} hours.", hours)


class SQLiteCounters(Storage):
    """Counters in an SQLite file, right across the processes of one host.

    A counter may be lost in a power cut (`synchronous=NORMAL`): stories may not, so they live elsewhere.
    """

    STORAGE_SCHEME = ["sqlite"]
    # One hit in this many sweeps out counters that have run off.
    _SWEEP_EVERY = 500

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = Path((uri or "").removeprefix("sqlite:///"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._local = threading.local()
        self._run(
            "CREATE TABLE IF NOT EXISTS counter"
            " (key TEXT PRIMARY KEY, hits INTEGER NOT NULL, until REAL NOT NULL) WITHOUT ROWID"
        )

    @property
    def base_exceptions(self) -> type[Exception]:
        """What this storage raises when its file is out of reach."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` hits on a key whose window lasts `expiry` seconds; the hits so far."""
        now = clock.now().timestamp()
        if random.randrange(self._SWEEP_EVERY) == 0:  # noqa: S311 (when to sweep is no secret)
            self._run("DELETE FROM counter WHERE until <= ?", now)
        (hits,) = self._run(
            "INSERT INTO counter (key, hits, until) VALUES (?1, ?2, ?3 + ?4) ON CONFLICT (key) DO UPDATE SET"
            " hits = CASE WHEN until <= ?3 THEN ?2 ELSE hits + ?2 END,"
            " until = CASE WHEN until <= ?3 THEN ?3 + ?4 ELSE until END RETURNING hits",
            key, amount, now, expiry,
        )[0]  # fmt: skip
        return int(hits)

    def get(self, key: str) -> int:
        """The hits in a key's present window."""
        rows = self._run("SELECT hits FROM counter WHERE key = ? AND until > ?", key, clock.now().timestamp())
        return int(rows[0][0]) if rows else 0

    def get_expiry(self, key: str) -> float:
        """When a key's window ends, in seconds since 1970; now, when it has none."""
        rows = self._run("SELECT until FROM counter WHERE key = ?", key)
        return float(rows[0][0]) if rows else clock.now().timestamp()

    def check(self) -> bool:
        """Whether the file can be written."""
        self._run("DELETE FROM counter WHERE until <= 0")
        return True

    def reset(self) -> int:
        """Forget every counter; how many there were."""
        return len(self._run("DELETE FROM counter RETURNING key"))

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._run("DELETE FROM counter WHERE key = ?", key)

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = normal")
            self._local.connection = connection
        rows: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
        return rows
