"""A service of many processes, killed one by one while people tell, read and moderate.

`TELLBACK_TEST_POSTGRES_URL=… .venv/bin/python -m tests.scale.walk` runs three web processes and two outbox
workers on PostgreSQL and a Redis of its own, behind Debian's nginx with the shipped configuration, kills each
in its turn (-9), and prints what was seen. It fails when a story that was answered with 201 is missing or is
there twice, when a letter is missing or has two ids, and for any answer but what was asked for or 503.
"""

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller

from tellback import clock, config, db, migrations, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import decisions
from tellback.outbox.messages import SENT, WAITING
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import Story
from tests import people
from tests.deploy.certificates import make_certificate
from tests.deploy.conftest import NAME, _nginx, _running
from tests.durability import truth
from tests.durability.service import Answer, Service, ask_over, environment, free_port, until
from tests.durability.tellers import Tellers
from tests.outbox.conftest import Inbox

POSTGRES = os.environ.get("TELLBACK_TEST_POSTGRES_URL", "")
WEBS, WORKERS, TELLERS, READERS = 3, 2, 4, 2
LIST = "/api/v1/stories?service=RXH01&limit=5"
KEYS = ("SECRET", "CONTACT", "LEDGER")
# Nobody tells as much as these do: all is counted in Redis as ever, and nobody is turned away.
COUNTED = """
import dataclasses
from tellback.http import limits
limits.LIMITS = tuple(dataclasses.replace(one, rate="1000000 per hour") for one in limits.LIMITS)
limits.PRESSURE = ()
"""


@dataclass
class Front:
    """What people meet: nginx, over TLS."""

    port: int
    trust: ssl.SSLContext

    def ask(
        self, path: str, form: dict[str, Any] | None = None, *, patience: float = 15, **headers: str
    ) -> Answer:
        """Ask for a page, or send a form, as `Service.ask`."""
        line = http.client.HTTPSConnection(NAME, self.port, timeout=patience, context=self.trust)
        # *.localhost is in no DNS of ours.
        here = ("127.0.0.1", self.port)
        line._create_connection = lambda _to, *rest: socket.create_connection(here, *rest)  # type: ignore[attr-defined]
        return ask_over(line, path, form, headers)


@dataclass
class Crowd:
    """Everyone who tells, reads and moderates meanwhile, and what they were answered."""

    front: Front
    moira: Account
    telling: Tellers
    read: Counter[int] = field(default_factory=Counter)
    published: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def read_on(self) -> None:
        """Read the newest stories, again and again."""
        while not self.stopping.wait(0.05):
            try:
                answer = self.front.ask(LIST)
            except (OSError, http.client.HTTPException):
                self.read[0] += 1
                continue
            self.read[answer.status] += 1
            if answer.status not in (200, 503):
                self.wrong.append(f"reading: {answer.status}")

    def moderate_on(self) -> None:
        """Publish what waits longest, one by one."""
        while not self.stopping.wait(0.3):
            try:
                waiting = Story.select().where(Story.queue_rank >= 0).order_by(Story.waits_since).first()
                if waiting:
                    decisions.open_for_review(waiting, self.moira)
                    decisions.publish(waiting, waiting.revision, self.moira)
                    self.published.append(waiting.public_id)
            except Exception:  # noqa: BLE001 (the database was taken away: the next time)
                db.database.close()
        db.database.close()


