"""From which pages a story may be sent, and how others are told what to do."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback.stories.models import Story
from tests.people import ORIGIN, a_story, tell


def test_a_page_of_an_allowed_website_may_send(client: FlaskClient) -> None:
    assert client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}).status_code == 201


def test_our_own_pages_may_send(client: FlaskClient) -> None:
    headers = {"Origin": "https://stories.example"}
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 201
    assert Story.get().website is None


def test_our_own_page_may_send_by_whatever_name_it_was_opened(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost:8000", "Host": "localhost:8000"}
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 201


@pytest.mark.parametrize(
    "name", ["elsewhere.example", "stories.example:8443", "stories.example.evil.example"]
)
def test_a_page_is_not_ours_because_a_request_says_so(client: FlaskClient, name: str) -> None:
    headers = {"Origin": f"http://{name}", "Host": name}
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 421
    assert Story.select().count() == 0


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


def asked_first(client: FlaskClient, origin: str, path: str = "/api/v1/stories", method: str = "POST") -> Any:
    """What a browser gets that asks whether a page of this origin may do so (a preflight)."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type, idempotency-key",
    }
    answer = client.options(path, headers=headers)
    assert answer.status_code == 200
    return answer.headers


@pytest.mark.parametrize("origin", [ORIGIN, "https://stories.example", "null"])
def test_a_page_that_may_send_is_named_when_it_asks_first(client: FlaskClient, origin: str) -> None:
    headers = asked_first(client, origin)
    assert headers["Access-Control-Allow-Origin"] == origin
    assert "idempotency-key" in headers["Access-Control-Allow-Headers"].lower()
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert "Origin" in headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    ("path", "method"),
    [("/api/v1/stories", "POST"), ("/api/v1/my-story", "GET"), ("/api/v1/my-story", "DELETE")],
)
def test_another_page_that_asks_first_is_allowed_nothing(client: FlaskClient, path: str, method: str) -> None:
    headers = asked_first(client, "https://elsewhere.example", path, method)
    assert [name for name in dict(headers) if name.startswith("Access-Control")] == []
    assert "Origin" in headers["Vary"]


def test_the_receipt_is_read_by_the_page_that_sent_it_alone(client: FlaskClient) -> None:
    answer = client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in answer.headers["Vary"]
    by_no_page = client.post("/api/v1/stories", data=a_story())
    assert "Access-Control-Allow-Origin" not in by_no_page.headers


@pytest.mark.parametrize("data", [a_story(), {"body": "Too short a form."}])
def test_why_it_was_refused_is_read_by_any_page(client: FlaskClient, data: dict[str, str]) -> None:
    answer = client.post("/api/v1/stories", data=data, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code in (403, 422)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://elsewhere.example"


def test_an_authors_own_page_is_read_by_allowed_pages_alone(client: FlaskClient) -> None:
    token = {"Authorization": f"Bearer {tell().token}"}
    for origin, named in ((ORIGIN, ORIGIN), ("https://elsewhere.example", None)):
        answer = client.get("/api/v1/my-story", headers={**token, "Origin": origin})
        assert answer.status_code == 200
        assert answer.headers.get("Access-Control-Allow-Origin") == named


def test_what_is_public_is_read_by_every_page(client: FlaskClient) -> None:
    found = ("/api/v1/stories", "/api/v1/services", "/openapi.json", "/services/RXH01/stories.atom")
    refused = ("/api/v1/stories?service=nowhere", "/api/v1/stories?limit=many")
    for path in (*found, *refused):
        headers = client.get(path, headers={"Origin": "https://elsewhere.example"}).headers
        # One that stands twice is read by no page.
        assert headers.get_all("Access-Control-Allow-Origin") == ["*"], path
        assert "Access-Control-Allow-Credentials" not in headers, path
    assert (
        asked_first(client, "https://elsewhere.example", method="GET")["Access-Control-Allow-Origin"] == "*"
    )


def test_no_public_answer_sets_a_cookie(client: FlaskClient) -> None:
    for path in ("/", "/api/v1/stories", "/services/RXH01", "/tell?service=RXH01", "/v1/stories.js"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "Set-Cookie" not in response.headers
