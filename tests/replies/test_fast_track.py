"""Replies of those with a good record show at once, by rules; a moderator reads them afterwards."""

from typing import Any

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit.models import AuditEvent
from tellback.errors import Conflict
from tellback.moderation import criticality, decisions, queue, redaction, reply_decisions
from tellback.outbox.models import OutboxMessage
from tellback.published.shown import replies_of
from tellback.replies import fast_track, responding
from tellback.replies.models import Reply
from tellback.replies.states import Via
from tellback.stories.models import Story
from tests.people import Places, tell

# Every account has answered before; this is what the rules look at.
WORDS = {
    "responder_name": "Ruth Hale",
    "responder_role": "Matron",
    "body": "My name is Ruth Hale. Thank you for telling us about the nurse. She was glad to read it.",
    "lang": "en",
}


def published(moira: Account, score: int | None = 0, redact: str = "", **told: Any) -> Story:
    story = tell(**told).story
    decisions.open_for_review(story, moira)
    if redact:
        redaction.redact_words(
            story, story.revision, redact, reason="a_persons_name", replacement="[a nurse]", by=moira
        )
        story = Story.get_by_id(story.id)
    if score is not None:
        criticality.score(story, story.revision, score, by=moira)
        story = Story.get_by_id(story.id)
    decisions.publish(story, story.revision, moira)
    return Story.get_by_id(story.id)


@pytest.fixture
def record(places: Places, moira: Account, ruth: Account) -> list[Reply]:
    """Ruth's ten published replies."""
    story = published(moira)
    return [
        Reply.create(
            public_id=f"earlier{n}",
            story=story,
            service=places.hospital,
            account=ruth,
            state="published",
            written_at=clock.now(),
            published_at=clock.now(),
            **{**WORDS, "body": f"Earlier {n}."},
        )
        for n in range(fast_track.FEWEST_PUBLISHED)
    ]


def test_a_reply_shows_at_once_and_says_why_and_its_author_is_told(
    record: list[Reply], moira: Account, ruth: Account
) -> None:
    story = published(moira, contact_email="ada@example.org")
    reply = responding.reply(story, "RXH01", WORDS, by=ruth)
    assert reply.state == "published"
    assert [shown["id"] for shown in replies_of(story)] == [reply.public_id]
    act = AuditEvent.get(AuditEvent.act == "reply:state:fast_tracked")
    assert act.detail["because"] == [rule.slug for rule in fast_track.RULES]
    assert OutboxMessage.select().where(OutboxMessage.kind == "reply_published").count() == 1
    assert queue.replies() == []


def test_a_moderator_reads_it_afterwards_once(record: list[Reply], moira: Account, ruth: Account) -> None:
    reply = responding.reply(published(moira), "RXH01", WORDS, by=ruth)
    assert reply_decisions.unread() == [reply]
    reply_decisions.read_afterwards(reply, moira)
    assert reply_decisions.unread() == []
    with pytest.raises(Conflict, match="has read this reply already"):
        reply_decisions.read_afterwards(reply, moira)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("no_change", {"body": "Thank you. We have moved the bell."}),
        ("no_change", {"body": "Thank you. We will now ask everyone at the door."}),
        ("no_warning", {"body": "Thank you, Mrs Jones."}),
        ("no_warning", {"body": "I remember your daughter well. Thank you."}),
        ("no_change", {"body": "Diolch. Rydym wedi symud y gloch o ganlyniad.", "lang": "cy"}),
    ],
)
def test_a_moderator_reads_first_what_its_words_may_do(
    rule: str, changes: dict[str, str], record: list[Reply], moira: Account, ruth: Account
) -> None:
    reply = responding.reply(published(moira), "RXH01", {**WORDS, **changes}, by=ruth)
    assert reply.state == "submitted"
    assert AuditEvent.get(AuditEvent.act == "reply:state:submitted").detail["read_first_because"] == [rule]


def test_words_of_somebody_it_was_handed_on_to_are_read_first(
    record: list[Reply], moira: Account, ruth: Account
) -> None:
    reply = responding.reply(published(moira), "RXH01", WORDS, by=ruth, via=Via.HAND_ON)
    assert reply.state == "submitted"
    assert fast_track.against(reply) == ["own_words"]


@pytest.mark.parametrize("score", [None, 2])
def test_a_story_that_is_critical_or_unscored_has_its_answers_read_first(
    score: int | None, record: list[Reply], moira: Account, ruth: Account
) -> None:
    reply = responding.reply(published(moira, score), "RXH01", WORDS, by=ruth)
    assert fast_track.against(reply) == ["criticality"]


def test_nine_replies_are_too_few(record: list[Reply], moira: Account, ruth: Account) -> None:
    record[0].delete_instance()
    assert responding.reply(published(moira), "RXH01", WORDS, by=ruth).state == "submitted"


@pytest.mark.parametrize("what", [{"state": "returned"}, {"corrected_at": clock.now()}, {"state": "removed"}])
def test_one_of_the_last_ten_that_did_not_stand_ends_it(
    what: dict[str, Any], record: list[Reply], moira: Account, ruth: Account
) -> None:
    extra = {**WORDS, "state": "published", "published_at": clock.now(), **what}
    last = record[-1]
    Reply.create(
        public_id="another",
        story=last.story,
        service=last.service,
        account=ruth,
        written_at=clock.now(),
        **extra,
    )
    reply = responding.reply(published(moira), "RXH01", WORDS, by=ruth)
    assert fast_track.against(reply) == ["record"]


def test_a_word_that_was_taken_out_of_the_story_is_read_first_and_the_writer_is_not_told_why(
    record: list[Reply], moira: Account, ruth: Account
) -> None:
    story = published(moira, redact="Zenobia", body="Zenobia sat with me until my daughter came.")
    reply = responding.reply(story, "RXH01", {**WORDS, "body": "Thank you. Zenobia is glad."}, by=ruth)
    assert "nothing_taken_out" in fast_track.against(reply)


def test_the_record_is_the_writers_own(record: list[Reply], moira: Account, gita: Account) -> None:
    story = published(moira, service="G81001")
    assert responding.reply(story, "G81001", WORDS, by=gita).state == "submitted"
