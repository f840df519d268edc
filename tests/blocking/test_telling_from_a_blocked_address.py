"""Somebody tells a story from an address that is blocked: refused in their words, which are kept."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tellback.audit import acts
from tellback.blocking import addresses, blocks
from tellback.blocking.models import Block
from tellback.config import Settings
from tellback.stories.models import Story
from tests.people import ORIGIN, a_story

# What is asked of a database here is asked of both by rule (test_addresses.py).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VISITOR = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def block(app: Flask) -> Block:
    """The network of the visitor is blocked."""
    return addresses.block("203.0.113.0/24", "A flood of adverts", 7, by=acts.staff(7))


def test_over_the_api_it_is_a_clear_problem(client: FlaskClient, block: Block) -> None:
    answer = client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}, environ_base=VISITOR)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert answer.json["type"] == "https://stories.example/problems/connection-blocked"
    assert answer.json["title"] == "We take nothing from this connection for now"
    assert "need not be about you" in answer.json["detail"]
    assert answer.json["detail"].endswith("Or ask The Tellback Trust how else you can tell it.")
    assert Story.select().count() == 0
    assert blocks.get(block.id).times == 1


def test_on_the_page_every_word_comes_back_with_the_button(client: FlaskClient, block: Block) -> None:
    typed = {**a_story(), "body": "Half an hour's <b>thought</b>.", "step": "send", "way": "short"}
    answer = client.post("/tell", data=typed, environ_base=VISITOR)
    assert answer.status_code == 403
    assert "We take nothing from this connection for now" in answer.text
    assert "Half an hour&#39;s &lt;b&gt;thought&lt;/b&gt;." in answer.text
    assert "Send it again" in answer.text
    # Over another connection the same button sends it.
    assert client.post("/tell", data=typed, environ_base={"REMOTE_ADDR": "198.51.100.4"}).status_code == 200
    assert Story.select().count() == 1


def test_how_to_reach_the_operator_is_said_where_they_say_it(
    settings: Settings, block: Block, assembled: Callable[[Settings], Flask]
) -> None:
    app = assembled(replace(settings, operator_contact="stories@tellback.example"))
    answer = app.test_client().post("/api/v1/stories", data=a_story(), environ_base=VISITOR)
    assert answer.json["detail"].endswith("Or reach The Tellback Trust another way: stories@tellback.example")


def test_from_anywhere_else_stories_are_told_as_ever(client: FlaskClient, block: Block) -> None:
    answer = client.post(
        "/api/v1/stories",
        data=a_story(),
        headers={"Origin": ORIGIN},
        environ_base={"REMOTE_ADDR": "203.0.114.7"},
    )
    assert answer.status_code == 201
    assert client.get("/tell?service=RXH01", environ_base=VISITOR).status_code == 200


def test_once_it_is_lifted_the_same_visitor_tells(client: FlaskClient, block: Block) -> None:
    blocks.lift(block, by=acts.staff(7))
    answer = client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN}, environ_base=VISITOR)
    assert answer.status_code == 201
