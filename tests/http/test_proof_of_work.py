"""While very much arrives, programs are asked for a proof of work: good once, for one purpose, for a time."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback import clock
from tellback.app import create_app
from tellback.config import Settings
from tellback.db import database as chosen
from tellback.http import limits, pressure, proof_of_work
from tellback.http.limits import Limit, Per
from tellback.http.models import UsedProof
from tellback.stories.models import Story
from tests.people import ORIGIN, Places, a_story
from tests.proofs import TIGHT, changed, solve

# What is no proof is none on whatever engine.
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def tight(calm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One story an hour is much, and few numbers are to be tried."""
    monkeypatch.setattr(limits, "PRESSURE", TIGHT)
    monkeypatch.setattr(proof_of_work, "NUMBERS", {1: 3, 2: 6})


@pytest.fixture
def pressed(client: FlaskClient) -> FlaskClient:
    """A client that told a story, and whose next one needs a proof."""
    assert tell(client).status_code == 201
    return client


def tell(client: FlaskClient, **changes: Any) -> TestResponse:
    return client.post("/api/v1/stories", data=a_story(**changes), headers={"Origin": ORIGIN})


def asked(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    """The challenge of a story that needs a proof."""
    problem = tell(client, **changes).get_json(force=True)
    assert problem["type"] == "https://stories.example/problems/proof-needed", problem
    challenge: dict[str, Any] = problem["challenge"]
    return challenge


def test_while_all_is_calm_nobody_is_asked(client: FlaskClient) -> None:
    assert tell(client).status_code == 201
    assert pressure.last_hour() == pressure.LastHour(0, 0, 0, 0, 0)


def test_under_pressure_a_story_is_welcome_with_a_proof(pressed: FlaskClient) -> None:
    refused = tell(pressed, body="The second story of this hour.")
    problem = refused.get_json(force=True)
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert "What you typed is not lost" in problem["detail"]
    assert problem["challenge"]["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert problem["challenge"]["parameters"]["cost"] == proof_of_work.COST
    proof = solve(problem["challenge"])
    assert tell(pressed, body="The second story of this hour.", proof=proof).status_code == 201
    assert Story.select().count() == 2
    assert pressure.last_hour() == pressure.LastHour(0, asked=1, solved=1, failed=0, without=0)


def test_a_program_may_ask_for_a_challenge_ahead(client: FlaskClient) -> None:
    assert client.get("/api/v1/proof").get_json()["needed"] is False
    tell(client)
    answer = client.get("/api/v1/proof?for=story")
    assert answer.get_json()["needed"] is True
    assert answer.headers["Cache-Control"] == "no-store"
    assert tell(client, proof=solve(answer.get_json()["challenge"])).status_code == 201
    assert client.get("/api/v1/proof?for=everything").status_code == 422


def test_a_proof_is_good_once(pressed: FlaskClient) -> None:
    proof = solve(asked(pressed))
    assert tell(pressed, proof=proof).status_code == 201
    again = tell(pressed, proof=proof)
    assert again.status_code == 403
    assert "used before" in again.get_json(force=True)["detail"]
    assert Story.select().count() == 2
    assert pressure.last_hour().failed == 1


def test_eight_at_once_with_one_proof_tell_one_story(pressed: FlaskClient, app: Flask) -> None:
    proof = solve(asked(pressed))

    def send(number: int) -> int:
        try:
            return tell(app.test_client(), body=f"Told by machine {number}.", proof=proof).status_code
        finally:
            chosen.close()

    with ThreadPoolExecutor(8) as machines:
        assert sorted(machines.map(send, range(8))) == [201] + [403] * 7
    assert Story.select().count() == 2
    assert UsedProof.select().count() == 1


def test_who_sends_the_same_story_again_needs_no_second_proof(pressed: FlaskClient) -> None:
    key = "k" * 32
    proof = solve(asked(pressed, idempotency_key=key))
    first = tell(pressed, idempotency_key=key, proof=proof)
    for again in (tell(pressed, idempotency_key=key, proof=proof), tell(pressed, idempotency_key=key)):
        assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert UsedProof.select().count() == 1


def test_a_story_that_is_refused_leaves_its_proof_good(pressed: FlaskClient) -> None:
    proof = solve(asked(pressed))
    assert tell(pressed, service="NOWHERE", proof=proof).status_code == 422
    assert tell(pressed, proof=proof).status_code == 201


def test_a_proof_for_one_purpose_is_none_for_another(pressed: FlaskClient) -> None:
    challenge = pressed.get("/api/v1/proof?for=report").get_json()["challenge"]
    assert tell(pressed, proof=solve(challenge)).status_code == 403


def test_a_proof_is_good_for_a_time_and_then_forgotten(pressed: FlaskClient) -> None:
    late, used = solve(asked(pressed)), solve(asked(pressed))
    assert tell(pressed, proof=used).status_code == 201
    clock.pin(clock.now() + proof_of_work.GOOD_FOR + timedelta(seconds=1))
    assert tell(pressed, proof=late).status_code == 403
    proof_of_work.forget_used()
    assert UsedProof.select().count() == 0
    assert tell(pressed, proof=used).status_code == 403


@ON_ONE
@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("challenge", "signature"), "0" * 64),
        (("challenge", "signature"), None),
        (("challenge", "parameters", "cost"), 1),
        (("challenge", "parameters", "keyPrefix"), ""),
        (("challenge", "parameters", "data"), {"for": "story", "many": 3, "until": 2**40}),
        (("challenge", "parameters", "data"), None),
        (("challenge", "parameters"), []),
        (("solution", "derivedKey"), "00" * 32),
        (("solution", "derivedKey"), 7),
        (("solution",), None),
        (("challenge",), "text"),
    ],
)
def test_a_proof_that_was_changed_is_none(pressed: FlaskClient, path: tuple[str, ...], to: Any) -> None:
    proof = changed(solve(asked(pressed)), *path, to=to)
    assert tell(pressed, proof=proof).status_code == 403
    assert UsedProof.select().count() == 0


