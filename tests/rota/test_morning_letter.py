"""The morning letter: what waits and how long it takes, once on a staffed day, to those who want it."""

from datetime import UTC, datetime, timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.moderation import cases, decisions, morning
from tellback.outbox.models import OutboxMessage
from tests import people

OPENING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _letters() -> list[dict[str, int]]:
    rows = OutboxMessage.select().where(OutboxMessage.kind == "morning").order_by(OutboxMessage.id)
    return [row.payload for row in rows]


def test_it_says_how_many_stories_wait_and_about_how_long_they_take(moira: Account) -> None:
    for n in range(4):
        people.tell(body=f"{n} The ward was calm. " + "They listened to me and explained it all. " * 30)
    clock.pin(OPENING)
    morning.write_letters()
    (told,) = _letters()
    assert (told["stories"], told["urgent"], told["late"]) == (4, 0, 0)
    # Four times a good 200 words, and a minute each to decide.
    assert told["minutes"] == 9


def test_the_minutes_are_those_that_decisions_took_here(moira: Account) -> None:
    for _ in range(10):
        story = people.tell(body="Told and read, and then decided about.").story
        decisions.open_for_review(story, moira)
        clock.pin(clock.now() + timedelta(minutes=3))
        decisions.reject(story, story.revision, moira, reason="commercial", message="")
    people.tell()
    people.tell(body="Another that waits.")
    assert morning.waiting().minutes == 6


def test_it_is_written_once_a_day_and_not_before_the_desk_opens(moira: Account) -> None:
    people.tell()
    clock.pin(OPENING - timedelta(seconds=1))
    morning.write_letters()
    assert _letters() == []
    clock.pin(OPENING)
    morning.write_letters()
    morning.write_letters()
    assert len(_letters()) == 1
    clock.pin(OPENING + timedelta(days=1))
    morning.write_letters()
    assert len(_letters()) == 2


def test_open_cases_are_counted_also_when_nothing_else_waits(moira: Account) -> None:
    story = people.tell().story
    decisions.open_for_review(story, moira)
    cases.escalate(story, story.revision, moira, why="A child may be at risk.")
    clock.pin(OPENING)
    morning.write_letters()
    (told,) = _letters()
    assert (told["stories"], told["cases"]) == (0, 1)


def test_nothing_is_written_at_the_weekend(moira: Account) -> None:
    people.tell()
    clock.pin(OPENING + timedelta(days=4))
    morning.write_letters()
    assert _letters() == []


def test_an_empty_desk_writes_no_letter(moira: Account) -> None:
    clock.pin(OPENING)
    morning.write_letters()
    assert _letters() == []


@pytest.mark.parametrize("wanted", [True, False])
def test_whoever_does_not_want_it_gets_none(moira: Account, wanted: bool) -> None:
    people.tell()
    morning.wants_letters(moira, wanted)
    clock.pin(OPENING)
    morning.write_letters()
    assert len(_letters()) == int(wanted)
