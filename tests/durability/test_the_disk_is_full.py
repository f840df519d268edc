"""No room is left: no story is taken, in words that say so; what is kept is read; with room all goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import clock, db
from tellback.config import Settings
from tellback.stories.models import Story
from tests import people
from tests.durability import truth
from tests.durability.service import Service, environment, running
from tests.durability.tellers import Told
from tests.people import ORIGIN, a_story

# Bytes: the schema takes 1.5 MB, and what is told while it is filled some more.
SMALL = 8 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, as root, or as whom sudo asks no password."""
    folder = tmp_path / "disk"
    folder.mkdir()
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    options = f"size={SMALL},mode=0777"
    mount = [*sudo, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if (sudo and not shutil.which("sudo")) or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run([*sudo, "umount", "--lazy", str(folder)], check=True)


def _fill(path: Path) -> None:
    """Take all the room there is."""
    with path.open("wb") as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    os.write(file.fileno(), b"\0" * size)
            except OSError:
                continue


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_takes_no_story_and_needs_no_hand_once_there_is_room(
    database: str, settings: Settings, small_disk: Path
) -> None:
    clock.pin(None)
    people.make_places()
    db.database.close_all()  # type: ignore[attr-defined]
    shutil.copyfile(settings.database_url.removeprefix("sqlite:///"), small_disk / "tellback.db")
    url = f"sqlite:///{small_disk / 'tellback.db'}"
    environ = environment(settings, TELLBACK_DATABASE_URL=url, TELLBACK_DATA_DIR=str(small_disk))
    del environ["TELLBACK_RATELIMIT_ENABLED"]  # limits are counted on the same disk
    kept = [Told(number) for number in range(3)]

    def tell(told: Told) -> int:
        answer = service.ask("/api/v1/stories", told.form)
        if answer.status == 201:
            told.answers.append((answer.json["id"], answer.json["private_link"]))
        else:
            assert answer.headers["Retry-After"] == "60"
            assert "What you typed is not lost" in answer.json["detail"]
        return answer.status

    # What it has to say has no room, either.
    with running(Service(environ, workers=2, log=Path("/dev/full"))) as service:
        assert tell(kept[0]) == 201
        assert service.ask("/readyz").json["state"] == "ready"
        _fill(small_disk / "filler")
        # Until the pages that SQLite has room for already are used up, some are taken.
        for number in range(10, 400):
            filler = Told(number)
            status = tell(filler)
            if status == 503:
                break
            kept.append(filler)
        assert status == 503
        assert tell(kept[1]) == 503
        assert service.ask("/api/v1/stories?service=RXH01").status == 200
        assert service.ask("/tell?service=RXH01").status == 200
        assert service.ask("/healthz").status == 200
        ready = service.ask("/readyz")
        assert (ready.status, ready.json["database"]) in [(503, "full"), (200, "well")], "asked a moment ago"
        page = service.ask("/tell", {**kept[1].form, "step": "send"})
        assert (page.status, "Retry-After" in page.headers) == (503, True)
        assert kept[1].words in page.body.decode()

        (small_disk / "filler").unlink()
        assert [tell(kept[1]), tell(kept[2])] == [201, 201]
        assert service.ask("/").status == 200
    db.connect(url)
    truth.all_holds(kept)
    db.connect(settings.database_url)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_quota_is_met_like_a_full_disk(client: FlaskClient) -> None:
    # Pages that a dropped index left free would take the story in: a full file has none.
    db.database.execute_sql("VACUUM")
    pages = db.database.execute_sql("PRAGMA page_count").fetchone()[0]
    db.database.execute_sql(f"PRAGMA max_page_count = {pages}")
    body = "The nurse sat with me until my daughter came. " * 150
    refused = client.post("/api/v1/stories", data=a_story(body=body), headers={"Origin": ORIGIN})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert client.get("/api/v1/stories").status_code == 200
    assert Story.select().count() == 0
    db.database.execute_sql("PRAGMA max_page_count = 1000000")
    told = client.post("/api/v1/stories", data=a_story(body=body), headers={"Origin": ORIGIN})
    assert told.status_code == 201
