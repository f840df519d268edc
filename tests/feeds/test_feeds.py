"""The feeds: valid by others' rules, each story a whole thread, and what was taken down out of them."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.feeds import routes
from tellback.stories.models import Story
from tests.embedded import Staff
from tests.feeds.atom import faults
from tests.people import tell

ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
HOSTILE = "</content><script>alert(1)</script>]]>&amp;"
# What JSON Feed 1.1 knows, by https://www.jsonfeed.org/version/1.1/; anything else begins with an underscore.
FEED = {"version": str, "title": str, "home_page_url": str, "feed_url": str, "language": str, "items": list}
ITEM = {
    "id": str, "url": str, "title": str, "content_html": str, "date_published": str, "date_modified": str,
    "authors": list, "tags": list, "language": str,
}  # fmt: skip
ADDRESSES = ["/services/RXH01", "/topics/multiple-sclerosis", "/organisations/RXH"]


@pytest.fixture
def staff(client: FlaskClient) -> Staff:
    """Moira who moderates and Ruth who answers for St Elsewhere."""
    return Staff()


@pytest.fixture
def publish(staff: Staff) -> Callable[..., Story]:
    """Tell and publish a story about multiple sclerosis, a minute after the one before."""

    def told(**facts: Any) -> Story:
        clock.pin(clock.now() + timedelta(minutes=1))
        return staff.publish(topic="multiple-sclerosis", **facts)

    return told


def atom(client: FlaskClient, address: str) -> ET.Element:
    """A feed, held to its RFC, and read by a program that reads those of everybody."""
    response = client.get(f"{address}/stories.atom")
    assert response.mimetype == "application/atom+xml"
    assert faults(response.data) == []
    feed = ET.fromstring(response.data)
    read = feedparser.parse(response.data, response_headers={"content-type": response.content_type})
    assert (read.bozo, read.version, read.feed.title) == (False, "atom10", feed.findtext(f"{ATOM}title"))
    assert [entry.id for entry in read.entries] == [
        one.text for one in feed.iterfind(f"{ATOM}entry/{ATOM}id")
    ]
    return feed


def json_feed(client: FlaskClient, address: str) -> dict[str, Any]:
    """A feed, held to what its specification names."""
    response = client.get(f"{address}/stories.feed.json")
    assert response.mimetype == "application/feed+json"
    feed: dict[str, Any] = response.get_json(force=True)
    assert {name: type(value) for name, value in feed.items()} == FEED
    for item in feed["items"]:
        known = {name: value for name, value in item.items() if not name.startswith("_")}
        assert {name: type(value) for name, value in known.items()} == ITEM
        assert all(author["name"] for author in item["authors"])
    return feed


@pytest.mark.parametrize("address", ADDRESSES)
def test_both_are_valid_with_nothing_and_with_everything_in_them(
    client: FlaskClient, staff: Staff, publish, address: str
) -> None:
    assert atom(client, address).findall(f"{ATOM}entry") == json_feed(client, address)["items"] == []
    story = publish(title=HOSTILE, body=HOSTILE, what_was_good=HOSTILE, lang="pl", consent_licence="true")
    staff.answer(story, HOSTILE)
    staff.change(story, HOSTILE, evidence="https://www.example.org/a?b=1&c=2")
    staff.remove(publish(title="A loud night"))
    (entry,) = atom(client, address).findall(f"{ATOM}entry")
    (item,) = json_feed(client, address)["items"]
    assert entry.findtext(f"{ATOM}title") == item["title"] == HOSTILE
    assert entry.findtext(f"{ATOM}id") == item["id"] == f"https://stories.example/stories/{story.public_id}"
    assert entry.findtext(f"{ATOM}rights") == item["_tellback"]["licence"] == "CC-BY-4.0"
    for content in (entry.findtext(f"{ATOM}content") or "", item["content_html"]):
        assert html.escape(HOSTILE, quote=False) in content
        assert "<script" not in content
    assert item["_tellback"]["changes"] == [{"state": "made", "verdict": None}]


def test_what_was_taken_down_is_said_to_be_gone_and_in_no_feed(
    client: FlaskClient, staff: Staff, publish
) -> None:
    story = publish(title="A loud night")
    assert len(json_feed(client, "/services/RXH01")["items"]) == 1
    staff.remove(story)
    feed = atom(client, "/services/RXH01")
    assert feed.findall(f"{ATOM}entry") == json_feed(client, "/services/RXH01")["items"] == []
    (gone,) = feed.findall(GONE)
    assert gone.get("ref") == f"https://stories.example/stories/{story.public_id}"
    assert feed.findtext(f"{ATOM}updated") == gone.get("when")
    assert b"loud" not in ET.tostring(feed)


def test_an_old_story_that_is_answered_comes_back_to_the_top(
    client: FlaskClient, staff: Staff, publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "NEWEST", 2)
    old = publish(title="Old")
    for n in range(2):
        publish(title=f"Newer {n}")
    titles = [item["title"] for item in json_feed(client, "/services/RXH01")["items"]]
    assert titles == ["Newer 1", "Newer 0"]
    clock.pin(clock.now() + timedelta(days=300))
    staff.answer(Story.get_by_id(old.id), "At last.")
    items = json_feed(client, "/services/RXH01")["items"]
    assert (items[0]["title"], items[0]["_tellback"]["days_to_reply"]) == ("Old", 300)
    assert items[0]["date_modified"] > items[1]["date_modified"]
    assert atom(client, "/services/RXH01").findtext(f"{ATOM}entry/{ATOM}title") == "Old"


def test_nothing_unpublished_is_in_a_feed(client: FlaskClient) -> None:
    tell(title="Nobody has read this")
    for address in ("/services/RXH01", "/organisations/RXH"):
        assert "Nobody" not in client.get(f"{address}/stories.atom").text
        assert "Nobody" not in client.get(f"{address}/stories.feed.json").text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_says_where_its_feeds_are(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    for kind, name in (("atom+xml", "stories.atom"), ("feed+json", "stories.feed.json")):
        assert f'<link rel="alternate" type="application/{kind}"' in page
        assert f'href="{address}/{name}"' in page
    first = client.get(f"{address}/stories.feed.json")
    again = client.get(f"{address}/stories.feed.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, first.headers["Access-Control-Allow-Origin"]) == (304, "*")
