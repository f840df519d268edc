"""Each request has an id: its answer says it, a patient can quote it, and the log is found by it."""

import dataclasses
import json
import logging
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from tellback import config, logs
from tellback.http.kept_answers import KeptAnswers
from tellback.http.noting import Noted
from tellback.outbox.models import OutboxMessage
from tellback.stories import submission
from tests.people import a_story

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OURS = re.compile("[0-9a-f]{32}")
PROXYS = "f" * 32


@pytest.fixture
def served(app: Flask, settings: config.Settings) -> Client:
    """The service as a process of the server makes it, with nothing in front."""
    app.testing = False
    return Client(Noted(KeptAnswers(app), settings))


@pytest.fixture
def behind_a_proxy(app: Flask, settings: config.Settings) -> Client:
    """The same, told that a proxy of ours stands in front."""
    return Client(Noted(app, dataclasses.replace(settings, trusted_proxies=1)))


def id_of(answer: Any) -> str:
    """The id that the answer says, once."""
    (said,) = answer.headers.getlist("X-Request-ID")
    return str(said)


@pytest.mark.parametrize("path", ["/healthz", "/", "/v1/stories.js", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_says_an_id_of_its_own(served: Client, path: str) -> None:
    first, second = id_of(served.get(path)), id_of(served.get(path))
    assert OURS.fullmatch(first)
    assert OURS.fullmatch(second)
    assert first != second


def test_an_answer_that_is_given_again_says_the_id_of_who_asks_now(served: Client) -> None:
    first, again = served.get("/api/v1/stories"), served.get("/api/v1/stories")
    assert first.data == again.data
    assert id_of(first) != id_of(again)


@pytest.mark.parametrize("made", [PROXYS, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
def test_the_id_that_our_proxy_made_is_taken(behind_a_proxy: Client, made: str) -> None:
    assert id_of(behind_a_proxy.get("/healthz", headers={"X-Request-ID": made})) == made


@pytest.mark.parametrize("sent", ["Tamsin Quokkason", "07700900982", PROXYS + "0", PROXYS.upper(), "a\u00e9"])
def test_no_other_text_in_its_place_is_believed(behind_a_proxy: Client, sent: str) -> None:
    made = id_of(behind_a_proxy.get("/healthz", headers={"X-Request-ID": sent}))
    assert OURS.fullmatch(made)
    assert made != sent


def test_without_a_proxy_of_ours_a_visitor_names_no_id(served: Client) -> None:
    assert id_of(served.get("/healthz", headers={"X-Request-ID": PROXYS})) != PROXYS


def test_a_problem_says_it_so_that_a_program_can_quote_it(served: Client) -> None:
    answer = served.post("/api/v1/stories", data={"service": "RXH01"})
    assert answer.status_code == 422
    assert answer.get_json(force=True)["request_id"] == id_of(answer)


def test_who_reads_that_something_broke_can_quote_it_and_the_log_has_it(
    served: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("words of a patient")

    monkeypatch.setattr(submission.private_links, "give", broken)
    with writing("json", "warning"):
        answer = served.post("/tell", data={**a_story(), "step": "send"})
    assert answer.status_code == 500
    assert id_of(answer) in answer.get_data(as_text=True)
    (said,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert said["request_id"] == id_of(answer)
    assert said["message"].startswith("unexpected ValueError at ")


def test_a_line_says_route_status_and_time_and_nothing_that_was_sent(
    served: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing("json", "info"):
        answer = served.get("/stories/quokka?q=numbat")
    (said,) = [one for one in map(json.loads, capsys.readouterr().err.splitlines()) if "status" in one]
    assert said["request_id"] == id_of(answer)
    assert (said["method"], said["route"], said["status"]) == ("GET", "/stories/<story_id>", 404)
    assert said["ms"] >= 0
    assert not {"quokka", "numbat", "127.0.0.1"} & set(re.findall(r"[\w.]+", json.dumps(said)))


def test_a_letter_is_found_from_the_request_that_caused_it(
    served: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing("json", "info"):
        answer = served.post("/api/v1/stories", data=a_story(contact_email="ann@mail.example"))
    assert answer.status_code == 201
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    of_it = [one for one in lines if one.get("request_id") == id_of(answer)]
    caused = {one["message_id"] for one in of_it if "message_id" in one}
    assert caused == {message.message_id for message in OutboxMessage.select()}
    assert caused


class writing:  # noqa: N801 (reads as a word of the test)
    """The log as `tellback serve` writes it, for a while."""

    def __init__(self, format_: str, level: str) -> None:
        self.begun = format_, level
        self.root, self.ours = logging.getLogger(), logging.getLogger("tellback")

    def __enter__(self) -> None:
        self.before = self.root.handlers[:], self.root.level, self.ours.level, logging.raiseExceptions
        logs.begin(*self.begun)

    def __exit__(self, *_: object) -> None:
        self.root.handlers[:], level, ours, logging.raiseExceptions = self.before
        self.root.setLevel(level)
        self.ours.setLevel(ours)
