"""Texts that break careless programs: told, kept, published and given back as they were told."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tellback.app import create_app
from tellback.config import Settings
from tellback.http.text import tidy
from tellback.stories.models import Story
from tellback.stories.submission import current_version
from tests import people
from tests.embedded import Staff
from tests.fuzzing import naughty
from tests.fuzzing.packing import STORIES, packed

ONE_BY_ONE = [[text] for text in naughty.EVERY]


@pytest.fixture
def unlimited(settings: Settings, places: people.Places) -> Flask:
    """The service without its limits: nobody tells so much in a minute."""
    return create_app(replace(settings, ratelimit_enabled=False))


@pytest.mark.by_turns
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(packed(), id="together"),
        pytest.param(ONE_BY_ONE, id="one by one", marks=pytest.mark.long),
    ],
)
def test_each_is_told_kept_published_and_read_as_it_was_told(
    unlimited: Flask, texts: list[list[str]]
) -> None:
    client, staff = unlimited.test_client(), Staff()
    for several in texts:
        body = "\n".join(several)
        if not tidy(body, lines=True):
            continue
        title, name = several[0][:90], several[-1][:30]
        story = _tell(client, body, title, name)
        assert current_version(story).body == tidy(body, lines=True)
        staff.let_show(story)
        shown = client.get(f"/api/v1/stories/{story.public_id}").get_json()
        assert shown["body"] == shown["what_was_good"] == tidy(body, lines=True)
        assert shown["title"] == tidy(title, lines=False) or not tidy(title, lines=False)
        assert shown["display_name"] == (tidy(name, lines=False) or None)
        assert client.get(f"/stories/{story.public_id}").status_code == 200
    ElementTree.fromstring(client.get("/services/RXH01/stories.atom").get_data())
    assert client.get("/services/RXH01").status_code == 200


def _tell(client: FlaskClient, body: str, title: str, name: str) -> Story:
    told = people.a_story(
        body=body, title=title or None, display_name=name or None, what_was_good=body[:4000]
    )
    if len(body) > 4000:
        told["body"] = body[:4000]
    answer = client.post("/api/v1/stories", json=told)
    assert answer.status_code == 201, (body[:80], answer.text)
    return Story.get(Story.public_id == answer.get_json()["id"])


@pytest.mark.by_turns
def test_what_nobody_sees_is_taken_out_and_its_author_told(unlimited: Flask) -> None:
    client = unlimited.test_client()
    for text in naughty.TAKEN_OUT:
        words = f"Before {text} behind"
        # Halves of characters go as escapes.
        told = json.dumps(people.a_story(body=words, title=words))
        answer = client.post("/api/v1/stories", data=told, content_type="application/json")
        assert answer.status_code == 201, answer.text
        assert len(answer.get_json()["changed"]) == 1
        kept = current_version(Story.get(Story.public_id == answer.get_json()["id"]))
        assert (kept.body, kept.title) == (tidy(words, lines=True), tidy(words, lines=False))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", kept.body)


def _places(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each address that takes a text in its query or its path."""
    yield "/api/v1/stories", {"q": text}
    yield "/api/v1/services", {"q": text}
    yield "/services/RXH01", {"q": text}
    yield "/services", {"q": text}
    yield "/oembed", {"url": text}
    yield "/tell", {"service": text}
    yield "/api/v1/telling", {"lang": text[:35]}


@pytest.mark.by_turns
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(naughty.EVERY[::29] + naughty.TAKEN_OUT[::4], id="some"),
        pytest.param(naughty.EVERY + naughty.TAKEN_OUT, id="all", marks=pytest.mark.long),
    ],
)
def test_no_address_and_no_header_breaks_on_any(unlimited: Flask, texts: tuple[str, ...]) -> None:
    client = unlimited.test_client()
    for text in texts:
        raw = text.encode("utf-8", "surrogatepass")
        for path, query in _places(text):
            asked = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
            assert client.get(path, query_string=asked).status_code < 500, (path, text)
        line = "".join(c for c in text if " " <= c < "\x7f")[:400]
        for header in (
            "Accept-Language",
            "Origin",
            "Referer",
            "If-None-Match",
            "Authorization",
            "X-Forwarded-For",
        ):
            assert client.get("/api/v1/stories", headers={header: line}).status_code < 500, (header, line)
        posted = {"token": text, "email": text, "step": text}
        for path in ("/my-story", "/my-story/lost", "/my-story/letter", "/my-story/erase"):
            encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in posted.items()}
            assert client.post(path, data=encoded).status_code < 500, (path, text)
        assert client.get("/api/v1/my-story", headers={"Authorization": f"Bearer {line}"}).status_code == 401
        assert client.post("/api/v1/stories", data=raw, content_type="application/json").status_code in (
            400,
            422,
        )


def test_they_are_packed_whole() -> None:
    assert len(naughty.EVERY) == len(set(naughty.EVERY))
    assert len(STORIES) < 20
    assert sorted(text for several in packed() for text in several) == sorted(naughty.EVERY)
