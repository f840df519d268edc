"""Telling a story, below HTTP: what is kept, what is sealed, what is refused. On both engines."""

import threading

import pytest

from tellback import db
from tellback.audit.models import AuditEvent
from tellback.errors import InvalidInput, KeyReused, NotSignedIn
from tellback.outbox.models import OutboxMessage
from tellback.stories import contact, private_links
from tellback.stories.models import (
    AuthorContact,
    PrivateLink,
    Story,
    StoryFinding,
    StoryService,
    StoryVersion,
)
from tellback.stories.submission import title_from
from tests.at_once import at_once
from tests.people import Places, tell

KEY = "a-key-made-by-the-page"


def test_a_told_story_is_kept_with_its_services_and_an_audit_line(places: Places) -> None:
    story = tell(service=["RXH01", "G81001"], topic="multiple-sclerosis").story
    assert [row.service.code for row in StoryService.select().order_by(StoryService.id)] == [
        "RXH01",
        "G81001",
    ]
    assert (story.state, story.consent_licence) == ("submitted", False)
    (event,) = AuditEvent.select()
    assert (event.act, event.actor_kind, event.subject_id) == ("story:text:told", "author", story.public_id)
    assert event.detail == {}


def test_a_story_may_be_about_a_topic_alone(places: Places) -> None:
    tell(service=[], topic="multiple-sclerosis")
    assert Story.select().count() == 1


def test_the_private_link_opens_the_story_and_no_other_token_does(places: Places) -> None:
    receipt = tell()
    assert private_links.story_of(receipt.token) == receipt.story
    with pytest.raises(NotSignedIn, match="opens no story"):
        private_links.story_of(receipt.token[:-1] + "~")


def test_neither_token_nor_address_can_be_read_in_the_database(places: Places) -> None:
    receipt = tell(contact_email="ada@example.org")
    link, kept = PrivateLink.get(), AuthorContact.get()
    assert receipt.token.encode() not in bytes(link.token_sealed)
    assert receipt.token != link.token_hash
    assert b"ada" not in bytes(kept.email_sealed)
    assert contact.address_of(receipt.story) == "ada@example.org"


def test_a_letter_waits_only_for_an_author_who_gave_an_address(places: Places) -> None:
    tell()
    assert OutboxMessage.select().count() == 0
    story = tell(contact_email="ada@example.org").story
    (message,) = OutboxMessage.select()
    assert (message.kind, message.recipient_id, message.payload) == ("story_received", story.public_id, {})


def test_personal_data_is_found_in_place(places: Places) -> None:
    body = "Nurse rang 020 7946 0018 for me."
    tell(title="A kind nurse", body=body)
    (finding,) = StoryFinding.select()
    assert (finding.rule, body[finding.start : finding.end]) == ("phone_number", "020 7946 0018")


def test_the_services_own_postcode_is_no_finding(places: Places) -> None:
    tell(body="I came to EL1 2SE by bus.")
    assert StoryFinding.select().count() == 0


def test_the_same_key_and_story_give_the_same_receipt(places: Places) -> None:
    first, second = tell(idempotency_key=KEY), tell(idempotency_key=KEY)
    assert (second.story, second.token) == (first.story, first.token)
    assert Story.select().count() == 1


def test_the_same_key_with_another_story_is_refused(places: Places) -> None:
    tell(idempotency_key=KEY)
    with pytest.raises(KeyReused):
        tell(idempotency_key=KEY, body="Something else happened.")
    assert Story.select().count() == 1


def test_a_key_that_arrives_twice_at_once_tells_one_story(places: Places) -> None:
    together, receipts = threading.Barrier(4), []

    def send() -> None:
        together.wait(timeout=60)
        receipts.append(tell(idempotency_key=KEY))
        db.database.close()

    at_once(send, 4)
    assert len({receipt.token for receipt in receipts}) == 1
    assert len(receipts) == 4
    assert Story.select().count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"service": "NOWHERE"}, "service", "We know no service with the code NOWHERE."),
        ({"service": []}, "service", "Say which service your story is about."),
        ({"topic": "no-such"}, "topic", "We know no topic called no-such."),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(
    places: Places, changes: dict[str, object], field: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        tell(**changes)
    assert said in refused.value.errors[field][0]  # type: ignore[index]
    assert [model.select().count() for model in (Story, StoryVersion, AuditEvent, OutboxMessage)] == [0] * 4


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("They were kind. I slept.", "They were kind"),
        ("They were kind\nI slept", "They were kind"),
        ("We waited " * 20, "We waited We waited We waited We waited We waited We waited…"),
        ("x" * 100, "x" * 60 + "…"),
        ("...", "..."),
    ],
)
def test_a_story_without_a_title_is_called_by_its_first_words(body: str, title: str) -> None:
    assert title_from(body) == title
