"""A reader looks through the stories told here: searches, filters, orders. On both engines."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.http import pagination
from tellback.moderation import decisions
from tellback.stories import shelves
from tellback.stories.models import Story
from tests.people import ORIGIN, a_story

Publish = Callable[..., Story]
Answer = Callable[..., None]
Change = Callable[..., None]


def listed(client: FlaskClient, query: str = "") -> dict[str, Any]:
    """A list of St Elsewhere's stories, with the titles in place of the stories."""
    page: dict[str, Any] = client.get(f"/api/v1/stories?service=RXH01&{query}").get_json()
    return {**page, "items": [story.get("title", "(removed)") for story in page["items"]]}


def paged(client: FlaskClient, query: str, meanwhile: Callable[[], object] = lambda: None) -> list[str]:
    """The titles of a whole list, two stories at a time; `meanwhile` is done between the pages."""
    seen, cursor = [], ""
    while cursor is not None:
        page = listed(client, f"{query}&limit=2{cursor and '&cursor=' + cursor}")
        seen += page["items"]
        cursor = page["next"]
        meanwhile()
    return seen


def test_the_usual_order_is_the_newest_first_and_is_stated(client: FlaskClient, publish: Publish) -> None:
    publish(title="A")
    publish(title="B")
    page = listed(client)
    assert (page["items"], page["order"]) == (["B", "A"], "newest")
    assert (page["total"], page["matching"], page["shown"]) == (2, 2, 2)


def test_what_waits_for_an_answer_comes_with_the_longest_waiting_first(
    client: FlaskClient, publish: Publish, answer: Answer, moira: Account
) -> None:
    first, answered, _third = publish(title="First"), publish(title="Answered"), publish(title="Third")
    gone = publish(title="Gone")
    answer(answered)
    withdraw(gone)
    page = listed(client, "order=waiting")
    assert page["items"] == ["First", "Third"]
    assert (page["total"], page["matching"], page["order"]) == (4, 2, "waiting")
    answer(first)
    assert listed(client, "order=waiting")["items"] == ["Third"]


def test_stories_with_changes_come_by_what_was_said_last(
    client: FlaskClient, publish: Publish, change: Change
) -> None:
    a, b, _c = publish(title="A"), publish(title="B"), publish(title="C")
    gone = publish(title="Gone")
    change(b)
    change(a, gone)
    change(b, state="made")
    withdraw(Story.get_by_id(gone.id))
    page = listed(client, "order=changed")
    assert page["items"] == ["B", "A"]
    assert (page["total"], page["matching"]) == (4, 2)
    shown = client.get(f"/api/v1/stories/{b.public_id}").get_json()
    assert [one["state"] for one in shown["changes"]] == ["planned", "made"]


def test_a_search_counts_what_it_finds_beside_all_that_was_told(
    client: FlaskClient, publish: Publish, moira: Account
) -> None:
    publish(title="Cold tea", body="It was cold.")
    publish(title="A quiet night")
    gone = publish(title="Cold soup")
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    page = listed(client, "q=cold")
    assert page["items"] == ["Cold tea"]
    assert (page["total"], page["matching"], page["shown"], page["order"]) == (3, 1, 1, "newest")
    assert listed(client)["items"] == ["(removed)", "A quiet night", "Cold tea"]


def test_the_best_match_comes_first_when_asked_for(client: FlaskClient, publish: Publish) -> None:
    publish(title="A cold ward")
    publish(title="A quiet night", body="The tea was cold.")
    assert listed(client, "q=cold")["items"] == ["A quiet night", "A cold ward"]
    page = listed(client, "q=cold&order=relevant")
    assert (page["items"], page["order"]) == (["A cold ward", "A quiet night"], "relevant")


def test_without_words_nothing_is_relevant(client: FlaskClient) -> None:
    for query in ("order=relevant", "order=relevant&q=%20"):
        response = client.get(f"/api/v1/stories?{query}")
        assert response.status_code == 422
        assert response.get_json()["errors"] == {
            "order": ["Say in q what to look for, or choose another order."]
        }


