"""Whether so much arrives that a sender's machine is asked for a proof of work first, and what came of
asking.

Only what was kept counts, so nobody can make others work by sending what is refused. The rates are PRESSURE
in `limits`. A count that is out of reach asks nobody for anything: stories come first.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast

import peewee
from limits import RateLimitItem, RateLimitItemPerHour, parse

from tellback.db import transaction
from tellback.errors import TooManyRequests
from tellback.http import limits, proof_of_work, traps
from tellback.http.counters import Counter, Counters
from tellback.http.limits import Limit, Per
from tellback.http.pseudonyms import neighbourhood, visitor
from tellback.http.ratelimits import limiter
from tellback.http.traps import Sent
from tellback.translations.sentences import say_n

log = logging.getLogger(__name__)

# How often the rate of pressure makes it great: then a proof takes four times the work.
GREAT = 4
# What is counted of the asking, for the hour: how many were asked, brought a proof, brought one that does not
# hold, and came without one over a page that needs no JavaScript.
ASKED, SOLVED, FAILED, WITHOUT = "asked", "solved", "failed", "without"
_OUTCOMES = {
    name: RateLimitItemPerHour(1_000_000, namespace="proof") for name in (ASKED, SOLVED, FAILED, WITHOUT)
}


class _Rate(NamedTuple):
    """The rate from which there is pressure, and what is counted: up to the one that makes it great."""

    amount: int
    counter: Counter


@dataclass(frozen=True)
class LastHour:
    """What came of asking for proofs in the last hour; `level`: the pressure on telling, 0 to 2."""

    level: int
    asked: int
    solved: int
    failed: int
    without: int


@contextmanager
def passing(
    purpose: str, sent: Sent, *, website: int | None, services: Sequence[str] = (), on_page: bool = False
) -> Iterator[tuple[str, ...]]:
    """Let a write through, in one transaction with the proof it brings; yields the rules that mark it.

    `purpose` is one of `traps.LEAST`; `website` is the id of the one whose page sent it, `services` the codes
    of those it is about. Under pressure a write needs a proof. Raises ProofNeeded with a challenge for one
    without, or whose proof holds not, was made for another purpose, is over, or was used. A page that needs
    no JavaScript (`on_page`) cannot bring one: it has to have been open for some seconds, else
    TooManyRequests asks to press once more, and what it sends is marked.
    """
    rates = _rates(purpose, _who(website, services))
    level = _level(rates)
    proof = proof_of_work.read(sent.proof, purpose) if level and sent.proof else None
    marks = sent.marks
    if level and not proof:
        if not on_page:
            _note(FAILED if sent.proof else ASKED)
            raise proof_of_work.needed(purpose, level, again=bool(sent.proof))
        if not sent.in_time:
            raise _press_again(traps.LEAST[purpose])
        _note(WITHOUT)
        marks = (*marks, traps.NO_PROOF)
    try:
        # What is written has a transaction of its own; a proof goes with it.
        with transaction() if proof else nullcontext():
            if proof:
                proof.spend()
            yield marks
    except peewee.IntegrityError as error:
        if not proof_of_work.was_used(error):
            raise
        _note(FAILED)
        raise proof_of_work.needed(purpose, level, again=True) from error
    if proof:
        _note(SOLVED)
    _count(rates)


def level_of(purpose: str) -> int:
    """How great the pressure on a purpose is for whoever sends this request, from wherever: 0, 1 or 2."""
    return _level(_rates(purpose, _who(None, ())))


def last_hour() -> LastHour:
    """The hour's counts, of all processes."""
    everyone = {Per.EVERYONE: ["everyone"]}
    counts = {name: _hits(item, name) for name, item in _OUTCOMES.items()}
    return LastHour(level=_level(_rates("story", everyone)), **counts)


def _who(website: int | None, services: Sequence[str]) -> dict[Per, list[str]]:
    """Under what this request counts, by whom it is counted by."""
    return {
        Per.PERSON: [visitor()],
        Per.NETWORK: [neighbourhood()],
        Per.WEBSITE: [str(website)] if website else [],
        Per.SERVICE: list(services),
        Per.EVERYONE: ["everyone"],
    }


def _rates(purpose: str, who: dict[Per, list[str]]) -> list[_Rate]:
    act = "pressure" if purpose == "story" else "pressure reports"
    lines = [limit for limit in limits.PRESSURE if limit.act == act] if limiter.enabled else []
    return [_rate(limit, one) for limit in lines for one in who.get(limit.per, [])]


def _rate(limit: Limit, one: str) -> _Rate:
    before, after, great, seconds = _great(limit.name, limit.rate)
    return _Rate(great // GREAT, Counter(f"{before}{one}{after}", great, seconds))


@lru_cache
def _great(name: str, rate: str) -> tuple[str, str, int, int]:
    """The rate that makes pressure great: what stands around who is counted, how many, in which time."""
    item = parse(rate)
    great = type(item)(item.amount * GREAT, item.multiples, namespace="pressure")
    before, after = great.key_for(name, "\0").split("\0")
    return before, after, great.amount, great.get_expiry()


def _level(rates: list[_Rate]) -> int:
    if not rates:
        return 0
    try:
        windows = _storage().windows([rate.counter for rate in rates])
    except Exception as error:  # noqa: BLE001 (whatever a storage raises: a lost count is worth no story)
        log.warning("pressure is not known (%s)", type(error).__name__)
        return 0
    levels = (
        2 if window.hits >= rate.counter.limit else 1 if window.hits >= rate.amount else 0
        for rate, window in zip(rates, windows, strict=True)
    )
    return max(levels)


def _count(rates: list[_Rate]) -> None:
    if not rates:
        return
    try:
        _storage().take_each([rate.counter for rate in rates])
    except Exception as error:  # noqa: BLE001 (as above)
        log.warning("pressure is not counted (%s)", type(error).__name__)


def _storage() -> Counters:
    return cast(Counters, limiter.storage)


def _note(outcome: str) -> None:
    _hit(_OUTCOMES[outcome], outcome)


def _hit(item: RateLimitItem, *names: str) -> None:
    try:
        limiter.limiter.hit(item, *names)
    except Exception as error:  # noqa: BLE001 (whatever a storage raises: a lost count is worth no story)
        log.warning("pressure is not counted (%s)", type(error).__name__)


def _hits(item: RateLimitItem, *names: str) -> int:
    try:
        return item.amount - limiter.limiter.get_window_stats(item, *names).remaining
    except Exception as error:  # noqa: BLE001 (as above)
        log.warning("pressure is not known (%s)", type(error).__name__)
        return 0


def _press_again(seconds: int) -> TooManyRequests:
    return TooManyRequests(
        say_n(
            "Very many messages are arriving just now. What you typed is not lost. "
            "Wait {count} second, then press the button once more.",
            "Very many messages are arriving just now. What you typed is not lost. "
            "Wait {count} seconds, then press the button once more.",
            seconds,
        ),
        retry_after=seconds,
    )
