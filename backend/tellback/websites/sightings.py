"""Whether the embed lives on a website's pages: kept from what they ask for anyway, told to its webmaster.

Reading stays cheap: one thing is written down at most once a minute and process. Nothing of a visitor is
kept, and every row ends a month after it was last seen.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tellback import clock, db
from tellback.http.sightings import Seen
from tellback.organisations.models import Service
from tellback.organisations.naming import tidy_code
from tellback.troubles import ERRORS
from tellback.websites import registration
from tellback.websites.models import Sighting, Website, WebsiteOrigin

log = logging.getLogger(__name__)

KINDS = ("file", "missing", "frame", "read", "told", "refused")
# A row is written anew after this long; so "last seen" may be older than the truth by as much.
EVERY = timedelta(minutes=1)
KEPT = timedelta(days=30)
# Rows of origins that no website names: anyone can make such requests, so the oldest leave.
MOST_UNKNOWN = 200
# Rows of one origin that a website names: its pages may be about many services.
MOST_OF_ONE = 100
# New things a minute that one process writes down of origins that no website names.
_MOST_UNKNOWN_A_MINUTE = 30
# Things that one process remembers having written down within the minute.
_MOST_REMEMBERED = 5_000
# A script that arrived asks for stories at once, or when a reader scrolls to it.
SILENT_AFTER = timedelta(minutes=10)
# A list is read anew after 30 seconds, and either row may be a minute behind.
_SLACK = 2 * EVERY


class State(StrEnum):
    """How it stands with the embed on an origin."""

    # Somebody read stories there.
    ALIVE = "alive"
    # The script arrived a moment ago; stories may be asked for yet.
    ARRIVED = "arrived"
    # The script arrived, and never asked for stories.
    SILENT = "silent"
    # Pages ask for a version of the script that this service does not have.
    MISSING = "missing"
    # No website names the origin: stories show there, and none can be told.
    NOT_ALLOWED = "not_allowed"
    # Nothing was seen.
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Place:
    """What was seen of an origin in the last month: when each thing was last done, None for never.

    `version` is that of the script seen last, `subjects` what was read of, last first.
    """

    origin: str
    allowed: bool
    file_at: datetime | None = None
    version: str = ""
    missing_at: datetime | None = None
    missing_version: str = ""
    frame_at: datetime | None = None
    read_at: datetime | None = None
    told_at: datetime | None = None
    refused_at: datetime | None = None
    subjects: tuple[str, ...] = ()

    @property
    def last_at(self) -> datetime | None:
        """When anything was last seen."""
        moments = (self.file_at, self.missing_at, self.frame_at, self.read_at, self.told_at, self.refused_at)
        return max((moment for moment in moments if moment), default=None)

    @property
    def state(self) -> State:
        """What a webmaster is told first."""
        if self.last_at is None:
            return State.UNSEEN
        if not self.allowed:
            return State.NOT_ALLOWED
        working = max(
            (moment for moment in (self.read_at, self.told_at, self.frame_at) if moment), default=None
        )
        if self.missing_at and (not working or self.missing_at > working + _SLACK):
            return State.MISSING
        if self.file_at and (not working or self.file_at > working + _SLACK):
            return State.SILENT if clock.now() - self.file_at >= SILENT_AFTER else State.ARRIVED
        return State.ALIVE


class Notes:
    """Writes down what is seen, each thing at most once a minute; shared by the threads of a process."""

    def __init__(self) -> None:
        self._written: dict[Seen, datetime] = {}
        self._unknown: list[datetime] = []
        self._lock = threading.Lock()

    def take(self, seen: Seen) -> None:
        """Write it down, unless that was done within the minute. Whatever the database says, this returns."""
        kind, _, code = seen.subject.partition(":")
        seen = (
            replace(seen, subject=f"{kind}:{tidy_code(code) if kind == 'service' else code}")
            if code
            else seen
        )
        now = clock.now()
        if not self._is_due(seen, now):
            return
        try:
            known = WebsiteOrigin.select().where(WebsiteOrigin.origin == seen.origin).exists()
            if known or self._has_room(now):
                with db.hurried():
                    _write(seen, now, known=known)
        except ERRORS as error:
            # Whoever reads must not wait for, or fail by, what a webmaster may like to know.
            log.warning("a sighting was not kept: %s", type(error).__name__)

    def _is_due(self, seen: Seen, now: datetime) -> bool:
        with self._lock:
            last = self._written.get(seen)
            # Ahead of now, too: a clock that was set back must not end what is seen until it catches up.
            if last is not None and abs(now - last) < EVERY:
                return False
            if len(self._written) >= _MOST_REMEMBERED:
                self._written = {one: at for one, at in self._written.items() if abs(now - at) < EVERY}
            if len(self._written) >= _MOST_REMEMBERED:
                return False
            self._written[seen] = now
            return True

    def _has_room(self, now: datetime) -> bool:
        with self._lock:
            self._unknown = [at for at in self._unknown if abs(now - at) < EVERY]
            if len(self._unknown) >= _MOST_UNKNOWN_A_MINUTE:
                return False
            self._unknown.append(now)
            return True


def of(website: Website) -> list[Place]:
    """What was seen of each origin that a website names, those seen last first."""
    names = registration.origins_of(website)
    rows = _fresh(Sighting.origin.in_(names))
    found = {name: _place(name, [row for row in rows if row.origin == name], allowed=True) for name in names}
    return _last_first(found.values())


def elsewhere(website: Website) -> list[Place]:
    """Origins that no website names, on which this website's stories were asked for, those seen last first.

    They are its own where they read of what its pages read of, or of a service of its organisation: most
    often a second name of the website, or its rehearsal.
    """
    own = {
        row.subject for row in _fresh(Sighting.origin.in_(registration.origins_of(website))) if row.subject
    }
    known = WebsiteOrigin.select(WebsiteOrigin.origin)
    rows = _fresh(Sighting.origin.not_in(known))
    theirs = own | _of_organisation(website, {row.subject for row in rows})
    names = dict.fromkeys(row.origin for row in rows if row.subject in theirs)
    return _last_first(_place(name, [r for r in rows if r.origin == name], allowed=False) for name in names)


def _of_organisation(website: Website, subjects: set[str]) -> set[str]:
    """Those of the subjects that are services of the website's organisation."""
    if website.organisation_id is None:
        return set()
    codes = [subject.removeprefix("service:") for subject in subjects if subject.startswith("service:")]
    found = Service.select(Service.code).where(
        Service.code.in_(codes), Service.organisation == website.organisation_id
    )
    return {f"service:{service.code}" for service in found}


