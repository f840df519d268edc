"""The author's own way: the private link over the API and as a page without JavaScript."""

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.moderation import decisions, redaction
from tellback.stories.models import AuthorContact, PublishedText, Story
from tests.people import tell


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_author_sees_where_the_story_stands_and_what_comes_next(client: FlaskClient) -> None:
    receipt = tell(title="A night")
    answer = client.get("/api/v1/my-story", headers=_bearer(receipt.token))
    mine = answer.get_json()
    assert (mine["state"], mine["state_text"]) == ("submitted", "We have your story.")
    assert "within 2 working days" in mine["what_happens_next"]
    assert mine["story"]["title"] == "A night"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_author_sees_every_edit_with_its_reason(client: FlaskClient, moira: Account) -> None:
    receipt = tell(title="Thanks", body="Joy Bell was kind.")
    story = receipt.story
    decisions.open_for_review(story, moira)
    redaction.redact_words(
        story, story.revision, "Joy Bell", reason="a_persons_name", replacement="[a nurse]", by=moira
    )
    assert client.get("/api/v1/my-story", headers=_bearer(receipt.token)).get_json()["edits"] == []
    decisions.publish(story, story.revision, moira)
    mine = client.get("/api/v1/my-story", headers=_bearer(receipt.token)).get_json()
    (edit,) = mine["edits"]
    assert (edit["was"], edit["now"], edit["reason_text"]) == ("Joy Bell", "[a nurse]", "A person's name")
    assert mine["url"] == f"https://stories.example/stories/{story.public_id}"


def test_the_author_of_a_returned_story_reads_what_to_change(client: FlaskClient, moira: Account) -> None:
    receipt = tell()
    decisions.open_for_review(receipt.story, moira)
    decisions.send_back(
        receipt.story, receipt.story.revision, moira, reason="hard_to_follow", message="Which day was it?"
    )
    texts = [
        m["text"]
        for m in client.get("/api/v1/my-story", headers=_bearer(receipt.token)).get_json()["messages"]
    ]
    assert texts == ["We could not follow part of it.", "Which day was it?"]


def test_the_author_withdraws_and_the_story_is_gone_at_once(client: FlaskClient, moira: Account) -> None:
    receipt = tell(contact_email="ada@example.org")
    decisions.open_for_review(receipt.story, moira)
    decisions.publish(receipt.story, receipt.story.revision, moira)
    assert client.delete("/api/v1/my-story", headers=_bearer(receipt.token)).get_json() == {
        "state": "withdrawn"
    }
    assert PublishedText.select().count() == AuthorContact.select().count() == 0
    (tombstone,) = client.get("/api/v1/stories").get_json()["items"]
    assert tombstone["reason_text"] == "Its author took it back."
    assert client.delete("/api/v1/my-story", headers=_bearer(receipt.token)).status_code == 409


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "Bearer \u00e9"])
def test_a_wrong_token_opens_nothing_and_says_what_to_check(client: FlaskClient, header: str) -> None:
    tell()
    response = client.get("/api/v1/my-story", headers={"Authorization": header} if header else {})
    assert (response.status_code, response.mimetype) == (401, "application/problem+json")


def test_without_javascript_the_link_is_pasted(client: FlaskClient) -> None:
    receipt = tell(title="A night on the ward")
    page = client.post("/my-story", data={"token": f" https://stories.example/my-story#{receipt.token} "})
    assert page.status_code == 200
    assert "We have your story." in page.text
    assert "A night on the ward" in page.text
    wrong = client.post("/my-story", data={"token": "https://stories.example/my-story#nothing"})
    assert wrong.status_code == 401
    assert "This link opens no story" in wrong.text


def test_without_javascript_withdrawing_asks_once_more(client: FlaskClient) -> None:
    receipt = tell()
    client.post("/my-story", data={"token": receipt.token, "step": "ask_withdraw"})
    assert Story.get().state == "submitted"
    page = client.post("/my-story", data={"token": receipt.token, "step": "withdraw"})
    assert "You took your story back." in page.text
    assert Story.get().state == "withdrawn"
