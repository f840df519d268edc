"""Releases serve side by side on one database, so that hosts are replaced one by one and nobody waits.

The older one is what was committed before the newest step, as git keeps it, in processes beside this tree's;
and this tree is the older one beside a release of tomorrow that has more steps. People tell, read and
moderate at both, the older is even begun again on the newer schema, and in the end all is listed and whole.
"""

import dataclasses
import io
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tellback import config, db, migrations
from tellback.backups import upgrading
from tellback.errors import SettingsError
from tellback.outbox import messages
from tellback.outbox.delivery import by_kind, deliver_due
from tellback.outbox.models import OutboxMessage
from tests.admin.conftest import PASSWORD, Form, Page
from tests.backups.test_backing_up import on_sqlite
from tests.durability.service import PATIENCE, ROOT, Service, environment, running, until
from tests.migrations.test_every_earlier_schema import WORKING, release
from tests.people import a_story

STEPS = Path("backend/tellback/migrations/steps")
# What a release of tomorrow may do while today's serves: columns, a table, an index.
EXPANDING = """
def up(_migrator, db):
    for query in (
        "CREATE TABLE story_mood (story_id INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE)",
        "ALTER TABLE story ADD COLUMN mood TEXT",
        "ALTER TABLE decision ADD COLUMN mood TEXT",
        "ALTER TABLE story_version ADD COLUMN moods INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX story_mood_index ON story (mood)",
    ):
        db.execute_sql(query)
"""
# Run by the older code: its schema, and who and what there is.
BEGIN = """
import os
from tellback import config, db, migrations, sealing
from tellback.accounts import passwords
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
settings = config.load(os.environ)
db.connect(settings.database_url)
migrations.upgrade()
sealing.use(settings.contact_key)
from tests import people
people.make_places()
moira = people.make_account("Moira", Role.MODERATOR)
Account.update(password=passwords.hashed({password!r})).where(Account.id == moira.id).execute()
"""


@pytest.mark.parametrize(
    ("newer", "ours", "goes_on"),
    [
        ("0031_words_are_kept_apart", "0030_last", True),
        ("0031_old_words_go_serves_from_0030", "0030_last", True),
        ("0031_old_words_go_serves_from_0030", "0029_before", False),
        ("0031_moods_serves_from_0031", "0030_last", False),
        # No later one of ours: somebody's own, or of a release that went another way.
        ("0030_another", "0030_last", False),
        ("0007_another", "0030_last", False),
    ],
)
def test_a_step_says_by_its_name_who_may_serve_beside_it(newer: str, ours: str, goes_on: bool) -> None:
    assert migrations.goes_on_beside(newer, ours) is goes_on


@on_sqlite
def test_a_release_goes_on_beside_one_that_only_adds(database: str, monkeypatch, tmp_path) -> None:
    with monkeypatch.context() as tomorrow:
        release(tomorrow, tmp_path / "steps", WORKING)
        migrations.upgrade()
    migrations.require_current()


@on_sqlite
def test_a_release_does_not_start_beside_one_that_takes_away(database: str, monkeypatch, tmp_path) -> None:
    with monkeypatch.context() as tomorrow:
        release(tomorrow, tmp_path / "steps", WORKING, named="new_serves_from_9001")
        migrations.upgrade()
    with pytest.raises(SettingsError, match=r"made by a newer Tellback \(it has 9001_new_serves_from_9001"):
        migrations.require_current()


@on_sqlite
def test_an_older_release_leaves_the_upgrade_to_the_newer(settings, database, monkeypatch, tmp_path) -> None:
    with monkeypatch.context() as tomorrow:
        release(tomorrow, tmp_path / "steps", WORKING)
        migrations.upgrade()
    said: list[str] = []
    upgrading.upgrade_before_serving(settings, tmp_path / "backups", said.append, lambda *_: None)
    assert said == []
    with pytest.raises(SettingsError, match="made by a newer Tellback"):
        upgrading.upgrade(settings, said.append)


@on_sqlite
def test_a_letter_to_whom_only_a_newer_release_knows_waits_for_that(settings, database) -> None:
    messages.put("news", "kind of tomorrow", "1")
    assert deliver_due(settings, by_kind({})) == 0
    letter = OutboxMessage.get()
    assert (letter.state, letter.attempts) == (messages.WAITING, 1)


