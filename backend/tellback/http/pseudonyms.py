"""Who is asking, without keeping who: an HMAC of the visitor's network under the key of the day."""

import hashlib
import hmac
import ipaddress
import logging
import secrets
import time
from datetime import timedelta
from typing import Any

import peewee
from flask import request

from tellback import clock
from tellback.db import hurried
from tellback.http.models import DailyKey
from tellback.troubles import OUT_OF_REACH

log = logging.getLogger(__name__)

# Seconds until a database that keeps no key just now is asked again.
_ASK_AGAIN_AFTER = 30
# How long before its day a key is made. Who comes first on a new day, while many write, is not kept waiting
# for one: their process would make do with its own, and limits let more through.
_AHEAD = timedelta(hours=1)

_kept: dict[str, bytes] = {}
# Of a process that agreed on no key with the others: its own, and until when (monotonic) it makes do with it.
_own: dict[str, bytes] = {}
_own_until = 0.0


def visitor() -> str:
    """The pseudonym of whoever sends this request; another one tomorrow."""
    return _of_this_request("tellback.visitor", ipv4=32, ipv6=64)


def neighbourhood() -> str:
    """The pseudonym of the network around whoever sends this request: a /24 of IPv4, a /48 of IPv6."""
    return _of_this_request("tellback.neighbourhood", ipv4=24, ipv6=48)


def pseudonym(address: str, *, ipv4: int = 32, ipv6: int = 64) -> str:
    """The day's pseudonym of an IP address: 32 hexadecimal digits. An IPv6 address counts by its /64.

    The address itself is never stored; once the day's key is destroyed nobody can test a guess against it.
    """
    around = _network(address, ipv4, ipv6)
    return hmac.new(_key_of_today(), around.encode(), hashlib.sha256).hexdigest()[:32]


def _of_this_request(name: str, *, ipv4: int, ipv6: int) -> str:
    """A pseudonym that is made once for a request, however many limits it is held against."""
    environ = request.environ
    found: str | None = environ.get(name)
    if found is None:
        found = environ[name] = pseudonym(request.remote_addr or "", ipv4=ipv4, ipv6=ipv6)
    return found


def _network(address: str, ipv4: int, ipv6: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    # One home or phone is given a whole /64, a site a /48 (RFC 6177), and may use any address of it.
    length = ipv4 if parsed.version == 4 else ipv6
    if length == parsed.max_prefixlen:
        return str(parsed)
    others = parsed.max_prefixlen - length
    return f"{type(parsed)(int(parsed) >> others << others)}/{length}"


def _key_of_today() -> bytes:
    day = clock.today().isoformat()
    # In one look: another thread may be a day further by the next.
    return _kept.get(day) or _key_of(day)


def _key_of(day: str) -> bytes:
    """The day's key as all processes use it; this one's own while the database keeps none.

    Else nobody could read from a database that nothing can be written to, from midnight on.
    """
    global _own_until
    if day in _own and time.monotonic() < _own_until:
        return _own[day]
    try:
        key = _agreed_key(day)
    except OUT_OF_REACH as error:
        if day not in _own:
            log.warning("no key of the day is kept (%s): this process uses its own", type(error).__name__)
            _own.clear()
        _own_until = time.monotonic() + _ASK_AGAIN_AFTER
        return _own.setdefault(day, secrets.token_bytes(32))
    _kept.clear()
    _own.clear()
    _kept[day] = key
    return key


def _over() -> Any:
    """Which keys' days are over; or so far ahead that the clock was wrong when they were made.

    A day ahead of this process's clock another's may be already.
    """
    tomorrow = clock.today() + timedelta(days=1)
    return (DailyKey.day < clock.today().isoformat()) | (DailyKey.day > tomorrow.isoformat())


def _agreed_key(day: str) -> bytes:
    """The key of a day, the same for every process; making it destroys those of days gone by."""
    row = DailyKey.get_or_none(DailyKey.day == day)
    if row is None:
        try:
            with hurried():
                DailyKey.delete().where(_over()).execute()
                row = DailyKey.create(day=day, key=secrets.token_bytes(32), made_at=clock.now())
        except peewee.IntegrityError:
            row = DailyKey.get_by_id(day)
    return bytes(row.key)


def make_ready() -> None:
    """Agree on the key of today, and on tomorrow's when that is near. Raises what the database raises."""
    for moment in (clock.now(), clock.now() + _AHEAD):
        _agreed_key(moment.date().isoformat())


def destroy_old() -> int:
    """Destroy the keys of days gone by, in the database and in this process, although nobody came since.

    How many went from the database.
    """
    today = clock.today().isoformat()
    for keys in (_kept, _own):
        for day in keys.keys() - {today}:
            # Another thread may have been first.
            keys.pop(day, None)
    return int(DailyKey.delete().where(_over()).execute())


def forget() -> None:
    """Drop the key held in memory, as a new process would (and a test that changes the database)."""
    _kept.clear()
    _own.clear()
