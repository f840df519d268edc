"""By when the next thing is to be done in a case: in working time, or as a law counts it."""

from datetime import UTC, datetime

import pytest

from tellback.accounts.roles import Role
from tellback.moderation import case_clocks
from tellback.moderation.case_paths import BY_STAFF, PATHS, ByLaw, Kind, outcome_label
from tellback.moderation.targets import Target, Unit
from tellback.rota import hours
from tests.people import Places, make_account

LAW = ByLaw.FORTY_EIGHT_HOURS


def at(text: str) -> datetime:
    """A moment of November or December 2026, when London's time is UTC."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        # Monday to Wednesday, at the same hour.
        ("11-23 09:30", "11-25 09:30"),
        # Friday noon to Tuesday noon: Saturday and Sunday are left out.
        ("11-27 12:00", "12-01 12:00"),
        # On a Sunday it begins with Monday; it would end with Tuesday, and the desk closes before.
        ("11-29 15:00", "12-01 17:00"),
        # Monday night to Wednesday night: to be done before the desk closes on Wednesday.
        ("11-23 22:00", "11-25 17:00"),
        # Tuesday morning before the desk opens, to Thursday as early: on Wednesday.
        ("11-24 06:00", "11-25 17:00"),
    ],
)
def test_the_laws_48_hours_leave_weekends_out_and_end_while_somebody_is_there(
    places: Places, since: str, due: str
) -> None:
    assert case_clocks.due(LAW, at(since)) == at(due)


def test_an_author_has_until_the_end_of_the_fifth_day_and_we_two_working_days_more(places: Places) -> None:
    asked = at("11-23 09:30")
    assert case_clocks.last_day_to_answer(asked).isoformat() == "2026-11-28"
    assert case_clocks.due(ByLaw.FIFTH_DAY, asked) == at("12-01 17:00")


def test_the_law_waits_for_no_holiday_of_the_desk(places: Places) -> None:
    ada = make_account("Ada", Role.ADMINISTRATOR)
    week = dict.fromkeys(range(5), ("09:00", "17:00"))
    hours.keep(week, {"2026-11-24": "", "2026-11-25": ""}, by=ada)
    # Nobody comes between Monday's close and Thursday: it is due all the same.
    assert case_clocks.due(LAW, at("11-23 18:00")) == at("11-25 18:00")
    assert case_clocks.due(LAW, at("11-23 09:30")) == at("11-23 17:00")
    assert case_clocks.due(Target(1, Unit.DAYS), at("11-23 09:30")) == at("11-26 17:00")


def test_every_kind_has_steps_a_clock_and_more_than_one_ending() -> None:
    assert set(PATHS) == set(Kind)
    for kind, path in PATHS.items():
        assert len(path.steps) >= 4, kind
        assert len(path.outcomes) >= 2, kind
        assert bool(path.opened_in) == (kind in BY_STAFF), kind
        for slug, ending in path.outcomes.items():
            assert len(slug) <= 20
            assert outcome_label(kind, slug) == ending.label
    assert outcome_label("appeal", "taken_back") == "Its author took the story back"
