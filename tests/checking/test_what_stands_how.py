"""`tellback check` says in plain lines what is well, what needs care and what is broken."""

import dataclasses
import os
import subprocess
import sys
import threading
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tellback import checking, clock, db, rounds
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.alerts.models import WebhookEndpoint
from tellback.authorship import erasure, own_story
from tellback.checking import State, machine, reach
from tellback.config import Settings
from tellback.moderation import decisions
from tellback.outbox.models import OutboxMessage
from tellback.replies import responding
from tellback.stories.models import Story
from tests.outbox.conftest import Inbox, inbox
from tests.people import Places, make_account, tell, tell_and_publish

__all__ = ["inbox"]  # The server of letters' own tests.


@pytest.fixture
def here(
    places: Places,
    settings: Settings,
    inbox: tuple[Inbox, str],
    moira: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """A deployment in good order, on this machine alone, with two moderators and a clock that others set."""
    settings.data_dir.mkdir(exist_ok=True)
    make_account("Martin", Role.MODERATOR)
    monkeypatch.setattr(machine.ctypes, "CDLL", lambda _name: None)
    # What the tests' PostgreSQL does not wait for, a deployment's does.
    monkeypatch.setitem(db.SESSION, "synchronous_commit", "on")
    return dataclasses.replace(
        settings,
        smtp_url=inbox[1],
        public_url="http://127.0.0.1:1",
        operator_contact="post@trust.example",
        second_factor_required=True,
    )


def lines(settings: Settings, state: State | None = None) -> list[str]:
    """What is said, of this state."""
    return [line.text for line in checking.run(settings) if state in (None, line.state)]


def test_a_deployment_in_good_order_is_well(here: Settings) -> None:
    tell(contact_email="ada@example.org")
    rounds.go_round(here)
    assert lines(here, State.BROKEN) == []
    assert lines(here, State.CARE) == [
        "TELLBACK_PUBLIC_URL is http://127.0.0.1:1, which only this machine reaches."
    ]
    assert checking.grade(checking.run(here)) == "ready, with care"
    said = "\n".join(lines(here, State.WELL))
    for words in (
        "can be written to",
        "The mail server answers.",
        "with the schema of this release",
        "TELLBACK_CONTACT_KEY opens what was sealed last.",
        "Nothing is overdue; the last message went out within the last minute.",
        "The ledger's head of today is signed.",
    ):
        assert words in said


def test_a_mail_server_that_is_away_is_said_and_what_waits_for_it(here: Settings) -> None:
    away = dataclasses.replace(here, smtp_url="smtp://127.0.0.1:1")
    tell(contact_email="ada@example.org")
    rounds.go_round(away)
    unreachable = "The mail server could not be reached (ConnectionRefusedError)."
    assert f"{unreachable} Letters wait, and are tried for two days." in lines(away, State.BROKEN)
    assert f"Failed, and tried again by itself: 1 message. {unreachable}" in lines(away, State.CARE)


def test_an_address_that_bounced_and_letters_given_up_are_said_without_a_name(
    here: Settings,
    inbox: tuple[Inbox, str],
) -> None:
    tell(contact_email="ada@example.org")
    inbox[0].says = {"ada@example.org": "550 5.1.1 No such user"}
    rounds.go_round(here)
    said = lines(here, State.CARE)
    assert "Given up: 1 message (story_received 1). Send them again on /admin/outbox." in said
    assert "Addresses that refuse our letters: 1, of them 1 of authors. See /admin/outbox." in said
    assert not any("ada" in line for line in lines(here))


def test_what_ended_while_somebody_was_at_it_is_counted(
    here: Settings, moira: Account, ruth: Account
) -> None:
    story = tell_and_publish(moira)
    written = {"responder_name": "Ruth", "responder_role": "Matron", "body": "We are sorry.", "lang": "en"}
    responding.reply(Story.get_by_id(story.id), "RXH01", written, by=ruth, wait=timedelta(minutes=30))
    own_story.withdraw(Story.get_by_id(story.id))
    said = "Replies to stories that are public no more: 1, not sent, kept for who wrote them."
    assert said in lines(here, State.WELL)
    erasure.erase(Story.get_by_id(story.id))
    said = "Private links of erased stories, which say so when they are opened: 1."
    assert said in lines(here, State.WELL)


def test_when_nothing_goes_round_it_says_what_to_start(here: Settings, moira: Account) -> None:
    story = tell(contact_email="ada@example.org").story
    start = "Work that was due is not done: start `tellback serve` or `tellback outbox work`, or see its log."
    assert start not in lines(here)
    clock.pin(clock.now() + timedelta(minutes=16))
    assert start in lines(here, State.BROKEN), "a letter waits"
    OutboxMessage.delete().execute()
    assert start not in lines(here)
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira, wait=timedelta(minutes=10))
    clock.pin(clock.now() + timedelta(minutes=26))
    assert start in lines(here, State.BROKEN), "a decision waits"
    clock.pin(clock.now() + timedelta(days=1))
    unsigned = "The ledger has no signed head of today: start `tellback serve` or `tellback outbox work`."
    assert unsigned in lines(here, State.BROKEN)


