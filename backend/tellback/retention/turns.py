"""Whose turn it is: each rule is gone through once a day, a batch at a time until nothing is left."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tellback import clock
from tellback.audit import acts
from tellback.config import Settings
from tellback.db import transaction
from tellback.retention.models import RetentionTurn
from tellback.retention.rules import RULES, Rule, forget

BETWEEN_TURNS = timedelta(days=1)
# Turns are a day apart, and rounds seconds: what is so late, nobody does.
OVERDUE = timedelta(hours=6)
AFTER_A_FAILURE = timedelta(minutes=10)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """How the rules stand: which are overdue, when one last had its turn, how many rows went ever."""

    overdue: list[str]
    last: datetime | None
    forgotten: int


def take(settings: Settings) -> int:
    """Give every rule its turn that is due; how many rows were forgotten.

    Whoever moves `due_at` on has the turn, so any number of processes may do so at once. A turn that leaves
    something comes again in the next round.
    """
    return sum(_take(rule, settings) for rule in list(_due()))


def take_all(settings: Settings) -> dict[str, int]:
    """Give every rule turns until nothing is left to forget, due or not; how many of each kind went."""
    counts = dict.fromkeys((rule.kind for rule in RULES), 0)
    for rule in RULES:
        while done := _forget(rule, settings):
            counts[rule.kind] += done
    return counts


def standing() -> Standing:
    """How the rules stand now."""
    turns = {turn.kind: turn for turn in RetentionTurn.select()}
    late = clock.now() - OVERDUE
    overdue = [rule.kind for rule in RULES if rule.kind not in turns or turns[rule.kind].due_at < late]
    moments = [turn.done_at for turn in turns.values() if turn.done_at]
    return Standing(overdue, max(moments, default=None), sum(turn.forgotten for turn in turns.values()))


def _due() -> Iterator[Rule]:
    turns = {turn.kind: turn.due_at for turn in RetentionTurn.select()}
    for rule in RULES:
        if rule.kind not in turns:
            first = {"kind": rule.kind, "due_at": clock.now()}
            RetentionTurn.insert(first).on_conflict_ignore().execute()
        if turns.get(rule.kind, clock.now()) <= clock.now():
            yield rule


def _take(rule: Rule, settings: Settings) -> int:
    moment = clock.now()
    turn = RetentionTurn.update(due_at=moment + BETWEEN_TURNS)
    if not turn.where(RetentionTurn.kind == rule.kind, RetentionTurn.due_at <= moment).execute():
        return 0
    try:
        done = _forget(rule, settings)
    except Exception as error:  # noqa: BLE001 (one that fails must not hold up the others)
        # Only the kind of failure: a driver's message may quote a row.
        log.warning("forgetting %s failed (%s); it is tried again", rule.kind, type(error).__name__)
        _again(rule, moment + AFTER_A_FAILURE)
        return 0
    if done:
        # There may be more: on in the next round, with others' turns between.
        _again(rule, moment)
    return done


def _forget(rule: Rule, settings: Settings) -> int:
    with transaction():
        done = forget(rule, settings)
        RetentionTurn.update(done_at=clock.now(), forgotten=RetentionTurn.forgotten + done).where(
            RetentionTurn.kind == rule.kind
        ).execute()
        if done:
            acts.record(acts.Act.ROWS_FORGOTTEN, acts.SYSTEM, "retention", rule.kind, rows=done)
    return done


def _again(rule: Rule, due: datetime) -> None:
    RetentionTurn.update(due_at=due).where(RetentionTurn.kind == rule.kind).execute()