@ON_ONE
@pytest.mark.parametrize(
    "proof",
    [
        "x",
        "=",
        "é",
        "bnVsbA==",
        base64.b64encode(b"[" * 2900).decode(),
        base64.b64encode(b"{}").decode(),
        "A" * 9000,
    ],
)
def test_what_is_no_proof_at_all_is_none(pressed: FlaskClient, proof: str) -> None:
    answer = tell(pressed, proof=proof)
    assert answer.status_code == 403
    assert answer.get_json(force=True)["challenge"]


def test_the_greater_the_pressure_the_more_the_work(pressed: FlaskClient) -> None:
    for _ in range(3):
        challenge = asked(pressed)
        assert challenge["parameters"]["data"]["many"] == 3
        tell(pressed, proof=solve(challenge))
    assert asked(pressed)["parameters"]["data"]["many"] == 6


def test_what_is_refused_makes_nobody_work(client: FlaskClient) -> None:
    for _ in range(3):
        assert tell(client, body="").status_code == 422
    assert tell(client).status_code == 201


def test_pressure_ends_with_its_hour_and_is_each_persons_own(pressed: FlaskClient) -> None:
    elsewhere = pressed.post("/api/v1/stories", data=a_story(), environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert elsewhere.status_code == 201
    asked(pressed)
    clock.pin(clock.now() + timedelta(seconds=3602))
    assert tell(pressed).status_code == 201


@ON_ONE
@pytest.mark.parametrize("per", [Per.NETWORK, Per.WEBSITE, Per.SERVICE, Per.EVERYONE])
def test_what_comes_to_a_website_a_service_or_all_counts_too(
    per: Per, client: FlaskClient, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRESSURE", (Limit("pressure", per, "1 per hour", "A test."),))
    tell(client)

    def next_from(address: str, **changes: Any) -> int:
        environ = {"REMOTE_ADDR": address}
        sent = {"data": a_story(**changes), "environ_base": environ}
        return client.post("/api/v1/stories", headers={"Origin": ORIGIN}, **sent).status_code  # type: ignore[arg-type]

    assert next_from("127.0.0.9") == 403
    other = next_from("203.0.113.9", service=places.surgery.code)
    assert other == (201 if per in (Per.NETWORK, Per.SERVICE) else 403)


def test_where_limits_are_off_nobody_is_asked(pressed: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressure.limiter, "enabled", False)
    assert tell(pressed).status_code == 201


def test_an_installation_without_limits_does_not_complain_of_their_counts(
    settings: Settings, places: Places, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(replace(settings, ratelimit_enabled=False)).test_client()
    assert client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}).status_code == 201
    assert caplog.messages == []


def test_counters_that_are_out_of_reach_ask_nobody(
    pressed: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressure, "limiter", SimpleNamespace(enabled=True, limiter=None))
    assert tell(pressed).status_code == 201
