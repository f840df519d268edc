"""What was kept for as long as it is goes by itself, a little at a time, and authors are told before."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback import clock, rounds
from tellback.accounts.models import Account
from tellback.audit import acts, verification
from tellback.audit.models import AuditEvent
from tellback.authorship.own_story import withdraw
from tellback.config import Settings
from tellback.errors import Gone
from tellback.http.models import DailyKey
from tellback.moderation import cases, decisions, flags, pausing, reply_decisions
from tellback.moderation.models import Case, Flag
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tellback.published import ledger_check, transparency
from tellback.replies import responding
from tellback.replies.models import Reply, ReplyDraft
from tellback.retention import rules, turns
from tellback.retention.models import RetentionTurn
from tellback.stories import contact, private_links
from tellback.stories.models import LostLink, Story, StoryVersion, UsedKey
from tests.people import tell, tell_and_publish

ADA = "ada@example.org"
DAY, MONTH, YEAR = timedelta(days=1), timedelta(days=30), timedelta(days=365)


@pytest.fixture(autouse=True)
def a_database(database: str) -> None:
    """Every test here has one."""


@pytest.fixture
def published(settings: Settings, moira: Account) -> Story:
    """A published story whose author gave an address."""
    return tell_and_publish(moira, contact_email=ADA, title="The quokka")


def later(settings: Settings, span: timedelta) -> None:
    """So much later, the rounds having gone on as ever since."""
    clock.pin(clock.now() + span)
    for _ in range(3):
        rounds.go_round(settings)


def letters(kind: str) -> int:
    return int(OutboxMessage.select().where(OutboxMessage.kind == kind).count())


def by_kind(kind: str) -> rules.Rule:
    return next(rule for rule in rules.RULES if rule.kind == kind)


def reject(story: Story, moira: Account) -> None:
    decisions.open_for_review(story, moira)
    decisions.reject(story, story.revision, moira, reason="commercial", message="")


def test_an_author_is_told_a_month_before_their_address_goes(settings: Settings, published: Story) -> None:
    later(settings, 10 * MONTH)
    assert letters("address_ends") == 0
    later(settings, MONTH + DAY)
    assert letters("address_ends") == 1
    later(settings, 29 * DAY)
    assert contact.address_of(published) == ADA
    later(settings, 2 * DAY)
    assert contact.address_of(published) is None
    assert letters("address_ends") == 1
    assert acts.time_line("story", published.public_id)[-1].act == "contact:address:aged"
    assert Story.get_by_id(published.id).state == "published", "the story stays"


def test_news_of_the_story_begins_the_time_anew(
    settings: Settings, published: Story, moira: Account, ruth: Account
) -> None:
    later(settings, 11 * MONTH + DAY)
    words = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
    reply_decisions.publish(responding.reply(published, "RXH01", words, by=ruth), moira)
    later(settings, 6 * MONTH)
    assert contact.address_of(published) == ADA
    later(settings, 5 * MONTH + DAY)
    assert letters("address_ends") == 2
    later(settings, MONTH + DAY)
    assert contact.address_of(published) is None


def test_an_address_that_is_given_again_stays_as_long_again(settings: Settings, published: Story) -> None:
    later(settings, 11 * MONTH + DAY)
    contact.keep(published, ADA)
    later(settings, 2 * MONTH)
    assert contact.address_of(published) == ADA


def test_words_that_nobody_could_read_are_erased_after_a_letter(settings: Settings, moira: Account) -> None:
    sent = tell(contact_email=ADA, title="The quokka")
    reject(sent.story, moira)
    later(settings, 11 * MONTH + DAY)
    assert letters("story_ends") == 1
    later(settings, 29 * DAY)
    assert StoryVersion.get().body
    later(settings, 2 * DAY)
    assert (StoryVersion.get().body, contact.is_known(sent.story)) == ("", False)
    with pytest.raises(Gone, match="kept for as long"):
        private_links.story_of(sent.token)


def test_it_stays_what_it_became_in_the_ledger_and_in_every_number(
    settings: Settings, moira: Account
) -> None:
    reject(tell().story, moira)
    withdraw(tell().story)
    before = transparency.transparency(None)
    later(settings, YEAR + MONTH)
    assert [version.body for version in StoryVersion.select()] == ["", ""]
    assert transparency.transparency(None) == before
    assert [*verification.breaks(), *ledger_check.disagreements()] == []


def test_a_story_whose_author_left_no_address_goes_without_a_letter(
    settings: Settings, moira: Account
) -> None:
    reject(tell().story, moira)
    later(settings, 12 * MONTH + DAY)
    assert (StoryVersion.get().body, letters("story_ends")) == ("", 0)


def test_while_a_case_is_open_nothing_of_its_story_goes(settings: Settings, moira: Account) -> None:
    story = tell().story
    reject(story, moira)
    cases.begin(story, cases.Kind.APPEAL, told={"words": "Read it again."})
    later(settings, 3 * YEAR)
    assert StoryVersion.get().body


def test_published_stories_stay_unless_the_operator_says_for_how_long(
    settings: Settings, published: Story, client: FlaskClient
) -> None:
    later(settings, 5 * YEAR)
    assert StoryVersion.get().body
    two_years = dataclasses.replace(settings, story_years=2)
    later(two_years, DAY)
    assert (letters("story_ends"), bool(StoryVersion.get().body)) == (1, True)
    later(two_years, MONTH + DAY)
    assert StoryVersion.get().body == ""
    shown = client.get(f"/api/v1/stories/{published.public_id}").get_json()
    assert (shown["state"], shown["reason"]) == ("removed", "kept_long_enough")
    assert shown["reason_text"] == "It was shown for as long as stories are kept here."
    assert [*verification.breaks(), *ledger_check.disagreements()] == []


def test_a_paused_story_is_not_erased_by_its_age(settings: Settings, published: Story) -> None:
    pausing.pause_as_author(published)
    later(dataclasses.replace(settings, story_years=1), 3 * YEAR)
    assert StoryVersion.get().body


def test_settled_messages_go_with_their_tries_and_what_waits_stays(settings: Settings) -> None:
    old, waits = (messages.put("invitation", "account", str(number)) for number in (1, 2))
    OutboxMessage.update(state="sent", sent_at=clock.now()).where(OutboxMessage.id == old.id).execute()
    later(settings, 3 * MONTH + DAY)
    assert [row.id for row in OutboxMessage.select()] == [waits.id]


def test_what_a_reader_reported_goes_and_that_they_did_stays(
    settings: Settings, published: Story, moira: Account
) -> None:
    flag = flags.tell(published.public_id, "other", "It names Mr Quokka.")
    flags.settle(flag, moira, note="It does not.")
    later(settings, YEAR + DAY)
    assert [(one.words, one.note, one.reason) for one in Flag.select()] == [("", "", "other")]


def test_a_report_that_waits_is_kept(settings: Settings, published: Story) -> None:
    flags.tell(published.public_id, "other", "It names Mr Quokka.")
    later(settings, YEAR + DAY)
    assert Flag.get().words


def test_sign_ins_go_after_a_year_and_acts_on_a_story_stay_with_it(
    settings: Settings, published: Story, moira: Account
) -> None:
    acts.record(acts.Act.SESSION_REFUSED, acts.staff(moira.id), "account", str(moira.id))
    acts.record(acts.Act.ON_CALL_CHANGED, acts.staff(moira.id), "rota", "x")
    later(settings, YEAR + DAY)
    kept = {event.act for event in AuditEvent.select()}
    assert "account:session:refused" not in kept
    assert {"rota:on_call:changed", "story:state:published"} <= kept
    later(settings, 6 * YEAR)
    kept = {event.act for event in AuditEvent.select().where(AuditEvent.at < clock.now() - DAY)}
    assert "rota:on_call:changed" not in kept
    assert "story:state:published" in kept


def test_no_rule_takes_what_is_of_today(settings: Settings, published: Story, ruth: Account) -> None:
    _a_bit_of_everything(published, ruth)
    assert {rule.kind: rules.forget(rule, settings) for rule in rules.RULES if rule.kind} == dict.fromkeys(
        (rule.kind for rule in rules.RULES), 0
    )


def test_where_nothing_is_kept_nothing_goes(settings: Settings) -> None:
    clock.pin(clock.now() + 20 * YEAR)
    assert set(turns.take_all(settings).values()) == {0}


def test_drafts_and_old_keys_go(settings: Settings, published: Story, ruth: Account) -> None:
    _a_bit_of_everything(published, ruth)
    assert UsedKey.select().exists()
    later(settings, 7 * MONTH)
    for model in (ReplyDraft, UsedKey, LostLink):
        assert model.select().count() == 0
    assert Reply.select().count() == 0


def test_a_turn_takes_a_batch_and_the_next_round_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellback.retention.rules.BATCH", 2)
    monkeypatch.setattr("tellback.retention.rules.forget.__defaults__", (2,))
    for number in range(5):
        LostLink.create(email_sealed=b"x", asked_at=clock.now() - timedelta(days=number + 3))
    left = []
    for _ in range(4):
        turns.take(settings)
        left.append(LostLink.select().count())
    assert left == [3, 1, 0, 0]
    recorded = AuditEvent.select().where(AuditEvent.act == acts.Act.ROWS_FORGOTTEN.value)
    assert [event.detail["rows"] for event in recorded] == [2, 2, 1]
    turn = RetentionTurn.get_by_id("lost links")
    assert (turn.forgotten, turn.due_at) == (5, clock.now() + turns.BETWEEN_TURNS)


def test_two_processes_do_not_both_take_a_turn(settings: Settings) -> None:
    turns.take(settings)
    LostLink.create(email_sealed=b"x", asked_at=clock.now() - timedelta(days=3))
    assert turns.take(settings) == 0, "its turn was taken today"


def test_a_rule_that_fails_holds_up_no_other_and_is_tried_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> int:
        raise RuntimeError("a row of Ada Quokka")

    monkeypatch.setattr(rules, "RULES", (dataclasses.replace(by_kind("messages"), forget=fail),
                                         by_kind("lost links")))  # fmt: skip
    monkeypatch.setattr(turns, "RULES", rules.RULES)
    LostLink.create(email_sealed=b"x", asked_at=clock.now() - timedelta(days=3))
    assert turns.take(settings) == 1
    assert "Quokka" not in caplog.text
    assert RetentionTurn.get_by_id("messages").due_at == clock.now() + turns.AFTER_A_FAILURE


def test_all_of_it_can_be_done_at_once(settings: Settings) -> None:
    for number in range(5):
        LostLink.create(email_sealed=b"x", asked_at=clock.now() - timedelta(days=number + 3))
    assert turns.take_all(settings)["lost links"] == 5


def test_it_says_what_is_overdue(settings: Settings) -> None:
    assert set(turns.standing().overdue) == {rule.kind for rule in rules.RULES}
    turns.take(settings)
    assert turns.standing().overdue == []
    clock.pin(clock.now() + 2 * DAY)
    assert "messages" in turns.standing().overdue


def test_the_day_key_goes_even_if_nobody_comes_the_next_day(settings: Settings) -> None:
    DailyKey.create(day=clock.today().isoformat(), key=b"k" * 32, made_at=clock.now())
    later(settings, DAY)
    assert b"k" * 32 not in [bytes(row.key) for row in DailyKey.select()]


def _a_bit_of_everything(story: Story, ruth: Account) -> None:
    tell(idempotency_key="0123456789abcdef")
    LostLink.create(email_sealed=b"x", asked_at=clock.now())
    organisation = ruth.memberships.get().organisation
    ReplyDraft.create(
        story=story, organisation=organisation, kind="answer", lang="en", saved_at=clock.now(), body="So"
    )
    flags.tell(story.public_id, "other", "Words.")
    assert Case.select().count() == 0
    assert isinstance(private_links.again(story), str)