def test_another_contact_key_is_said(here: Settings) -> None:
    tell()
    other = dataclasses.replace(here, contact_key=("a key that has sealed nothing of all this",))
    said = "TELLBACK_CONTACT_KEY does not open what is sealed here: name the key that it was sealed with."
    assert said in lines(other, State.BROKEN)


def test_a_database_that_is_not_there_hides_nothing_else(here: Settings, tmp_path: Any) -> None:
    lost = dataclasses.replace(here, database_url=f"sqlite:///{tmp_path / 'no.db'}")
    assert lines(lost, State.BROKEN) == ["There is no database yet: run `tellback db upgrade`."]
    assert "The mail server answers." in lines(lost)
    away = dataclasses.replace(here, database_url="postgresql://nobody@127.0.0.1:1/none")
    assert lines(away, State.BROKEN) == ["The database does not answer (OperationalError)."]


def test_a_folder_that_others_can_read_the_keys_of_needs_care(here: Settings) -> None:
    (here.data_dir / "contact_key").write_text("x")
    (here.data_dir / "contact_key").chmod(0o644)
    assert any("Others on this machine can read" in line for line in lines(here, State.CARE))


@pytest.mark.parametrize(
    ("status", "said"), [(200, "answers."), (502, "answers 502: look at the service's log.")]
)
def test_the_public_address_is_tried(
    status: int, said: str, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(clock.now(), usegmt=True)

        def log_message(self, *_words: object) -> None:
            """Keep the tests' output to the tests."""

    monkeypatch.setattr(reach, "_THIS_MACHINE", ())
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        found = [line.text for line in reach.public_address(dataclasses.replace(here, public_url=url))]
    assert found == [f"{url} is not https: what people write can be read on its way.", f"{url} {said}"]


def test_services_systems_that_were_given_up_are_counted(here: Settings, places: Places) -> None:
    WebhookEndpoint.create(
        public_id="k2v8d1",
        organisation=places.hospital.organisation,
        url="https://hooks.hospital.example/",
        kinds=[],
        secret_sealed=b"",
        state="given_up",
        state_since=clock.now(),
        made_at=clock.now(),
    )
    said = "Webhooks that are switched off, since nothing arrived for days: 1."
    assert said in lines(here, State.CARE)


def test_the_command_ends_with_1_when_something_is_broken(tmp_path: Any) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
    environment |= {"TELLBACK_DATA_DIR": str(tmp_path), "TELLBACK_OPERATOR": "The Elsewhere Trust"}
    command = [sys.executable, "-m", "tellback", "check"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert "broken     There is no database yet: run `tellback db upgrade`.\n" in told.stdout
    assert "take care  No mail server is set, so letters wait: set TELLBACK_SMTP_URL.\n" in told.stdout


def test_it_says_when_the_processes_may_open_more_than_postgresql_lets_in(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not db.is_postgresql():
        pytest.skip("SQLite is a file")
    assert not any("max_connections" in line for line in lines(here))
    monkeypatch.setattr(db, "processes", lambda: 1000)
    said = [line for line in lines(here, State.CARE) if "max_connections" in line]
    assert said[0].startswith("1000 processes may open 16000 connections, and PostgreSQL lets in ")


def test_it_counts_the_processes_that_postgresql_has_sessions_of(here: Settings) -> None:
    if not db.is_postgresql():
        pytest.skip("SQLite is a file")
    before = db.processes()
    connected = f"from tellback import db; db.connect({here.database_url!r}); db.database.connect()"
    with subprocess.Popen(
        [sys.executable, "-c", f"{connected}; print(1); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        assert db.processes() == before + 1
        process.communicate("\n")
