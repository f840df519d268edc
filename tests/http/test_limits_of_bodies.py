"""What asks too much by its shape is refused in words, before anything is made of it."""

import json

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback.stories.models import Story
from tests.people import a_story

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JSON = "application/json"


def send(client: FlaskClient, body: str | bytes) -> TestResponse:
    """The answer to a body that says it is JSON."""
    return client.post("/api/v1/stories", data=body, content_type=JSON)


def with_body(value: str) -> str:
    """A story as JSON with this, literally, in place of its body."""
    return json.dumps(a_story(body="HERE")).replace('"HERE"', value)


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "1e999", "9" * 21, "9" * 5000, "0." + "1" * 5000, "'x'", "[" * 60_000],
)
def test_what_is_no_json_of_ours_is_said(client: FlaskClient, value: str) -> None:
    answer = send(client, with_body(value))
    assert answer.status_code == 400
    assert "not JSON that we can read" in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("depth", [32, 33, 900])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_json_is_only_so_deep(client: FlaskClient, depth: int, pair: str) -> None:
    nested = '{"a":' * depth + "1" + "}" * depth if pair == "{}" else "[" * depth + "]" * depth
    answer = send(client, with_body(nested))
    assert answer.status_code == 422
    deep = "nested more than 32 deep" in answer.get_json(force=True)["detail"]
    assert deep == (depth >= 32)


def test_a_name_that_stands_twice_is_named(client: FlaskClient) -> None:
    answer = send(client, '{"body": "Kind.", "body": "Not kind.", "consent_publish": true}')
    assert answer.status_code == 422
    assert answer.get_json(force=True)["errors"] == {"body": ["This was sent more than once."]}


@pytest.mark.parametrize(("fields", "status"), [(499, 422), (501, 413), (60_000, 413)])
def test_a_form_has_only_so_many_fields(client: FlaskClient, fields: int, status: int) -> None:
    body = "&".join(["a="] * fields)
    answer = client.post("/api/v1/stories", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert ("up to 500 fields" in answer.get_json(force=True)["detail"]) == (status == 413)


@pytest.mark.parametrize("path", ["/api/v1/stories", "/tell", "/my-story", "/admin/sign-in"])
def test_a_form_with_files_is_refused_everywhere(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data=a_story(), content_type="multipart/form-data")
    assert answer.status_code == 415
    assert "application/x-www-form-urlencoded or application/json" in answer.text


@pytest.mark.parametrize("path", ["/", "/api/v1/stories", "/admin/sign-in", "/embed"])
def test_an_address_is_only_so_long(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?q={'a' * 8200}")
    assert answer.status_code == 414
    assert "longer than any of ours" in answer.text


def test_an_unknown_field_is_named_in_a_body(client: FlaskClient) -> None:
    for sent in ({"json": {**a_story(), "boddy": "x"}}, {"data": {**a_story(), "boddy": "x"}}):
        answer = client.post("/api/v1/stories", **sent)  # type: ignore[arg-type]
        assert answer.status_code == 422
        assert answer.get_json(force=True)["errors"] == {
            "boddy": ["We do not know this field. Leave it out."]
        }
    assert Story.select().count() == 0


def test_an_unknown_field_is_named_in_the_query_of_every_address_of_the_api(client: FlaskClient) -> None:
    blanks = {"code": "RXH01", "slug": "dementia", "story_id": "x", "reply_id": "x"}
    asked = 0
    for rule in client.application.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or "GET" not in (rule.methods or ()):
            continue
        path = client.application.url_map.bind("stories.example").build(
            rule.endpoint, {name: blanks[name] for name in rule.arguments}
        )
        answer = client.get(f"{path}?surprise=1&lang=en")
        assert answer.status_code == 422, path
        assert answer.get_json(force=True)["errors"] == {
            "surprise": ["We do not know this field. Leave it out."]
        }
        asked += 1
    assert asked > 20
