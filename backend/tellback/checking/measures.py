"""How the store and what stands around it are, in numbers, for `/metrics`: looked up when somebody asks.

All hosts of an installation say the same of the store, and each speaks of its own disks. Nothing is of one
person.
"""

import math
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

import peewee

from tellback import __version__, clock
from tellback.audit import ledger
from tellback.audit.ledger import Step
from tellback.audit.models import LedgerEntry
from tellback.backups import archive
from tellback.config import Settings
from tellback.metrics import Measure
from tellback.moderation import targets
from tellback.outbox import standing
from tellback.outbox.messages import DEAD, WAITING
from tellback.stories.models import Story, StoryVersion
from tellback.stories.urgency import Urgency, ranks_of


def around(settings: Settings) -> Iterator[Measure]:
    """What can be said without the database: the release, the room on the disks, the backups."""
    yield Measure("tellback_build_info", "gauge", "The release.", {__version__: 1}, "version")
    folders = {"data": settings.data_dir, "backups": settings.backups_dir}
    there = {
        name: folder for name, folder in folders.items() if folder and os.access(folder, os.R_OK | os.X_OK)
    }
    free = {name: float(shutil.disk_usage(folder).free) for name, folder in there.items()}
    yield Measure("tellback_disk_free_bytes", "gauge", "Room on the disk of a folder.", free, "folder")
    if settings.backups_dir:
        newest = archive.all_in(there["backups"])[-1:] if "backups" in there else []
        made_at = archive.moment_of(newest[0]) if newest else None
        # Without any, the newest is older than whatever is asked for.
        age = {"": _age(made_at) if made_at else math.inf}
        yield Measure("tellback_backup_age_seconds", "gauge", "Since the newest backup was begun.", age)


def of_the_store() -> Iterator[Measure]:
    """What stands in the database. Raises what that raises when it is away."""
    yield from _stories()
    yield from _queue()
    yield from _outbox()


class _Steps:
    """How often each step stands in the public ledger, which only grows: counted on from the last time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._up_to = 0
        self._hash: str | None = None

    def count(self) -> Counter[str]:
        """As often as by now."""
        with self._lock:
            here = LedgerEntry.select(LedgerEntry.hash).where(LedgerEntry.number == self._up_to)
            if here.scalar() != self._hash:
                # Another ledger than before: a backup was restored.
                self._counts, self._up_to = Counter(), 0
            last = ledger.newest()
            if last:
                new = (
                    LedgerEntry.select(LedgerEntry.step, peewee.fn.COUNT(LedgerEntry.number))
                    .where(LedgerEntry.number > self._up_to, LedgerEntry.number <= last.number)
                    .group_by(LedgerEntry.step)
                )
                self._counts.update(dict(new.tuples()))
                self._up_to, self._hash = last.number, last.hash
            return self._counts.copy()


_steps = _Steps()


def _stories() -> Iterator[Measure]:
    counts = _steps.count()
    told = {step.value: float(counts[step.value]) for step in Step}
    yield Measure("tellback_stories", "counter", "What happened to stories, by the ledger.", told, "step")


def _queue() -> Iterator[Measure]:
    aims = targets.current()
    each = {urgency.name.lower(): _Waiting(urgency, aims.is_late_of(urgency)) for urgency in Urgency}

    looked_up: dict[str, tuple[str, Callable[[_Waiting], float]]] = {
        "tellback_queue_stories": ("Stories that wait for a moderator.", lambda one: one.count),
        "tellback_queue_late_stories": ("Of them, those past the desk's target.", lambda one: one.late),
        "tellback_queue_oldest_seconds": ("For how long the first of them waits.", lambda one: one.oldest),
    }
    for name, (meaning, value) in looked_up.items():
        values = {urgency: value(waiting) for urgency, waiting in each.items()}
        yield Measure(name, "gauge", meaning, values, "urgency")
    unread = StoryVersion.select(peewee.fn.MIN(StoryVersion.unread_since)).scalar()
    meaning = "For how long the first story waits to be screened a second time."
    yield Measure("tellback_screening_lag_seconds", "gauge", meaning, {"": _age(unread) if unread else 0.0})


class _Waiting:
    """What waits of one urgency: how many stories, how many too long, since when (seconds)."""

    def __init__(self, urgency: Urgency, is_late: peewee.Expression) -> None:
        here = Story.select(peewee.fn.COUNT(Story.id), peewee.fn.MIN(Story.waits_since)).where(
            Story.queue_rank.in_(ranks_of(urgency))
        )
        self.count, since = here.tuples().get()
        self.late: int = Story.select().where(is_late).count()
        self.oldest = _age(since) if since else 0.0


def _outbox() -> Iterator[Measure]:
    waits, due = standing.waiting(), standing.due_since()
    states = {
        WAITING: float(sum(one.count for one in waits)),
        "failing": float(sum(one.failing for one in waits)),
        DEAD: float(sum(standing.given_up_by_kind().values())),
    }
    meaning = "Letters and webhooks that wait, that failed and wait, that were given up."
    yield Measure("tellback_outbox_messages", "gauge", meaning, states, "state")
    lag = {"": _age(due) if due else 0.0}
    yield Measure("tellback_outbox_lag_seconds", "gauge", "For how long the first of them is overdue.", lag)


def _age(since: datetime) -> float:
    return max(0.0, (clock.now() - since).total_seconds())
