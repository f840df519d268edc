"""What telling, publishing and reading ask of the database: so much, and no more with every story."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback import db
from tellback.accounts.models import Account
from tellback.moderation import decisions
from tellback.search import desk
from tellback.stories import desk_words
from tellback.stories.models import Story, StoryFinding
from tellback.stories.schemas import ToldStorySchema
from tellback.stories.submission import submit
from tellback.stories.urgency import Urgency, rank
from tests.people import ORIGIN, Places, a_story, tell, tell_and_publish

# With the lock that PostgreSQL takes for the ledger.
TELLING, PUBLISHING = 17, 35
TOLD = "The nurse sat with me until my daughter came, and brought us tea. I was not afraid any more."
Count = Callable[[Callable[[], Any]], int]


@pytest.fixture
def count(places: Places, monkeypatch: pytest.MonkeyPatch) -> Count:
    """Count the statements of a call, without those that only begin and end something."""
    asked: list[str] = []
    real = db.database.obj.execute_sql  # type: ignore[attr-defined]

    def noted(sql: str, *rest: Any, **more: Any) -> Any:
        if sql.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            asked.append(sql)
        return real(sql, *rest, **more)

    monkeypatch.setattr(db.database.obj, "execute_sql", noted)  # type: ignore[attr-defined]

    def counted(act: Callable[[], Any]) -> int:
        asked.clear()
        act()
        return len(asked)

    return counted


def _send(client: FlaskClient, **changes: Any) -> None:
    sent = client.post("/api/v1/stories", data=a_story(**changes), headers={"Origin": ORIGIN})
    assert sent.status_code == 201, sent.get_data()


def test_telling_a_story_asks_so_much(client: FlaskClient, count: Count) -> None:
    # What a process asks once.
    _send(client, body="Thank you all.", idempotency_key="0" * 32)
    first = count(lambda: _send(client, body=TOLD, idempotency_key="a" * 32))
    again = count(lambda: _send(client, body=TOLD + " Thank you.", idempotency_key="b" * 32))
    assert first <= TELLING
    # One that is like another reads that one, and is marked.
    assert again <= TELLING + 3
    assert StoryFinding.select().where(StoryFinding.kind == "duplicate").count() == 1


def test_publishing_asks_so_much(places: Places, moira: Account, count: Count) -> None:
    story = tell(body=TOLD).story
    decisions.open_for_review(story, moira)
    assert count(lambda: decisions.publish(story, story.revision, moira)) <= PUBLISHING


@pytest.mark.parametrize("path", ["/api/v1/stories?service=RXH01&limit=20", "/services/RXH01"])
def test_twenty_stories_ask_no_more_than_two(
    client: FlaskClient, moira: Account, count: Count, path: str
) -> None:
    for number in range(2):
        tell_and_publish(moira, body=f"{TOLD} {number}")
    # What a process asks once.
    client.get(path)
    two = count(lambda: client.get(path))
    for number in range(2, 20):
        tell_and_publish(moira, body=f"{TOLD} {number}")
    assert count(lambda: client.get(path)) == two > 0


def test_staff_find_a_story_by_the_same_words_from_the_first(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[tuple[Any, ...]] = []
    monkeypatch.setattr(desk, "put", lambda *words: put.append(words))
    told = {
        "display_name": "Ada",
        "topic_words": "tea",
        "visited_on": "2026-01",
        "what_was_good": "All of it.",
    }
    form = a_story(body=TOLD, topic=places.topic.slug, what_could_be_better="Nothing.", **told)
    desk_words.keep(submit(ToldStorySchema().load(form), website=places.website).story)
    first, later = put
    assert first == later


@pytest.mark.parametrize(
    ("body", "urgency"),
    [
        (TOLD, Urgency.USUAL),
        ("The wait nearly killed me.", Urgency.PERHAPS),
        ("I want to kill myself.", Urgency.NOW),
    ],
)
def test_a_story_is_told_with_the_place_in_the_queue_that_it_is_later_given(
    places: Places, body: str, urgency: Urgency
) -> None:
    story = tell(body=body).story
    ranked = Story.select(Story.urgency, Story.queue_rank, rank()).where(Story.id == story.id)
    found, place, later = ranked.tuples().get()
    assert (found, place) == (urgency, later)
    assert (story.urgency, story.queue_rank) == (found, place)
