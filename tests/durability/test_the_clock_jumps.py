"""The clock is set wrong, and right again: nothing waits for a day that never was, nobody stays in or out."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock, rounds
from tellback.accounts import sessions
from tellback.accounts.models import Account
from tellback.accounts.sessions import How
from tellback.audit import ledger, signing, verification
from tellback.config import Settings
from tellback.http import pseudonyms
from tellback.http.models import DailyKey
from tellback.http.sightings import Seen
from tellback.moderation import waiting
from tellback.moderation.models import Decision
from tellback.outbox import delivery, messages
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import Story
from tellback.websites.models import Sighting
from tellback.websites.sightings import Notes
from tests.people import ORIGIN, Places, a_story, tell

A_YEAR, A_DAY, AN_HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)


def _jump(by: timedelta) -> None:
    clock.pin(clock.now() + by)


@pytest.mark.parametrize("jump", [A_DAY, -AN_HOUR, -A_YEAR], ids=["a day on", "an hour back", "a year back"])
def test_a_story_is_told_and_told_again_as_ever(client: FlaskClient, jump: timedelta) -> None:
    form = a_story(idempotency_key="0b0f3c0e-7a55-4a11-a3a6-2f6d6a1c9c11")
    first = client.post("/api/v1/stories", data=form, headers={"Origin": ORIGIN})
    _jump(jump)
    again = client.post("/api/v1/stories", data=form, headers={"Origin": ORIGIN})
    other = client.post("/api/v1/stories", data=a_story(), headers={"Origin": ORIGIN})
    assert [first.status_code, again.status_code, other.status_code] == [201, 201, 201]
    assert first.get_json() == again.get_json()
    assert Story.select().count() == 2
    assert not list(verification.breaks())


def test_the_ledger_keeps_the_order_of_what_happened(places: Places, settings: Settings) -> None:
    for jump in (timedelta(), A_YEAR, -A_YEAR, -AN_HOUR):
        _jump(jump)
        tell()
        signing.sign_today(settings)
    assert [entry.number for entry in ledger.after(0, limit=10)] == [1, 2, 3, 4]
    assert not list(verification.breaks())


def test_the_newest_head_is_that_of_most_entries_whatever_day_it_bears(
    places: Places, settings: Settings
) -> None:
    tell()
    _jump(A_YEAR)
    signing.sign_today(settings)
    _jump(-A_YEAR)
    tell()
    signing.sign_today(settings)
    head = signing.newest_head()
    assert head
    assert (head.day, head.number) == ("2026-11-23", 2)


def test_whoever_signed_in_while_it_was_a_year_ahead_signs_in_again(moira: Account) -> None:
    _jump(A_YEAR)
    key = sessions.begin(moira, How.PASSWORD, "")
    assert sessions.find(key, moira.fs_uniquifier, AN_HOUR)
    _jump(-A_YEAR)
    assert sessions.find(key, moira.fs_uniquifier, AN_HOUR) is None
    assert sessions.of(moira, AN_HOUR) == []


def test_an_hour_back_nobody_is_signed_out(moira: Account) -> None:
    key = sessions.begin(moira, How.PASSWORD, "")
    _jump(-AN_HOUR)
    assert sessions.find(key, moira.fs_uniquifier, AN_HOUR)


def test_no_limit_holds_for_longer_than_its_window(client: FlaskClient) -> None:
    def status() -> int:
        return client.post("/api/v1/stories", data=a_story()).status_code

    _jump(A_YEAR)
    assert [status() for _ in range(11)] == [201] * 10 + [429]
    _jump(-A_YEAR)
    assert status() == 201


def test_a_key_of_a_day_that_never_was_does_not_outlive_its_hour(database: str) -> None:
    _jump(A_YEAR)
    pseudonyms.pseudonym("192.0.2.1")
    _jump(-A_YEAR)
    pseudonyms.pseudonym("192.0.2.1")
    assert [row.day for row in DailyKey.select()] == ["2026-11-23"]


def test_yesterdays_key_is_made_anew_when_the_day_comes_again(database: str) -> None:
    pseudonyms.pseudonym("192.0.2.1")
    _jump(-A_DAY)
    before = pseudonyms.pseudonym("192.0.2.1")
    pseudonyms.forget()
    assert pseudonyms.pseudonym("192.0.2.1") == before, "every process agrees on it"
    # Another process may be a day further already: its key stays.
    assert [row.day for row in DailyKey.select().order_by(DailyKey.day)] == ["2026-11-22", "2026-11-23"]


def test_a_decision_does_not_wait_for_a_year(places: Places, settings: Settings, moira: Account) -> None:
    story = tell().story
    decision = Decision.create(
        story=story, version=story.versions.get(), act="publish", decided_by=moira, decided_at=clock.now()
    )
    waiting.begin(decision, clock.now() + A_YEAR)
    rounds.bring_near(settings)
    assert Decision.get_by_id(decision.id).takes_effect_at <= clock.now() + settings.decision_wait


def test_a_letter_does_not_wait_for_a_year(database: str) -> None:
    _jump(A_YEAR)
    message = messages.put("story_received", "author", "a1")
    _jump(-A_YEAR)
    assert delivery.bring_near() == 1
    assert OutboxMessage.get_by_id(message.id).due_at == clock.now()
    _jump(-AN_HOUR)
    assert delivery.bring_near() == 0, "what waits for its next try waits on"


def test_what_a_website_does_is_seen_after_the_clock_was_set_back(places: Places) -> None:
    notes = Notes()
    notes.take(Seen(ORIGIN, "read"))
    _jump(-AN_HOUR)
    notes.take(Seen(ORIGIN, "read"))
    assert Sighting.get().last_at == clock.now()
