"""Moderators take down what a service said; a note stays. A service corrects what it said."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import (
    change_decisions,
    correction_decisions,
    reply_decisions,
    taking_down,
)
from tellback.published import taken_down
from tellback.published.shown import shown
from tellback.replies import changes, correcting, responding
from tellback.replies.models import Reply, ServiceChange
from tellback.stories.models import Story
from tests.people import Places, make_account, tell_and_publish

URL = "https://stories.example"
WRITTEN = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
SAID = {"state": "made", "what": "Bells.", "why": "", "on": "2026-11", "evidence": "", "lang": "en"}


@pytest.fixture
def publish(places: Places, moira: Account) -> Callable[..., Story]:
    """Tell a story and publish it."""

    def told_and_published(**told: object) -> Story:
        return tell_and_publish(moira, **told)

    return told_and_published


@pytest.fixture
def reply(publish: Callable[..., Story], moira: Account, ruth: Account) -> Reply:
    """A published reply of St Elsewhere."""
    made = responding.reply(publish(), "RXH01", WRITTEN, by=ruth)
    reply_decisions.publish(made, moira)
    return Reply.get_by_id(made.id)


@pytest.fixture
def change(publish: Callable[..., Story], moira: Account, ruth: Account) -> ServiceChange:
    """A change of St Elsewhere that is shown under two stories."""
    stories = [publish().public_id, publish(body="I rang and rang.").public_id]
    claim = changes.record("RXH01", stories, SAID, by=ruth)
    change_decisions.publish(claim, moira)
    return changes.get(claim.change.public_id)


def thread(story: Story) -> dict:
    """What everyone reads of a story."""
    return shown([Story.get_by_id(story.id)], URL)[0]


def test_a_reply_that_was_taken_down_leaves_a_note_with_the_reason(reply: Reply, moira: Account) -> None:
    taking_down.reply(reply, moira, reason="identifies_someone")
    one = thread(reply.story)
    assert (one["replies"], one["days_to_reply"]) == ([], None)
    (note,) = one["taken_down"]
    assert (note["kind"], note["from"]) == ("reply", "Response from St Elsewhere Hospital")
    assert note["reason_text"] == "It turned out to show who someone is."
    assert "Thank you." not in str(one)
    assert taken_down.counts(None) == {"replies_taken_down": 1, "changes_taken_down": 0}
    last = acts.time_line("story", reply.story.public_id)[-1]
    assert (last.act, last.detail["reason"]) == (acts.Act.REPLY_REMOVED, "identifies_someone")
    with pytest.raises(Conflict, match="not shown any more"):
        taking_down.reply(reply, moira, reason="identifies_someone")


def test_the_service_may_answer_again(reply: Reply, moira: Account, ruth: Account) -> None:
    taking_down.reply(reply, moira, reason="service_asked")
    again = responding.reply(reply.story, "RXH01", {**WRITTEN, "body": "Thank you both."}, by=ruth)
    reply_decisions.publish(again, moira)
    one = thread(reply.story)
    assert [said["body"] for said in one["replies"]] == ["Thank you both."]
    assert len(one["taken_down"]) == 1


def test_a_change_that_was_taken_down_leaves_a_note_until_it_is_said_anew(
    change: ServiceChange, moira: Account, ruth: Account
) -> None:
    stories = list(Story.select().order_by(Story.id))
    taking_down.change(change, moira, reason="not_true")
    for story in stories:
        one = thread(story)
        assert one["changes"] == []
        assert [note["kind"] for note in one["taken_down"]] == ["change"]
    assert taken_down.counts([change.service_id])["changes_taken_down"] == 1
    change = changes.get(change.public_id)
    change_decisions.publish(changes.go_on(change, change.revision, [], SAID, by=ruth), moira)
    for story in stories:
        one = thread(story)
        assert ([said["state"] for said in one["changes"]], one["taken_down"]) == (["made"], [])


def test_a_change_leaves_a_story_that_it_does_not_answer(change: ServiceChange, moira: Account) -> None:
    first, second = Story.select().order_by(Story.id)
    taking_down.unlink(change, first, moira)
    assert thread(first)["changes"] == thread(first)["taken_down"] == []
    assert len(thread(second)["changes"]) == 1
    with pytest.raises(NotFound):
        taking_down.unlink(change, first, moira)
    with pytest.raises(Conflict, match="It answers no other story"):
        taking_down.unlink(change, second, moira)


def test_only_who_decides_and_has_no_interest_takes_anything_down(
    reply: Reply, change: ServiceChange, moira: Account, ruth: Account, places: Places
) -> None:
    both = make_account("Mona", Role.MODERATOR)
    Membership.create(account=both, role=Role.RESPONDER.value, organisation=places.hospital.organisation)
    for account in (ruth, both):
        with pytest.raises(NotAllowed):
            taking_down.reply(reply, account, reason="not_true")
        with pytest.raises(NotAllowed):
            taking_down.change(change, account, reason="not_true")
    with pytest.raises(InvalidInput) as refusal:
        taking_down.reply(reply, moira, reason="because")
    assert "reason" in refusal.value.errors
    assert thread(reply.story)["replies"]


def test_what_stands_stays_until_a_moderator_has_read_the_correction(
    reply: Reply, moira: Account, ruth: Account
) -> None:
    own = correcting.own_reply(ruth, reply.public_id)
    made = correcting.correct(own, {**WRITTEN, "body": "Thank you, and sorry."}, by=ruth)
    assert thread(reply.story)["replies"][0]["body"] == "Thank you."
    with pytest.raises(Conflict, match="A moderator is reading a correction"):
        correcting.correct(own, {**WRITTEN, "body": "Thanks."}, by=ruth)
    correction_decisions.publish(correcting.get(made.public_id), moira)
    (said,) = thread(reply.story)["replies"]
    assert (said["body"], said["corrected_at"]) == ("Thank you, and sorry.", "2026-11-23T09:30:00Z")
    assert correcting.get(made.public_id).before == "Thank you."
    with pytest.raises(Conflict, match="Someone else has decided"):
        correction_decisions.publish(correcting.get(made.public_id), moira)


def test_a_correction_that_comes_back_changes_nothing(reply: Reply, moira: Account, ruth: Account) -> None:
    made = correcting.correct(reply, {**WRITTEN, "body": "No."}, by=ruth)
    correction_decisions.send_back(correcting.get(made.public_id), moira, note="You promised more.")
    last = correcting.latest(reply)
    assert last is not None
    assert (last.state, last.note) == ("returned", "You promised more.")
    (said,) = thread(reply.story)["replies"]
    assert (said["body"], said["corrected_at"]) == ("Thank you.", None)


def test_a_correction_of_what_is_gone_or_is_the_same_or_anothers_is_refused(
    reply: Reply, moira: Account, ruth: Account, gita: Account
) -> None:
    with pytest.raises(InvalidInput):
        correcting.correct(reply, WRITTEN, by=ruth)
    with pytest.raises(NotFound):
        correcting.own_reply(gita, reply.public_id)
    waits = correcting.correct(reply, {**WRITTEN, "body": "Sorry."}, by=ruth)
    taking_down.reply(reply, moira, reason="legal_duty")
    with pytest.raises(NotFound):
        correcting.own_reply(ruth, reply.public_id)
    with pytest.raises(Conflict, match="not shown any more"):
        correction_decisions.publish(correcting.get(waits.public_id), moira)
