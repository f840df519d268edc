"""A reply that was sent waits a while: its writer takes it back, or sends it now, or it goes on by itself."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import Conflict, NotAllowed
from tellback.moderation import decisions, queue, reply_decisions
from tellback.replies import drafts, going_on, responding, undoing
from tellback.replies.models import Reply, ReplyDraft
from tellback.stories.models import Story
from tests.conftest import A_MORNING
from tests.people import Places, make_account

WORDS = {"responder_name": "Ruth Hale", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def reply(story: Story, ruth: Account) -> Reply:
    """Ruth's reply, just sent."""
    return responding.reply(story, "RXH01", WORDS, by=ruth, wait=HALF_AN_HOUR)


def test_no_moderator_has_it_until_its_time_is_over(reply: Reply) -> None:
    assert Reply.get().state == "waiting"
    clock.pin(A_MORNING + HALF_AN_HOUR - timedelta(seconds=1))
    going_on.carry_on_due()
    assert queue.replies() == []
    clock.pin(A_MORNING + HALF_AN_HOUR)
    going_on.carry_on_due()
    going_on.carry_on_due()
    assert queue.replies() == [reply]
    assert Reply.get().due_at is None


def test_taken_back_it_is_a_draft_again(reply: Reply, story: Story, ruth: Account) -> None:
    draft = undoing.take_back(reply, by=ruth)
    assert (draft.body, draft.service, draft.responder_role) == ("Thank you.", "RXH01", "Matron")
    assert Reply.select().count() == 0
    responding.reply(story, "RXH01", {**WORDS, "body": "Thank you for telling us."}, by=ruth)
    assert ReplyDraft.select().count() == 0


def test_words_that_a_colleague_drafted_meanwhile_are_not_lost(
    reply: Reply, story: Story, ruth: Account, places: Places
) -> None:
    rita = make_account("Rita", Role.RESPONDER, places.hospital.organisation)
    written = {**WORDS, "service": "RXH01", "kind": "answer", "body": "Rita's words."}
    drafts.save(story, places.hospital.organisation, written, 0, by=rita)
    assert undoing.take_back(reply, by=ruth).body == "Thank you.\n\nRita's words."


def test_it_is_sent_on_now(reply: Reply, ruth: Account) -> None:
    undoing.send_now(reply, by=ruth)
    assert queue.replies() == [reply]


def test_once_gone_on_it_is_not_taken_back(reply: Reply, ruth: Account) -> None:
    undoing.send_now(reply, by=ruth)
    for too_late in (undoing.take_back, undoing.send_now):
        with pytest.raises(Conflict, match="gone on already"):
            too_late(reply, by=ruth)


def test_only_its_writer_takes_it_back(reply: Reply, moira: Account, places: Places) -> None:
    rita = make_account("Rita", Role.RESPONDER, places.hospital.organisation)
    for other in (rita, moira):
        with pytest.raises(NotAllowed):
            undoing.take_back(reply, by=other)


def test_no_second_reply_of_the_service_is_sent_meanwhile(reply: Reply, story: Story, ruth: Account) -> None:
    with pytest.raises(Conflict, match="was just sent"):
        responding.reply(story, "RXH01", WORDS, by=ruth, wait=HALF_AN_HOUR)


def test_a_moderator_does_not_decide_on_what_can_be_taken_back(reply: Reply, moira: Account) -> None:
    with pytest.raises(Conflict):
        reply_decisions.publish(reply, moira)


def test_a_reply_whose_story_ends_meanwhile_is_kept_and_never_sent(
    reply: Reply, story: Story, moira: Account
) -> None:
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    clock.pin(A_MORNING + HALF_AN_HOUR)
    going_on.carry_on_due()
    assert (Reply.get().state, Reply.get().body) == ("kept", "Thank you.")
    assert queue.replies() == []
