"""The OpenAPI document: whole, of version 3.1, with problems as errors."""

import json
import re

from flask import Flask
from flask.testing import FlaskClient


def test_every_address_of_the_api_is_described(app: Flask, client: FlaskClient) -> None:
    described = {
        (path, method)
        for path, operations in client.get("/openapi.json").get_json()["paths"].items()
        for method in operations
        if method != "parameters"
    }
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}  # type: ignore[operator]
    }
    assert described == served
    assert len(served) >= 8


def test_the_document_is_openapi_3_1_and_all_its_references_lead_somewhere(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://stories.example"}]
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        place = document
        for step in reference.split("/"):
            place = place[step]


def test_what_needs_the_private_link_says_so(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    schemes = document["components"]["securitySchemes"]
    for operation in (document["paths"]["/api/v1/my-story"][method] for method in ("get", "delete")):
        assert [list(needed) for needed in operation["security"]] == [["token"]]
    assert schemes["token"]["scheme"] == "bearer"


def test_telling_is_described_in_both_encodings_and_with_its_problems(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    telling = document["paths"]["/api/v1/stories"]["post"]
    assert set(telling["requestBody"]["content"]) == {"application/json", "application/x-www-form-urlencoded"}
    assert "201" in telling["responses"]
    (name,) = {"DEFAULT_ERROR"} & {ref.rsplit("/", 1)[-1] for r in telling["responses"].values()
                                   for ref in [r.get("$ref", "")]}  # fmt: skip
    assert set(document["components"]["responses"][name]["content"]) == {"application/problem+json"}
