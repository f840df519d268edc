"""Limits that hold across processes, leave a ward room, and say when to come back."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import clock, config
from tellback.app import create_app
from tellback.http import pseudonyms
from tellback.http.models import DailyKey
from tellback.stories.models import Story
from tests.people import ORIGIN, Places, a_story


def _tell(client: FlaskClient, address: str = "192.0.2.7", origin: str | None = ORIGIN) -> int:
    headers = {"Origin": origin} if origin else {}
    environ = {"REMOTE_ADDR": address}
    return client.post("/api/v1/stories", data=a_story(), headers=headers, environ_base=environ).status_code


def test_a_ward_behind_one_address_may_tell_sixty_stories_an_hour(client: FlaskClient) -> None:
    assert [_tell(client) for _ in range(61)] == [201] * 60 + [429]


def test_a_client_that_names_no_origin_is_held_to_ten(client: FlaskClient) -> None:
    assert [_tell(client, origin=None) for _ in range(11)] == [201] * 10 + [429]


def test_whoever_is_limited_hears_for_how_long_in_words_and_in_seconds(client: FlaskClient) -> None:
    for _ in range(10):
        _tell(client, origin=None)
    response = client.post("/api/v1/stories", data=a_story(), environ_base={"REMOTE_ADDR": "192.0.2.7"})
    problem = response.get_json(force=True)
    assert (response.status_code, response.mimetype) == (429, "application/problem+json")
    assert int(response.headers["Retry-After"]) == problem["retry_after"] == 3601
    assert "What you typed is not lost" in problem["detail"]
    assert "in 60 minutes" in problem["detail"]
    assert Story.select().count() == 10


def test_after_that_time_the_story_can_be_sent(client: FlaskClient) -> None:
    for _ in range(11):
        _tell(client, origin=None)
    clock.pin(clock.now() + timedelta(seconds=3601))
    assert _tell(client, origin=None) == 201


def test_another_address_has_its_own_count(client: FlaskClient) -> None:
    for _ in range(11):
        _tell(client, origin=None)
    assert _tell(client, "192.0.2.8", None) == 201


def test_a_client_cannot_name_its_own_address(client: FlaskClient) -> None:
    answers = [
        client.post("/api/v1/stories", data=a_story(), headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(11)
    ]
    assert answers == [201] * 10 + [429]


def test_behind_one_trusted_proxy_only_what_that_proxy_says_counts(
    places: Places, settings: config.Settings
) -> None:
    client = create_app(config.Settings(**{**vars(settings), "trusted_proxies": 1})).test_client()

    def tell(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.post("/api/v1/stories", data=a_story(), headers=headers).status_code

    # The proxy appends who spoke to it; what stands before that, the client made up.
    assert [tell(f"10.0.0.{n}, 192.0.2.1") for n in range(11)] == [201] * 10 + [429]
    assert tell("10.0.0.1, 192.0.2.2") == 201


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_a_home_counts_as_one(database: str, one: str, other: str, same: bool) -> None:
    assert (pseudonyms.pseudonym(one) == pseudonyms.pseudonym(other)) is same


def test_tomorrow_nobody_is_recognised_and_the_key_is_gone(database: str) -> None:
    today = pseudonyms.pseudonym("192.0.2.1")
    assert pseudonyms.pseudonym("192.0.2.1") == today
    pseudonyms.forget()
    assert pseudonyms.pseudonym("192.0.2.1") == today, "another process finds the day's key"
    clock.pin(clock.now() + timedelta(days=1))
    assert pseudonyms.pseudonym("192.0.2.1") != today
    assert [row.day for row in DailyKey.select()] == ["2026-11-24"]


def test_the_address_is_stored_nowhere(client: FlaskClient, tmp_path: Path) -> None:
    _tell(client, "203.0.113.77")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"203.0.113.77" not in path.read_bytes(), path