@dataclasses.dataclass(frozen=True)
class Code:
    """A release: the folder that holds its `backend` and `tests`."""

    folder: Path

    @property
    def steps(self) -> list[str]:
        """The names of its steps, in their order."""
        return sorted(step.stem for step in (self.folder / STEPS).glob("[0-9]*.py"))

    def environ(self, settings: config.Settings) -> dict[str, str]:
        """What a process needs to be this release and no other."""
        return environment(
            settings,
            PYTHONPATH=f"{self.folder / 'backend'}:{self.folder}",
            TELLBACK_DECISION_MINUTES="0",
            TELLBACK_KEEP_ANSWERS="false",
        )

    def run(self, settings: config.Settings, *words: str) -> str:
        """What Python prints of these words."""
        done = subprocess.run(
            [sys.executable, *words], env=self.environ(settings), cwd=self.folder,
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def _committed(folder: Path) -> Code:
    """What was committed before the newest step, where that may serve beside it; else what was last."""
    newest = STEPS / f"{migrations.names()[-1]}.py"
    added = _git("log", "--diff-filter=A", "-1", "--format=%H", "--", str(newest)).decode().strip()
    for revision in (f"{added}^", "HEAD") if added else ("HEAD",):
        place = folder / revision.strip("^")
        place.mkdir(parents=True)
        packed = _git("archive", revision, "backend", "tests")
        if not packed:
            continue
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(place, filter="data")
        code = Code(place)
        knows = "goes_on_beside" in (place / STEPS.parent / "__init__.py").read_text()
        newer = [step for step in migrations.names() if step not in code.steps]
        if not newer or (knows and all(migrations.goes_on_beside(step, code.steps[-1]) for step in newer)):
            return code
    pytest.skip("git keeps nothing here that could serve beside this tree")


def _git(*words: str) -> bytes:
    """What git says; nothing where it knows nothing of it (a shallow clone, no clone at all)."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False).stdout


@pytest.fixture(params=["committed before", "tomorrow's"])
def releases(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Code, Code]:
    """An older release and a newer one; one of the two is this tree."""
    ours = Code(ROOT)
    if request.param == "committed before":
        return _committed(tmp_path / "older"), ours
    tomorrow = Code(tmp_path / "newer")
    shutil.copytree(ROOT / "backend", tomorrow.folder / "backend")
    (tomorrow.folder / STEPS / "9001_moods_are_kept.py").write_text(EXPANDING)
    return ours, tomorrow


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[config.Settings]:
    """A database of each kind with nothing in it, by its settings."""
    on_postgres = request.param == "postgresql"
    url = request.getfixturevalue("spare_postgres")() if on_postgres else f"sqlite:///{tmp_path / 'one.db'}"
    keys = ("SECRET", "CONTACT", "LEDGER")
    yield config.load(
        {
            "TELLBACK_DATA_DIR": str(tmp_path / "data"),
            "TELLBACK_DATABASE_URL": url,
            "TELLBACK_OPERATOR": "The Tellback Trust",
            **{f"TELLBACK_{key}_KEY": f"a {key} key that both of two releases have" for key in keys},
        }
    )
    if db.database.obj is not None:  # type: ignore[attr-defined]
        db.database.close_all()  # type: ignore[attr-defined]


class Moira:
    """A moderator with one browser, which the proxy in front leads to this host or to that."""

    def __init__(self) -> None:
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, host: Service, path: str) -> Page:
        """A page of the desk, at one of the hosts."""
        with self._browser.open(f"http://127.0.0.1:{host.port}{path}", timeout=PATIENCE) as answer:
            return Page(answer.read().decode())

    def send(self, host: Service, form: Form, **typed: str) -> Page:
        """Send a form as a page showed it, perhaps to the other host."""
        values = urlencode({**form.values, **typed}).encode()
        address = f"http://127.0.0.1:{host.port}{form.action}"
        with self._browser.open(address, values, timeout=PATIENCE) as answer:
            return Page(answer.read().decode())

    def publish(self, host: Service, story: str, other: Service) -> None:
        """Read a story at one host and press “publish”, which the other gets."""
        page = self.open(host, f"/admin/stories/{story}")
        self.send(other, page.form(f"/stories/{story}/publish"), criticality="0")


def _told(host: Service) -> str:
    """The id of a story that a host has just taken."""
    answer = host.ask("/api/v1/stories", a_story(idempotency_key=str(uuid.uuid4())))
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


def _listed(host: Service) -> set[str]:
    answer = host.ask("/api/v1/stories?service=RXH01&limit=50")
    assert answer.status == 200, answer.body
    return {story["id"] for story in answer.json["items"]}


@pytest.mark.long
def test_two_releases_serve_side_by_side_on_one_database(releases: tuple[Code, Code], store) -> None:
    older, newer = releases
    older.run(store, "-c", BEGIN.format(password=PASSWORD))
    moira, told = Moira(), []
    with running(Service(older.environ(store), workers=1)) as old:
        told.append(_told(old))
        sign_in = moira.open(old, "/admin/sign-in").form("/admin/sign-in")
        moira.send(old, sign_in, email="moira@example.org", password=PASSWORD)

        # Step 1 of docs/operators.md: the schema becomes the newer one's while the older serves.
        said = newer.run(store, "-m", "tellback", "db", "upgrade")
        assert re.findall(r"applied (\S+)", said) == [step for step in newer.steps if step not in older.steps]

        with running(Service(newer.environ(store), workers=1, log=store.data_dir / "newer.log")) as new:
            for telling, showing, deciding in (
                (old, old, old), (old, new, new), (new, old, old),
                (new, new, new), (old, old, new), (new, new, old),
            ):  # fmt: skip
                story = _told(telling)
                told.append(story)
                moira.publish(showing, story, deciding)
                for host in (old, new):
                    assert host.ask(f"/api/v1/stories/{story}").status == 200
            # One of the older ones falls over and is begun again, as systemd does.
            old.kill()
            until(lambda: old.ask("/readyz").status == 200, "the older is ready on the newer schema")
            moira.publish(old, told[0], old)
            assert _listed(old) == _listed(new) == set(told)

    # Step 3: the last of the older ones has ended.
    newer.run(store, "-m", "tellback", "db", "upgrade")
    newer.run(store, "-m", "tellback", "ledger", "verify")
    with running(Service(newer.environ(store), workers=1, log=store.data_dir / "newer.log")) as new:
        assert _listed(new) == set(told)
