"""A responder says when they are away and who covers; a complaint's number stays with its service."""

from datetime import date

import pytest

from tellback import db
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.alerts import beginning, gathering
from tellback.alerts.models import Alert
from tellback.errors import InvalidInput, NotAllowed, NotFound
from tellback.outbox.models import OutboxMessage
from tellback.replies import complaint_references, cover
from tellback.stories.models import Story
from tests.people import Places, make_account, tell, tell_and_publish


@pytest.fixture
def ada(places: Places) -> Account:
    """Ruth's colleague at St Elsewhere."""
    return make_account("Ada", Role.RESPONDER, places.hospital.organisation)


def test_what_comes_for_somebody_away_goes_to_their_colleague_too(
    ruth: Account, ada: Account, places: Places
) -> None:
    cover.away(ruth, "2026-11-23", "2026-12-04", [ada.id])
    hospital = places.hospital.organisation
    assert cover.covering(ruth, hospital) == [ada]
    assert cover.covering(ruth, hospital, date(2026, 12, 4)) == [ada]
    assert cover.covering(ruth, hospital, date(2026, 12, 5)) == []
    assert cover.covering(ruth, places.surgery.organisation) == [], "who may not answer there covers nobody"
    assert cover.who_answers(places.ward) == [ada, ruth], "who is at work comes first"
    assert cover.who_answers(places.ward, date(2026, 12, 5)) == [ada, ruth]
    (absence,) = cover.absences([ruth])
    with pytest.raises(NotFound):
        cover.come_back(ada, absence.id)
    cover.come_back(ruth, absence.id)
    assert cover.absences([ruth]) == []


def test_a_colleague_hears_of_what_somebody_away_would_have_heard_of(
    ruth: Account, ada: Account, moira: Account
) -> None:
    beginning.give_first_alerts()
    Alert.delete().where(Alert.account == ada).execute()
    for _ in range(2):
        tell_and_publish(moira, body=f"The nurse sat with me. That was night {Story.select().count()}.")
        assert gathering.write_letters() == 1
        cover.away(ruth, "2026-11-23", "2026-12-04", [ada.id])
    (letter,) = OutboxMessage.select().where(OutboxMessage.kind == "alert_for_colleague")
    assert (letter.recipient_id, letter.payload) == (str(ada.id), {"away": "Ruth"})


def test_who_is_switched_off_or_has_not_come_yet_answers_nothing(ruth: Account, places: Places) -> None:
    Account.update(active=False).execute()
    assert cover.who_answers(places.hospital) == []


def test_colleagues_are_those_who_answer_for_the_same_organisation(
    ruth: Account, ada: Account, gita: Account, moira: Account
) -> None:
    assert cover.colleagues(ruth) == [ada]
    for stranger in (gita, moira, ruth):
        with pytest.raises(InvalidInput, match="Some answers"):
            cover.away(ruth, "2026-11-23", "2026-12-04", [stranger.id])
    with pytest.raises(NotAllowed):
        cover.away(moira, "2026-11-23", "2026-12-04", [ada.id])


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (("", "2026-12-04"), "from_on"),
        (("2026-12-04", "2026-11-30"), "to_on"),
        (("2026-11-01", "2026-11-22"), "to_on"),
        (("2026-11-23", "2028-11-23"), "to_on"),
    ],
)
def test_days_that_cannot_be_are_refused(
    ruth: Account, ada: Account, days: tuple[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        cover.away(ruth, *days, [ada.id])
    assert set(refused.value.errors or {}) == {field}


def test_a_complaints_number_stays_with_its_organisation_and_is_sealed(
    ruth: Account, gita: Account, places: Places
) -> None:
    story, hospital = tell().story, places.hospital.organisation
    complaint_references.keep(story, hospital, "PALS/2026/0471", by=ruth)
    assert complaint_references.of(story, hospital) == "PALS/2026/0471"
    assert complaint_references.of(story, places.surgery.organisation) == ""
    for table in db.database.get_tables():  # type: ignore[attr-defined]
        rows = db.database.execute_sql(f'SELECT * FROM "{table}"').fetchall()
        assert "0471" not in repr(rows), table
    with pytest.raises(NotAllowed):
        complaint_references.keep(story, hospital, "X", by=gita)
    with pytest.raises(InvalidInput):
        complaint_references.keep(story, hospital, "X" * 41, by=ruth)
    complaint_references.keep(story, hospital, "", by=ruth)
    assert complaint_references.of(story, hospital) == ""
