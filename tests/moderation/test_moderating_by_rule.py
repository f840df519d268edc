"""A moderator reads, redacts and decides; below HTTP, on both engines."""

import pytest

from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import decisions, marking, queue, redaction
from tellback.moderation.redaction import Span
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import PublishedText, Story
from tellback.stories.submission import current_version
from tests.people import Places, make_account, tell

BODY = "Our hero rang 020 7946 0018. Our hero was kind."


def _opened(by: Account, **changes: object) -> Story:
    story = tell(**{"title": "A call", "body": BODY, **changes}).story
    decisions.open_for_review(story, by)
    return story


def _redact_name(story: Story, by: Account) -> int:
    return redaction.redact_words(
        story, story.revision, "Our hero", reason="a_persons_name", replacement="[a nurse]", by=by
    )


def test_a_story_is_published_as_redacted_and_kept_as_told(places: Places, moira: Account) -> None:
    story = _opened(moira)
    assert _redact_name(story, moira) == 2
    decisions.publish(story, story.revision, moira)
    text = PublishedText.get_by_id(story.id)
    assert text.body == "[a nurse] rang 020 7946 0018. [a nurse] was kind."
    assert text.redactions == [{"field": "body", "reason": "a_persons_name"}] * 2
    assert current_version(story).body == BODY
    assert Story.get_by_id(story.id).state == "published"


def test_a_name_is_taken_out_of_the_title_too(places: Places, moira: Account) -> None:
    story = _opened(moira, title="Our hero, thank you", what_was_good="Our hero.")
    assert _redact_name(story, moira) == 4
    decisions.publish(story, story.revision, moira)
    text = PublishedText.get_by_id(story.id)
    assert (text.title, text.what_was_good) == ("[a nurse], thank you", "[a nurse].")


def test_every_act_stands_in_the_audit_trail_in_order(places: Places, moira: Account) -> None:
    story = _opened(moira)
    _redact_name(story, moira)
    decisions.publish(story, story.revision, moira)
    acts = [(event.act, event.actor_kind) for event in time_line("story", story.public_id)]
    assert acts == [
        ("story:text:told", "author"),
        ("story:review:opened", "staff"),
        ("story:text:redacted", "staff"),
        ("story:text:redacted", "staff"),
        ("story:state:published", "staff"),
    ]


def test_the_marked_pieces_put_together_are_the_whole_text(places: Places, moira: Account) -> None:
    story = _opened(moira)
    _redact_name(story, moira)
    pieces = marking.marked(current_version(story))["body"]
    assert "".join(piece.text for piece in pieces) == BODY
    assert [piece.text for piece in pieces if piece.redaction] == ["Our hero", "Our hero"]
    assert [piece.text for piece in pieces if piece.finding] == ["020 7946 0018"]


def test_a_redaction_over_a_finding_settles_it(places: Places, moira: Account) -> None:
    story = _opened(moira)
    (finding,) = marking.open_findings(current_version(story))
    span = Span("body", finding.start, finding.end)
    redaction.redact(story, story.revision, span, reason="contact_details", replacement="", by=moira)
    assert marking.open_findings(current_version(story)) == []
    assert redaction.published_fields(current_version(story))["body"] == BODY.replace(
        "020 7946 0018", "[removed]"
    )


def test_a_name_taken_out_settles_the_finding_that_held_its_title(places: Places, moira: Account) -> None:
    story = _opened(moira, body="Nurse Joy Bell was kind.")
    (finding,) = marking.open_findings(current_version(story))
    assert (finding.start, finding.end, finding.offer) == (0, 14, "nurse")
    redaction.redact_words(
        story, story.revision, "Joy Bell", reason="a_persons_name", replacement="", by=moira
    )
    assert marking.open_findings(current_version(story)) == []


def test_a_redaction_can_be_taken_back(places: Places, moira: Account) -> None:
    story = _opened(moira)
    _redact_name(story, moira)
    first, second = redaction.of_version(current_version(story))
    redaction.undo(story, story.revision, first.id, by=moira)
    assert redaction.of_version(current_version(story)) == [second]
    with pytest.raises(NotFound):
        redaction.undo(story, story.revision, first.id, by=moira)


