"""Where hits are counted: exactly, across the processes of a host (a file) or of several hosts (Redis).

No count is kept longer than its window, and none is worth a story: when a place is out of reach the next one
counts, which is narrower, and the log says so once.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from limits.errors import ConfigurationError
from limits.storage import MovingWindowSupport, Storage
from limits.storage.redis import RedisStorage

from tellback import clock
from tellback.errors import SettingsError
from tellback.troubles import turn_to_wal

log = logging.getLogger(__name__)
T = TypeVar("T")

# Seconds to wait for Redis, and for a file that other processes write: a patient waits as long.
_PATIENCE = 2
_PATIENCE_WITH_A_FILE = 5
# Seconds until a place that was out of reach is tried again.
_AGAIN_AFTER = 5
# Seconds between sweeps of what has run off.
_SWEEP_EVERY = 600
# Seconds. No window is longer; what lies further ahead was counted while the clock was wrong.
_LONGEST = 86_400
# In the data folder: where the limits of a host are counted.
OWN_FILE = "limits.db"


class Counter(NamedTuple):
    """A key, and up to how many of it are counted in so many seconds."""

    key: str
    limit: int
    expiry: int


class Window(NamedTuple):
    """When the oldest hit that still counts was (seconds since 1970), and how many do."""

    start: float
    hits: int


class Place(Protocol):
    """Somewhere to count."""

    name: str
    errors: tuple[type[Exception], ...]

    def take_each(self, counters: Sequence[Counter]) -> None:
        """Count one more of each of these, but of those that would have more than their limit."""

    def take_in_turn(self, counters: Sequence[Counter]) -> int:
        """Count one more of each of these up to the first that would have more; how many were counted."""

    def take(self, key: str, limit: int, expiry: int, amount: int) -> bool:
        """Count `amount` more of a key, unless they would make more than `limit` in `expiry` seconds."""

    def windows(self, counters: Sequence[Counter]) -> list[Window]:
        """What counts of each of these now."""

    def give_back(self, key: str) -> None:
        """Take back the newest hit of a key."""

    def forget(self, key: str) -> None:
        """Forget a key."""


class Table:
    """Hits in an SQLite table, by key and second.

    A hit counts until the end of its second is a whole window ago: never more than the limit in any window,
    and one slot is free again at most a second late. A count may be lost in a power cut
    (`synchronous=NORMAL`): stories may not, so they live elsewhere.
    """

    errors: tuple[type[Exception], ...] = (sqlite3.Error, OSError)

    def __init__(self, path: Path | None) -> None:
        self.name = "a file of this host" if path else "the memory of each process alone"
        self._path = path
        # One connection for all threads: each of its own would read anew what another has written, and sleep
        # where it need only wait its turn.
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._sweep_at = 0.0

    def take(self, key: str, limit: int, expiry: int, amount: int) -> bool:
        """As `Place` says."""
        return self._take([Counter(key, limit, expiry)], amount) > 0

    def take_each(self, counters: Sequence[Counter]) -> None:
        """As `Place` says."""
        self._take(counters, 1, in_turn=False)

    def take_in_turn(self, counters: Sequence[Counter]) -> int:
        """As `Place` says."""
        return self._take(counters, 1)

    def _take(self, counters: Sequence[Counter], amount: int, *, in_turn: bool = True) -> int:
        """Count in one statement: no other process comes between looking and writing. How many counted."""
        now = clock.now().timestamp()
        self._sweep(now)
        values = [
            value
            for turn, (key, limit, expiry) in enumerate(counters)
            for value in (turn, key, int(now), amount, int(now) + 1 + expiry, *_between(now, expiry), limit)
        ]
        return len(self._run(_taking(len(counters), in_turn), *values))

    def windows(self, counters: Sequence[Counter]) -> list[Window]:
        """As `Place` says, in one statement; a second's hits count as of its end."""
        now = clock.now().timestamp()
        values = [value for one in counters for value in (one.key, *_between(now, one.expiry))]
        rows = self._run(" UNION ALL ".join([_WINDOW] * len(counters)), *values)
        return [Window(oldest + 1.0 if hits else now, hits) for oldest, hits in rows]

    def give_back(self, key: str) -> None:
        """Take back the newest hit of a key."""
        self._run(
            "UPDATE hit SET hits = hits - 1 WHERE key = ?1 AND at ="
            " (SELECT max(at) FROM hit WHERE key = ?1 AND hits > 0)",
            key,
        )

    def forget(self, key: str) -> None:
        """Forget a key."""
        self._run("DELETE FROM hit WHERE key = ?", key)

    def forget_all(self) -> int:
        """Forget every key; how many rows there were."""
        return len(self._run("DELETE FROM hit RETURNING 1"))

    def _sweep(self, now: float) -> None:
        # A pinned clock or one that was set back must not put the sweep off for long.
        if not self._sweep_at - _SWEEP_EVERY <= now < self._sweep_at:
            self._sweep_at = now + _SWEEP_EVERY
            self._run("DELETE FROM hit WHERE until <= ? OR until > ?", now, now + 2 * _LONGEST)

    def _run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        if not self._lock.acquire(timeout=_PATIENCE_WITH_A_FILE):
            raise sqlite3.OperationalError("another thread is waiting for it")
        try:
            self._connection = self._connection or self._open()
            return self._connection.execute(sql, values).fetchall()
        finally:
            self._lock.release()

    def _open(self) -> sqlite3.Connection:
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path or ":memory:",
            timeout=_PATIENCE_WITH_A_FILE,
            isolation_level=None,
            check_same_thread=False,
        )
        # Workers that are started together open a new file together; none may count alone for that.
        turn_to_wal(connection)
        connection.execute("PRAGMA synchronous = normal")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS hit (key TEXT, at INTEGER, hits INTEGER NOT NULL,"
            " until INTEGER NOT NULL, PRIMARY KEY (key, at)) WITHOUT ROWID"
        )
        return connection


