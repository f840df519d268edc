"""Authors hold receipts, and everyone may check the words shown: over HTTP, on both engines."""

import hashlib
import json
from html import unescape
from typing import Any

from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.moderation import decisions, redaction
from tellback.stories.models import Story
from tellback.stories.submission import Receipt
from tests.people import tell


def _published(by: Account) -> Receipt:
    sent = tell(title="A call", body="Joy Bell rang. Joy Bell was kind.", what_was_good="The tea.")
    story = sent.story
    decisions.open_for_review(story, by)
    redaction.redact_words(
        story, story.revision, "Joy Bell", reason="a_persons_name", replacement="[a nurse]", by=by
    )
    decisions.publish(story, story.revision, by)
    return sent


def _mine(client: FlaskClient, sent: Receipt) -> dict[str, Any]:
    answer = client.get("/api/v1/my-story", headers={"Authorization": f"Bearer {sent.token}"})
    mine: dict[str, Any] = answer.get_json()
    return mine


def _opens(salt: str, words: dict[str, Any], commitment: str) -> bool:
    form = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return hashlib.sha256(bytes.fromhex(salt) + form).hexdigest() == commitment


def test_an_author_gets_a_receipt_for_what_was_received_and_what_was_published(
    client: FlaskClient, moira: Account
) -> None:
    sent = _published(moira)
    received, published = _mine(client, sent)["receipts"]
    entries = {one["number"]: one for one in client.get("/api/v1/ledger").get_json()["items"]}
    for receipt in (received, published):
        assert _opens(receipt["salt"], receipt["words"], entries[receipt["number"]]["commitment"])
        assert entries[receipt["number"]]["hash"] == receipt["hash"]
    assert received["ledger"] == "https://stories.example/api/v1/ledger"
    assert (received["step"], received["words"]["body"]) == ("received", "Joy Bell rang. Joy Bell was kind.")
    assert (published["step"], published["words"]["body"]) == (
        "published",
        "[a nurse] rang. [a nurse] was kind.",
    )


def test_the_page_of_the_private_link_shows_the_receipt_without_a_script(
    client: FlaskClient, moira: Account
) -> None:
    sent = _published(moira)
    page = unescape(client.post("/my-story", data={"token": sent.token}).text)
    assert "With this receipt you can prove that we had your words" in page
    for receipt in _mine(client, sent)["receipts"]:
        assert receipt["salt"] in page
        assert receipt["hash"] in page


def test_everyone_can_check_the_words_of_a_published_story_and_of_nothing_else(
    client: FlaskClient, moira: Account
) -> None:
    sent = _published(moira)
    story = client.get(f"/api/v1/stories/{sent.story.public_id}").get_json()
    words = {name: story[name] for name in ("title", "body", "what_was_good", "what_could_be_better")}
    assert [one["step"] for one in story["ledger"]["entries"]] == ["received", "published"]
    assert _opens(story["ledger"]["salt"], words, story["ledger"]["entries"][-1]["commitment"])
    received = _mine(client, sent)["receipts"][0]
    assert story["ledger"]["salt"] != received["salt"]
    assert received["salt"] not in json.dumps(story)
    page = client.get(f"/stories/{sent.story.public_id}").text
    assert story["ledger"]["salt"] in page
    assert story["ledger"]["entries"][0]["hash"] in page


def test_the_salt_of_public_words_goes_with_them(client: FlaskClient, moira: Account) -> None:
    sent = _published(moira)
    withdraw(Story.get_by_id(sent.story.id))
    story = client.get(f"/api/v1/stories/{sent.story.public_id}").get_json()
    assert story["ledger"]["salt"] is None
    assert [one["step"] for one in story["ledger"]["entries"]] == ["received", "published", "withdrawn"]
    assert [one["step"] for one in _mine(client, sent)["receipts"]] == ["received"]


def test_lists_do_not_grow_by_the_ledger(client: FlaskClient, moira: Account) -> None:
    _published(moira)
    (listed,) = client.get("/api/v1/stories?service=RXH01").get_json()["items"]
    assert "ledger" not in listed
