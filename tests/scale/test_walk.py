"""Every process of a service of many is killed once under load: nothing is lost, doubled or told wrong."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tellback import clock
from tests.browser import lacking
from tests.scale import walk


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_service_of_many_processes_is_killed_one_by_one(database: str, tmp_path: Path) -> None:
    if urlsplit(database).scheme != "postgresql":
        pytest.skip("several hosts share a PostgreSQL")
    if not (shutil.which("nginx") and shutil.which("redis-server")):
        lacking("no nginx or redis-server: apt-get install -y nginx-light redis-server")
    clock.pin(None)
    said: list[str] = []
    walk.walk(tmp_path, database, said.append)
    assert os.linesep.join(said).count("killed") >= walk.WEBS + walk.WORKERS
