"""Sessions, by rule: each is a row, so that it can be ended from afar."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tellback import clock
from tellback.accounts import kept_words, registration, sessions
from tellback.accounts.models import Account, StaffSession
from tellback.accounts.sessions import How

IDLE = timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def moira(database: str) -> Account:
    return registration.create("moira@elsewhere.example", "Moira Bell", "-")


def test_a_session_is_found_by_its_key_and_kept_as_its_hash(moira: Account) -> None:
    key = sessions.begin(moira, How.CODE, FIREFOX)
    account, session = sessions.find(key, moira.fs_uniquifier, IDLE) or (None, None)
    assert account == moira
    assert session is not None
    assert (session.how, session.device) == ("password and code", "Firefox on Windows")
    assert key not in StaffSession.get().key_hash


def test_one_session_ends_and_the_others_go_on(moira: Account) -> None:
    first, second = (sessions.begin(moira, How.PASSWORD, "") for _ in range(2))
    (one, other) = sessions.of(moira, IDLE)
    assert sessions.end(moira, other.id)
    assert not sessions.end(moira, other.id)
    assert sessions.find(first, moira.fs_uniquifier, IDLE) is None
    assert sessions.find(second, moira.fs_uniquifier, IDLE)
    assert sessions.end_all(moira, but=one) == 0


def test_nobody_ends_anothers_session(moira: Account) -> None:
    sessions.begin(moira, How.PASSWORD, "")
    other = registration.create("other@elsewhere.example", "Other", "-")
    assert not sessions.end(other, sessions.of(moira, IDLE)[0].id)


@pytest.mark.parametrize("key", ["", "made up", "\0"])
def test_a_key_that_is_none_finds_nothing(key: str, moira: Account) -> None:
    sessions.begin(moira, How.PASSWORD, "")
    assert sessions.find(key, moira.fs_uniquifier, IDLE) is None


def test_a_session_is_over_after_twelve_hours_and_swept_out(moira: Account) -> None:
    key = sessions.begin(moira, How.PASSWORD, "")
    began = clock.now()
    for half_hours in range(24):
        clock.pin(began + half_hours * IDLE / 2)
        assert sessions.find(key, moira.fs_uniquifier, IDLE)
    clock.pin(began + sessions.LIFE + timedelta(seconds=1))
    assert sessions.find(key, moira.fs_uniquifier, IDLE) is None
    assert sessions.of(moira, IDLE) == []
    sessions.begin(moira, How.PASSWORD, "")
    assert StaffSession.select().count() == 1


def test_a_session_that_nobody_used_for_an_hour_is_over_and_does_not_come_back(moira: Account) -> None:
    key = sessions.begin(moira, How.PASSWORD, "")
    began = clock.now()
    clock.pin(began + timedelta(minutes=59))
    assert sessions.find(key, moira.fs_uniquifier, IDLE)
    clock.pin(began + timedelta(minutes=59 + 60))
    assert sessions.of(moira, IDLE) == []
    assert sessions.find(key, moira.fs_uniquifier, IDLE) is None
    assert sessions.find(key, moira.fs_uniquifier, IDLE) is None, "asking for it is no use of it"


def test_when_it_was_last_used_is_known_to_the_minute_and_written_once_in_each(moira: Account) -> None:
    key = sessions.begin(moira, How.PASSWORD, "")
    began = clock.now()
    for seconds, seen in ((59, 0), (61, 61), (120, 61), (122, 122)):
        clock.pin(began + timedelta(seconds=seconds))
        sessions.find(key, moira.fs_uniquifier, IDLE)
        assert StaffSession.get().seen_at == began + timedelta(seconds=seen)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/149.0 Safari/537.36 Edg/149.0",
            "Edge on Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/149.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.9", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_called_what_a_person_would_call_it(agent: str, device: str) -> None:
    assert sessions.device(agent) == device


def test_all_that_staff_write_at_length_is_given_back() -> None:
    templates = Path(kept_words.__file__).parents[1] / "templates"
    named = {
        name
        for folder in ("staff", "security")
        for file in (templates / folder).glob("*.html")
        for name in re.findall(r"\blines\(\s*\"([a-z_]+)\"", file.read_text(encoding="utf-8"))
    }
    assert {"body", "why"} <= named <= kept_words._LONG_FIELDS
