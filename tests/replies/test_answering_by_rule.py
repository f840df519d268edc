"""A service answers, a moderator reads the answer, the author hears of it."""

import pytest

from tellback.accounts.models import Account
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import queue, reply_decisions
from tellback.outbox.models import OutboxMessage
from tellback.published.shown import replies_of
from tellback.replies import responding
from tellback.replies.models import Reply
from tellback.stories.models import Story
from tests.people import Places, tell, tell_and_publish

WORDS = {"responder_name": "Ruth Hale", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}


@pytest.fixture
def story(places: Places, moira: Account) -> Story:
    """A published story about St Elsewhere, whose author may be written to."""
    return tell_and_publish(moira, contact_email="ada@example.org")


def test_a_reply_shows_once_a_moderator_has_read_it(story: Story, moira: Account, ruth: Account) -> None:
    reply = responding.reply(story, "RXH01", WORDS, by=ruth)
    assert replies_of(story) == []
    assert queue.replies() == [reply]
    reply_decisions.publish(reply, moira)
    (shown,) = replies_of(story)
    assert (shown["from"], shown["responder_role"]) == ("Response from St Elsewhere Hospital", "Matron")
    assert queue.replies() == []
    assert OutboxMessage.select().where(OutboxMessage.kind == "reply_published").count() == 1


def test_a_reply_goes_back_with_a_note_and_is_not_shown(story: Story, moira: Account, ruth: Account) -> None:
    reply = responding.reply(story, "RXH01", WORDS, by=ruth)
    with pytest.raises(InvalidInput):
        reply_decisions.send_back(reply, moira, note=" ")
    reply_decisions.send_back(reply, moira, note="Please say who can be rung.")
    assert (Reply.get().state, Reply.get().note) == ("returned", "Please say who can be rung.")
    assert replies_of(story) == []


def test_a_reply_is_decided_once(story: Story, moira: Account, ruth: Account) -> None:
    reply = responding.reply(story, "RXH01", WORDS, by=ruth)
    reply_decisions.publish(reply, moira)
    with pytest.raises(Conflict, match="Someone else has decided"):
        reply_decisions.send_back(reply, moira, note="Too late")


def test_a_second_press_of_the_button_sends_no_second_reply(story: Story, ruth: Account) -> None:
    responding.reply(story, "RXH01", WORDS, by=ruth)
    with pytest.raises(Conflict, match="A moderator is reading a reply"):
        responding.reply(story, "RXH01", WORDS, by=ruth)
    assert Reply.select().count() == 1


def test_nobody_answers_for_another_organisation(story: Story, gita: Account, moira: Account) -> None:
    for stranger in (gita, moira):
        with pytest.raises(NotAllowed):
            responding.reply(story, "RXH01", WORDS, by=stranger)
    with pytest.raises(NotFound):
        responding.reply(story, "G81001", WORDS, by=gita)
    assert Reply.select().count() == 0


def test_a_responder_does_not_decide_on_replies(story: Story, ruth: Account) -> None:
    reply = responding.reply(story, "RXH01", WORDS, by=ruth)
    with pytest.raises(NotAllowed):
        reply_decisions.publish(reply, ruth)


def test_a_story_that_is_not_public_cannot_be_answered(places: Places, ruth: Account) -> None:
    with pytest.raises(Conflict, match="Your words were not sent"):
        responding.reply(tell().story, "RXH01", WORDS, by=ruth)