def test_a_readers_filters_narrow_where_a_topic_of_the_page_does_not(
    client: FlaskClient, publish: Publish
) -> None:
    publish(title="Food", topic="negative:food")
    publish(title="Ward", service="RXH01-ward-5")
    publish(title="Both", service="RXH01-ward-5", topic="positive:food")
    page = listed(client, "about_topic=food")
    assert (page["items"], page["matching"], page["total"]) == (["Both", "Food"], 2, 3)
    assert listed(client, "about_service=RXH01-ward-5")["items"] == ["Both", "Ward"]
    assert listed(client, "about_service=RXH01")["items"] == ["Both", "Ward", "Food"]
    assert listed(client, "about_topic=food&about_service=RXH01-ward-5")["items"] == ["Both"]
    assert listed(client, "topic=food")["matching"] == 3
    shown = client.get("/api/v1/stories?topic=food&about_service=RXH01-ward-5").get_json()
    assert (shown["total"], shown["matching"]) == (2, 1)
    assert [topic["polarity"] for topic in shown["items"][0]["topics"]] == ["positive"]


def test_what_cannot_be_looked_for_is_refused(client: FlaskClient) -> None:
    for query in ("about_topic=nothing", "about_service=RXH99"):
        assert client.get(f"/api/v1/stories?{query}").status_code == 404
    for query in ("order=oldest", f"q={'x' * 201}"):
        response = client.get(f"/api/v1/stories?{query}")
        assert response.status_code == 422
        assert list(response.get_json()["errors"]) == [query.split("=")[0]]


@pytest.fixture
def many(publish: Publish, answer: Answer, change: Change) -> list[str]:
    """Nine stories that say "cold", some equal in all that an order goes by; every third has a change."""
    told = [publish(title=f"Story {n}", body="It was cold. " * (1 + n % 3)) for n in range(9)]
    Story.update(published_at=told[4].published_at).where(
        Story.id.in_([story.id for story in told[2:6]])
    ).execute()
    shelves.put_all()
    change(*told[::3])
    return [f"Story {n}" for n in range(9)]


EVERY_ORDER = ["order=newest", "order=waiting", "order=changed", "q=cold&order=relevant", "q=cold"]


def test_every_order_can_be_paged_with_none_missing_or_doubled(client: FlaskClient, many: list[str]) -> None:
    for query in EVERY_ORDER:
        seen = paged(client, query)
        assert sorted(seen) == (many[::3] if "changed" in query else many), query
        assert seen == listed(client, f"{query}&limit=50")["items"], query


def test_what_is_published_meanwhile_neither_hides_nor_doubles_a_story(
    client: FlaskClient, many: list[str], publish: Publish
) -> None:
    for at, query in enumerate(EVERY_ORDER):
        expected = listed(client, f"{query}&limit=50")["items"]
        late = iter(range(3))

        def another(at: int = at, late: Iterator[int] = late) -> None:
            if (n := next(late, None)) is not None:
                publish(title=f"Late {at}-{n}", body="Cold, cold, cold, cold. " * n + "A day.")

        seen = paged(client, query, another)
        assert [title for title in seen if not title.startswith(f"Late {at}-")] == expected, query
        assert len(seen) == len(set(seen)), query


def test_a_cursor_of_another_list_is_refused(client: FlaskClient, many: list[str]) -> None:
    for query in EVERY_ORDER:
        cursor = listed(client, f"{query}&limit=2")["next"]
        narrower = {f"{query}&about_topic=food", f"{query}&about_service=RXH01", "q=cold+day"}
        for other in ({*EVERY_ORDER} | narrower) - {query}:
            response = client.get(f"/api/v1/stories?service=RXH01&{other}&cursor={cursor}")
            problem = response.get_json()
            assert (response.status_code, list(problem["errors"])) == (422, ["cursor"]), (query, other)
            assert "belongs to a list in another order" in problem["errors"]["cursor"][0]
        assert client.get(f"/api/v1/stories?{query}&cursor={cursor}").status_code == 422, query


