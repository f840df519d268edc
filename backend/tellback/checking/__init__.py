"""What is well with a deployment, what needs care, and what is broken: one line each, by `tellback check`.

A check is a function of the settings that yields lines; to add one, write it and name it in `CHECKS` (or in
`CHECKS_OF_THE_STORE`, for what asks the database). It changes nothing, sends nothing, and names nobody.
"""

from collections.abc import Iterator

from tellback.checking import machine, reach, store
from tellback.checking.lines import Check, Grade, Line, State, as_json, grade, in_words
from tellback.checking.machine import backups
from tellback.config import Settings

__all__ = [
    "CHECKS",
    "CHECKS_OF_THE_STORE",
    "Grade",
    "Line",
    "State",
    "as_json",
    "backups",
    "grade",
    "in_words",
    "run",
]

# In the order they are said: what stands around the store, then, after the database itself, what is in it.
CHECKS: list[Check] = [
    machine.data_folder,
    machine.keys_apart,
    machine.limits,
    machine.clock_of_this_machine,
    reach.public_address,
    reach.proxies,
    reach.metrics,
    reach.operator,
    reach.mail_server,
    reach.servers,
]
CHECKS_OF_THE_STORE: list[Check] = [
    store.safe_on_disk,
    store.connections,
    store.keys,
    store.rounds,
    store.outbox,
    store.addresses,
    store.webhooks,
    store.left_behind,
    store.retention,
    store.lists,
    store.public_ledger,
    store.people,
]


def run(settings: Settings) -> Iterator[Line]:
    """Everything that is checked, line by line. Without a database what it holds is left out."""
    for check in CHECKS:
        yield from _guarded(check, settings)
    answering = list(_guarded(store.database, settings))
    yield from answering
    if all(line.state != State.BROKEN for line in answering):
        for check in CHECKS_OF_THE_STORE:
            yield from _guarded(check, settings)


def _guarded(check: Check, settings: Settings) -> Iterator[Line]:
    try:
        yield from check(settings)
    except Exception as error:  # noqa: BLE001 (what cannot be checked is a line of its own, and hides no other)
        yield Line(State.BROKEN, f"The {_words(check)} cannot be checked ({type(error).__name__}).")


def _words(check: Check) -> str:
    return check.__name__.replace("_", " ")