_WINDOW = "SELECT min(at), coalesce(sum(hits), 0) FROM hit WHERE key = ? AND hits > 0 AND at BETWEEN ? AND ?"


@lru_cache
def _taking(count: int, in_turn: bool) -> str:
    """The statement that counts so many keys: each for itself, or `in_turn` up to the first without room."""
    has_room = "had + hits <= most"
    if in_turn:
        has_room = f"turn < (SELECT coalesce(min(turn), {count}) FROM seen WHERE NOT {has_room})"  # noqa: S608 (a number)
    wanted = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * count)
    return (
        f"WITH wanted (turn, key, at, hits, until, since, ahead, most) AS (VALUES {wanted}),"  # noqa: S608 (marks)
        " seen AS MATERIALIZED (SELECT *, (SELECT coalesce(sum(hits), 0) FROM hit"
        " WHERE hit.key = wanted.key AND hit.at BETWEEN since AND ahead) AS had FROM wanted)"
        f" INSERT INTO hit (key, at, hits, until) SELECT key, at, hits, until FROM seen WHERE {has_room}"
        " ON CONFLICT (key, at) DO UPDATE SET hits = hit.hits + excluded.hits RETURNING 1"
    )


def _between(now: float, expiry: int) -> tuple[int, int]:
    """The seconds whose hits count. Those ahead do too, up to a window: the clock may have been set back."""
    return int(now - expiry), int(now) + expiry