def test_a_cursor_bent_by_hand_is_refused(client: FlaskClient, many: list[str]) -> None:
    for order in ("order=newest", "q=cold&order=relevant", "order=changed"):
        place = pagination.decode(listed(client, f"{order}&limit=2")["next"])
        for after in (
            None,
            [],
            place["after"][1:],
            ["x"] * len(place["after"]),
            [2**70] * 9,
            [None] * 2,
            [place["after"][0], -1],
            ["2026-01-01T00:00:00", 1],
            ["0001-01-01T00:00:00+14:00", 1],
        ):
            cursor = pagination.encode({**place, "after": after})
            response = client.get(f"/api/v1/stories?service=RXH01&{order}&cursor={cursor}")
            assert response.status_code == 422, (order, after)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_search_has_a_limit_of_its_own(client: FlaskClient) -> None:
    search = "/api/v1/stories?q=cold"
    assert client.get(search).headers["RateLimit-Policy"] == '"searching";q=300;w=60'
    assert [client.get(search).status_code for _ in range(300)].count(429) == 1
    assert client.get("/api/v1/stories").status_code == 200
    clock.pin(clock.now() + timedelta(minutes=2))
    assert client.get(search).status_code == 200


def test_a_story_says_on_which_website_and_page_it_was_told(
    client: FlaskClient, moira: Account, publish: Publish
) -> None:
    told = client.post("/api/v1/stories", data=a_story(website_path="/wards/5"), headers={"Origin": ORIGIN})
    story = Story.get(Story.public_id == told.get_json()["id"])
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    shown = client.get(f"/api/v1/stories/{story.public_id}").get_json()
    assert shown["website"] == {"name": "St Elsewhere", "origin": ORIGIN, "path": "/wards/5"}
    assert f'href="{ORIGIN}/wards/5"' in client.get(f"/stories/{story.public_id}").text
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    gone = client.get(f"/api/v1/stories/{story.public_id}").get_json()
    assert gone["website"] == {"name": "St Elsewhere", "origin": ORIGIN, "path": None}
    assert client.get(f"/api/v1/stories/{publish().public_id}").get_json()["website"] is None


def test_a_search_says_where_its_words_stand_and_nothing_of_them_is_markup(
    client: FlaskClient, publish: Publish
) -> None:
    gone = publish(title="Gone", body="Cold.")
    publish(title="Cold <b>tea</b>", body="Żal: it was “cold”.", what_was_good="The cold air.")
    withdraw(gone)
    (story,) = client.get("/api/v1/stories?service=RXH01&q=colds").get_json()["items"]
    assert story["highlights"] == {"title": [[0, 4]], "body": [[13, 17]], "what_was_good": [[4, 8]]}
    assert story["body"][13:17] == "cold"
    assert "highlights" not in client.get("/api/v1/stories?service=RXH01").get_json()["items"][0]
    page = client.get("/services/RXH01?q=cold").text
    assert "<mark>Cold</mark> &lt;b&gt;tea&lt;/b&gt;" in page
    assert '<p dir="auto">Żal: it was “<mark>cold</mark>”.</p>' in page


def test_a_search_says_what_may_have_been_meant_and_that_it_found_a_part(
    client: FlaskClient, publish: Publish
) -> None:
    publish(title="A", body="We waited for the paramedic.")
    publish(title="B", body="We waited.")
    page = listed(client, "q=paramadic+waited&order=relevant")
    assert (page["items"], page["match"]) == (["B", "A"], "some")
    assert page["suggestion"] == "paramedic waited"
    meant = listed(client, "q=paramedic+waited&order=relevant")
    assert (meant["items"], meant["match"], meant["suggestion"]) == (["A"], "all", None)
    assert listed(client, "q=paramadic+waited")["items"] == []
    plain = listed(client)
    assert (plain["match"], plain["suggestion"], plain["more_match"]) == ("all", None, False)


def test_a_cursor_of_a_part_is_refused_where_its_weights_are_bent(
    client: FlaskClient, publish: Publish
) -> None:
    for n in range(3):
        publish(title=f"{n}", body="It was cold.")
    query = "q=cold+giraffe+zebra&order=relevant&limit=1"
    cursor = pagination.decode(listed(client, query)["next"])
    for weights in ([], [1], [0, 0, 0], [1, 1, 1, 1]):
        bent = pagination.encode({**cursor, "after": [*cursor["after"][:3], *weights]})
        answer = client.get(f"/api/v1/stories?service=RXH01&{query}&cursor={bent}")
        assert answer.status_code == (200 if weights == [] else 422), weights
