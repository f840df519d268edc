"""Workers that send what waits, two at a time, and a hand that kills one of them again and again.

A process of its own with one thread, so that it may fork: a worker is at work within milliseconds. Run by
`test_a_killed_worker_loses_nothing.py`.
"""

import os
import random
import signal
import sys
import threading
import warnings

from tellback import config, db
from tellback.config import Settings
from tellback.outbox import messages
from tellback.outbox.delivery import Recipient, deliver_due
from tellback.outbox.webhooks import Endpoint
from tests.outbox.receiver import NAME, Receiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
# Seconds: what a killed worker held is free again by then.
LEASE = 0.5
KILLS = 100
# Seconds between two kills, at most: about as long as a worker takes over two messages.
LONGEST = 0.04


def resolve(kind: str, recipient_id: str) -> Recipient | Endpoint:
    """A letter to an invented address, or the receiver."""
    if kind == messages.WEBHOOK:
        return Endpoint(f"http://{NAME}/hook", SECRET)
    return Recipient(f"{recipient_id}@example.org", {"private_link": "https://stories.example/my-story#x"})


def work(settings: Settings, receiver: Receiver) -> None:
    """Send until nothing is due."""
    deliver_due(settings, resolve, reach=receiver.reach(), lease=LEASE)


def _born(settings: Settings, receiver: Receiver) -> int:
    """A worker that has begun: however busy the machine is, it can be killed at its work."""
    told, tells = os.pipe()
    child = os.fork()
    if child:
        os.close(tells)
        os.read(told, 1)
        os.close(told)
        return child
    db.connect(settings.database_url)
    db.database.connect()
    os.write(tells, b".")
    between = threading.Event()
    while True:
        work(settings, receiver)
        between.wait(0.001)


def main() -> None:
    """Keep two workers alive; kill one of them at a random moment, a hundred times, and in the end both."""
    port, seed = int(sys.argv[1]), int(sys.argv[2])
    settings, receiver = config.load(os.environ), Receiver(port)
    # What kills whom when is the same in each run; where it finds them is the machine's.
    chance, moment = random.Random(seed), threading.Event()
    workers = [_born(settings, receiver) for _ in range(2)]
    for _ in range(KILLS):
        moment.wait(chance.uniform(0, LONGEST))
        place = chance.randrange(len(workers))
        _kill(workers[place])
        workers[place] = _born(settings, receiver)
    for worker in workers:
        _kill(worker)


def _kill(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    _pid, status = os.waitpid(worker, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(f"a worker ended by itself: {status}")


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