class Shared:
    """Hits in a Redis, shared by hosts. Their clocks should agree to within a second or so (NTP)."""

    name = "Redis"

    def __init__(self, url: str) -> None:
        try:
            self._redis = RedisStorage(
                url, key_prefix="tellback", socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
            )
        except ConfigurationError as error:
            raise SettingsError(
                "TELLBACK_RATELIMIT_URL names a Redis, and its library is missing: install tellback[redis]"
            ) from error
        errors = self._redis.base_exceptions
        self.errors = errors if isinstance(errors, tuple) else (errors,)

    def take(self, key: str, limit: int, expiry: int, amount: int) -> bool:
        """Count, by a script that Redis runs as one step."""
        return bool(self._redis.acquire_entry(key, limit, expiry, amount))

    def take_each(self, counters: Sequence[Counter]) -> None:
        """As `Place` says."""
        for one in counters:
            self.take(*one, 1)

    def take_in_turn(self, counters: Sequence[Counter]) -> int:
        """As `Place` says."""
        for counted, one in enumerate(counters):
            if not self.take(*one, 1):
                return counted
        return len(counters)

    def windows(self, counters: Sequence[Counter]) -> list[Window]:
        """As `Place` says."""
        return [Window(*self._redis.get_moving_window(*one)) for one in counters]

    def give_back(self, key: str) -> None:
        """Take back the newest hit of a key."""
        self._redis.storage.lpop(self._redis.prefixed_key(key))

    def forget(self, key: str) -> None:
        """Forget a key."""
        self._redis.clear(key)


@dataclass
class _Standing:
    """A place, and whether it is out of reach: until when (`time.monotonic`) it is not tried."""

    place: Place
    away_until: float = field(default=0.0)


class Counters(Storage, MovingWindowSupport):
    """The limiter's storage: the first place in reach of Redis (if one is named), a file, this process.

    `sqlite:///path` counts in that file. For a Redis, `own` is the file that counts while it is away.
    """

    STORAGE_SCHEME = ["sqlite", "redis", "rediss", "unix"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, own: str = "") -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        url = uri or ""
        path = Path(url.removeprefix("sqlite:///") if url.startswith("sqlite:") else own)
        shared: list[Place] = [] if url.startswith("sqlite:") else [Shared(url)]
        self._standings = [_Standing(place) for place in (*shared, Table(path), Table(None))]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the last place raises: memory that has run out is beyond mending here."""
        return sqlite3.Error

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` hits, unless they would make more than `limit` in `expiry` seconds."""
        return self._first(lambda place: place.take(key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit that still counts was, and how many do."""
        (window,) = self.windows([Counter(key, limit, expiry)])
        return window

    def take_each(self, counters: Sequence[Counter]) -> None:
        """Count one more of each of these, but of those that would have more than their limit."""
        if counters:
            self._first(lambda place: place.take_each(counters))

    def take_in_turn(self, counters: Sequence[Counter]) -> int:
        """Count one more of each of these up to the first that would have more; how many were counted."""
        return self._first(lambda place: place.take_in_turn(counters)) if counters else 0

    def windows(self, counters: Sequence[Counter]) -> list[Window]:
        """What counts of each of these now."""
        return self._first(lambda place: place.windows(counters)) if counters else []

    def give_back(self, key: str) -> None:
        """Take back the newest hit of a key: what came to nothing, and was not the visitor's doing."""
        self._first(lambda place: place.give_back(key))

    def check(self) -> bool:
        """Whether what was chosen can be counted in just now; not what stands in for it."""
        first = self._standings[0].place
        try:
            first.windows([Counter("check", 1, 1)])
        except first.errors:
            return False
        return True

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._first(lambda place: place.forget(key))

    def reset(self) -> int | None:
        """Forget every counter of this host; how many rows there were."""
        return sum(one.place.forget_all() for one in self._standings if isinstance(one.place, Table))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: fixed windows let twice the rate through where two meet."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Refuse likewise."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Refuse likewise."""
        raise NotImplementedError

    def _first(self, count: Callable[[Place], T]) -> T:
        for at, standing in enumerate(self._standings[:-1]):
            now = time.monotonic()
            if now < standing.away_until:
                continue
            was_away = standing.away_until > 0
            if was_away:
                # One request tries; the others do not wait for it.
                standing.away_until = now + _AGAIN_AFTER
            try:
                counted = count(standing.place)
            except standing.place.errors as error:
                standing.away_until = time.monotonic() + _AGAIN_AFTER
                if not was_away:
                    others = self._standings[at + 1].place.name, type(error).__name__
                    log.warning("limits: %s is out of reach, so %s counts (%s)", standing.place.name, *others)
            else:
                if was_away:
                    standing.away_until = 0
                    log.warning("limits: %s counts again", standing.place.name)
                return counted
        return count(self._standings[-1].place)
