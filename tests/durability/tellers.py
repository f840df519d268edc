"""People who tell stories through whatever happens, each under a key, and keep what they were answered."""

import http.client
import itertools
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.durability.service import Service

# Seconds a client waits for an answer before it takes the line for dead and asks again.
_ANSWER = 20
_PHONE = " You can call me on 07700 900123."


@dataclass
class Told:
    """A story that somebody tells until it is kept."""

    number: int
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    # As the service answered, each time that it did.
    answers: list[tuple[str, str]] = field(default_factory=list)
    tries: int = 0

    @property
    def form(self) -> dict[str, Any]:
        """The story as it is sent: each third names a telephone, each second asks for letters."""
        form = {
            "service": "RXH01-ward-5",
            "body": self.words,
            "author_role": "patient",
            "consent_publish": "true",
            "idempotency_key": self.key,
        }
        if self.asks_for_letters:
            form |= {"contact_email": f"teller{self.number}@example.org", "consent_contact": "true"}
        return form

    @property
    def words(self) -> str:
        """What is told, like nothing else that is."""
        told = f"Story number {self.number}: the nurse sat with me, and the tea came at {self.key}."
        return told + (_PHONE if self.has_finding else "")

    @property
    def has_finding(self) -> bool:
        """Whether screening finds something in it."""
        return self.number % 3 == 0

    @property
    def asks_for_letters(self) -> bool:
        """Whether a letter is to be written."""
        return self.number % 2 == 0

    @property
    def id(self) -> str:
        """Its public id."""
        return self.answers[0][0]

    @property
    def token(self) -> str:
        """The secret of its private link."""
        return self.answers[0][1].partition("#")[2]


class Tellers:
    """Some people who tell one story after the other, side by side, until told to stop."""

    def __init__(self, service: Service, count: int, between: float = 0.0) -> None:
        self.service = service
        self.kept: list[Told] = []
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._between = between
        self._numbers = itertools.count()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._tell_on) for _ in range(count)]

    def __enter__(self) -> "Tellers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def finish(self, patience: float = 120) -> None:
        """Have everybody end the story that they are at, kept."""
        self._stopping.set()
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0, end - time.monotonic()))
            assert not thread.is_alive(), "a story was not kept in time"

    def _tell_on(self) -> None:
        while not self._stopping.is_set():
            told = Told(next(self._numbers))
            if self._tell(told):
                self.kept.append(told)
            threading.Event().wait(self._between)

    def _tell(self, told: Told) -> bool:
        """Send it until it is kept; each fourth is sent once more after that."""
        resting = threading.Event()
        for told.tries in range(1, 1000):
            if self._send(told):
                if told.number % 4 == 0:
                    self._send(told)
                return True
            resting.wait(min(0.05 * told.tries, 1))
        self.wrong.append(f"story {told.number} was never kept")
        return False

    def _send(self, told: Told) -> bool:
        try:
            answer = self.service.ask("/api/v1/stories", told.form, patience=_ANSWER)
        except (OSError, http.client.HTTPException):
            self.seen["no answer"] += 1
            return False
        self.seen[str(answer.status)] += 1
        if answer.status == 201:
            receipt = answer.json
            told.answers.append((receipt["id"], receipt["private_link"]))
            return True
        if answer.status != 503 or "Retry-After" not in answer.headers:
            self.wrong.append(f"{answer.status}: {answer.body[:300]!r}")
        return False
