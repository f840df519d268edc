"""What the public reads of changes: under stories, as lists, and on the page “You said, we did”."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.db import database as peewee_database
from tellback.moderation import change_decisions, decisions
from tellback.replies import changes
from tellback.replies.models import ChangeClaim
from tellback.stories.models import Story

SAID = {"state": "made", "what": "A bell.", "why": "", "on": "2026-11", "evidence": "", "lang": "en"}


@pytest.fixture
def change(change: Callable[..., ChangeClaim]) -> Callable[..., ChangeClaim]:
    """Have Ruth say a change that was made, unless another state is named, and Moira show it."""
    return partial(change, **SAID)


def listed(client: FlaskClient, path: str) -> list[str]:
    return [item["what"] for item in client.get(f"/api/v1/{path}").get_json()["items"]]


def test_a_list_of_changes_has_each_with_its_public_stories(client: FlaskClient, publish, change) -> None:
    first, second, gone = publish(title="No bell"), publish(title="I rang"), publish(title="Gone")
    change(first, second, gone, what="Bells at every bed.", evidence="https://www.example.org/bells")
    withdraw(Story.get_by_id(gone.id))
    page = client.get("/api/v1/services/RXH01/changes").get_json()
    assert (page["total"], page["shown"], page["next"]) == (1, 1, None)
    assert page["about"]["service"]["code"] == "RXH01"
    assert page["keeper"]["name"] == "The Tellback Trust"
    (one,) = page["items"]
    assert one["stories"] == [
        {"id": s.public_id, "url": f"https://stories.example/stories/{s.public_id}", "title": title}
        for s, title in ((first, "No bell"), (second, "I rang"))
    ]
    assert (one["state"], one["evidence"]) == ("made", "https://www.example.org/bells")
    assert "Gone" not in str(page)


def test_a_list_can_be_paged_to_its_end_with_none_missing_or_doubled(
    client: FlaskClient, publish, change
) -> None:
    story = publish()
    said = [f"Change {n}" for n in range(11)]
    for what in said:
        change(story, what=what)
    # Four of them at one moment: the cursor must tell them apart.
    ids = [claim.id for claim in ChangeClaim.select().order_by(ChangeClaim.id)][3:7]
    ChangeClaim.update(published_at=clock.now()).where(ChangeClaim.id.in_(ids)).execute()
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(
            f"/api/v1/services/RXH01/changes?limit=3{cursor and '&cursor=' + cursor}"
        ).get_json()
        assert (page["total"], page["shown"]) == (11, len(page["items"]))
        seen += [one["what"] for one in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(said)


def test_the_newest_word_on_a_change_brings_it_to_the_top(
    client: FlaskClient, publish, change, ruth: Account, moira: Account
) -> None:
    story = publish()
    planned = change(story, what="A clock", state="planned", on="2027-01").change
    change(story, what="A bell")
    clock.pin(clock.now() + timedelta(minutes=1))
    planned = changes.get(planned.public_id)
    made = changes.go_on(planned, planned.revision, [], {**SAID, "what": "A clock hangs there."}, by=ruth)
    assert listed(client, "services/RXH01/changes") == ["A bell", "A clock"]
    change_decisions.publish(made, moira)
    assert listed(client, "services/RXH01/changes") == ["A clock hangs there.", "A bell"]


def test_a_hospitals_list_holds_its_wards_changes_and_a_wards_those_for_its_stories(
    client: FlaskClient, publish, change
) -> None:
    ward, hospital = publish(service="RXH01-ward-5"), publish(body="In the lobby.")
    change(ward, service="RXH01-ward-5", what="On the ward")
    change(ward, what="In the hospital, for the ward")
    change(hospital, what="In the lobby")
    assert listed(client, "services/RXH01/changes") == [
        "In the lobby",
        "In the hospital, for the ward",
        "On the ward",
    ]
    assert listed(client, "services/RXH01-ward-5/changes") == ["In the hospital, for the ward", "On the ward"]
    assert listed(client, "services/G81001/changes") == []


def test_a_topics_list_holds_what_answers_its_stories(client: FlaskClient, publish, change) -> None:
    story, other = publish(topic="multiple-sclerosis"), publish()
    change(story, what="For them")
    change(other, what="For others")
    assert listed(client, "topics/multiple-sclerosis/changes") == ["For them"]
    assert client.get("/api/v1/topics/multiple-sclerosis/changes").get_json()["about"]["topic"]["slug"] == (
        "multiple-sclerosis"
    )
    withdraw(Story.get_by_id(story.id))
    assert listed(client, "topics/multiple-sclerosis/changes") == []
    assert listed(client, "services/RXH01/changes") == ["For others", "For them"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/services/RXH99/changes", 404),
        ("/api/v1/topics/nothing/changes", 404),
        ("/api/v1/services/RXH01/changes?limit=51", 422),
        ("/api/v1/services/RXH01/changes?cursor=zz", 422),
        ("/api/v1/services/RXH01/changes?state=made", 422),
        ("/services/RXH99/changes", 404),
        ("/services/RXH01/changes?cursor=zz", 422),
        ("/services/RXH01/changes", 200),
        ("/services/RXH01/changes?lang=cy&utm_source=letter", 200),
        ("/api/v1/services/RXH01/changes?lang=cy", 200),
        ("/topics/multiple-sclerosis/changes", 200),
    ],
)
def test_an_address_with_a_slip_is_refused(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_client_that_has_the_list_is_told_so(client: FlaskClient, publish, change) -> None:
    change(publish())
    first = client.get("/api/v1/services/RXH01/changes")
    again = client.get("/api/v1/services/RXH01/changes", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Access-Control-Allow-Origin"], again.status_code) == ("*", 304)


def test_a_list_costs_the_same_few_queries_whatever_its_length(
    client: FlaskClient, publish, change, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = publish(topic="multiple-sclerosis")
    for n in range(8):
        change(story, what=f"Change {n}")
    client.get("/api/v1/services/RXH01/changes?limit=1")
    asked: list[str] = []
    run = peewee_database.obj.execute_sql  # type: ignore[attr-defined]
    monkeypatch.setattr(
        peewee_database.obj,
        "execute_sql",
        lambda sql, *rest, **more: (asked.append(sql), run(sql, *rest, **more))[1],
    )
    counts = []
    for limit in (2, 8):
        asked.clear()
        assert client.get(f"/api/v1/services/RXH01/changes?limit={limit}").get_json()["shown"] == limit
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6, asked


def test_a_story_carries_its_changes_and_a_tombstone_none(
    client: FlaskClient, publish, change, moira: Account
) -> None:
    story = publish()
    change(story, what="A bell at every bed.", why="Three of you asked.", on="2026-11-20")
    (told,) = client.get(f"/api/v1/stories/{story.public_id}").get_json()["changes"]
    assert (told["state"], told["on"]) == ("made", "2026-11-20")
    for path in (f"/stories/{story.public_id}", "/services/RXH01"):
        page = client.get(path).text
        for words in ("Change made", "A bell at every bed.", "Three of you asked.", "20 November 2026"):
            assert words in page, (path, words)
    story = Story.get_by_id(story.id)
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    assert client.get(f"/api/v1/stories/{story.public_id}").get_json()["changes"] == []


def test_the_page_says_what_was_said_and_what_became_of_it(client: FlaskClient, publish, change) -> None:
    assert "Nothing has been said here yet." in client.get("/services/RXH01/changes").text
    story = publish(title="Nobody heard me")
    change(story, state="planned", what="We will hang up bells.", on="2027-02")
    change(story, what="The night team knows.", on="2026-10", evidence="https://www.example.org/nights")
    page = client.get("/services/RXH01/changes").text
    for words in (
        "You said, we did",
        "Showing 2 of 2 changes",
        "Nobody heard me",
        "We plan",
        "We will hang up bells.",
        "February 2027",
        "We did",
        "The night team knows.",
        "October 2026",
        'href="https://www.example.org/nights" rel="nofollow noopener"',
        "https://stories.example/services/RXH01/changes",
    ):
        assert words in page, words


def test_the_feed_says_what_changed_and_when_it_last_did(client: FlaskClient, publish, change) -> None:
    change(publish(), what="A bell {at} every bed.", why="Three of you asked.")
    entry = client.get("/services/RXH01/stories.atom").text.partition("<entry")[2]
    for words in ("Change made: St Elsewhere Hospital", "A bell {at} every bed.", "Three of you asked."):
        assert words in entry, words
    assert "<updated>2026-11-23T09:32:00Z</updated>" in entry


def test_what_a_service_writes_is_shown_as_written(client: FlaskClient, publish, change) -> None:
    story = publish(title="<b>Bells</b>")
    change(story, what="<script>alert(1)</script>", why="<img src=x onerror=alert(2)>")
    for path in (f"/stories/{story.public_id}", "/services/RXH01/changes", "/services/RXH01"):
        page = client.get(path).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<b>Bells" not in page
