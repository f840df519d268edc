"""/tell: the same story told on a page that needs no JavaScript."""

import re

import pytest
from flask.testing import FlaskClient
from peewee import OperationalError

from tellback.stories import submission
from tellback.stories.models import Story, StoryVersion
from tests.people import a_story

OWN = {"Origin": "https://stories.example"}


def _key(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', html)
    assert found
    return found[1]


def test_a_story_is_told_checked_changed_and_sent(client: FlaskClient) -> None:
    form = client.get("/tell?service=RXH01")
    assert "St Elsewhere Hospital" in form.text
    assert "Overall, how was your experience of our service?" in form.text
    answers = a_story(idempotency_key=_key(form.text), feelings=["positive:calm", "negative:worried"])

    check = client.post("/tell", data=answers | {"step": "check"}, headers=OWN)
    assert check.status_code == 200
    assert "The nurse sat with me" in check.text
    assert Story.select().count() == 0

    change = client.post("/tell", data=answers | {"step": "change"}, headers=OWN)
    assert "The nurse sat with me" in change.text

    sent = client.post("/tell", data=answers | {"step": "send"}, headers=OWN)
    assert sent.status_code == 200
    assert "https://stories.example/my-story#" in sent.text
    assert StoryVersion.get().feelings == ["positive:calm", "negative:worried"]


def test_sending_twice_tells_one_story(client: FlaskClient) -> None:
    answers = a_story(idempotency_key=_key(client.get("/tell?service=RXH01").text), step="send")
    first, second = (client.post("/tell", data=answers, headers=OWN) for _ in range(2))
    links = {re.search(r"my-story#[\w-]+", page.text)[0] for page in (first, second)}  # type: ignore[index]
    assert len(links) == 1
    assert Story.select().count() == 1


@pytest.mark.parametrize("step", ["check", "send"])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: FlaskClient, step: str) -> None:
    answers = a_story(what_was_good="The tea & <kindness>", contact_email="ada at home", step=step)
    del answers["author_role"], answers["consent_publish"]
    response = client.post("/tell", data=answers, headers=OWN)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert "Choose who you are in this story." in response.text
    assert "name@example.org" in response.text
    assert "The tea &amp; &lt;kindness&gt;" in response.text
    assert "The nurse sat with me" in response.text
    assert "ada at home" in response.text
    assert Story.select().count() == 0


def test_without_a_service_the_page_helps_to_find_one(client: FlaskClient) -> None:
    page = client.get("/tell")
    assert page.status_code == 200
    assert 'action="/services"' in page.text


def test_a_story_about_a_topic_alone_is_told(client: FlaskClient) -> None:
    form = client.get("/tell?topic=multiple-sclerosis")
    answers = a_story(topic="multiple-sclerosis", idempotency_key=_key(form.text), step="send")
    del answers["service"]
    assert "my-story#" in client.post("/tell", data=answers, headers=OWN).text


HEARTFELT = "I wrote this for an hour.\n\n</textarea><script>x</script> & more."


def _assert_kept(page: str) -> None:
    assert "Your story is still here" in page
    assert "I wrote this for an hour." in page
    assert 'name="body" value="I wrote this for an hour.' in page
    assert "&lt;script&gt;x&lt;/script&gt; &amp; more." in page
    assert "<script>x" not in page
    assert 'value="send"' in page


def test_at_the_limit_every_word_is_given_back_with_the_button(client: FlaskClient) -> None:
    answers = a_story(body=HEARTFELT, feelings=["positive:calm", "positive:safe"], step="send")
    for _ in range(10):
        assert client.post("/tell", data=answers).status_code == 200
    limited = client.post("/tell", data=answers)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3601")
    _assert_kept(limited.text)
    assert limited.text.count('name="feelings"') == 2
    assert "in 60 minutes" in limited.text
    assert Story.select().count() == 10


def test_while_the_database_is_away_every_word_is_given_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(submission, "submit", away)
    refused = client.post("/tell", data=a_story(body=HEARTFELT, step="send"), headers=OWN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    _assert_kept(refused.text)


def test_a_story_changed_after_it_was_sent_is_not_lost_and_not_sent_twice(client: FlaskClient) -> None:
    answers = a_story(idempotency_key=_key(client.get("/tell?service=RXH01").text), step="send")
    client.post("/tell", data=answers, headers=OWN)
    again = client.post("/tell", data=answers | {"body": "And one thing more."}, headers=OWN)
    assert again.status_code == 422
    assert "You have already sent this story" in again.text
    assert "And one thing more." in again.text
    assert "Try again" not in again.text
    assert Story.select().count() == 1


def test_another_pages_form_is_refused(client: FlaskClient) -> None:
    answers = a_story(step="send")
    response = client.post("/tell", data=answers, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403
    assert Story.select().count() == 0
