"""`tellback serve` sends letters by itself: one process, nothing else to start."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tellback import config, db
from tests import people
from tests.outbox.conftest import Inbox


@pytest.fixture
def served(
    settings: config.Settings, places: people.Places, inbox: tuple[Inbox, str], tmp_path: Path
) -> Iterator[str]:
    """The service on a free port, with the places in its database; its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
    environment |= {
        "TELLBACK_DATA_DIR": str(tmp_path / "data"),
        "TELLBACK_DATABASE_URL": settings.database_url,
        "TELLBACK_OPERATOR": settings.operator,
        "TELLBACK_SECRET_KEY": settings.secret_key,
        "TELLBACK_CONTACT_KEY": settings.contact_key[0],
        "TELLBACK_LEDGER_KEY": settings.ledger_key[0],
        "TELLBACK_SMTP_URL": inbox[1],
    }
    db.database.close_all()  # type: ignore[attr-defined]
    command = [sys.executable, "-u", "-m", "tellback", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline() if process.stdout else ""
        yield line.split(" answers at ")[1].split()[0]
        process.send_signal(signal.SIGTERM)


@pytest.mark.by_turns
def test_a_letter_leaves_by_itself_soon_after_the_story_was_told(
    served: str, inbox: tuple[Inbox, str]
) -> None:
    form = urlencode(people.a_story(contact_email="ada@example.org")).encode()
    with urllib.request.urlopen(f"{served}/api/v1/stories", form, timeout=30) as answer:
        assert answer.status == 201
    letter = inbox[0].arrived.get(timeout=60)
    assert letter.rcpt_tos == ["ada@example.org"]
    assert b"We have your story" in letter.content
