"""People hear of what happens to stories they may read: within their scope, as soon as they asked, once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playhouse.shortcuts import model_to_dict

from tellback import clock, db
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.alerts import gathering, keeping, matching
from tellback.alerts.keeping import Wish
from tellback.alerts.models import AlertMatch
from tellback.authorship import own_story
from tellback.moderation import answer_decisions, decisions, flags, reply_decisions
from tellback.organisations.models import Organisation, Service
from tellback.outbox.models import OutboxMessage
from tellback.replies import answering_back, responding
from tellback.replies.models import AnsweringFor, ServiceChange
from tellback.stories.models import Story, StoryService
from tests.alerts.conftest import Letters, later
from tests.at_once import at_once
from tests.people import Places, make_account

Publish = Callable[..., Story]


def titles(letter: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["title"] for item in letter["items"]]


def test_a_responder_hears_of_a_story_of_their_ward_with_its_title_and_where_to_answer_it(
    ruth: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish(place="all-of-RXH"))
    story = publish(service="RXH01-ward-5", title="A calm night")
    (letter,) = letters()
    assert letter["to"] == "ruth@example.org"
    (item,) = letter["items"]
    assert (item["title"], item["services"]) == ("A calm night", ["Ward 5"])
    assert item["url"] == f"https://stories.example/stories/{story.public_id}"
    assert item["desk_url"] == f"https://stories.example/admin/answers/{story.public_id}"
    assert letters() == []


def test_a_story_that_was_taken_down_before_the_letter_goes_is_not_told(
    ruth: Account, moira: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    story = publish()
    decisions.remove(
        Story.get_by_id(story.id), story.revision, moira, reason="published_by_mistake", message=""
    )
    assert letters() == []
    # Only its ids wait in the outbox: what a letter says is looked up when it is sent.
    assert [row.payload for row in OutboxMessage.select().where(OutboxMessage.kind == "alert")] == [{}]


@pytest.mark.parametrize(
    ("wish", "told", "hears"),
    [
        (Wish(place="RXH01"), {"service": "RXH01-ward-5"}, True),
        (Wish(place="RXH01-ward-5"), {"service": "RXH01"}, False),
        (Wish(place="all-of-RXH"), {"service": "RXH01"}, True),
        (Wish(place="all-of-RXH"), {"service": "G81001"}, False),
        (Wish(topic="multiple-sclerosis"), {"topic": "multiple-sclerosis"}, True),
        (Wish(topic="multiple-sclerosis"), {}, False),
        (Wish(lang="cy"), {"lang": "cy"}, True),
        (Wish(lang="cy"), {"lang": "en"}, False),
        (Wish(criticality="3"), {"level": 3}, True),
        (Wish(criticality="3"), {"level": 2}, False),
    ],
)
def test_an_alert_reaches_as_far_as_its_scope_and_its_screen_counts_the_same_stories(
    wish: Wish, told: dict[str, str], hears: bool, moira: Account, publish: Publish, letters: Letters
) -> None:
    alert = keeping.add(moira, wish)
    publish(**told)
    assert len(letters()) == int(hears)
    assert keeping.matching_stories(alert, 30).count() == int(hears)


def test_a_story_that_two_alerts_match_is_one_letter_by_the_sooner(
    ruth: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish(cadence="daily"))
    keeping.add(ruth, Wish(place="RXH01", cadence="at_once"))
    publish()
    assert [letter["cadence"] for letter in letters()] == ["at_once"]
    later(days=2)
    assert letters() == []


def test_what_happens_together_is_one_letter(ruth: Account, publish: Publish, letters: Letters) -> None:
    keeping.add(ruth, Wish())
    publish(title="One")
    publish(title="Two")
    (letter,) = letters()
    assert titles(letter) == ["One", "Two"]


def test_another_organisations_stories_reach_nobody_of_ours(
    ruth: Account, gita: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    keeping.add(gita, Wish())
    publish(service="G81001")
    assert [match.alert.account for match in AlertMatch.select()] == [gita]
    assert [letter["to"] for letter in letters()] == ["gita@example.org"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_loses_the_role_hears_nothing_more(
    when: str, ruth: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    if when == "after":
        publish()
    Membership.delete().where(Membership.account == ruth).execute()
    if when == "before":
        publish()
    assert letters() == []


def test_the_morning_brings_what_happened_since_and_monday_the_week(
    ruth: Account, places: Places, publish: Publish, letters: Letters
) -> None:
    una = make_account("Una", Role.ANALYST, places.hospital.organisation)
    keeping.add(ruth, Wish(cadence="daily"))
    keeping.add(una, Wish(cadence="weekly"))
    publish(title="Monday's")
    assert letters() == []
    clock.pin(datetime(2026, 11, 24, 8, tzinfo=UTC))
    (letter,) = letters()
    assert (letter["to"], titles(letter)) == ("ruth@example.org", ["Monday's"])
    publish(title="Tuesday's")
    clock.pin(datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert {letter["to"]: titles(letter) for letter in letters()} == {
        "ruth@example.org": ["Tuesday's"],
        "una@example.org": ["Monday's", "Tuesday's"],
    }


def test_quiet_hours_over_midnight_hold_letters_until_they_end_by_the_clock_of_the_desk(
    ruth: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish(quiet_from="20:00", quiet_until="07:00"))
    # 20:30 in a London summer.
    clock.pin(datetime(2026, 7, 1, 19, 30, tzinfo=UTC))
    publish(title="In the evening")
    assert letters() == []
    clock.pin(datetime(2026, 7, 2, 1, tzinfo=UTC))
    publish(title="In the night")
    assert letters() == []
    clock.pin(datetime(2026, 7, 2, 6, tzinfo=UTC))
    (letter,) = letters()
    assert titles(letter) == ["In the evening", "In the night"]


def test_an_alert_of_what_waits_leaves_out_what_was_answered_meanwhile(
    ruth: Account, moira: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish(only="waiting", cadence="daily"))
    answered = publish(title="Answered")
    publish(title="Waits")
    written = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
    reply_decisions.publish(responding.reply(answered, "RXH01", written, by=ruth), moira)
    later(days=1)
    (letter,) = letters()
    assert titles(letter) == ["Waits"]


def test_reports_reach_those_who_settle_them_and_nobody_of_the_service(
    ruth: Account, moira: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    keeping.add(moira, Wish(only="flagged"))
    story = publish()
    letters()
    flags.tell(story.public_id, "not_true", "Secret words")
    (letter,) = letters()
    assert letter["to"] == "moira@example.org"
    assert letter["items"][0]["url"] == "https://stories.example/admin/flags"
    assert "Secret" not in str(letter)


def test_what_an_author_answers_reaches_those_who_wrote_for_all_but_not_for_what_waits(
    ruth: Account, gita: Account, moira: Account, publish: Publish, letters: Letters
) -> None:
    story = publish()
    written = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
    reply = responding.reply(story, "RXH01", written, by=ruth)
    reply_decisions.publish(reply, moira)
    keeping.add(ruth, Wish())
    keeping.add(moira, Wish(only="waiting"))
    keeping.add(gita, Wish())
    answer = answering_back.answer_back(story, reply.public_id, "The doors are quiet now.")
    assert letters() == []
    answer_decisions.publish(answer, moira)
    (letter,) = letters()
    assert (letter["to"], letter["items"][0]["occasion"]) == ("ruth@example.org", "answered")
    assert "quiet" not in str(letter)


def test_a_story_that_was_moved_is_told_where_it_is_now(
    ruth: Account, gita: Account, places: Places, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    keeping.add(gita, Wish(criticality="2", lang="en"))
    story = publish(level=3)
    assert [letter["to"] for letter in letters()] == ["ruth@example.org"]
    StoryService.update(service=places.surgery).where(StoryService.story == story).execute()
    matching.story_moved(story, places.surgery)
    assert [letter["to"] for letter in letters()] == ["gita@example.org"]


def test_a_charity_hears_of_the_stories_that_it_was_let_in_to_answer(
    places: Places, publish: Publish, letters: Letters
) -> None:
    charity = Organisation.create(code="MSC", name="MS Company", kind="charity", created_at=clock.now())
    facts = model_to_dict(places.surgery, recurse=False, exclude=[Service.id])
    Service.create(**facts | {"code": "MSC01", "organisation": charity})
    cher = make_account("Cher", Role.RESPONDER, charity)
    alert = keeping.add(cher, Wish(place="all-of-MSC"))
    publish(topic="multiple-sclerosis")
    assert letters() == []
    AnsweringFor.create(organisation=charity, topic=places.topic, allowed_at=clock.now())
    story = publish(topic="multiple-sclerosis", title="Years of it")
    publish(title="Of something else")
    (letter,) = letters()
    assert (letter["to"], titles(letter)) == ("cher@example.org", ["Years of it"])
    assert story.public_id in letter["items"][0]["desk_url"]
    assert keeping.matching_stories(alert, 30).count() == 2


@pytest.mark.both_engines
def test_two_processes_write_one_letter_of_each_alert(
    ruth: Account, moira: Account, publish: Publish
) -> None:
    keeping.add(ruth, Wish())
    keeping.add(moira, Wish())
    for _ in range(3):
        publish()

    def work() -> None:
        gathering.write_letters()
        db.database.close()

    at_once(work)
    told = OutboxMessage.select().where(OutboxMessage.kind == "alert")
    letters = {row.recipient_id for row in told}
    assert (told.count(), len(letters)) == (2, 2)
    assert {match.letter for match in AlertMatch.select()} == letters


def test_a_pause_holds_letters_back_and_ends_by_itself(
    ruth: Account, publish: Publish, letters: Letters
) -> None:
    alert = keeping.add(ruth, Wish())
    keeping.pause(alert, "2026-11-25")
    publish(title="While away")
    assert letters() == []
    later(days=2)
    publish(title="Back")
    (letter,) = letters()
    assert titles(letter) == ["Back"]


def test_a_change_that_is_due_is_told_to_its_service_alone(
    ruth: Account, gita: Account, places: Places, letters: Letters
) -> None:
    keeping.add(ruth, Wish(place="RXH01"))
    keeping.add(gita, Wish())
    change = ServiceChange.create(public_id="c" * 24, service=places.ward, begun_at=clock.now())
    matching.change_due(change)
    (letter,) = letters()
    assert letter["to"] == "ruth@example.org"
    assert letter["items"][0]["url"].endswith(f"/admin/changes/{change.public_id}")


def test_a_story_that_its_author_took_back_is_not_told(
    ruth: Account, publish: Publish, letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    story = publish()
    own_story.withdraw(Story.get_by_id(story.id))
    assert letters() == []
