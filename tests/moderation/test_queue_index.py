"""A long queue is read from its index, in order, on both engines: nothing is sorted."""

import pytest

from tellback import db
from tellback.accounts.models import Account
from tellback.moderation import queue
from tellback.moderation.filters import Filters
from tellback.stories.models import Story
from tellback.stories.urgency import reckon
from tests import crowd
from tests.people import Places

pytestmark = pytest.mark.both_engines

INDEX = "story_queue_rank_waits_since_id"


def plan(query: object) -> str:
    """How the database means to answer a query."""
    sql, values = query.sql()  # type: ignore[attr-defined]
    explain = "EXPLAIN " if db.is_postgresql() else "EXPLAIN QUERY PLAN "
    rows = db.database.execute_sql(explain + sql, values).fetchall()
    return "\n".join(str(row[0] if db.is_postgresql() else row[3]) for row in rows)


def test_pages_and_neighbours_are_read_in_the_order_of_the_index(places: Places, moira: Account) -> None:
    crowd.wait(1200, places.ward)
    first = queue.page(moira)
    assert first.next
    story = first.stories[30].story
    for query in (
        queue._rows(moira, Filters(), None),
        queue._rows(moira, Filters(), first.next),
        queue._beside(story, moira, Filters(), after=True),
        queue._beside(story, moira, Filters(), after=False),
    ):
        said = plan(query)
        assert INDEX in said
        assert "sort" not in said.lower()
        assert "temp b-tree" not in said.lower()


def test_a_page_asks_the_database_as_often_however_many_wait(
    places: Places, moira: Account, asked: list[str]
) -> None:
    crowd.wait(queue.PAGE, places.ward)
    asked.clear()
    assert len(queue.page(moira).stories) == queue.PAGE
    few = len(asked)
    crowd.wait(500, places.ward)
    asked.clear()
    assert len(queue.page(moira).stories) == queue.PAGE
    assert len(asked) == few <= 16


@pytest.fixture
def asked(database: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that the database is sent."""
    statements: list[str] = []
    real = db.database.obj.execute_sql  # type: ignore[attr-defined]

    def noted(sql: str, *rest: object) -> object:
        statements.append(sql)
        return real(sql, *rest)

    monkeypatch.setattr(db.database.obj, "execute_sql", noted)  # type: ignore[attr-defined]
    return statements


def test_a_story_in_the_crowd_stands_where_one_that_was_told_would(places: Places, moira: Account) -> None:
    # What is measured by the crowd would else say nothing of real queues.
    crowd.wait(200, places.ward)
    for story in Story.select():
        expected = (2 - story.urgency) * 10 + (9 if story.criticality is None else 5 - story.criticality)
        assert story.queue_rank == expected
        assert reckon(story) == story.urgency
