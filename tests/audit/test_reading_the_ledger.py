"""Everyone reads the ledger over HTTP, and checks it by the documented scripts, which use nothing of ours."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tellback.accounts.models import Account
from tellback.audit import signing
from tellback.audit.models import LedgerEntry
from tellback.config import Settings
from tellback.moderation import decisions
from tellback.stories.models import Story
from tests.people import tell

DOCS = Path(__file__).parents[2] / "docs" / "ledger.md"


@pytest.fixture
def told(client: FlaskClient, moira: Account, settings: Settings) -> list[Story]:
    """Four stories, one of them published, and a signed head over their five entries."""
    stories = [tell(body="Żółty dom — the nurse said “good night” 👋").story for _ in range(4)]
    decisions.open_for_review(stories[0], moira)
    decisions.publish(stories[0], stories[0].revision, moira)
    signing.sign_today(settings)
    return stories


def test_the_ledger_is_paged_in_its_order_with_the_newest_head(
    client: FlaskClient, told: list[Story]
) -> None:
    first = client.get("/api/v1/ledger?limit=3").get_json()
    assert [one["number"] for one in first["items"]] == [1, 2, 3]
    assert (first["next"], first["total"], first["shown"]) == (3, 5, 3)
    assert (first["head"]["number"], first["head"]["day"]) == (5, "2026-11-23")
    rest = client.get("/api/v1/ledger?limit=3&after=3").get_json()
    assert [one["step"] for one in rest["items"]] == ["received", "published"]
    assert (rest["next"], rest["shown"]) == (None, 2)
    assert client.get("/api/v1/ledger?after=5").get_json()["items"] == []


def test_the_entries_of_one_story_can_be_picked(client: FlaskClient, told: list[Story]) -> None:
    page = client.get(f"/api/v1/ledger?story={told[0].public_id}").get_json()
    assert [(one["number"], one["step"]) for one in page["items"]] == [(1, "received"), (5, "published")]
    assert page["total"] == 2


def test_before_the_first_story_it_is_empty(client: FlaskClient) -> None:
    page = client.get("/api/v1/ledger").get_json()
    assert page == {"items": [], "next": None, "total": 0, "shown": 0, "head": None}


def test_any_page_may_read_it_and_an_unchanged_answer_is_304(client: FlaskClient, told: list[Story]) -> None:
    answer = client.get("/api/v1/ledger")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/v1/ledger", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=501", "limit=0", f"after={2**31}", "afer=1"])
def test_a_stretch_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/ledger?{query}").status_code == 422


def test_heads_are_listed_with_the_keys_that_signed_them(client: FlaskClient, told: list[Story]) -> None:
    page = client.get("/api/v1/ledger/heads").get_json()
    assert [head["key"] for head in page["items"]] == [key["id"] for key in page["keys"]]
    assert (page["next"], page["total"], page["shown"]) == (None, 1, 1)
    assert client.get("/api/v1/ledger/heads?after=2026-11-23").get_json()["items"] == []
    assert client.get("/api/v1/ledger/heads?after=yesterday").status_code == 422


def test_the_head_stands_at_the_foot_of_pages_and_in_the_feed(client: FlaskClient, told: list[Story]) -> None:
    head = signing.newest_head()
    assert head
    said = f"Public ledger on 23 November 2026: entry 5, {head.hash[:16]}…"
    for page in ("/", "/about", "/services/RXH01", "/services/RXH01/stories.atom"):
        assert said in client.get(page).text, page


@pytest.fixture
def live(app: Flask, told: list[Story]) -> Iterator[str]:
    """The service at an address of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # It looks often whether it should end, so that nobody waits for it.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=30)


def _scripts() -> list[str]:
    return re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def _run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Isolated: neither this folder nor the package can be imported.
    command = [sys.executable, "-I", "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def _kept(path: Path, one: dict[str, Any]) -> str:
    path.write_text(json.dumps(one), encoding="utf-8")
    return str(path)


def _receipts(client: FlaskClient) -> list[dict[str, Any]]:
    sent = tell(body="Żółty dom — the nurse said “good night” 👋")
    mine = client.get("/api/v1/my-story", headers={"Authorization": f"Bearer {sent.token}"}).get_json()
    receipts: list[dict[str, Any]] = mine["receipts"]
    return receipts


def test_the_documented_check_is_of_thirty_lines_and_uses_the_standard_library_alone() -> None:
    chain, _signatures = _scripts()
    assert len([line for line in chain.splitlines() if line.strip()]) <= 30
    assert "import hashlib, json, sys, urllib.request" in chain
    assert chain.count("import") == 1


def test_the_documented_checks_find_a_whole_ledger_whole(
    live: str, client: FlaskClient, tmp_path: Path
) -> None:
    chain, signatures = _scripts()
    (receipt,) = _receipts(client)
    head = client.get("/api/v1/ledger").get_json()["head"]
    kept = [_kept(tmp_path / "head.json", head), _kept(tmp_path / "receipt.json", receipt)]
    for done in (_run(chain, live, *kept), _run(signatures, live, kept[0])):
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_documented_check_finds_a_changed_entry(live: str) -> None:
    LedgerEntry.update(step="returned").where(LedgerEntry.number == 2).execute()
    assert "entry 2 was changed" in _run(_scripts()[0], live).stderr


def test_the_documented_check_finds_a_missing_entry(live: str) -> None:
    LedgerEntry.delete().where(LedgerEntry.number == 2).execute()
    assert "entry 2 is missing" in _run(_scripts()[0], live).stderr


def test_a_head_that_somebody_kept_shows_a_rewrite(live: str, client: FlaskClient, tmp_path: Path) -> None:
    head = client.get("/api/v1/ledger").get_json()["head"]
    kept = _kept(tmp_path / "head.json", {**head, "hash": "0" * 64})
    assert "the ledger of 2026-11-23 was rewritten" in _run(_scripts()[0], live, kept).stderr


def test_a_receipt_with_other_words_opens_nothing(live: str, client: FlaskClient, tmp_path: Path) -> None:
    (receipt,) = _receipts(client)
    receipt["words"]["body"] = "It was kinder than it was."
    kept = _kept(tmp_path / "receipt.json", receipt)
    assert "does not open entry 6" in _run(_scripts()[0], live, kept).stderr


def test_the_documented_check_finds_a_forged_signature(
    live: str, client: FlaskClient, tmp_path: Path
) -> None:
    head = client.get("/api/v1/ledger").get_json()["head"]
    kept = _kept(tmp_path / "head.json", {**head, "number": 4})
    assert "InvalidSignature" in _run(_scripts()[1], live, kept).stderr
