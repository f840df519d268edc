"""Kill any process of the service at any moment: each story answered with 201 is there, once and whole."""

import os
import random
import signal
import threading

import pytest

from tellback import clock, db
from tellback.config import Settings
from tests import people
from tests.durability import truth
from tests.durability.service import Service, environment, running, until
from tests.durability.tellers import Tellers

SEED = 20261123
# Of so many kills one hits the process that watches the workers, which is then started anew.
WATCHER = 4
# Seconds between two kills, at most.
LONGEST = 0.2


def _tell_through(settings: Settings, kills: int, tellers: int) -> Tellers:
    clock.pin(None)
    people.make_places()
    db.database.close()
    chance, moment = random.Random(SEED), threading.Event()
    with running(Service(environment(settings))) as service, Tellers(service, tellers) as telling:
        for number in range(kills):
            so_far = len(telling.kept)
            until(lambda so_far=so_far: len(telling.kept) > so_far, "a story is kept again")
            moment.wait(chance.uniform(0, LONGEST))
            if number % WATCHER == 1:
                service.kill()
            else:
                until(service.children, "a worker is there")
                os.kill(chance.choice(service.children()), signal.SIGKILL)
            truth.no_half_story()
            truth.every_one_is_there(list(telling.kept))
            db.database.close()
        telling.finish()
        assert not telling.wrong, telling.wrong
        truth.all_holds(telling.kept)
    return telling


@pytest.mark.by_turns
def test_no_acknowledged_story_is_lost_or_doubled(database: str, settings: Settings) -> None:
    telling = _tell_through(settings, kills=2, tellers=3)
    assert telling.kept


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nor_are_any_by_two_hundred_kills(database: str, settings: Settings) -> None:
    telling = _tell_through(settings, kills=210, tellers=8)
    again = sum(told.tries > 1 for told in telling.kept)
    print(f"\n210 kills, {len(telling.kept)} stories kept, {again} of them sent again; {dict(telling.seen)}")
    assert again > 50, "the kills hit stories on their way"
