"""What a story raises: conditions and themes, each with how it was. On both engines."""

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError
from playhouse.migrate import SchemaMigrator
from playhouse.migrations import Migration

from tellback import db, migrations
from tellback.admin import desk
from tellback.errors import InvalidInput
from tellback.stories import topics
from tellback.stories.models import Story, StoryFinding, StoryTopic, Topic
from tellback.stories.schemas import ToldStorySchema
from tests.people import ORIGIN, Places, a_story, tell


def _raised() -> list[tuple[str, str | None]]:
    return [(row.topic.slug, row.polarity) for row in StoryTopic.select().order_by(StoryTopic.id)]


def test_an_author_says_how_each_topic_was(client: FlaskClient) -> None:
    told = a_story(topics=["positive:food", "neutral:waiting", "negative:pain", "multiple-sclerosis"])
    assert client.post("/api/v1/stories", data=told, headers={"Origin": ORIGIN}).status_code == 201
    assert _raised() == [
        ("food", "positive"),
        ("waiting", "neutral"),
        ("pain", "negative"),
        ("multiple-sclerosis", None),
    ]


def test_a_page_about_a_theme_and_an_answer_about_it_are_one(places: Places) -> None:
    tell(topic="food", topics=["positive:food", "food"])
    assert _raised() == [("food", "positive")]


def test_every_theme_may_be_raised_at_once(places: Places) -> None:
    tell(topics=[f"negative:{slug}" for slug in topics.THEMES])
    assert StoryTopic.select().count() == len(topics.THEMES) == 18


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (["positive:food", "negative:food"], "Say once how it was: positive:food or negative:food."),
        (["great:food"], "Say how it was as positive, neutral or negative, such as positive:food."),
        ([":food"], "Say how it was as positive, neutral or negative"),
        ([f"t{number}" for number in range(25)], "A story may have up to 24 topics."),
    ],
)
def test_a_topic_raised_in_two_ways_is_refused(raised: list[str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ToldStorySchema().load(a_story(topics=raised))


def test_an_unknown_topic_is_named_without_its_polarity(places: Places) -> None:
    with pytest.raises(InvalidInput) as refused:
        tell(topics=["positive:cake"])
    assert refused.value.errors == {"topic": ["We know no topic called cake."]}


def test_the_authors_own_words_for_a_topic_are_screened_and_shown_to_staff_alone(
    client: FlaskClient, moira
) -> None:
    receipt = tell(topic_words="Biscuits, and suicidal thoughts", topics=["positive:food", "safety"])
    (finding,) = StoryFinding.select()
    assert (finding.field, finding.kind) == ("topic_words", "crisis")
    with client.application.test_request_context():
        screen = desk.describe_story(receipt.story, moira, "https://stories.example")
    assert screen["story"]["topics"] == ["Food (good)", "Feeling safe"]
    (words,) = [field for field in screen["story"]["fields"] if field["name"] == "topic_words"]
    assert "only staff see this" in words["label"]
    assert [segment["text"] for segment in words["segments"]] == ["Biscuits, and ", "suicidal", " thoughts"]
    (marked,) = screen["findings"]
    assert marked["reason"] is None
    assert "topic_words" not in screen["preview"]


def test_themes_come_with_an_upgrade_and_again_change_nothing(database: str) -> None:
    topics.add("Pain")
    Topic.insert(slug="food", name="Eating", kind="theme", created_at=topics.clock.now()).execute()
    topics.bring_themes()
    topics.bring_themes()
    kept = {topic.slug: (topic.name, topic.kind) for topic in Topic.select()}
    assert kept == {slug: (name, "theme") for slug, name in topics.THEMES.items()}
    assert topics.add("Multiple sclerosis").kind == "condition"


def test_the_step_keeps_the_rows_that_stand(places: Places) -> None:
    receipt = tell(topic="multiple-sclerosis")
    (path,) = migrations.STEPS.glob("0004_*.py")
    step = Migration(4, path.stem, str(path), None).load()
    migrator = SchemaMigrator.from_database(db.database.obj)  # type: ignore[attr-defined]
    step.down(migrator, db.database.obj)  # type: ignore[attr-defined]
    step.up(migrator, db.database.obj)  # type: ignore[attr-defined]
    assert _raised() == [("multiple-sclerosis", None)]
    assert Topic.get(Topic.slug == "food").kind == "condition"
    assert Story.get() == receipt.story
