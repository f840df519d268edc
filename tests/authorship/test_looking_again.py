"""The author's second look, and a moderator's question, on the private link: by page and by program."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import case_closing, case_requests, case_steps, cases, decisions
from tellback.moderation.case_requests import Request
from tellback.stories.models import Story
from tellback.stories.submission import Receipt
from tests.people import Places, make_account, tell

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def refused(client: FlaskClient, moira: Account) -> Receipt:
    """A story that Moira did not publish."""
    receipt = tell(title="A night")
    decisions.open_for_review(receipt.story, moira)
    story = receipt.story
    decisions.reject(story, story.revision, moira, reason="commercial", message="")
    return receipt


def asked_about(moira: Account, *, kind: str = "under_16") -> Receipt:
    receipt = tell(title="A night")
    decisions.open_for_review(receipt.story, moira)
    case = cases.open_case(receipt.story, receipt.story.revision, moira, kind=kind, why="Homework.")
    case_steps.ask(case, moira, "Only if you like.")
    return receipt


def press(client: FlaskClient, receipt: Receipt, step: str, **typed: str) -> TestResponse:
    return client.post("/my-story", data={"token": receipt.token, "step": step, **typed})


def bearer(receipt: Receipt) -> dict[str, str]:
    return {"Authorization": f"Bearer {receipt.token}"}


def test_an_author_asks_for_a_second_look_without_a_script(client: FlaskClient, refused: Receipt) -> None:
    page = press(client, refused, "")
    assert "If you think we are wrong" in page.text
    page = press(client, refused, "appeal", about="appeal", words=" ")
    assert page.status_code == 422
    assert "Tell us why we should look again." in page.text
    assert 'href="#appeal-words"' in page.text
    page = press(client, refused, "appeal", about="appeal", words="I bought <nothing> there.")
    assert page.status_code == 200
    assert "You asked us to look again" in page.text
    assert "I bought &lt;nothing&gt; there." in page.text
    again = press(client, refused, "appeal", about="appeal", words="Please.")
    assert again.status_code == 409


def test_an_author_asks_by_program(client: FlaskClient, refused: Receipt) -> None:
    assert client.get("/api/v1/my-story", headers=bearer(refused)).get_json()["may_appeal"] is True
    sent = {"json": {"words": "I bought nothing."}, "headers": bearer(refused)}
    answer = client.post("/api/v1/my-story/appeal", **sent)
    assert (answer.status_code, answer.get_json()) == (201, {"state": "waiting"})
    mine = client.get("/api/v1/my-story", headers=bearer(refused)).get_json()
    assert (mine["may_appeal"], mine["appeal"]["words"]) == (False, "I bought nothing.")
    assert client.post("/api/v1/my-story/appeal", **sent).status_code == 409
    assert client.post("/api/v1/my-story/appeal", json={"words": "x"}).status_code == 401
    for wrong in ({}, {"words": "x" * 2001}, {"wrods": "x"}):
        answer = client.post("/api/v1/my-story/appeal", json=wrong, headers=bearer(refused))
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("stands", "Somebody else read it. We stay with what we decided."),
        ("reopened", "Somebody else read it. It is decided anew."),
    ],
)
def test_an_author_reads_what_the_second_moderator_says(
    outcome: str, said: str, client: FlaskClient, refused: Receipt, places: Places
) -> None:
    press(client, refused, "appeal", about="appeal", words="I bought nothing.")
    case = cases.of_story(refused.story)[0]
    noor = make_account("Noor", Role.MODERATOR)
    case_closing.close(case, noor, outcome=outcome, answer="It names a shop <often>.")
    page = press(client, refused, "").text
    assert said in page
    assert "It names a shop &lt;often&gt;." in page


def test_an_author_answers_a_question(client: FlaskClient, moira: Account) -> None:
    receipt = asked_about(moira)
    page = press(client, receipt, "").text
    assert "You are welcome here, and your story counts." in page
    assert "Only if you like." in page
    page = press(client, receipt, "message", about="message", words="")
    assert page.status_code == 422
    assert 'href="#message-words"' in page.text
    page = press(client, receipt, "message", about="message", words="I am fifteen.")
    assert "We have a question for you" not in page.text
    (_asked, answered) = case_steps.of_case(cases.of_story(receipt.story)[0])
    assert case_steps.said(answered) == "I am fifteen."
    assert press(client, receipt, "message", about="message", words="And?").status_code == 409


def test_an_author_answers_by_program(client: FlaskClient, moira: Account) -> None:
    receipt = asked_about(moira, kind="someone_else")
    asked = client.get("/api/v1/my-story", headers=bearer(receipt)).get_json()["asked"]
    assert asked["text"].startswith("Your story is about somebody else.")
    sent = {"data": {"words": "My mother."}, "headers": bearer(receipt)}
    assert client.post("/api/v1/my-story/message", **sent).get_json() == {"state": "in_moderation"}
    assert client.post("/api/v1/my-story/message", **sent).status_code == 409


def test_a_notice_stands_on_the_page_without_its_sender(client: FlaskClient, moira: Account) -> None:
    receipt = tell(title="A night")
    decisions.open_for_review(receipt.story, moira)
    decisions.publish(receipt.story, receipt.story.revision, moira)
    notice = Request(
        "defamation", "“Stole”.", "Una Quillfeather", "una@example.org", "en", "That I <stole>.", True
    )
    case_steps.ask(case_requests.ask(receipt.story.public_id, notice), moira)
    page = press(client, receipt, "").text
    assert "What they wrote" in page
    assert "That I &lt;stole&gt;." in page
    assert "Quillfeather" not in page
    assert "una@example.org" not in page


def test_the_page_changes_its_language_with_what_was_typed(client: FlaskClient, refused: Receipt) -> None:
    typed = {"token": refused.token, "step": "", "about": "appeal", "words": "I bought nothing."}
    page = client.post("/my-story?lang=cy", data=typed)
    assert 'lang="cy"' in page.text
    assert "I bought nothing." in page.text
    assert cases.appeal_of(Story.get_by_id(refused.story.id)) is None
