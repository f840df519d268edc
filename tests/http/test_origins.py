"""From which pages a story may be sent, and how others are told what to do."""

import pytest
from flask.testing import FlaskClient

from tellback.stories.models import Story
from tests.people import ORIGIN, a_story


def test_a_page_of_an_allowed_website_may_send(client: FlaskClient) -> None:
    assert client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}).status_code == 201


def test_our_own_pages_may_send(client: FlaskClient) -> None:
    headers = {"Origin": "https://stories.example"}
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 201
    assert Story.get().website is None


def test_our_own_page_may_send_by_whatever_name_it_was_opened(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost:8000", "Host": "localhost:8000"}
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 201


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_a_client_that_names_no_origin_may_send(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 201


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.example",
        "http://www.st-elsewhere.example",
        "https://www.st-elsewhere.example:8443",
        "https://www.st-elsewhere.example.evil.example",
        "https://stories.example.evil.example",
        "nonsense",
    ],
)
def test_another_page_is_refused_with_how_to_allow_it(client: FlaskClient, origin: str) -> None:
    response = client.post("/api/v1/stories", data=a_story(), headers={"Origin": origin})
    assert response.status_code == 403
    problem = response.get_json(force=True)
    assert problem["type"].endswith("/problems/origin-not-allowed")
    assert f"--origin {origin}" in problem["detail"]
    assert "The Tellback Trust" in problem["detail"]
    assert "Your story is still here" in problem["detail"]
    assert Story.select().count() == 0


def test_a_site_key_of_another_website_does_not_open_the_door(client: FlaskClient) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    form = a_story(site_key="st-elsewhere-test")
    assert client.post("/api/v1/stories", data=form, headers=headers).status_code == 403


def test_a_browser_may_ask_first_from_anywhere_and_send_no_cookies(client: FlaskClient) -> None:
    response = client.options(
        "/api/v1/stories",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, idempotency-key",
        },
    )
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "idempotency-key" in response.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_no_public_answer_sets_a_cookie(client: FlaskClient) -> None:
    for path in ("/", "/api/v1/stories", "/services/RXH01", "/tell?service=RXH01", "/v1/stories.js"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "Set-Cookie" not in response.headers
