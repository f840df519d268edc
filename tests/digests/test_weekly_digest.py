"""The week in numbers: what happened, what waits, and nothing that could show who somebody is."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from tellback import clock, rounds
from tellback.accounts.models import Account, Membership
from tellback.config import Settings
from tellback.digests import choosing, sending, weekly
from tellback.moderation import change_decisions, reply_decisions
from tellback.outbox.models import OutboxMessage
from tellback.replies import changes, responding
from tellback.stories.models import Story
from tests.people import Places, tell

Publish = Callable[..., Story]
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.fixture
def a_week(publish: Publish, ruth: Account, moira: Account) -> list[Story]:
    """Six stories of the hospital, five answered after two days, a change planned; then it is Monday."""
    stories = [publish(title=f"Story {n}", topic="multiple-sclerosis") for n in range(6)]
    clock.pin(clock.now() + timedelta(days=2))
    written = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
    for story in stories[1:]:
        reply_decisions.publish(responding.reply(story, "RXH01", written, by=ruth), moira)
    said = {"state": "planned", "what": "Quieter doors.", "why": "", "on": "2027-01", "evidence": ""}
    claim = changes.record("RXH01", [stories[0].public_id], {**said, "lang": "en"}, by=ruth)
    change_decisions.publish(claim, moira)
    publish(service="G81001", title="Of another place")
    clock.pin(MONDAY)
    return stories


def digests() -> list[OutboxMessage]:
    return list(OutboxMessage.select().where(OutboxMessage.kind == "weekly_digest"))


def test_a_matron_reads_her_week(a_week: list[Story], ruth: Account) -> None:
    (week,) = weekly.of_account(ruth)
    assert week.scope == "St Elsewhere NHS Trust"
    assert (week.told, week.published, week.answered, week.waiting) == (6, 6, 5, 1)
    assert [(one.public_id, one.days) for one in week.longest] == [(a_week[0].public_id, 6)]
    assert (week.median_days, week.planned, week.made) == (2.0, 1, 0)
    assert [(topic.name, topic.stories) for topic in week.topics] == [("Multiple sclerosis", 6)]
    assert [(bar.total, bar.part) for bar in week.weeks] == [(0, 0)] * 11 + [(6, 5)]
    assert week.weeks[-1].label == "23 Nov"


def test_those_who_moderate_read_the_week_of_all(a_week: list[Story], moira: Account) -> None:
    (week,) = weekly.of_account(moira)
    assert (week.scope, week.published) == ("All services", 7)


def test_of_a_few_stories_no_number_is_said_nor_what_they_raised(
    publish: Publish,
    gita: Account,
) -> None:
    publish(service="G81001", topic="multiple-sclerosis")
    tell(service="G81001")
    clock.pin(MONDAY)
    (week,) = weekly.of_account(gita)
    assert week.told is None
    assert week.anything
    assert (week.published, week.median_days, week.topics) == (1, None, [])


def test_it_comes_on_monday_morning_once_and_only_to_those_who_want_it(
    a_week: list[Story], ruth: Account, moira: Account, settings: Settings
) -> None:
    clock.pin(MONDAY - timedelta(seconds=1))
    sending.write_digests()
    assert digests() == []
    clock.pin(MONDAY)
    sending.write_digests()
    sending.write_digests()
    assert [row.recipient_id for row in digests()] == [str(ruth.id)]
    choosing.choose(moira, wanted=True)
    choosing.choose(ruth, wanted=False)
    clock.pin(MONDAY + timedelta(days=7))
    sending.write_digests()
    assert [row.recipient_id for row in digests()] == [str(ruth.id), str(moira.id)]
    # Asked for and then declined, or the role lost: what waits to be sent is not.
    resolve = sending.resolver(settings)
    assert resolve("digest", str(ruth.id)) is None
    Membership.delete().where(Membership.account == moira).execute()
    assert resolve("digest", str(moira.id)) is None


def test_where_nothing_ever_happened_no_letter_goes(gita: Account, settings: Settings) -> None:
    clock.pin(MONDAY)
    assert sending.resolver(settings)("digest", str(gita.id)) is None


def test_the_letter_says_in_plain_words_and_in_a_table_what_the_page_plots(
    a_week: list[Story],
    ruth: Account,
    places: Places,
    settings: Settings,
    inbox: tuple[Any, str],
) -> None:
    rounds.go_round(dataclasses.replace(settings, smtp_url=inbox[1]))
    letters = [message_from_bytes(one.content, policy=policy.default) for one in inbox[0].letters]
    (letter,) = [one for one in letters if "Your week" in one["Subject"]]
    assert letter["To"] == "ruth@example.org"
    assert letter["Subject"] == "Your week from 23 November: 1 story waits for an answer"
    assert "/alerts/unsubscribe/" in letter["List-Unsubscribe"]
    plain, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "- Days to the first reply: 2 (median of 12 weeks)" in plain
    assert "23 Nov  ████████████████████░░░░ 6, 5 answered" in plain
    assert f"https://stories.example/stories/{a_week[0].public_id}" in plain
    assert "6, 5 answered" in html
    assert "<img" not in html
