"""What the public reads: lists, single stories, tombstones; and what it never reads."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.db import database as peewee_database
from tellback.moderation import decisions, redaction, reply_decisions
from tellback.replies import responding
from tellback.stories import shelves
from tellback.stories.models import Story
from tests.people import tell

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_list_can_be_paged_to_its_end_with_none_missing_or_doubled(client: FlaskClient, publish) -> None:
    told = [publish(title=f"Story {n}").public_id for n in range(23)]
    # Five of them at one moment: the cursor must tell them apart.
    Story.update(published_at=clock.now()).where(Story.public_id.in_(told[5:10])).execute()
    shelves.put_all()
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/stories?service=RXH01&limit=4{cursor and '&cursor=' + cursor}").get_json()
        assert (page["total"], page["shown"]) == (23, len(page["items"]))
        seen += [story["id"] for story in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(told)
    assert len(seen) == 23


def test_a_hospitals_list_holds_its_wards_stories_but_not_the_other_way(client: FlaskClient, publish) -> None:
    publish(title="On the ward", service="RXH01-ward-5")
    publish(title="In the hospital")
    titles = [s["title"] for s in client.get("/api/v1/stories?service=RXH01").get_json()["items"]]
    assert titles == ["In the hospital", "On the ward"]
    ward = client.get("/api/v1/stories?service=RXH01-ward-5").get_json()
    assert [s["title"] for s in ward["items"]] == ["On the ward"]


def test_a_topic_gathers_across_services_and_never_narrows_a_service(client: FlaskClient, publish) -> None:
    publish(title="A", topic="multiple-sclerosis")
    publish(title="B", service="G81001", topic="multiple-sclerosis")
    publish(title="C")
    by_topic = client.get("/api/v1/stories?topic=multiple-sclerosis").get_json()
    assert [s["title"] for s in by_topic["items"]] == ["B", "A"]
    assert by_topic["about"]["topic"]["name"] == "Multiple sclerosis"
    for query in ("service=RXH01", "service=RXH01&topic=multiple-sclerosis"):
        assert client.get(f"/api/v1/stories?{query}").get_json()["total"] == 2


def test_what_nobody_published_is_found_nowhere(client: FlaskClient) -> None:
    story = tell().story
    assert client.get("/api/v1/stories").get_json()["total"] == 0
    for path in (f"/api/v1/stories/{story.public_id}", f"/stories/{story.public_id}"):
        assert client.get(path).status_code == 404


def test_redacted_words_are_in_no_public_answer(client: FlaskClient, moira: Account) -> None:
    story = tell(title="Thanks", body="Joy Bell was kind.").story
    decisions.open_for_review(story, moira)
    redaction.redact_words(
        story, story.revision, "Joy Bell", reason="a_persons_name", replacement="[a nurse]", by=moira
    )
    decisions.publish(story, story.revision, moira)
    for path in ("", f"/{story.public_id}"):
        text = client.get(f"/api/v1/stories{path}").text
        assert "[a nurse] was kind." in text
        assert "Joy Bell" not in text
    for page in (f"/stories/{story.public_id}", "/services/RXH01", "/services/RXH01/stories.atom", "/"):
        assert "Joy Bell" not in client.get(page).text
    shown = client.get(f"/api/v1/stories/{story.public_id}").get_json()
    assert shown["redactions"] == [
        {"field": "body", "reason": "a_persons_name", "reason_text": "A person's name"}
    ]


def test_a_removed_story_leaves_a_tombstone_that_counts(client: FlaskClient, publish, moira: Account) -> None:
    story = publish(title="Gone", body="Words that are gone.")
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
    page = client.get("/api/v1/stories?service=RXH01").get_json()
    (tombstone,) = page["items"]
    assert (page["total"], tombstone["state"]) == (1, "removed")
    assert tombstone["reason_text"] == "It turned out to show who someone is."
    assert "Gone" not in str(page)
    assert "Words that are gone" not in client.get(f"/stories/{story.public_id}").text
    assert client.get(f"/stories/{story.public_id}").status_code == 410


def test_a_client_that_has_the_list_is_told_so(client: FlaskClient, publish) -> None:
    publish()
    first = client.get("/api/v1/stories?service=RXH01")
    again = client.get("/api/v1/stories?service=RXH01", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    publish()
    changed = client.get("/api/v1/stories?service=RXH01", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    "cursor", ["zzzz", "e30", "bnVsbA", "x" * 399, "eyJhdCI6IjIwMjYiLCJpZCI6MX0", "\x00"]
)
def test_a_cursor_that_is_not_ours_is_refused(client: FlaskClient, cursor: str) -> None:
    response = client.get("/api/v1/stories", query_string={"cursor": cursor})
    assert response.status_code == 422
    assert "not one of ours" in response.get_json(force=True)["errors"]["cursor"][0]


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=x", "servce=RXH01", "limit=1&limit=2000"])
def test_a_query_with_a_slip_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/stories?{query}")
    assert response.status_code in (200, 422)
    assert response.status_code == 422 or query == "limit=1&limit=2000"


def test_a_page_of_stories_costs_the_same_few_queries_whatever_its_length(
    client: FlaskClient, publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        publish(title=f"Story {n}", topic="multiple-sclerosis")
    client.get("/api/v1/stories?limit=1")
    counts = []
    run = peewee_database.obj.execute_sql  # type: ignore[attr-defined]
    asked: list[str] = []
    monkeypatch.setattr(
        peewee_database.obj,
        "execute_sql",
        lambda sql, *rest, **more: (asked.append(sql), run(sql, *rest, **more))[1],
    )
    for limit in (2, 12):
        asked.clear()
        assert client.get(f"/api/v1/stories?limit={limit}").get_json()["shown"] == limit
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11, asked


def test_the_feed_is_atom_and_holds_the_stories_with_their_answers(
    client: FlaskClient, publish, moira: Account, ruth: Account
) -> None:
    story = publish(title="Tea & <kindness>", body="They brought tea.")
    words = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
    clock.pin(clock.now() + timedelta(days=1))
    reply_decisions.publish(responding.reply(story, "RXH01", words, by=ruth), moira)
    response = client.get("/services/RXH01/stories.atom")
    assert response.mimetype == "application/atom+xml"
    feed = ET.fromstring(response.data)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Tea & <kindness>"
    content = entry.findtext(f"{ATOM}content") or ""
    tea, thanks = content.index("They brought tea."), content.index("Response from St Elsewhere")
    assert tea < thanks
    assert (
        feed.findtext(f"{ATOM}updated")
        == entry.findtext(f"{ATOM}updated")
        != entry.findtext(f"{ATOM}published")
    )
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == "https://stories.example/services/RXH01/stories.atom"


def test_an_empty_feed_is_still_a_feed(client: FlaskClient) -> None:
    feed = ET.fromstring(client.get("/topics/multiple-sclerosis/stories.atom").data)
    assert feed.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/services", 200),
        ("/services?q=elsewhere", 200),
        ("/services/RXH01", 200),
        ("/topics/multiple-sclerosis", 200),
        ("/tell", 200),
        ("/tell?service=RXH01", 200),
        ("/my-story", 200),
        ("/about", 200),
        ("/docs", 200),
        ("/services/NOWHERE", 404),
        ("/topics/nothing", 404),
        ("/tell?service=NOWHERE", 404),
        ("/no/such/page", 404),
        ("/services/RXH01?cursor=zz", 422),
    ],
)
def test_every_page_answers_in_html_under_a_strict_policy(
    client: FlaskClient, path: str, status: int
) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in response.text
    assert " style=" not in response.text
    assert "The Tellback Trust" in response.text


def test_a_character_that_cannot_be_stored_is_refused_everywhere(client: FlaskClient) -> None:
    for path in (
        "/api/v1/stories/%00",
        "/stories/%00",
        "/stories/%00/report",
        "/topics/%00",
        "/services/%00",
        "/api/v1/topics/%00/summary",
        "/api/v1/stories?topic=%00",
        "/services/RXH01?about_topic=%00",
    ):
        assert client.get(path).status_code in (400, 404, 422), path
    for path in ("/api/v1/stories/%00/me-too", "/stories/%00/me-too"):
        assert client.post(path).status_code in (400, 404), path
    assert client.post("/api/v1/stories/%00/flags", data={"reason": "other"}).status_code in (400, 404)
