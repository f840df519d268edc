"""The finder and the services over HTTP."""

import pytest
from flask.testing import FlaskClient

ST_ELSEWHERE = {
    "code": "RXH01",
    "name": "St Elsewhere Hospital",
    "kind": "hospital",
    "town": "Elsewhere",
    "postcode": "EL1 2SE",
    "parent": None,
    "organisation": {"code": "RXH", "name": "St Elsewhere NHS Trust"},
    "closed_on": None,
    "url": "https://stories.example/services/RXH01",
}


def test_a_search_gives_a_list_of_services(client: FlaskClient) -> None:
    answer = client.get("/api/v1/services?q=st+elsewhere+hospital")
    assert answer.status_code == 200
    assert answer.json == {"items": [ST_ELSEWHERE], "next": None, "total": 1, "shown": 1}


def test_pages_are_followed_by_their_cursor(client: FlaskClient) -> None:
    first = client.get("/api/v1/services?limit=2").json
    assert (first["shown"], first["total"]) == (2, 3)
    rest = client.get("/api/v1/services", query_string={"limit": 2, "cursor": first["next"]}).json
    assert (rest["shown"], rest["total"], rest["next"]) == (1, 3, None)
    codes = [item["code"] for item in first["items"] + rest["items"]]
    assert sorted(codes) == ["G81001", "RXH01", "RXH01-ward-5"]


def test_one_service_is_read_by_its_code_in_any_case(client: FlaskClient) -> None:
    assert client.get("/api/v1/services/rxh01").json == ST_ELSEWHERE
    assert client.get("/api/v1/services/RXH01-WARD-5").json["parent"] == "RXH01"


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/api/v1/services/RXH01").headers["ETag"]
    assert client.get("/api/v1/services/RXH01", headers={"If-None-Match": tag}).status_code == 304


def test_every_page_may_read_it_without_credentials(client: FlaskClient) -> None:
    answer = client.get("/api/v1/services/RXH01", headers={"Origin": "https://anyone.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("code", ["RXH99", "%00", "x" * 300, "%ED%A0%80"])
def test_a_code_that_no_service_has_is_a_problem_of_its_own_kind(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/api/v1/services/{code}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["type"] == "https://stories.example/problems/unknown-service"
    assert "Look for it by its name, town or postcode." in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=51", "limit"),
        ("limit=many", "limit"),
        ("cursor=nonsense", "cursor"),
        (f"cursor={'x' * 3000}", "cursor"),
        (f"q={'x' * 5_000}", "q"),
        ("query=elsewhere", "query"),
    ],
)
def test_a_wrong_query_is_refused_by_its_field(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/services?{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize("q", ["%25", "_", "%5C", "%00", "%ED%A0%80", "%27%20OR%201=1"])
def test_a_hostile_query_finds_nothing(client: FlaskClient, q: str) -> None:
    answer = client.get(f"/api/v1/services?q={q}")
    assert (answer.status_code, answer.json["total"]) == (200, 0)
