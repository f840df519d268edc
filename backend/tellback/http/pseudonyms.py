"""Who is asking, without keeping who: an HMAC of the visitor's network under the key of the day."""

import hashlib
import hmac
import ipaddress
import secrets

import peewee
from flask import request

from tellback import clock
from tellback.db import transaction
from tellback.http.models import DailyKey

_kept: dict[str, bytes] = {}


def visitor() -> str:
    """The pseudonym of whoever sends this request; another one tomorrow."""
    return pseudonym(request.remote_addr or "")


def pseudonym(address: str) -> str:
    """The day's pseudonym of an IP address: 32 hexadecimal digits. An IPv6 address counts by its /64.

    The address itself is never stored; once the day's key is destroyed nobody can test a guess against it.
    """
    return hmac.new(_key_of_today(), _network(address).encode(), hashlib.sha256).hexdigest()[:32]


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        # One home or phone is given a whole /64 (RFC 6177), and may use any address of it.
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key_of_today() -> bytes:
    day = clock.today().isoformat()
    if day not in _kept:
        _kept.clear()
        _kept[day] = _agreed_key(day)
    return _kept[day]


def _agreed_key(day: str) -> bytes:
    """The key of a day, the same for every process; making it destroys those of days gone by."""
    row = DailyKey.get_or_none(DailyKey.day == day)
    if row is None:
        try:
            with transaction():
                DailyKey.delete().where(DailyKey.day < day).execute()
                row = DailyKey.create(day=day, key=secrets.token_bytes(32), made_at=clock.now())
        except peewee.IntegrityError:
            row = DailyKey.get_by_id(day)
    return bytes(row.key)


def forget() -> None:
    """Drop the key held in memory, as a new process would (and a test that changes the database)."""
    _kept.clear()
