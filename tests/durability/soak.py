"""Let the service live through minutes of everything: `python -m tests.durability.soak MINUTES [URL]`.

People tell, read and moderate while workers and their watcher are killed (-9), the whole service stands
still, and the database is held; then all is checked (`truth`). URL names an empty PostgreSQL database; left
out, it is an SQLite file. The last line says what happened how often. Ends with 1 when something is wrong.
"""

import http.client
import os
import random
import secrets
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import peewee

from tellback import config, db, migrations, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import Problem
from tellback.moderation import decisions
from tellback.stories.models import Story
from tests import people
from tests.durability import truth
from tests.durability.service import Service, environment, running
from tests.durability.tellers import Tellers
from tests.people import make_account

SEED = 20261123
# Seconds between two faults, at most; and between two looks at the whole store.
BETWEEN_FAULTS, BETWEEN_LOOKS = 12, 30
READ = (
    "/",
    "/api/v1/stories?service=RXH01",
    "/services/RXH01",
    "/tell?service=RXH01",
    "/api/v1/ledger",
    "/readyz",
)


class Soak:
    """Some minutes in the life of a service."""

    def __init__(self, settings: config.Settings, service: Service) -> None:
        self.settings, self.service = settings, service
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.over = threading.Event()
        self._chance = random.Random(SEED)

    def read(self) -> None:
        """Read pages until it is over: an answer may be late or 503, and never a fault of ours."""
        number = 0
        while not self.over.wait(0.1):
            number += 1
            try:
                answer = self.service.ask(READ[number % len(READ)], patience=30)
            except (OSError, http.client.HTTPException):
                self.counts["reads without an answer"] += 1
                continue
            self.counts["reads"] += answer.status == 200
            self.counts["reads 503"] += answer.status == 503
            if answer.status not in (200, 503):
                self.wrong.append(f"{READ[number % len(READ)]}: {answer.status}")

    def moderate(self, moira: Account) -> None:
        """Publish what comes in, one after the other, and send some of it back."""
        while not self.over.wait(0.2):
            try:
                story = Story.get_or_none(Story.state == "submitted")
                if story is not None:
                    decisions.open_for_review(story, moira)
                    decisions.publish(story, story.revision, moira)
                    self.counts["published"] += 1
            except (peewee.OperationalError, Problem):
                self.counts["decisions to be made again"] += 1
            finally:
                db.database.close()

    def break_things(self) -> None:
        """Do the next thing that goes wrong, whichever it is."""
        faults: list[Callable[[], None]] = [
            self._kill_worker,
            self._kill_worker,
            self._kill_all,
            self._freeze,
        ]
        faults.append(self._kill_watcher)
        if self.settings.embedded:
            faults.append(self._hold)
        fault = self._chance.choice(faults)
        fault()
        self.counts[fault.__name__.strip("_").replace("_", " ")] += 1

    def _kill_worker(self) -> None:
        if children := self.service.children():
            os.kill(self._chance.choice(children), signal.SIGKILL)

    def _kill_all(self) -> None:
        assert self.service.process
        os.killpg(self.service.process.pid, signal.SIGKILL)
        self.service.kill()

    def _kill_watcher(self) -> None:
        self.service.kill()

    def _freeze(self) -> None:
        assert self.service.process
        os.killpg(self.service.process.pid, signal.SIGSTOP)
        self.over.wait(self._chance.uniform(0, 2))
        os.killpg(self.service.process.pid, signal.SIGCONT)

    def _hold(self) -> None:
        path = self.settings.database_url.removeprefix("sqlite:///")
        other = sqlite3.connect(path, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        self.over.wait(self._chance.uniform(0, 4))
        other.execute("ROLLBACK")
        other.close()

    def run(self, minutes: float, telling: Tellers) -> None:
        """Break things for so long, looking at the whole store now and then."""
        end, look = time.monotonic() + minutes * 60, 0.0
        while time.monotonic() < end:
            self.over.wait(self._chance.uniform(0, BETWEEN_FAULTS))
            self.break_things()
            if time.monotonic() > look:
                truth.no_half_story()
                truth.every_one_is_there(list(telling.kept))
                db.database.close()
                look = time.monotonic() + BETWEEN_LOOKS
                self.counts["looks at the store"] += 1


def main() -> int:
    """Run it; 0 when all holds."""
    minutes = float(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'tellback.db'}"
        given = {"DATABASE_URL": url, "DATA_DIR": folder, "OPERATOR": "The Tellback Trust"}
        keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "CONTACT_KEY", "LEDGER_KEY")}
        settings = config.load({f"TELLBACK_{name}": value for name, value in (given | keys).items()})
        db.connect(url)
        migrations.upgrade()
        sealing.use(settings.contact_key)
        people.make_places()
        moira = make_account("Moira", Role.MODERATOR)
        db.database.close()
        service = Service(environment(settings), log=Path(folder) / "log")
        soak = Soak(settings, service)
        with running(service), Tellers(service, 3, between=0.05) as telling:
            threads = [threading.Thread(target=soak.read) for _ in range(2)]
            threads.append(threading.Thread(target=soak.moderate, args=(moira,)))
            for thread in threads:
                thread.start()
            try:
                soak.run(minutes, telling)
                telling.finish()
            finally:
                soak.over.set()
                for thread in threads:
                    thread.join()
        wrong = soak.wrong + telling.wrong
        truth.all_holds(telling.kept)
        db.database.close_all()  # type: ignore[attr-defined]
        sent_again = sum(told.tries > 1 for told in telling.kept)
        print(
            f"{minutes:g} minutes: {len(telling.kept)} stories kept, {sent_again} of them sent again;",
            end=" ",
        )
        print(", ".join(f"{count} {name}" for name, count in sorted(soak.counts.items())), dict(telling.seen))
        for sentence in wrong[:20]:
            print("WRONG:", sentence)
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
