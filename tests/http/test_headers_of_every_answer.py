"""What stands on every answer: of each route by each method, of files, redirects and errors."""

import dataclasses
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import ORIGIN, a_story

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
}
SECURE = {"base_url": "https://stories.example"}
# Once is enough of what knows no database.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def assert_guarded(answer: TestResponse, about: str = "") -> None:
    """Fail unless this answer carries all that every answer must."""
    headers = answer.headers
    assert EVERYWHERE.items() <= dict(headers).items(), about
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; "), about
    assert "unsafe" not in policy, about
    assert "base-uri 'none'" in policy, about
    assert "camera=()" in headers["Permissions-Policy"], about
    assert headers["Referrer-Policy"] in ("no-referrer", "strict-origin-when-cross-origin"), about
    assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin"), about
    assert headers["Cache-Control"], about
    assert "Server" not in headers, about
    assert "Access-Control-Allow-Credentials" not in headers, about


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of the app, with something in each blank of its rules."""
    blanks = {"major": "1", "minor": "0", "patch": "0", "number": "1"}
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(
            r"<(?:[^<>:]*:)?([^<>]+)>", lambda blank: blanks.get(blank[1].split(":")[-1], "1"), rule.rule
        )
        found += [(method, path) for method in sorted(rule.methods or ())]
    return [*found, ("GET", "/nowhere"), ("PUT", "/"), ("GET", "/services/")]


@on_sqlite
def test_every_route_by_every_method(client: FlaskClient) -> None:
    asked = addresses(client.application)
    assert len(asked) > 400
    for method, path in asked:
        answer = client.open(path, method=method, **SECURE)
        about = f"{method} {path}: {answer.status_code}"
        assert answer.status_code < 500, about
        assert_guarded(answer, about)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", about
        framed = path == "/embed"
        assert ("frame-ancestors" not in answer.headers["Content-Security-Policy"]) == framed, about
        if not path.startswith("/websites/sample/"):
            assert answer.headers.get("X-Frame-Options") == (None if framed else "DENY"), about
        if path.startswith(("/admin", "/my-story", "/api/v1/my-story")):
            assert answer.headers["Cache-Control"] == "no-store", about
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", about


@on_sqlite
def test_a_sample_page_stands_in_a_frame_of_ours_alone(client: FlaskClient) -> None:
    answer = client.get("/websites/sample/hospital")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


@on_sqlite
def test_what_is_not_modified_and_what_is_too_large(client: FlaskClient) -> None:
    first = client.get("/v1/stories.js")
    same = client.get("/v1/stories.js", headers={"If-None-Match": first.headers["ETag"]})
    large = client.post("/api/v1/stories", data={"body": "a" * 204_800}, headers={"Origin": ORIGIN})
    assert [same.status_code, large.status_code] == [304, 413]
    assert_guarded(same)
    assert_guarded(large)


@on_sqlite
def test_a_fault_of_ours(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError

    client.application.testing = False
    monkeypatch.setattr("tellback.stories.submission.submit", break_down)
    broken = client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN})
    assert broken.status_code == 500
    assert_guarded(broken)
    assert broken.headers["Access-Control-Allow-Origin"] == ORIGIN


@on_sqlite
def test_tls_is_asked_for_only_where_it_is_used(app: Flask) -> None:
    asked = app.test_client().get("/about", base_url="http://stories.example")
    assert "Strict-Transport-Security" not in asked.headers
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], public_url="http://127.0.0.1:8000")
    asked = app.test_client().get("/about", base_url="https://localhost")
    assert "Strict-Transport-Security" not in asked.headers


@on_sqlite
def test_a_form_with_a_key_of_its_own_is_kept_for_one_browser_alone(client: FlaskClient) -> None:
    shown = client.get("/tell?service=RXH01&way=short")
    assert 'name="idempotency_key"' in shown.text
    assert shown.headers["Cache-Control"] == "private, no-cache"
    sent = client.post("/tell", data=a_story(step="send"))
    assert "/my-story#" in sent.text
    assert sent.headers["Cache-Control"] == "no-store"


@on_sqlite
def test_what_others_load_they_may_load_under_any_policy(client: FlaskClient) -> None:
    for path in ("/v1/stories.js", "/v1/tiles.json", "/api/v1/stories", "/openapi.json", "/static/base.css"):
        assert client.get(path).headers["Cross-Origin-Resource-Policy"] == "cross-origin", path
    for path in ("/", "/tell", "/about", "/healthz"):
        assert client.get(path).headers["Cross-Origin-Resource-Policy"] == "same-origin", path