class Parts:
    """All that runs: three web processes, two workers, Redis, a mail server, nginx."""

    def __init__(self, folder: Path, postgres: str) -> None:
        self.folder = folder
        self.smtp_port, self.redis_port, self.port = free_port(), free_port(), free_port()
        self.inbox = Inbox()
        self.mail = Controller(self.inbox, hostname="127.0.0.1", port=self.smtp_port)
        self.settings = config.load(
            {
                "TELLBACK_DATA_DIR": str(folder),
                "TELLBACK_DATABASE_URL": postgres,
                "TELLBACK_OPERATOR": "The Tellback Trust",
                **{f"TELLBACK_{key}_KEY": f"a {key} key that is for this walk alone" for key in KEYS},
            }
        )
        self.environ = environment(
            self.settings,
            TELLBACK_RATELIMIT_ENABLED="true",
            TELLBACK_RATELIMIT_URL=f"redis://127.0.0.1:{self.redis_port}/0",
            TELLBACK_PUBLIC_URL=f"https://{NAME}:{self.port}",
            TELLBACK_TRUSTED_PROXIES="1",
            TELLBACK_SMTP_URL=f"smtp://127.0.0.1:{self.smtp_port}",
        )
        self.webs = [
            Service(self.environ, workers=1, first=COUNTED, log=folder / f"web{number}.log", port=free_port())
            for number in range(WEBS)
        ]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """All of it, while it is needed."""
        self.mail.start()
        self.begin_redis()
        try:
            for web in self.webs:
                web.start()
            self.workers = [self.begin_worker() for _ in range(WORKERS)]
            with _running(self._nginx(), self.folder, self.port):
                yield
        finally:
            for web in self.webs:
                web.end()
            for process in (*getattr(self, "workers", ()), self.redis):
                process.kill()
                process.wait()
            self.mail.stop()

    def begin_worker(self) -> "subprocess.Popen[bytes]":
        """Start a process that does nothing but what is due."""
        command = [sys.executable, "-m", "tellback", "outbox", "work"]
        return subprocess.Popen(command, env=self.environ, stderr=subprocess.DEVNULL)

    def begin_redis(self) -> None:
        """Start the counters."""
        command = ["redis-server", "--port", str(self.redis_port), "--save", "", "--dir", str(self.folder)]
        self.redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def _nginx(self) -> list[str]:
        """The shipped configuration, whose one server of Tellback is three here."""
        make_certificate(self.folder, NAME)
        servers = f"{self.webs[0].port}" + "".join(f"; server 127.0.0.1:{web.port}" for web in self.webs[1:])
        behind = SimpleNamespace(tellback=SimpleNamespace(port=servers))
        url = f"https://{NAME}:{self.port}"
        here = {"folder": self.folder, "url": url, "port": self.port, "plain_port": free_port()}
        return _nginx(SimpleNamespace(**here, behind=behind))  # type: ignore[arg-type]


class Walk:
    """A hand that kills one part after the other, and looks how the others go on."""

    def __init__(self, parts: Parts, crowd: Crowd, say: Callable[[str], object]) -> None:
        self.parts, self.crowd, self.say, self.began = parts, crowd, say, time.monotonic()

    def through(self) -> None:
        """Kill everything once."""
        for number, web in enumerate(self.parts.webs):
            self._kill(f"web process {number + 1} killed (-9), begun again", web.kill)
        for place, worker in enumerate(self.parts.workers):
            self._kill(f"outbox worker {place + 1} killed (-9), begun again", self._replace(place, worker))
        self._kill("nginx told to read its configuration again (HUP)", self._reload_nginx)
        self._kill("Redis killed (-9), begun again", self._restart_redis)
        self._kill("all connections to PostgreSQL ended by its administrator", self._end_connections)
        self._kill("all web processes killed (-9) at once, begun again", self._kill_webs)

    def _kill(self, what: str, how: Callable[[], object]) -> None:
        crowd, before, kept = self.crowd, Counter(self.crowd.telling.seen), len(self.crowd.telling.kept)
        began = time.monotonic()
        how()
        until(lambda: len(crowd.telling.kept) >= kept + 3 * TELLERS, "stories are kept again")
        answers = Counter(crowd.telling.seen) - before
        said = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
        took = time.monotonic() - began
        self.say(f"{began - self.began:6.1f} s  {what}: in {took:.1f} s tellers heard {said}")
        truth.no_half_story()
        truth.every_one_is_there(list(crowd.telling.kept))
        db.database.close()

    def seen_everywhere(self) -> float:
        """Publish a story, and return the seconds after which each web process shows it."""
        story = people.tell(idempotency_key=str(uuid.uuid4())).story
        decisions.open_for_review(story, self.crowd.moira)
        decisions.publish(story, story.revision, self.crowd.moira)
        published, seen = time.monotonic(), 0.0
        for web in self.parts.webs:
            shown = f"/api/v1/stories/{story.public_id}"
            until(lambda web=web, shown=shown: web.ask(shown).status == 200, "it is shown")
            until(lambda web=web: story.public_id.encode() in web.ask(LIST).body, "it is listed")
            seen = time.monotonic() - published
        db.database.close()
        return seen

    def _replace(self, place: int, worker: "subprocess.Popen[bytes]") -> Callable[[], object]:
        def replace() -> None:
            worker.kill()
            worker.wait()
            self.parts.workers[place] = self.parts.begin_worker()

        return replace

    def _reload_nginx(self) -> None:
        os.kill(int((self.parts.folder / "nginx.pid").read_text()), signal.SIGHUP)

    def _restart_redis(self) -> None:
        self.parts.redis.kill()
        self.parts.redis.wait()
        kept = len(self.crowd.telling.kept)
        until(lambda: len(self.crowd.telling.kept) > kept + TELLERS, "stories are kept without Redis")
        self.parts.begin_redis()

    def _end_connections(self) -> None:
        ours = "datname = current_database() AND pid <> pg_backend_pid()"
        db.database.execute_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")

    def _kill_webs(self) -> None:
        for web in self.parts.webs:
            assert web.process
            web.process.kill()
        for web in self.parts.webs:
            web.kill()


