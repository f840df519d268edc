"""Redis stops, hangs, is full, only reads, wants a password: stories go on, and the log says so once."""

import contextlib
import logging
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from flask.testing import FlaskClient

from tellback.app import create_app
from tellback.config import Settings
from tests.durability.service import free_port, until
from tests.people import ORIGIN, Places, a_story

pytestmark = [
    pytest.mark.skipif(not shutil.which("redis-server"), reason="apt-get install redis-server"),
    # What counts is the same on both engines.
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
# Seconds for four requests on a busy machine. If each asked a Redis that hangs, they would take far longer.
SOON = 20


class OwnRedis:
    """A Redis of the test's own, to be maltreated."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, and return when it answers."""
        options = ["--save", "", "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), *options], stdout=subprocess.DEVNULL
        )
        self.asked = redis.Redis.from_url(self.url)
        until(self._answers, "Redis answers")

    def _answers(self) -> bool:
        try:
            return bool(self.asked.ping())
        except redis.ConnectionError:
            return False

    def end(self) -> None:
        """End it by force."""
        self.asked.close()
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """A Redis that nobody else uses."""
    server = OwnRedis(tmp_path)
    yield server
    server.end()


@pytest.fixture
def client(places: Places, settings: Settings, own_redis: OwnRedis) -> FlaskClient:
    """A service that counts there."""
    return create_app(replace(settings, ratelimit_url=own_redis.url)).test_client()


MALTREATED: dict[str, Callable[[OwnRedis], object]] = {
    "it stops": lambda server: server.end(),
    "it hangs": lambda server: server.process.send_signal(signal.SIGSTOP),
    "it is full": lambda server: server.asked.config_set("maxmemory", "1"),
    "it only reads": lambda server: server.asked.replicaof("127.0.0.1", "1"),
    "it wants another password": lambda server: (
        server.asked.config_set("requirepass", "another"),
        server.asked.client_kill_filter(skipme=False, _type="normal"),
    ),
}


@pytest.mark.parametrize("maltreat", MALTREATED.values(), ids=MALTREATED)
def test_stories_go_on(
    client: FlaskClient,
    own_redis: OwnRedis,
    maltreat: Callable[[OwnRedis], object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def tell() -> int:
        form = a_story()
        return client.post("/api/v1/stories", data=form, headers={"Origin": ORIGIN}).status_code

    assert tell() == 201
    with contextlib.suppress(redis.RedisError):  # It hangs up on us, too.
        maltreat(own_redis)
    caplog.clear()
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        assert [tell() for _ in range(3)] == [201, 201, 201]
        assert client.get("/api/v1/stories").status_code == 200
    assert time.monotonic() - began < SOON
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(said) <= 2, [record.getMessage() for record in said]