@pytest.mark.parametrize(
    ("field", "start", "end", "reason"),
    [
        ("body", 0, 0, "a_persons_name"),
        ("body", -1, 4, "a_persons_name"),
        ("body", 0, 10_000, "a_persons_name"),
        ("what_was_good", 0, 1, "a_persons_name"),
        ("author_role", 0, 1, "a_persons_name"),
        ("body", 0, 5, "because"),
        ("body", 4, 14, "a_persons_name"),
    ],
)
def test_a_span_outside_the_text_or_across_another_is_refused(
    places: Places, moira: Account, field: str, start: int, end: int, reason: str
) -> None:
    story = _opened(moira)
    _redact_name(story, moira)
    with pytest.raises(InvalidInput):
        redaction.redact(
            story, story.revision, Span(field, start, end), reason=reason, replacement="-", by=moira
        )
    assert len(redaction.of_version(current_version(story))) == 2


def test_a_decision_made_on_an_older_look_is_refused(places: Places, moira: Account) -> None:
    story = _opened(moira)
    seen = story.revision
    _redact_name(Story.get_by_id(story.id), moira)
    with pytest.raises(Conflict, match="Someone else worked on this story"):
        decisions.publish(Story.get_by_id(story.id), seen, moira)
    assert PublishedText.select().count() == 0
    assert Story.get_by_id(story.id).state == "in_moderation"


def test_a_story_nobody_opened_cannot_be_published(places: Places, moira: Account) -> None:
    story = tell().story
    with pytest.raises(Conflict, match="submitted cannot become published"):
        decisions.publish(story, story.revision, moira)


def test_a_returned_story_tells_its_author_why(places: Places, moira: Account) -> None:
    story = _opened(moira, contact_email="ada@example.org")
    decisions.send_back(story, story.revision, moira, reason="hard_to_follow", message=" Which ward was it? ")
    decision = decisions.latest(story)
    assert decision is not None
    assert (decision.reason, decision.message) == ("hard_to_follow", "Which ward was it?")
    assert [m.kind for m in OutboxMessage.select().order_by(OutboxMessage.id)] == [
        "story_received",
        "story_returned",
    ]


def test_a_rejection_needs_a_reason_from_its_list(places: Places, moira: Account) -> None:
    story = _opened(moira)
    with pytest.raises(InvalidInput):
        decisions.reject(story, story.revision, moira, reason="hard_to_follow", message="")
    decisions.reject(story, story.revision, moira, reason="commercial", message="")
    assert story.state == "rejected"


def test_a_removed_story_leaves_no_public_text(places: Places, moira: Account) -> None:
    story = _opened(moira)
    decisions.publish(story, story.revision, moira)
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
    assert PublishedText.select().count() == 0
    assert (story.state, story.ended_reason) == ("removed", "identifies_someone")


def test_a_responder_may_neither_redact_nor_decide(places: Places, moira: Account, ruth: Account) -> None:
    story = _opened(moira)
    with pytest.raises(NotAllowed):
        decisions.publish(story, story.revision, ruth)
    with pytest.raises(NotAllowed):
        _redact_name(story, ruth)


def test_a_moderator_with_a_role_at_the_service_may_not_decide(places: Places, moira: Account) -> None:
    Membership.create(account=moira, role=Role.RESPONDER.value, organisation=places.hospital.organisation)
    story = _opened(moira)
    with pytest.raises(NotAllowed, match="You have a role at St Elsewhere NHS Trust"):
        decisions.publish(story, story.revision, moira)
    with pytest.raises(NotAllowed, match="You have a role at St Elsewhere NHS Trust"):
        _redact_name(story, moira)
    decisions.publish(story, story.revision, make_account("Noor", Role.MODERATOR))


def test_the_queue_puts_words_of_crisis_first_then_who_waited_longest(places: Places, moira: Account) -> None:
    tell(title="First", body="A calm story.")
    tell(title="Urgent", body="I wanted to kill myself after that day.")
    decisions.open_for_review(tell(title="Opened", body="Another calm one.").story, moira)
    found = queue.page(moira).stories
    assert [waiting.version.title for waiting in found] == ["Urgent", "First", "Opened"]
    assert [waiting.story.urgency for waiting in found] == [2, 0, 0]
    assert found[0].services == ["St Elsewhere Hospital"]
    assert queue.page(moira).total == 3


def test_a_decided_story_leaves_the_queue(places: Places, moira: Account) -> None:
    story = _opened(moira)
    decisions.publish(story, story.revision, moira)
    assert queue.page(moira).stories == []
