"""A story is handed on to a ward without an account, which answers by a link; the answer comes back first."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.config import Settings
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn
from tellback.outbox import delivery
from tellback.outbox.delivery import Recipient
from tellback.outbox.models import OutboxMessage
from tellback.replies import drafts, handing_on
from tellback.replies.handing_on import HandOnState
from tellback.replies.models import HandOn, Reply
from tellback.rounds import recipients
from tellback.stories.models import Story
from tests.people import Places

WRITTEN = {
    "responder_name": "Jo Bell",
    "responder_role": "Night sister",
    "body": "Thank you. We are sorry about the doors.",
    "lang": "en",
}


def hand_on(story: Story, by: Account, email: str = "ward5@example.org", **more: str) -> HandOn:
    given = {"to_whom": "Ward 5", "note": "Were the doors mended?", **more}
    return handing_on.hand_on(story, "RXH01", email=email, by=by, **given)


def letter_to(settings: Settings, kind: str) -> Recipient | None:
    row = OutboxMessage.select().where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc()).get()
    found = recipients(settings)(row.recipient_kind, row.recipient_id)
    assert "example.org" not in repr(row.payload), "the row holds no address"
    return found  # type: ignore[return-value]


def token_in(letter: Recipient | None) -> str:
    assert letter
    return str(letter.facts["answer_link"]).rpartition("#")[2]


def again(handed: HandOn) -> HandOn:
    return HandOn.get_by_id(handed.id)


def test_a_ward_answers_and_its_responder_sends_it_on(
    story: Story, ruth: Account, settings: Settings
) -> None:
    handed = hand_on(story, ruth)
    letter = letter_to(settings, "handed_on")
    assert letter
    assert (letter.address, letter.facts["handed_by"]) == ("ward5@example.org", "Ruth")
    found = handing_on.of_token(token_in(letter))
    assert handing_on.ended(found) == ""
    handing_on.answer(found, WRITTEN)
    assert (again(handed).email_sealed, again(handed).token_sealed) == (None, None)
    assert letter_to(settings, "handed_on") is None, "a letter that is sent again finds nobody"
    assert letter_to(settings, "handed_on_answered").address == "ruth@example.org"  # type: ignore[union-attr]
    assert Reply.select().count() == 0, "nothing shows, and no moderator reads it, before it is sent on"
    reply = handing_on.send_on(again(handed), by=ruth)
    assert (reply.responder_name, reply.via, reply.account_id) == ("Jo Bell", "hand_on", ruth.id)
    assert (again(handed).state, again(handed).reply_id) == ("sent", reply.id)


def test_the_answer_is_taken_into_a_draft_below_what_stands_there(story: Story, ruth: Account) -> None:
    begun = {"service": "RXH01", "kind": "", "responder_name": "Ruth", "responder_role": "", "lang": "en"}
    hospital = story.about_services[0].service.organisation
    drafts.save(story, hospital, {**begun, "body": "Dear you."}, 0, by=ruth)
    handed = hand_on(story, ruth)
    handing_on.answer(handed, WRITTEN)
    with pytest.raises(Conflict, match="has a draft"):
        handing_on.send_on(again(handed), by=ruth)
    handing_on.take_into_draft(again(handed), by=ruth)
    draft = drafts.of_story(story, [hospital.id])
    assert draft
    assert draft.body == "Dear you.\n\nThank you. We are sorry about the doors."


def test_a_link_sends_one_answer(story: Story, ruth: Account) -> None:
    handed = hand_on(story, ruth)
    handing_on.answer(handed, WRITTEN)
    with pytest.raises(Conflict, match="in the meantime"):
        handing_on.answer(handed, WRITTEN)  # as read before the first was kept
    with pytest.raises(Conflict, match="You have answered"):
        handing_on.answer(again(handed), WRITTEN)
    handing_on.send_on(again(handed), by=ruth)
    with pytest.raises(Conflict):
        handing_on.send_on(again(handed), by=ruth)


def test_it_is_called_back(story: Story, ruth: Account, gita: Account) -> None:
    handed = hand_on(story, ruth)
    with pytest.raises(NotAllowed):
        handing_on.revoke(handed, by=gita)
    handing_on.revoke(handed, by=ruth)
    assert handing_on.address_of(again(handed)) is None
    with pytest.raises(Conflict, match="called it back"):
        handing_on.answer(again(handed), WRITTEN)


def test_after_two_weeks_it_is_over_and_its_sender_hears(
    story: Story, ruth: Account, settings: Settings
) -> None:
    handed = hand_on(story, ruth)
    assert handing_on.end_over() == 0
    clock.pin(clock.now() + timedelta(days=14))
    with pytest.raises(Conflict, match="over two weeks old"):
        handing_on.answer(again(handed), WRITTEN)
    assert (handing_on.end_over(), handing_on.end_over()) == (1, 0)
    assert handing_on.address_of(again(handed)) is None
    assert letter_to(settings, "handed_on_over").address == "ruth@example.org"  # type: ignore[union-attr]


def test_a_letter_that_cannot_be_delivered_ends_it_and_its_sender_hears(
    story: Story, ruth: Account, settings: Settings
) -> None:
    handed = hand_on(story, ruth)
    for _ in range(2):
        delivery._given_up[handing_on.KIND](handed.public_id, "The address was refused.")
    assert (again(handed).state, handing_on.address_of(again(handed))) == ("unreached", None)
    assert letter_to(settings, "handed_on_unreached").address == "ruth@example.org"  # type: ignore[union-attr]
    assert OutboxMessage.select().where(OutboxMessage.kind == "handed_on_unreached").count() == 1


def test_a_story_that_is_taken_back_ends_it_plainly(story: Story, ruth: Account, settings: Settings) -> None:
    handed = hand_on(story, ruth)
    answered = hand_on(story, ruth, "ward6@example.org")
    handing_on.answer(answered, WRITTEN)
    withdraw(story)
    with pytest.raises(Conflict, match="Its author took this story back"):
        handing_on.answer(again(handed), WRITTEN)
    with pytest.raises(Conflict, match="not public any more"):
        handing_on.send_on(again(answered), by=ruth)
    assert again(answered).state == HandOnState.ANSWERED, "what was written is kept"
    handing_on.end_over()
    assert handing_on.address_of(again(handed)) is None


def test_only_those_who_answer_for_it_hand_it_on(story: Story, moira: Account, gita: Account) -> None:
    for stranger in (moira, gita):
        with pytest.raises(NotAllowed):
            hand_on(story, stranger)
    with pytest.raises(NotFound):
        handing_on.hand_on(story, "G81001", to_whom="GP", email="a@b.example", note="", by=gita)
    assert OutboxMessage.select().where(OutboxMessage.kind == "handed_on").count() == 0


def test_what_one_organisation_handed_on_is_nothing_to_another(
    story: Story, ruth: Account, places: Places
) -> None:
    handed = hand_on(story, ruth)
    elsewhere = [places.surgery.organisation_id]
    with pytest.raises(NotFound):
        handing_on.get(handed.public_id, elsewhere)
    assert handing_on.open_of(elsewhere) == handing_on.of_story(story, elsewhere) == []


@pytest.mark.parametrize(
    "email", ["ward5", "a@b", "a@b.example, c@d.example", "a b@c.example", "<a@b.example>"]
)
def test_an_address_that_is_none_is_refused(story: Story, ruth: Account, email: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        hand_on(story, ruth, email, to_whom=" ")
    assert set(refused.value.errors or {}) == {"email", "to_whom"}


def test_no_address_is_asked_twice_and_not_everybody(story: Story, ruth: Account) -> None:
    hand_on(story, ruth)
    with pytest.raises(Conflict, match="has the story already"):
        hand_on(story, ruth, "Ward5@example.org")
    for number in range(4):
        hand_on(story, ruth, f"ward{number}@elsewhere.example")
    with pytest.raises(Conflict, match="5 people have this story"):
        hand_on(story, ruth, "more@example.org")


def test_a_link_that_is_none_of_ours_opens_nothing(story: Story) -> None:
    for token in ("", "x" * 43, "\ud800"):
        with pytest.raises(NotSignedIn, match="opens nothing"):
            handing_on.of_token(token)


def test_a_story_that_was_taken_back_since_it_was_read_is_handed_on_to_nobody(
    story: Story, ruth: Account
) -> None:
    read_before = Story.get_by_id(story.id)
    withdraw(story)
    with pytest.raises(Conflict, match="not public any more"):
        hand_on(read_before, ruth)
    assert not HandOn.select().exists()
