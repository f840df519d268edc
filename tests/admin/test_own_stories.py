"""What a service's people see of their own stories; below HTTP, on both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.admin import answering
from tellback.errors import NotFound
from tellback.moderation import decisions, reply_decisions
from tellback.replies import responding
from tellback.replies.models import Reply
from tellback.stories.models import Story
from tests.people import Places, make_account, tell, tell_and_publish

WRITTEN = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}


def published(by: Account, **changes: object) -> Story:
    clock.pin(clock.now() + timedelta(minutes=1))
    return tell_and_publish(by, **changes)


def answered(story: Story, by: Account, code: str = "RXH01") -> Reply:
    return responding.reply(story, code, WRITTEN, by=by)


def listed(account: Account, page: int = 1) -> list[Story]:
    return [own.story for own in answering.own_stories(account, page)]


def test_stories_that_wait_come_first_the_longest_before_all(moira: Account, ruth: Account) -> None:
    first, second, third = (published(moira) for _ in range(3))
    answered(third, ruth)
    assert listed(ruth) == [first, second, third]
    assert answering.counts(ruth) == (2, 3)


def test_a_reply_that_came_back_makes_its_story_wait_again(moira: Account, ruth: Account) -> None:
    story, other = published(moira), published(moira)
    reply = answered(story, ruth)
    assert [own.waits for own in answering.own_stories(ruth)] == [True, False]
    reply_decisions.send_back(reply, moira, note="Say what changed.")
    assert listed(ruth) == [story, other]
    assert [own.waits for own in answering.own_stories(ruth)] == [True, True]


def test_another_organisations_stories_are_not_there(moira: Account, ruth: Account, gita: Account) -> None:
    story = published(moira)
    assert listed(gita) == []
    assert answering.counts(gita) == (0, 0)
    with pytest.raises(NotFound, match="no published story about your organisation"):
        answering.own_story(gita, story.public_id)


def test_of_a_shared_story_each_sees_its_own_services_and_replies(
    moira: Account, ruth: Account, gita: Account
) -> None:
    story = published(moira, service=["RXH01", "G81001", "RXH01-ward-5"])
    answered(story, ruth)
    mine, theirs = answering.own_story(ruth, story.public_id), answering.own_story(gita, story.public_id)
    assert [service.code for service in mine.services] == ["RXH01", "RXH01-ward-5"]
    assert [service.code for service in theirs.services] == ["G81001"]
    assert (len(mine.replies), len(theirs.replies)) == (1, 0)
    assert (mine.waits, theirs.waits) == (False, True)


def test_only_what_is_public_now_is_there(moira: Account, ruth: Account) -> None:
    waiting = tell().story
    removed = published(moira)
    decisions.remove(removed, removed.revision, moira, reason="not_genuine", message="")
    for story in (waiting, removed):
        with pytest.raises(NotFound):
            answering.own_story(ruth, story.public_id)
    assert listed(ruth) == []


def test_a_moderator_without_a_role_there_has_no_stories_of_their_own(moira: Account, ruth: Account) -> None:
    published(moira)
    assert listed(moira) == []


def test_the_list_goes_on_without_missing_or_doubling(
    moira: Account, ruth: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "PAGE", 2)
    told = {published(moira).public_id for _ in range(5)}
    seen = [story.public_id for page in (1, 2, 3) for story in listed(ruth, page)]
    assert len(seen) == 5
    assert set(seen) == told


def test_a_screen_of_stories_costs_four_queries(
    places: Places, moira: Account, ruth: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        answered(published(moira), ruth)
    analyst = make_account("Anna", Role.ANALYST, places.hospital.organisation)
    asked: list[str] = []
    run = Story._meta.database.obj.execute_sql
    monkeypatch.setattr(
        Story._meta.database.obj,
        "execute_sql",
        lambda sql, *more, **named: asked.append(sql) or run(sql, *more, **named),
    )
    assert len(answering.own_stories(analyst)) == 4
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 4