def _place(origin: str, rows: list[Sighting], *, allowed: bool) -> Place:
    # Rows come with those seen last first.
    last: dict[str, Sighting] = {}
    for row in rows:
        last.setdefault(row.kind, row)
    moments = {f"{kind}_at": last[kind].last_at for kind in KINDS if kind in last}
    return Place(
        origin=origin,
        allowed=allowed,
        version=last["file"].version if "file" in last else "",
        missing_version=last["missing"].version if "missing" in last else "",
        subjects=tuple(dict.fromkeys(row.subject for row in rows if row.subject)),
        **moments,
    )


def _last_first(places: Iterable[Place]) -> list[Place]:
    order = sorted(places, key=lambda place: place.origin)
    return sorted(order, key=lambda place: place.last_at.timestamp() if place.last_at else 0, reverse=True)


def _fresh(condition: Any) -> list[Sighting]:
    """Rows of the last month, those seen last first: what is older ends with the next that is written."""
    query = Sighting.select().where(condition, Sighting.last_at >= clock.now() - KEPT)
    return list(query.order_by(Sighting.last_at.desc(), Sighting.id.desc()))


def _write(seen: Seen, now: datetime, *, known: bool) -> None:
    """In the caller's transaction."""
    same = (
        (Sighting.origin == seen.origin)
        & (Sighting.kind == seen.kind)
        & (Sighting.version == seen.version)
        & (Sighting.subject == seen.subject)
    )
    if Sighting.update(last_at=now).where(same).execute():
        return
    # Another process may have been first: then that one stands.
    Sighting.insert(**asdict(seen), first_at=now, last_at=now).on_conflict_ignore().execute()
    Sighting.delete().where(Sighting.last_at < now - KEPT).execute()
    if known:
        _leave(Sighting.origin == seen.origin, MOST_OF_ONE)
    else:
        _leave(Sighting.origin.not_in(WebsiteOrigin.select(WebsiteOrigin.origin)), MOST_UNKNOWN)


def _leave(condition: Any, most: int) -> None:
    """Let the oldest rows go, so that at most this many are left."""
    newest_first = Sighting.select(Sighting.id).where(condition)
    newest_first = newest_first.order_by(Sighting.last_at.desc(), Sighting.id.desc())
    gone = [row.id for row in newest_first.offset(most)]
    if gone:
        Sighting.delete().where(Sighting.id.in_(gone)).execute()