def walk(folder: Path, postgres: str, say: Callable[[str], object]) -> None:
    """Walk it, on an empty database, and say what was seen. Raises AssertionError for what must not be."""
    parts = Parts(folder, postgres)
    db.connect(postgres)
    migrations.upgrade()
    sealing.use(parts.settings.contact_key)
    people.make_places()
    moira = people.make_account("Moira", Role.MODERATOR)
    db.database.close()
    with parts.running():
        trust = ssl.create_default_context(cafile=folder / "ca.pem")
        front = Front(parts.port, trust)
        crowd = Crowd(front, moira, Tellers(front, TELLERS, between=0.1))  # type: ignore[arg-type]
        others = [threading.Thread(target=crowd.read_on) for _ in range(READERS)]
        others.append(threading.Thread(target=crowd.moderate_on))
        for thread in others:
            thread.start()
        try:
            with crowd.telling:
                walking = Walk(parts, crowd, say)
                walking.through()
                crowd.telling.finish()
            seen = max(walking.seen_everywhere() for _ in range(5))
            say(f"a published story is listed by all {WEBS} web processes within {seen:.2f} s (most of 5)")
        finally:
            crowd.stopping.set()
            for thread in others:
                thread.join()
        _letters_came(parts, say)
    _all_is_well(crowd, say)


def _letters_came(parts: Parts, say: Callable[[str], object]) -> None:
    """Every letter came, and what came twice has one id."""
    waits = OutboxMessage.state == WAITING
    until(
        lambda: not OutboxMessage.select().where(waits, OutboxMessage.attempts == 0).exists(),
        "all were tried",
    )
    # Nobody waits here for the minutes after which what a killed process had in hand is another's.
    held = OutboxMessage.update(due_at=clock.now()).where(waits).execute()
    until(lambda: not OutboxMessage.select().where(waits).exists(), "all letters are sent")
    sent = {message.message_id for message in OutboxMessage.select().where(OutboxMessage.state == SENT)}
    read = [message_from_bytes(letter.content)["Message-ID"] for letter in parts.inbox.letters]
    came = Counter(name[1:].partition("@")[0] for name in read)
    assert came.keys() == sent, "each came, and nothing that nobody put in"
    twice = came.total() - len(sent)
    say(f"letters: {len(sent)}; {held} in the hand of a killed process, {twice} came twice under the same id")


def _all_is_well(crowd: Crowd, say: Callable[[str], object]) -> None:
    assert not crowd.telling.wrong, crowd.telling.wrong[:3]
    assert not crowd.wrong, crowd.wrong[:3]
    truth.all_holds(crowd.telling.kept, alone=False)
    again = sum(told.tries > 1 for told in crowd.telling.kept)
    say(f"stories answered with 201: {len(crowd.telling.kept)}, each there once ({again} were sent again)")
    say(f"answers to tellers: {dict(crowd.telling.seen)}; to readers: {dict(crowd.read)} (0: none came)")
    say(f"published meanwhile: {len(crowd.published)}")


def main() -> None:
    """Walk on a database of its own, and print the log."""
    import psycopg

    name = f"tellback_walk_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            walk(Path(folder), urlsplit(POSTGRES)._replace(path=f"/{name}").geturl(), print)
    finally:
        db.database.close_all()  # type: ignore[attr-defined]
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
