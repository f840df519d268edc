"""POST /api/v1/stories: what clients send, and every way in which it may be wrong. On both engines."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback.stories.models import Story, StoryVersion
from tests.people import ORIGIN, a_story

KEY = "0b0f3c0e-7a55-4a11-a3a6-2f6d6a1c9c11"


def _post(client: FlaskClient, form: dict[str, Any], **headers: str) -> TestResponse:
    return client.post("/api/v1/stories", data=form, headers={"Origin": ORIGIN, **headers})


def _post_json(client: FlaskClient, given: Any, **headers: str) -> TestResponse:
    return client.post("/api/v1/stories", json=given, headers={"Origin": ORIGIN, **headers})


def _nothing_is_stored() -> bool:
    return Story.select().count() == StoryVersion.select().count() == 0


def _assert_problem(response: TestResponse, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    problem: dict[str, Any] = response.get_json(force=True)
    assert problem["type"] == f"https://stories.example/problems/{slug}"
    assert problem["status"] == status
    assert problem["detail"]
    # A page of any origin may read what went wrong.
    assert response.headers.get("Access-Control-Allow-Origin") == response.request.headers.get("Origin")
    return problem


def test_a_form_tells_a_story(client: FlaskClient) -> None:
    response = _post(
        client, a_story(service=["RXH01", "G81001"], feelings=["positive:calm", "positive:safe"])
    )
    assert response.status_code == 201
    answer = response.get_json()
    assert answer["private_link"].startswith("https://stories.example/my-story#")
    assert (answer["state"], response.headers["Location"]) == ("submitted", "/api/v1/my-story")
    assert response.headers["Cache-Control"] == "no-store"
    story = Story.get(Story.public_id == answer["id"])
    assert story.website.site_key == "st-elsewhere-test"
    assert story.versions.get().feelings == ["positive:calm", "positive:safe"]


def test_json_tells_the_same_story(client: FlaskClient) -> None:
    given = a_story(services=["RXH01"], consent_publish=True, topics=["multiple-sclerosis"])
    del given["service"]
    assert _post_json(client, given).status_code == 201


def test_words_are_kept_as_told_but_for_their_normal_form(client: FlaskClient) -> None:
    told = "  Cafe\u0301 at 3.\r\n\r\n<script>alert('no')</script> \u0645\u0631\u062d\u0628\u0627 🏥\u202e "
    assert _post(client, a_story(body=told)).status_code == 201
    body = StoryVersion.get().body
    assert body == "Café at 3.\n\n<script>alert('no')</script> \u0645\u0631\u062d\u0628\u0627 🏥"


def test_the_same_key_gives_the_same_answer_again(client: FlaskClient) -> None:
    first = _post(client, a_story(idempotency_key=KEY))
    again = _post(client, a_story(), **{"Idempotency-Key": KEY})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert Story.select().count() == 1


def test_the_same_key_with_another_story_is_refused(client: FlaskClient) -> None:
    _post(client, a_story(idempotency_key=KEY))
    response = _post(client, a_story(idempotency_key=KEY, body="Another story."))
    _assert_problem(response, 422, "idempotency-key-reused")
    assert Story.select().count() == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a space in the key"])
def test_a_key_that_could_meet_anothers_is_refused(client: FlaskClient, key: str) -> None:
    problem = _assert_problem(_post(client, a_story(), **{"Idempotency-Key": key}), 422, "invalid-input")
    assert "16 to 128" in problem["errors"]["idempotency_key"][0]
    assert _nothing_is_stored()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"body": ""}, "body", "Your story is still empty. Please write something."),
        ({"body": "  \n\t "}, "body", "Your story is still empty. Please write something."),
        ({"body": "x" * 8001}, "body", "up to 8,000 characters. It has 8,001. Please shorten it."),
        ({"body": "\x00\u202e"}, "body", "Your story is still empty. Please write something."),
        ({"title": "t" * 101}, "title", "up to 100 characters"),
        ({"author_role": ""}, "author_role", "Choose who you are in this story."),
        ({"author_role": "wizard"}, "author_role", "Choose who you are in this story."),
        ({"consent_publish": ""}, "consent_publish", "if you agree that it may be published"),
        ({"consent_publish": "false"}, "consent_publish", "if you agree that it may be published"),
        ({"consent_publish": "maybe"}, "consent_publish", "Not a valid boolean."),
        ({"service": "NOWHERE"}, "service", "We know no service with the code NOWHERE."),
        ({"service": ""}, "service", "Say which service your story is about."),
        ({"service": [f"X{n}" for n in range(11)]}, "services", "up to 10 services"),
        ({"topic": "nothing"}, "topic", "We know no topic called nothing."),
        ({"feelings": "positive:rich"}, "feelings", "Choose feelings from the list."),
        ({"overall_experience": "5 stars"}, "overall_experience", "one of the six answers"),
        ({"visited_on": "2026-13"}, "visited_on", "year and month"),
        ({"visited_on": "2026-12"}, "visited_on", "already begun"),
        ({"visited_on": "٢٠٢٦-٠١"}, "visited_on", "year and month"),
        ({"lang": "<b>"}, "lang", "by its tag"),
        ({"contact_email": "ada at example"}, "contact_email", "name@example.org"),
        ({"website_path": "/a?q=my+illness"}, "website_path", "without query"),
        ({"stars": "5"}, "stars", "We do not know this field."),
    ],
)
def test_a_wrong_answer_is_named_with_what_to_do(
    client: FlaskClient, changes: dict[str, Any], field: str, said: str
) -> None:
    problem = _assert_problem(_post(client, a_story(**changes)), 422, "invalid-input")
    assert said in problem["errors"][field][0]
    assert "what you typed is still here" in problem["detail"]
    assert _nothing_is_stored()


def test_a_field_sent_twice_is_refused(client: FlaskClient) -> None:
    _assert_problem(_post(client, a_story(body=["One.", "Two."])), 422, "invalid-input")


@pytest.mark.parametrize(
    "changes",
    [
        {"body": 5},
        {"body": ["a"]},
        {"body": {"a": 1}},
        {"body": None},
        {"services": 5},
        {"services": [5]},
        {"services": {"a": 1}},
        {"feelings": "positive:calm"},
        {"consent_publish": "perhaps"},
        {"display_name": 1.5},
        {"contact_email": ["a@example.org"]},
        {"visited_on": 202610},
        {"lang": None},
        {"idempotency_key": 1},
    ],
)
def test_a_value_of_the_wrong_type_is_refused(client: FlaskClient, changes: dict[str, Any]) -> None:
    given = a_story(consent_publish=True) | changes
    response = client.post(
        "/api/v1/stories",
        data=json.dumps(given),
        content_type="application/json",
        headers={"Origin": ORIGIN},
    )
    problem = _assert_problem(response, 422, "invalid-input")
    assert set(problem["errors"]) == set(changes)
    assert _nothing_is_stored()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"body": "\xff"}', b"[" * 50_000]
)
def test_json_that_cannot_be_read_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/v1/stories", data=body, content_type="application/json")
    _assert_problem(response, 400, "bad-request")
    assert _nothing_is_stored()


def test_a_form_that_is_not_utf8_is_refused_and_not_guessed_at(client: FlaskClient) -> None:
    form = b"service=RXH01&author_role=patient&consent_publish=true&body=caf%E9"
    response = client.post("/api/v1/stories", data=form, content_type="application/x-www-form-urlencoded")
    _assert_problem(response, 400, "bad-request")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/xml", ""])
def test_another_type_of_body_is_refused(client: FlaskClient, kind: str) -> None:
    response = client.post("/api/v1/stories", data=b"body=x", content_type=kind)
    _assert_problem(response, 415, "http-415")


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_200_kilobytes_are_refused_with_the_limit(client: FlaskClient, kind: str) -> None:
    response = client.post("/api/v1/stories", data=b"body=" + b"x" * 204_800, content_type=kind)
    problem = _assert_problem(response, 413, "too-large")
    assert "196 kB" in problem["detail"]
    assert _nothing_is_stored()


def test_the_longest_story_in_the_widest_letters_fits(client: FlaskClient) -> None:
    wide = a_story(
        title="🏥" * 100,
        body="🏥" * 8000,
        what_was_good="🏥" * 4000,
        what_could_be_better="🏥" * 4000,
        display_name="🏥" * 40,
    )
    assert _post(client, wide).status_code == 201


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_the_address_of_all_stories_takes_no_other_method(client: FlaskClient, method: str) -> None:
    if method == "get":
        assert client.get("/api/v1/stories").status_code == 200
        return
    response = getattr(client, method)("/api/v1/stories")
    _assert_problem(response, 405, "http-405")
    assert "POST" in response.headers["Allow"]
