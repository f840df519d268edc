"""Other processes of the service beside the usual one: where decisions wait, and where letters are sent."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser import Tellback, free_port
from tests.journeys.people_at_work import Letters
from tests.outbox.conftest import Inbox
from tests.outbox.conftest import inbox as inbox

# A person would wait five seconds for what happens by itself; a test need not.
OFTEN = ("-c", "from tellback import cli, rounds; rounds.BETWEEN_ROUNDS = 0.5; cli.main()")


@pytest.fixture(scope="session")
def patient(served: Tellback) -> Iterator[Tellback]:
    """The same service where decisions wait ten minutes, as most installations have it."""
    with _beside(served, "patient.txt", TELLBACK_DECISION_MINUTES="10") as other:
        yield other


@pytest.fixture
def letters(inbox: tuple[Inbox, str]) -> Letters:
    """What a real mail server receives."""
    return Letters(inbox[0])


@pytest.fixture
def lettered(tellback: Tellback, inbox: tuple[Inbox, str]) -> Iterator[Tellback]:
    """The same service with a mail server, and where decisions wait ten minutes."""
    settings = {"TELLBACK_DECISION_MINUTES": "10", "TELLBACK_SMTP_URL": inbox[1]}
    with _beside(tellback, "lettered.txt", **settings) as other:
        yield other


@contextmanager
def _beside(served: Tellback, log: str, **settings: str) -> Iterator[Tellback]:
    """A second process on the same database, with other settings."""
    other = copy.copy(served)
    other.port = free_port()
    other.url = f"http://127.0.0.1:{other.port}"
    other.log = served.log.with_name(log)
    other.environment = {**served.environment, "TELLBACK_PUBLIC_URL": other.url, **settings}
    process = other.serve(*OFTEN)
    yield other
    process.terminate()
    process.wait(timeout=60)
    assert process.stdout
    process.stdout.close()
