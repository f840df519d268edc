"""The stories of a service or a topic in numbers that a reader can count in the list."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.db import database as peewee_database
from tellback.moderation import decisions
from tellback.stories.models import Story
from tests.people import tell

Publish = Callable[..., Story]


def test_it_counts_what_became_of_the_stories(
    client: FlaskClient,
    publish: Publish,
    answer: Callable[..., None],
    change: Callable[..., None],
    moira: Account,
) -> None:
    one, two, three = publish(), publish(service="RXH01-ward-5"), publish()
    gone, back = publish(), publish()
    publish(service="G81001")
    tell(body="Nobody has read this one yet.")
    answer(one)
    answer(two, "RXH01-ward-5")
    answer(gone)
    change(one, three)
    change(three, gone, state="made")
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    withdraw(Story.get_by_id(back.id))
    summary = client.get("/api/v1/services/RXH01/summary").get_json()
    counted = ("stories", "answered", "change_planned", "change_made", "removed")
    assert [summary[name] for name in counted] == [5, 2, 2, 1, 2]
    assert summary["stories"] == client.get("/api/v1/stories?service=RXH01").get_json()["total"]
    assert summary["about"]["service"]["code"] == "RXH01"
    assert summary["keeper"]["name"] == "The Tellback Trust"


def test_it_says_what_is_raised_most_and_how_it_was(client: FlaskClient, publish: Publish) -> None:
    publish(topics=["positive:food", "negative:waiting"])
    publish(topics=["negative:food", "pain"], service="RXH01-ward-5")
    publish(topics=["negative:food", "neutral:waiting"])
    publish(topics=["negative:food"], service="G81001")
    topics = client.get("/api/v1/services/RXH01/summary").get_json()["topics"]
    keys = ("slug", "stories", "positive", "neutral", "negative")
    assert [tuple(topic[key] for key in keys) for topic in topics] == [
        ("food", 3, 1, 0, 2),
        ("waiting", 2, 0, 1, 1),
        ("pain", 1, 0, 0, 0),
    ]
    for topic in topics:
        listed = client.get(f"/api/v1/stories?service=RXH01&about_topic={topic['slug']}").get_json()
        assert listed["matching"] == topic["stories"]


def test_it_names_the_ten_topics_raised_most(client: FlaskClient, publish: Publish) -> None:
    slugs = ["food", "waiting", "pain", "treatment", "medicines", "cleanliness", "safety", "building",
             "decisions", "information", "appointments"]  # fmt: skip
    for n in range(2):
        publish(topics=slugs[: len(slugs) - n])
    topics = client.get("/api/v1/services/RXH01/summary").get_json()["topics"]
    assert [topic["slug"] for topic in topics] == sorted(slugs[:10])


def test_a_wards_story_counts_for_its_hospital_too_and_once(client: FlaskClient, publish: Publish) -> None:
    publish(topic="multiple-sclerosis", services=["RXH01", "RXH01-ward-5"])
    publish(topic="multiple-sclerosis", service="RXH01-ward-5")
    publish(topic="multiple-sclerosis", services=["RXH01", "G81001"])
    publish(service="RXH01")
    summary = client.get("/api/v1/topics/multiple-sclerosis/summary").get_json()
    counted = {service["code"]: service["stories"] for service in summary["services"]}
    assert counted == {"RXH01": 3, "RXH01-ward-5": 2, "G81001": 1}
    assert [service["code"] for service in summary["services"]] == ["RXH01", "RXH01-ward-5", "G81001"]
    for code, stories in counted.items():
        query = f"topic=multiple-sclerosis&about_service={code}"
        assert client.get(f"/api/v1/stories?{query}").get_json()["matching"] == stories
    # All of these are about it, so the topic itself tells nothing.
    assert summary["topics"] == []
    below = client.get("/api/v1/services/RXH01/summary").get_json()["services"]
    assert [(service["code"], service["stories"]) for service in below] == [("RXH01-ward-5", 2)]


@pytest.mark.parametrize("about", ["services/RXH01", "organisations/RXH", "topics/multiple-sclerosis"])
def test_a_services_number_is_that_of_its_own_list_whatever_became_of_its_stories(
    client: FlaskClient, publish: Publish, moira: Account, about: str
) -> None:
    publish(topic="multiple-sclerosis", services=["RXH01", "RXH01-ward-5"])
    gone, back = (publish(topic="multiple-sclerosis", service="RXH01-ward-5") for _ in range(2))
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    withdraw(Story.get_by_id(back.id))
    services = client.get(f"/api/v1/{about}/summary").get_json()["services"]
    assert services[-1]["code"] == "RXH01-ward-5"
    for service in services:
        listed = client.get(f"/api/v1/stories?service={service['code']}").get_json()
        assert service["stories"] == listed["total"] == 3


def test_before_the_first_story_all_is_nought(client: FlaskClient) -> None:
    summary = client.get("/api/v1/services/G81001/summary").get_json()
    assert {name: value for name, value in summary.items() if name not in ("about", "keeper")} == {
        "stories": 0, "answered": 0, "change_planned": 0, "change_made": 0, "removed": 0,
        "median_days_to_reply": None,
        "verdicts": {of: {"yes": 0, "partly": 0, "no": 0} for of in ("replies", "changes")},
        "topics": [], "services": [],
    }  # fmt: skip
    assert client.get("/api/v1/services/NOWHERE/summary").status_code == 404
    assert client.get("/api/v1/topics/nothing/summary").status_code == 404


def test_it_costs_the_same_few_queries_however_many_stories(
    client: FlaskClient, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = peewee_database.obj.execute_sql  # type: ignore[attr-defined]
    asked: list[str] = []
    monkeypatch.setattr(
        peewee_database.obj,
        "execute_sql",
        lambda sql, *rest, **more: (asked.append(sql), run(sql, *rest, **more))[1],
    )
    counts = []
    # The first request of the day makes its key.
    client.get("/api/v1/services/RXH01/summary")
    for _ in range(2):
        for n in range(3):
            publish(topics=["positive:food", f"negative:{('pain', 'waiting', 'safety')[n]}"])
        asked.clear()
        assert client.get("/api/v1/services/RXH01/summary").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12, asked
