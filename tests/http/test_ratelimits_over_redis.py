"""Counters in a real Redis, shared by hosts; and what happens when it is away."""

import os
import uuid
from collections.abc import Iterator

import pytest
import redis

from tellback import config
from tellback.app import create_app
from tests.people import ORIGIN, Places, a_story

URL = os.environ.get("TELLBACK_TEST_REDIS_URL", "")


@pytest.fixture
def shared() -> Iterator[str]:
    """A Redis at hand; the counters this test made are taken out again."""
    if not URL:
        pytest.skip("Redis is not at hand: see the first lines of tests/run.py")
    server = redis.Redis.from_url(URL)
    before = set(server.keys("tellback:*"))
    yield URL
    made = set(server.keys("tellback:*")) - before
    if made:
        server.delete(*made)
    server.close()


def _settings(settings: config.Settings, url: str) -> config.Settings:
    return config.Settings(**{**vars(settings), "ratelimit_url": url})


def _status(app: object, address: str) -> int:
    client = app.test_client()  # type: ignore[attr-defined]
    return client.post(
        "/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}, environ_base={"REMOTE_ADDR": address}
    ).status_code


@pytest.mark.by_turns
def test_two_hosts_count_together(places: Places, settings: config.Settings, shared: str) -> None:
    # An address of its own, so that runs side by side do not count each other's hits.
    address = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"
    one, other = create_app(_settings(settings, shared)), create_app(_settings(settings, shared))
    answers = [_status(app, address) for _ in range(30) for app in (one, other)]
    assert answers == [201] * 60
    assert [_status(app, address) for app in (one, other)] == [429, 429]


def test_a_lost_redis_loosens_the_limit_and_stops_no_story(places: Places, settings: config.Settings) -> None:
    app = create_app(_settings(settings, "redis://127.0.0.1:1/0"))
    assert _status(app, "192.0.2.9") == 201
