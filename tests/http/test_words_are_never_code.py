"""What people write is shown as they wrote it and never run: each way in, each place it shows."""

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.moderation import decisions, redaction, reply_decisions
from tellback.replies import responding
from tests.people import a_story, tell

HOSTILE = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)>\"'`><b>{{7*7}}</b><!--"
FIELDS = {
    "title": HOSTILE[:100],
    "body": HOSTILE,
    "what_was_good": HOSTILE,
    "what_could_be_better": HOSTILE,
    "display_name": "<img src=x onerror=alert(3)>",
}


class Elements(HTMLParser):
    """Every tag of a page, with what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.dangerous: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inline scripts, handlers, and images that no page of ours has."""
        names = dict(attrs)
        runs = [name for name in names if name.startswith("on")]
        data = names.get("type") == "application/ld+json"
        if tag == "img" or (tag == "script" and not names.get("src") and not data) or runs:
            self.dangerous.append(f"{tag} {names}")


def _assert_harmless(html: str) -> None:
    page = Elements()
    page.feed(html)
    assert page.dangerous == []
    assert "<b>" not in html


def _published(moira: Account, ruth: Account) -> str:
    story = tell(**FIELDS).story
    decisions.open_for_review(story, moira)
    redaction.redact_words(
        story,
        story.revision,
        "alert(1)",
        reason="other_identifying_detail",
        replacement="<img src=x onerror=alert(4)>",
        by=moira,
    )
    decisions.publish(story, story.revision, moira)
    words = {"responder_name": HOSTILE[:80], "responder_role": HOSTILE[:80], "body": HOSTILE, "lang": "en"}
    reply_decisions.publish(responding.reply(story, "RXH01", words, by=ruth), moira)
    return story.public_id


def test_on_the_public_pages(client: FlaskClient, moira: Account, ruth: Account) -> None:
    public_id = _published(moira, ruth)
    for path in ("/", "/services/RXH01", f"/stories/{public_id}"):
        html = client.get(path).text
        assert "&lt;script&gt;" in html, path
        _assert_harmless(html)


def test_in_the_feed_and_the_api(client: FlaskClient, moira: Account, ruth: Account) -> None:
    public_id = _published(moira, ruth)
    assert "<script" not in client.get("/services/RXH01/stories.atom").text
    shown = client.get(f"/api/v1/stories/{public_id}")
    assert shown.mimetype == "application/json"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.get_json()["replies"][0]["body"] == HOSTILE


@pytest.mark.parametrize("step", ["check", "change", "send"])
def test_on_the_form_that_gives_words_back(client: FlaskClient, step: str) -> None:
    for answers in (a_story(**FIELDS, step=step), a_story(**FIELDS, step=step, author_role=HOSTILE)):
        html = client.post("/tell", data=answers, headers={"Origin": "https://stories.example"}).text
        _assert_harmless(html)


def test_on_the_private_page(client: FlaskClient) -> None:
    _assert_harmless(client.post("/my-story", data={"token": tell(**FIELDS).token}).text)
    _assert_harmless(client.post("/my-story", data={"token": HOSTILE}).text)


@pytest.mark.parametrize(
    "path", ["/services?q=", "/services/", "/topics/", "/tell?service=", "/stories/", "/"]
)
def test_in_an_address(client: FlaskClient, path: str) -> None:
    _assert_harmless(client.get(path + "<script>alert(1)</script><b>").text)
