"""An author hears, by a real SMTP server, that what they were answered is not shown any more, and why."""

import dataclasses
from email import message_from_bytes, policy
from typing import Any

import pytest

from demo import letters as gallery
from tellback import rounds
from tellback.accounts.models import Account
from tellback.authorship import erasure, own_contact, own_story
from tellback.config import Settings
from tellback.moderation import answer_decisions, change_decisions, pausing, reply_decisions, taking_down
from tellback.moderation.reasons import REMOVED_ANSWERS
from tellback.outbox.letters import compose
from tellback.outbox.models import OutboxMessage
from tellback.replies import answering_back, changes, responding
from tellback.replies.models import ChangeClaim, Reply
from tellback.stories.models import Story
from tests.letters import plain
from tests.people import tell_and_publish

WRITTEN = {"responder_name": "Ruth", "responder_role": "Matron", "body": "We shout at nobody.", "lang": "en"}
SAID = {"state": "made", "what": "Bells.", "why": "", "on": "2026-11", "evidence": "", "lang": "en"}
KINDS = ("reply_removed", "change_removed")

pytestmark = pytest.mark.by_turns


@pytest.fixture
def story(moira: Account) -> Story:
    """A published story of an author who left an address."""
    return tell_and_publish(moira, contact_email="ada@example.org")


@pytest.fixture
def reply(story: Story, moira: Account, ruth: Account) -> Reply:
    """What the hospital answered, as everyone reads it."""
    made = responding.reply(story, "RXH01", WRITTEN, by=ruth)
    reply_decisions.publish(made, moira)
    return Reply.get_by_id(made.id)


@pytest.fixture
def claim(story: Story, moira: Account, ruth: Account) -> ChangeClaim:
    """What the hospital says it changed, as everyone reads it."""
    made = changes.record("RXH01", [story.public_id], SAID, by=ruth)
    change_decisions.publish(made, moira)
    return made


def take_down_both(reply: Reply, claim: ChangeClaim, by: Account) -> list[tuple[str, str]]:
    """Take down all that was said; the kinds of letters that are put then, and whose."""
    taking_down.reply(reply, by, reason="not_true")
    taking_down.change(claim.change, by, reason="not_true")
    put = OutboxMessage.select().where(OutboxMessage.kind.in_(KINDS)).order_by(OutboxMessage.id)
    return [(row.kind, row.recipient_id) for row in put]


def arrived(settings: Settings, inbox: tuple[Any, str]) -> dict[str, str]:
    """The texts of all letters that go out now, by their subjects."""
    inbox[0].letters.clear()
    rounds.go_round(dataclasses.replace(settings, smtp_url=inbox[1]))
    read = [message_from_bytes(one.content, policy=policy.default) for one in inbox[0].letters]
    assert {one["To"] for one in read} <= {"ada@example.org"}
    return {one["Subject"]: plain(one) for one in read}


@pytest.mark.usefixtures("reply", "claim")
def test_an_author_is_told_what_was_taken_down_why_and_where_to_look(
    story: Story,
    reply: Reply,
    claim: ChangeClaim,
    moira: Account,
    settings: Settings,
    inbox: tuple[Any, str],
) -> None:
    arrived(settings, inbox)
    taking_down.reply(reply, moira, reason="not_true")
    taking_down.change(claim.change, moira, reason="service_asked")
    sent = arrived(settings, inbox)
    assert set(sent) == {
        "An answer to your story was taken down",
        "What the service said about a change was taken down",
    }
    of_the_reply, of_the_change = sorted(sent.values(), key=lambda text: "that answer" not in text)
    assert "We learned that it was not true." in of_the_reply
    assert "The service took it back." in of_the_change
    for text in sent.values():
        assert "not about your story, which stays as it is." in text
        assert "https://stories.example/my-story#" in text
        assert "We shout" not in text
        assert "Bells" not in text
    assert "What you wrote back" not in of_the_reply


@pytest.mark.parametrize("kind", KINDS)
def test_the_letter_gives_every_reason_in_its_readers_language(kind: str) -> None:
    facts = {**gallery.EVERYWHERE, **gallery.AUTHOR, "answered": True}
    for reason in REMOVED_ANSWERS.values():
        text = plain(
            compose(kind, "0f9d", "us@example.org", "ada@example.org", facts | {"why": reason}, "pl")
        )
        assert reason not in text
        assert reason.in_language("pl") in text  # type: ignore[attr-defined]


def test_an_author_who_wrote_back_hears_that_this_is_gone_with_it(
    story: Story, reply: Reply, moira: Account, settings: Settings, inbox: tuple[Any, str]
) -> None:
    answer_decisions.publish(answering_back.answer_back(story, reply.public_id, "You did."), moira)
    arrived(settings, inbox)
    taking_down.reply(reply, moira, reason="not_true")
    (text,) = arrived(settings, inbox).values()
    assert "What you wrote back to it is not shown any more either." in text
    assert "You did." not in text


def test_only_authors_under_whose_story_a_change_stood_are_written_to(
    story: Story, reply: Reply, claim: ChangeClaim, moira: Account, ruth: Account
) -> None:
    # Another story is named by what a moderator has not read yet.
    other = tell_and_publish(moira, body="I rang and rang.", contact_email="bo@example.org")
    change = changes.get(claim.change.public_id)
    changes.go_on(change, change.revision, [other.public_id], SAID, by=ruth)
    both = [("reply_removed", story.public_id), ("change_removed", story.public_id)]
    assert take_down_both(reply, claim, moira) == both


@pytest.mark.parametrize(
    "without",
    [
        lambda story: own_contact.set_address(story, None),
        own_story.withdraw,
        pausing.pause_as_author,
    ],
    ids=["who wants no letters", "who took it back", "who paused it"],
)
def test_an_author_is_not_written_to(
    story: Story, reply: Reply, claim: ChangeClaim, moira: Account, without: Any
) -> None:
    without(Story.get_by_id(story.id))
    assert take_down_both(Reply.get_by_id(reply.id), ChangeClaim.get_by_id(claim.id), moira) == []


def test_nobody_is_written_to_about_an_erased_story(
    story: Story, claim: ChangeClaim, moira: Account, settings: Settings, inbox: tuple[Any, str]
) -> None:
    taking_down.change(claim.change, moira, reason="not_true")
    # What waits to be sent is looked up anew.
    erasure.erase(Story.get_by_id(story.id))
    assert arrived(settings, inbox) == {}
