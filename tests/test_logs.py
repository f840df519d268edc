"""What the log's lines look like: for people and for programs, and what can never stand in one."""

import json
import logging
import sys

import pytest

from tellback import logs

ID = "0123456789abcdef0123456789abcdef"


def line(formatter: logging.Formatter, message: str, **more: object) -> str:
    """How a record is written."""
    record = logging.LogRecord("tellback.outbox", logging.WARNING, __file__, 1, message, None, None)
    record.created = 1_795_426_200.12
    vars(record).update(more)
    return formatter.format(record)


@pytest.fixture
def in_a_request() -> None:
    logs.asked.set(logs.Asked(ID))


def test_people_read_when_how_grave_who_says_it_and_what() -> None:
    assert line(logs.AsText(), "not sent") == "2026-11-23T09:30:00.120Z warning tellback.outbox: not sent"


def test_programs_read_the_same_as_members_of_an_object() -> None:
    said = json.loads(line(logs.AsJSON(), "not sent", facts={"message_id": "m-1"}))
    assert said == {
        "time": "2026-11-23T09:30:00.120Z",
        "level": "warning",
        "logger": "tellback.outbox",
        "message": "not sent",
        "worker": "MainProcess",
        "message_id": "m-1",
    }


@pytest.mark.usefixtures("in_a_request")
def test_within_a_request_each_line_bears_its_id() -> None:
    assert line(logs.AsText(), "busy").endswith(f": busy (request {ID})")
    assert json.loads(line(logs.AsJSON(), "busy"))["request_id"] == ID


@pytest.mark.parametrize("forged", ["a\nb", "a\r\nb", "a\x1b[2Jb", "a\u2028b", "a\x00b", "a\x85b"])
def test_no_text_begins_a_line_of_its_own(forged: str) -> None:
    text = line(logs.AsText(), forged)
    # What follows of a record is indented: only a record's first line begins with its moment.
    assert all(part.startswith(("2026-", "    ")) for part in text.splitlines())
    assert not any(ord(letter) < 32 for letter in text.replace("\n", ""))
    as_json = line(logs.AsJSON(), forged)
    assert len(as_json.splitlines()) == 1
    assert json.loads(as_json)["message"] == forged


@pytest.mark.parametrize("formatter", [logs.AsText(), logs.AsJSON()])
def test_of_an_exception_its_kind_and_its_way_are_written_and_none_of_its_words(
    formatter: logging.Formatter,
) -> None:
    name = "Tamsin Quokkason"
    try:
        int(name)
    except ValueError:
        said = line(formatter, "failed", exc_info=sys.exc_info())
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert "Quokkason" not in said
