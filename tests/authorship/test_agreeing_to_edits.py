"""An author is asked about large edits: on the page of the private link, and over the API."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.moderation import agreement, decisions, redaction
from tellback.moderation.redaction import Span
from tellback.stories.models import Story
from tellback.stories.submission import Receipt
from tests.people import tell

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BODY = "The doctor shouted. " + "My neighbour heard all of it from his bed by the door. " * 2 + "I cried."


@pytest.fixture
def asked(moira: Account) -> Receipt:
    """A story whose author is asked about two sentences of four."""
    receipt = tell(title="A night", body=BODY)
    story = receipt.story
    decisions.open_for_review(story, moira)
    start, end = BODY.index("My neighbour"), BODY.index(" I cried")
    redaction.redact(
        story,
        story.revision,
        Span("body", start, end),
        reason="health_detail_of_someone_else",
        replacement="[about another patient]",
        by=moira,
    )
    decisions.ask_author(story, story.revision, moira, message="May we leave your neighbour out?")
    return receipt


def mine(client: FlaskClient, receipt: Receipt) -> dict[str, object]:
    answer = client.get("/api/v1/my-story", headers={"Authorization": f"Bearer {receipt.token}"})
    assert answer.status_code == 200
    return dict(answer.get_json())


def send(client: FlaskClient, receipt: Receipt, **body: object) -> tuple[int, dict[str, object]]:
    bearer = {"Authorization": f"Bearer {receipt.token}"}
    answer = client.post("/api/v1/my-story/answer", json=body, headers=bearer)
    return answer.status_code, answer.get_json()


def press(client: FlaskClient, receipt: Receipt, step: str, **typed: object) -> tuple[int, str]:
    answer = client.post("/my-story", data={"token": receipt.token, "step": step, **typed})
    return answer.status_code, answer.text


def test_the_page_shows_each_edit_with_its_reason_in_place_and_asks(
    client: FlaskClient, asked: Receipt
) -> None:
    status, page = press(client, asked, "")
    assert status == 200
    for words in (
        "We have a question for you.",
        "May we leave your neighbour out?",
        "What we would change, and why",
        "A health detail about someone else",
        "Please answer by <time",
        "I agree to the changes",
    ):
        assert words in page
    told = BODY[BODY.index("My neighbour") : BODY.index(" I cried")]
    assert f'The doctor shouted. <del class="tb-was">{told}</del>' in page
    assert '<ins class="tb-now">[about another patient]</ins> I cried.' in page


def test_the_api_says_what_is_asked_and_until_when(client: FlaskClient, asked: Receipt) -> None:
    found = mine(client, asked)
    assert found["state"] == "awaiting_author"
    assert found["question"] == {"revision": Story.get().revision, "answer_by": "2026-12-07"}
    (field,) = found["in_place"]
    assert field["field"] == "body"
    assert "".join(piece["told"] for piece in field["pieces"]) == BODY
    assert [piece["shown"] for piece in field["pieces"] if piece["told"] != piece["shown"]] == [
        "[about another patient]"
    ]
    assert found["answer"] is None


def test_an_author_agrees_by_one_press(client: FlaskClient, asked: Receipt) -> None:
    status, page = press(client, asked, "agree", revision=Story.get().revision)
    assert status == 200
    assert "A moderator is reading your story." in page
    assert "You agreed to the changes." in page
    assert Story.get().state == "in_moderation"
    # Pressed twice, the second tells how the story stands, and changes nothing.
    status, page = press(client, asked, "agree", revision=Story.get().revision)
    assert status == 409
    assert "This question is no longer open." in page
    assert "You agreed to the changes." in page


def test_an_author_discusses_it(client: FlaskClient, asked: Receipt) -> None:
    status, page = press(
        client, asked, "discuss", revision=Story.get().revision, words="That he heard it matters to me."
    )
    assert status == 200
    assert "You wrote to the moderator:" in page
    assert "That he heard it matters to me." in page
    assert agreement.answer_to(agreement.question(Story.get())).answer == "discussed"


def test_what_is_missing_is_said_and_what_was_typed_stays(client: FlaskClient, asked: Receipt) -> None:
    revision = Story.get().revision
    status, page = press(client, asked, "discuss", revision=revision, words="  ")
    assert status == 422
    assert "Write to us what should be otherwise." in page
    status, page = press(client, asked, "discuss", revision=revision, words="a" * 2001)
    assert status == 422
    assert "a" * 2001 in page
    status, page = press(client, asked, "agree", words="Yes, but why?")
    assert status == 422
    assert "Open your private link again" in page
    assert "Yes, but why?" in page
    assert Story.get().state == "awaiting_author"


def test_another_language_keeps_what_was_typed(client: FlaskClient, asked: Receipt) -> None:
    status, page = press(client, asked, "", revision=Story.get().revision, words="Half a thought")
    assert status == 200
    assert 'form="answer"' in page
    assert "Half a thought</textarea>" in page


def test_the_api_takes_an_answer(client: FlaskClient, asked: Receipt) -> None:
    revision = Story.get().revision
    assert send(client, asked, revision=revision, answer="agree")[:2] == (200, {"state": "in_moderation"})
    answer = mine(client, asked)["answer"]
    assert answer["answer"] == "agreed"
    status, problem = send(client, asked, revision=revision, answer="agree")
    assert (status, problem["type"].rpartition("/")[2]) == (409, "conflict")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": "agree"}, "revision"),
        ({"revision": "x", "answer": "agree"}, "revision"),
        ({"revision": 4}, "answer"),
        ({"revision": 4, "answer": "perhaps"}, "answer"),
        ({"revision": 4, "answer": "discuss"}, "words"),
        ({"revision": 4, "answer": "agree", "word": "-"}, "word"),
    ],
)
def test_an_answer_that_is_none_is_refused_by_field(
    client: FlaskClient, asked: Receipt, body: dict[str, object], field: str
) -> None:
    status, problem = send(client, asked, **body)
    assert status == 422
    assert list(problem["errors"]) == [field]
    assert Story.get().state == "awaiting_author"


def test_nobody_answers_without_the_link(client: FlaskClient, asked: Receipt) -> None:
    answer = client.post("/api/v1/my-story/answer", json={"revision": 4, "answer": "agree"})
    assert answer.status_code == 401
    wrong = client.post("/my-story", data={"token": "wrong", "step": "agree", "revision": 4})
    assert wrong.status_code == 401
    assert Story.get().state == "awaiting_author"


def test_edits_that_a_moderator_is_still_making_are_not_shown(
    client: FlaskClient, asked: Receipt, moira: Account
) -> None:
    press(client, asked, "agree", revision=Story.get().revision)
    clock.pin(clock.now() + timedelta(hours=1))
    story = Story.get()
    redaction.redact_words(story, story.revision, "shouted", reason="abusive_words", replacement="", by=moira)
    assert [edit["now"] for edit in mine(client, asked)["edits"]] == ["[about another patient]"]
