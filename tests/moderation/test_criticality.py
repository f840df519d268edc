"""Scoring how critical a story is, for those who moderate alone; on both engines."""

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import criticality, decisions
from tellback.stories.models import Story
from tests.people import ORIGIN, Places, tell


def opened(by: Account) -> Story:
    story = tell(title="A long night").story
    decisions.open_for_review(story, by)
    return story


def test_a_story_is_scored_when_it_is_published(moira: Account) -> None:
    story = opened(moira)
    decisions.publish(story, story.revision, moira, level=3)
    assert Story.get_by_id(story.id).criticality == 3
    assert time_line("story", story.public_id)[-1].detail["criticality"] == 3


def test_the_score_counts_from_the_moment_of_deciding(moira: Account) -> None:
    story = opened(moira)
    decision = decisions.publish(story, story.revision, moira, level=5, wait=timedelta(minutes=10))
    assert Story.get_by_id(story.id).criticality == 5
    # What someone read in it stays when the decision is undone.
    decisions.undo(decision, moira)
    assert Story.get_by_id(story.id).criticality == 5


def test_a_score_is_kept_without_deciding_and_moves_the_story_in_the_queue(moira: Account) -> None:
    mild, grave = opened(moira), opened(moira)
    criticality.score(mild, mild.revision, 1, moira)
    criticality.score(grave, grave.revision, 5, moira)
    waiting = Story.select().order_by(Story.queue_rank)
    assert [story.id for story in waiting] == [grave.id, mild.id]
    decisions.publish(grave, grave.revision, moira)
    assert Story.get_by_id(grave.id).criticality == 5


@pytest.mark.parametrize("level", [-1, 6])
def test_a_score_that_is_no_level_is_refused(moira: Account, level: int) -> None:
    story = opened(moira)
    for act in (
        lambda: criticality.score(story, story.revision, level, moira),
        lambda: decisions.publish(story, story.revision, moira, level=level),
    ):
        with pytest.raises(InvalidInput) as refused:
            act()
        assert refused.value.errors == {"criticality": ["Choose how critical it is, from 0 to 5."]}
    assert Story.get_by_id(story.id).criticality is None


def test_only_who_may_decide_scores(places: Places, moira: Account, ruth: Account) -> None:
    story = opened(moira)
    with pytest.raises(NotAllowed):
        criticality.score(story, story.revision, 2, ruth)
    Membership.create(account=moira, role=Role.ANALYST.value, organisation=places.hospital.organisation)
    with pytest.raises(NotAllowed, match="You have a role at St Elsewhere"):
        criticality.score(story, story.revision, 2, moira)


def test_a_story_that_nobody_reads_or_that_changed_is_not_scored(moira: Account) -> None:
    new = tell().story
    with pytest.raises(Conflict, match="not being read"):
        criticality.score(new, new.revision, 2, moira)
    story = opened(moira)
    with pytest.raises(Conflict, match="Someone else worked"):
        criticality.score(story, story.revision - 1, 2, moira)


def test_every_level_is_defined_in_words_of_its_own() -> None:
    assert len(criticality.LEVELS) == 6
    assert len({level.name for level in criticality.LEVELS}) == 6
    assert all(level.when.endswith(".") for level in criticality.LEVELS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_that_the_public_or_an_author_reads_shows_it(client: FlaskClient, moira: Account) -> None:
    receipt = tell(title="A grave night", site_key="st-elsewhere-test")
    decisions.open_for_review(receipt.story, moira)
    decisions.publish(receipt.story, receipt.story.revision, moira, level=5)
    story = receipt.story.public_id
    bearer = {"Authorization": f"Bearer {receipt.token}"}
    for address in (
        "/api/v1/stories",
        "/api/v1/stories?service=RXH01",
        f"/api/v1/stories/{story}",
        "/api/v1/services/RXH01/summary",
        "/api/v1/ledger",
        "/api/v1/my-story",
        f"/stories/{story}",
        "/services/RXH01",
        "/services/RXH01/stories.atom",
        f"/oembed?url=https://stories.example/stories/{story}",
        "/openapi.json",
    ):
        answer = client.get(address, headers={**bearer, "Origin": ORIGIN})
        assert answer.status_code == 200, address
        assert "critical" not in answer.text.casefold(), address
    page = client.post("/my-story", data={"token": receipt.token})
    assert "A grave night" in page.text
    assert "critical" not in page.text.casefold()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_score_does_not_change_what_is_shown(client: FlaskClient, moira: Account) -> None:
    shown = []
    for level in (0, 5):
        story = opened(moira)
        decisions.publish(story, story.revision, moira, level=level)
        answer = json.loads(client.get(f"/api/v1/stories/{story.public_id}").text)
        shown.append(set(answer))
    assert shown[0] == shown[1]
