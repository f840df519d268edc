"""From a blocked address comes no report, no request and no count, and everybody else's goes on."""

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.blocking import addresses, blocks
from tellback.blocking.models import Block
from tellback.moderation.models import Case, Flag
from tellback.stories.models import Story
from tests.people import ORIGIN, tell_and_publish

# What is asked of a database here is asked of both by rule (test_addresses.py).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VISITOR = {"REMOTE_ADDR": "203.0.113.7"}
ASKED = {"ground": "about_me", "words": "It is me.", "name": "A. Person", "email": "a@person.example"}
REPORTED = {"reason": "other", "words": "Half an hour's <b>thought</b>."}


@pytest.fixture
def story(client: FlaskClient, moira: Account) -> Story:
    """A published story."""
    return tell_and_publish(moira, title="A quiet night")


@pytest.fixture
def block(story: Story) -> Block:
    """The network of the visitor is blocked."""
    return addresses.block("203.0.113.0/24", "A flood of adverts", 7, by=acts.staff(7))


@pytest.mark.parametrize(
    ("path", "sent"), [("flags", {"reason": "other"}), ("me-too", {})], ids=["report", "me too"]
)
def test_over_the_api_it_is_a_clear_problem(
    client: FlaskClient, story: Story, block: Block, path: str, sent: dict[str, str]
) -> None:
    at = f"/api/v1/stories/{story.public_id}/{path}"
    answer = client.post(at, data=sent, headers={"Origin": ORIGIN}, environ_base=VISITOR)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert answer.json["type"] == "https://stories.example/problems/connection-blocked"
    assert "need not be about you" in answer.json["detail"]
    assert answer.json["detail"].endswith("Or ask The Tellback Trust how else you can tell it.")
    assert blocks.get(block.id).times == 1
    assert Flag.select().count() == 0
    assert Story.get_by_id(story.id).me_too == 0


@pytest.mark.parametrize(("path", "sent"), [("report", REPORTED), ("removal", {**ASKED, **REPORTED})])
def test_on_the_page_every_word_comes_back(
    client: FlaskClient, story: Story, block: Block, path: str, sent: dict[str, str]
) -> None:
    at = f"/stories/{story.public_id}/{path}"
    answer = client.post(at, data=sent, environ_base=VISITOR)
    assert answer.status_code == 403
    assert "We take nothing from this connection for now" in answer.text
    assert "Half an hour&#39;s &lt;b&gt;thought&lt;/b&gt;." in answer.text
    assert Flag.select().count() + Case.select().count() == 0
    # Over another connection the same form sends it.
    assert client.post(at, data=sent, environ_base={"REMOTE_ADDR": "198.51.100.4"}).status_code == 303


def test_the_button_of_a_storys_page_says_so_too(client: FlaskClient, story: Story, block: Block) -> None:
    answer = client.post(f"/stories/{story.public_id}/me-too", environ_base=VISITOR)
    assert answer.status_code == 403
    assert "need not be about you" in answer.text
