"""When the desk is staffed: an administrator says so, forms tell it, and nights count for nothing."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.errors import InvalidInput, NotAllowed
from tellback.rota import hours
from tests import people

# Monday 23 November 2026 is a working day; in July the desk's clock is an hour ahead of UTC.
LATE = datetime(2026, 11, 23, 18, 5, tzinfo=UTC)
FRIDAY_NIGHT = datetime(2026, 12, 24, 23, 0, tzinfo=UTC)


@pytest.fixture
def ada(database: str) -> Account:
    """An administrator."""
    return people.make_account("Ada", Role.ADMINISTRATOR)


def test_until_somebody_says_otherwise_the_desk_is_staffed_in_office_hours(database: str) -> None:
    kept = hours.current()
    assert kept.staffed(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert not kept.staffed(datetime(2026, 11, 23, 8, 59, tzinfo=UTC))
    assert not kept.staffed(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    assert not kept.staffed(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))


def test_hours_are_those_of_the_desks_own_clock_in_summer_too(database: str) -> None:
    kept = hours.current()
    assert kept.staffed(datetime(2026, 7, 1, 8, 0, tzinfo=UTC))
    assert not kept.staffed(datetime(2026, 7, 1, 16, 0, tzinfo=UTC))
    assert kept.next_opening(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)) == datetime(
        2026, 7, 2, 8, 0, tzinfo=UTC
    )


def test_a_closed_day_and_the_weekend_are_left_out(ada: Account) -> None:
    hours.keep(
        dict.fromkeys(range(5), ("08:30", "16:00")),
        {"2026-12-25": "Christmas Day", "2026-12-28": "Boxing Day, in lieu"},
        by=ada,
    )
    assert hours.current().next_opening(FRIDAY_NIGHT) == datetime(2026, 12, 29, 8, 30, tzinfo=UTC)
    assert [day.name for day in hours.closed_days()] == ["Christmas Day", "Boxing Day, in lieu"]


def test_who_changed_the_hours_is_recorded(ada: Account) -> None:
    hours.keep({0: ("09:00", "13:00"), 1: ("", "")}, {}, by=ada)
    (event,) = acts.time_line("rota", "hours")
    assert (event.actor_id, event.detail["hours"]) == (str(ada.id), {"Monday": "09:00-13:00"})


@pytest.mark.parametrize(
    ("week", "closed", "says"),
    [
        ({}, {}, "Somebody must read on one day"),
        ({0: ("09:00", "")}, {}, "Monday: write both times"),
        ({0: ("nine", "17:00")}, {}, "Monday: write both times"),
        ({2: ("17:00", "09:00")}, {}, "Wednesday: it must close after it opens"),
        ({0: ("09:00", "17:00")}, {"Christmas": ""}, "like 2026-12-25"),
        ({0: ("09:00", "17:00")}, {"2026-12-25": "x" * 61}, "60 characters"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    ada: Account, week: dict[int, tuple[str, str]], closed: dict[str, str], says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        hours.keep(week, closed, by=ada)
    assert says in str(refused.value.errors)
    assert hours.current().week == hours.USUAL


def test_a_moderator_does_not_change_the_hours(moira: Account) -> None:
    with pytest.raises(NotAllowed, match="Only administrators"):
        hours.keep({0: ("09:00", "17:00")}, {}, by=moira)


def test_a_form_says_at_night_that_nobody_reads_and_from_when_on(client: FlaskClient) -> None:
    clock.pin(LATE)
    facts = client.get("/api/v1/telling?service=RXH01").get_json()
    assert facts["staffed"] == {"now": False, "opens": "2026-11-24T09:00"}
    page = client.get("/tell?service=RXH01").text
    assert "Nobody reads what you send at this hour. We read again on 24 November 2026, from 09:00." in page


def test_in_staffed_hours_the_form_says_nothing_of_it(client: FlaskClient) -> None:
    assert "Nobody reads" not in client.get("/tell?service=RXH01").text
