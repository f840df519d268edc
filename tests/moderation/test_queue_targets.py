"""By when a waiting story is to be read, and which are late; on both engines."""

from datetime import UTC, datetime, timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.moderation import queue, targets
from tellback.moderation.targets import Target, Unit
from tellback.rota.models import ClosedDay, ReadingTarget, StaffedHours
from tellback.stories.models import Story
from tellback.stories.urgency import Urgency, reckon
from tests.people import Places, tell

IN_CRISIS = "I want to kill myself."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, in London's winter time; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("urgency", "since", "due"),
    [
        # Two working days after the one it came on, until the desk closes.
        (Urgency.USUAL, at(23, 9, 30), at(25, 17)),
        (Urgency.USUAL, at(23, 23, 59), at(25, 17)),
        (Urgency.USUAL, at(19, 12), at(23, 17)),
        # A weekend is no working day.
        (Urgency.USUAL, at(20, 12), at(24, 17)),
        (Urgency.USUAL, at(21, 12), at(24, 17)),
        (Urgency.USUAL, at(22, 23, 30), at(24, 17)),
        (Urgency.PERHAPS, at(20, 12), at(23, 17)),
        # Four hours in which somebody is there.
        (Urgency.NOW, at(23, 9, 30), at(23, 13, 30)),
        (Urgency.NOW, at(23, 15), at(24, 11)),
        (Urgency.NOW, at(23, 17), at(24, 13)),
        (Urgency.NOW, at(20, 16), at(23, 12)),
        (Urgency.NOW, at(22, 3), at(23, 13)),
    ],
)
def test_a_story_is_due_by_its_target(database: str, urgency: int, since: datetime, due: datetime) -> None:
    assert targets.current().due(urgency, since) == due


def test_summer_time_moves_no_closing_hour(database: str) -> None:
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    # The clocks go forward in between: 17:00 in London is 16:00 in UTC by then.
    assert targets.current().due(Urgency.USUAL, friday) == datetime(2026, 3, 31, 16, tzinfo=UTC)


def test_a_day_on_which_the_desk_is_closed_counts_for_nothing(database: str) -> None:
    ClosedDay.create(day="2026-11-24", name="Founder's day")
    aims = targets.current()
    assert aims.due(Urgency.USUAL, at(23, 9)) == at(26, 17)
    assert aims.due(Urgency.NOW, at(23, 15)) == at(25, 11)


def test_an_installation_keeps_targets_and_hours_of_its_own(database: str) -> None:
    ReadingTarget.create(urgency=0, amount=3, unit="hours")
    StaffedHours.create(weekday=0, opens="08:00", closes="10:00")
    aims = targets.current()
    assert aims.by_urgency[Urgency.USUAL] == Target(3, Unit.HOURS)
    # Mondays from eight to ten alone.
    assert aims.due(Urgency.USUAL, at(23, 9)) == at(30, 10)
    assert str(Target(3, Unit.HOURS)) == "within 3 staffed hours"
    assert str(Target(1, Unit.DAYS)) == "within 1 working day"


def test_a_desk_that_nobody_opens_is_late_all_the_same(database: str) -> None:
    for day in range(420):
        ClosedDay.create(day=(at(20, 12).date() + timedelta(days=day)).isoformat(), name="Closed")
    aims = targets.current()
    assert aims.due(Urgency.USUAL, at(23, 9)) == at(25, 17)
    assert aims.due(Urgency.NOW, at(23, 9)) == at(23, 13)


def test_what_is_late_is_the_same_asked_from_either_end(database: str) -> None:
    aims = targets.current()
    for urgency in Urgency:
        for hours in range(0, 24 * 9, 5):
            now = at(23, 0, 3) + timedelta(hours=hours)
            before = aims.late_before(urgency, now)
            for back in range(0, 24 * 8, 7):
                since = now - timedelta(hours=back, minutes=11)
                assert (since < before) == (aims.due(urgency, since) < now), (urgency, since, now)


def test_the_queue_says_which_are_late(places: Places, moira: Account) -> None:
    clock.pin(at(20, 10))
    tell(title="on Friday")
    urgent = tell(title="urgent", body=IN_CRISIS).story
    reckon(urgent)
    clock.pin(at(24, 16, 59))
    tell(title="on Tuesday")
    page = queue.page(moira)
    assert [(one.version.title, one.late) for one in page.stories] == [
        ("urgent", True),
        ("on Friday", False),
        ("on Tuesday", False),
    ]
    assert page.late == 1
    clock.pin(at(24, 17, 1))
    page = queue.page(moira)
    assert [one.late for one in page.stories] == [True, True, False]
    assert page.late == 2
    assert Story.select().where(targets.current().is_late()).count() == 2
