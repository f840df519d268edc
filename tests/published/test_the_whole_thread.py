"""A story with all that came back: answers, what its author says to them, changes; the same everywhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.replies import answering_back, verdicts
from tellback.replies.answering_back import AnswerState
from tellback.replies.models import ChangeClaim, Reply, StoryChange
from tellback.stories.models import Story


@pytest.fixture
def thread(publish, answer, change) -> Callable[..., Story]:
    """A published story, answered after some days; its author answers back and judges what was done."""

    def made(days: int = 3, *, said: str = "yes", **told: object) -> Story:
        story = publish(**told)
        clock.pin(clock.now() + timedelta(days=days, minutes=5))
        answer(story)
        reply = Reply.get(Reply.story == story)
        back = answering_back.answer_back(story, reply.public_id, "Will the bell stay?")
        back.state, back.published_at = AnswerState.PUBLISHED.value, clock.now() + timedelta(hours=1)
        back.save()
        verdicts.of_reply(story, reply.public_id, "partly")
        claim: ChangeClaim = change(story, state="made", what="Bells at every bed.")
        verdicts.of_change(story, claim.change.public_id, said)
        return Story.get_by_id(story.id)

    return made


SAYS = (
    "answered in 3 days, on 26 November 2026",
    "The author says: this answered me in part",
    "The author answers, on 26 November 2026",
    "Will the bell stay?",
    "Bells at every bed.",
    "The author says: yes, it has changed",
)


def test_its_page_a_list_a_frame_and_the_feeds_show_all_of_it(client: FlaskClient, thread) -> None:
    story = thread()
    for path in (
        f"/stories/{story.public_id}",
        "/services/RXH01",
        "/organisations/RXH",
        f"/embed?story={story.public_id}",
        "/services/RXH01/stories.atom",
        "/organisations/RXH/stories.feed.json",
    ):
        page = client.get(path).text
        assert [words for words in SAYS if words not in page] == [], path


def test_a_list_of_changes_sums_what_authors_say(client: FlaskClient, thread) -> None:
    thread()
    story = thread(said="no")
    claim = ChangeClaim.get(ChangeClaim.change == StoryChange.get(StoryChange.story == story).change)
    assert "0 yes, 0 in part, 1 no" in client.get("/services/RXH01/changes").text
    listed = client.get("/api/v1/organisations/RXH/changes").get_json()
    assert listed["items"][0]["id"] == claim.change.public_id
    assert [item["verdicts"] for item in listed["items"]] == [
        {"yes": 0, "partly": 0, "no": 1},
        {"yes": 1, "partly": 0, "no": 0},
    ]
    assert "0 yes, 0 in part, 1 no" in client.get("/organisations/RXH/changes").text


def test_the_summary_says_how_soon_and_how_well_services_answered(client: FlaskClient, thread) -> None:
    thread(days=3)
    thread(days=8, said="no")
    for path in ("services/RXH01", "organisations/RXH"):
        summary = client.get(f"/api/v1/{path}/summary").get_json()
        assert summary["median_days_to_reply"] == 5.5
        assert summary["verdicts"] == {
            "replies": {"yes": 0, "partly": 2, "no": 0},
            "changes": {"yes": 1, "partly": 0, "no": 1},
        }
        page = client.get(f"/{path}").text
        assert "Half of the answers came within 6 days." in page
        assert "Did the answer answer them? Authors say: 0 yes, 2 in part, 0 no." in page
        assert "Has it really changed? Authors say: 1 yes, 0 in part, 1 no." in page


def test_an_organisations_lists_hold_the_stories_of_its_services_and_no_others(
    client: FlaskClient, publish
) -> None:
    publish(service="RXH01-ward-5", title="On the ward")
    publish(service="G81001", title="At the surgery")
    page = client.get("/organisations/rxh").text
    assert "On the ward" in page
    assert "At the surgery" not in page
    listed = client.get("/api/v1/stories?organisation=G81001").get_json()
    assert [item["title"] for item in listed["items"]] == ["At the surgery"]
    assert listed["about"]["organisation"] == {
        "code": "G81001",
        "name": "Elm Surgery",
        "url": "https://stories.example/organisations/G81001",
    }
    counted = client.get("/api/v1/organisations/RXH/summary").get_json()["services"]
    assert {service["code"]: service["stories"] for service in counted} == {"RXH01": 1, "RXH01-ward-5": 1}
    for path in (
        "organisations/NOPE",
        "api/v1/organisations/NOPE/changes",
        "organisations/NOPE/stories.atom",
    ):
        assert client.get(f"/{path}").status_code == 404, path
