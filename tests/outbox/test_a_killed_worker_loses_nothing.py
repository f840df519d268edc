"""Workers are killed (-9) in a hundred random places: all messages arrive, twice only under the same id."""

import os
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

from tellback import clock, db
from tellback.config import Settings
from tellback.outbox import messages
from tellback.outbox.models import DeliveryAttempt, OutboxMessage
from tests.outbox import workers
from tests.outbox.conftest import Inbox
from tests.outbox.receiver import listening

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261123
# Of each kind: more in all than a hundred short lives are seen to send.
EACH = 90
# Seconds until all must have arrived; far more than it takes.
PATIENCE = 150


def _run_and_kill(settings: Settings, smtp_url: str, port: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
    environment |= {
        "TELLBACK_DATA_DIR": str(settings.data_dir),
        "TELLBACK_DATABASE_URL": settings.database_url,
        "TELLBACK_OPERATOR": settings.operator,
        "TELLBACK_PUBLIC_URL": settings.public_url,
        "TELLBACK_SECRET_KEY": settings.secret_key,
        "TELLBACK_CONTACT_KEY": settings.contact_key[0],
        "TELLBACK_LEDGER_KEY": settings.ledger_key[0],
        "TELLBACK_SMTP_URL": smtp_url,
    }
    command = [sys.executable, "-m", "tests.outbox.workers", str(port), str(SEED)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=PATIENCE)


@pytest.mark.timeout(600)
@pytest.mark.by_turns
def test_nothing_is_lost_and_what_comes_twice_has_one_id(
    database: str, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    clock.pin(None)
    with db.transaction():
        for number in range(EACH):
            messages.put("story_received", "author", f"a{number}")
            messages.put("story.published", messages.WEBHOOK, str(number % 7), number=number)
    ours = {message.message_id: message for message in OutboxMessage.select()}
    db.database.close()
    with listening() as receiver:
        receiver.answer = 204
        _run_and_kill(settings, inbox[1], receiver.port)
        killed_at_it = sum(row.attempts for row in OutboxMessage.select()) - DeliveryAttempt.select().count()
        alive = Settings(**{**vars(settings), "smtp_url": inbox[1]})
        deadline = time.monotonic() + PATIENCE
        while OutboxMessage.select().where(OutboxMessage.state == messages.WAITING).exists():
            assert time.monotonic() < deadline
            workers.work(alive, receiver)
    letters = [message_from_bytes(letter.content) for letter in inbox[0].letters]
    arrived = Counter([letter["Message-ID"][1:].partition("@")[0] for letter in letters] + receiver.ids)
    assert arrived.keys() == ours.keys(), "each arrived, and nothing that nobody put in"
    for letter in letters:
        message = ours[letter["Message-ID"][1:].partition("@")[0]]
        assert letter["To"] == f"{message.recipient_id}@example.org"
    assert {row.state for row in OutboxMessage.select()} == {messages.SENT}
    assert killed_at_it > 10, "the kills hit workers that held a message"
    twice = arrived.total() - len(ours)
    assert twice <= killed_at_it, "only what a killed worker held comes again"
