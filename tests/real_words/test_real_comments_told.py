"""5,590 real comments of patients, told through the public API and taken to the public page.

The words are read where they lie beside the project, and are never copied into it.
"""

import csv
import itertools
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback import config, db
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.app import create_app
from tellback.moderation import decisions, marking, redaction
from tellback.moderation.redaction import Span
from tellback.organisations.importing import bring_in
from tellback.organisations.models import Service
from tellback.organisations.registers import open_register
from tellback.screening import RULES
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tellback.stories.submission import current_version
from tests import people

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real comments are not beside this checkout")


@pytest.fixture
def database_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """SQLite alone: this is about many words, not about two engines."""
    path = tmp_path / "tellback.db"
    path.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("one_in", "moderated"),
    [pytest.param(1, 300, marks=pytest.mark.long, id="all"), pytest.param(28, 100, id="every 28th")],
)
def test_every_real_comment_is_told_screened_moderated_and_read_back_whole(
    one_in: int, moderated: int, settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(config.Settings(**{**vars(settings), "ratelimit_enabled": False}))
    client = app.test_client()
    for name in ("ods_gp_practices.csv", "ods_hospitals.csv"):
        bring_in(open_register(DATA / name))
    services = [service.code for service in Service.select(Service.code).order_by(Service.code)]
    # 7,984 lines, of which eight name a hospital a second time.
    assert len(services) == 7976

    began = time.perf_counter()
    told = _tell_all(client, services, one_in)
    seconds = time.perf_counter() - began
    assert Story.select().count() == StoryVersion.select().count() == len(told)
    assert {v.body for v in StoryVersion.select(StoryVersion.body)} == set(told.values())

    moira = people.make_account("Moira", Role.MODERATOR)
    published = _moderate(list(told)[:moderated], moira)
    assert _read_all(client, moderated) == published
    with capsys.disabled():
        found = StoryFinding.select().where(StoryFinding.field != "title").count()
        print(
            f"\n{len(told)} real comments told in {seconds:.1f} s, {1000 * seconds / len(told):.1f} ms each; "
            f"{found} findings; {len(published)} moderated, published and paged through to the end"
        )
    db.database.close_all()  # type: ignore[attr-defined]


def _tell_all(client: FlaskClient, services: list[str], one_in: int) -> dict[str, str]:
    """Tell comments, one in so many, each about one of the services; what was kept, by the story's id."""
    with (DATA / "patient_comments.csv").open(encoding="utf-8", newline="") as file:
        comments = [row["text"] for row in csv.DictReader(file)]
    assert len(comments) == 5590
    told = {}
    for comment, code in zip(comments[::one_in], itertools.cycle(services), strict=False):
        response = client.post("/api/v1/stories", data=people.a_story(service=code, body=comment))
        assert response.status_code == 201, (comment, response.text)
        told[response.get_json()["id"]] = (
            StoryVersion.select(StoryVersion.body).order_by(StoryVersion.id.desc()).first().body
        )
    return told


def _moderate(ids: list[str], moira: Account) -> list[str]:
    """Redact what screening found, publish, and return the ids, the newest first."""
    for public_id in ids:
        story = Story.get(Story.public_id == public_id)
        decisions.open_for_review(story, moira)
        _redact_findings(story, moira)
        decisions.publish(story, story.revision, moira)
    return ids[::-1]


def _redact_findings(story: Story, moira: Account) -> None:
    for finding in marking.open_findings(current_version(story)):
        rule = RULES[finding.rule]
        if rule.reason:
            span = Span(finding.field, finding.start, finding.end)
            redaction.redact(
                story, story.revision, span, reason=rule.reason, replacement=rule.replacement or "", by=moira
            )


def _read_all(client: FlaskClient, published: int) -> list[str]:
    """Every published story's id, page by page to the end."""
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 7}
    while True:
        page = client.get("/api/v1/stories", query_string=query).get_json()
        assert page["total"] == published
        seen += [story["id"] for story in page["items"]]
        if page["next"] is None:
            return seen
        query["cursor"] = page["next"]
