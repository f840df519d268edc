"""A service says what it changes because of stories; a moderator reads every claim before the public does."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.authorship.own_story import describe as own_view
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import change_decisions, decisions, queue
from tellback.organisations.models import Service
from tellback.outbox.letters import compose
from tellback.outbox.models import OutboxMessage
from tellback.replies import changes
from tellback.replies.changes import ChangeState
from tellback.replies.models import ChangeClaim, ServiceChange, StoryChange
from tellback.stories.models import Story
from tests.letters import plain
from tests.people import Places, make_account, tell, tell_and_publish

URL = "https://stories.example"
PLANNED = {
    "state": "planned",
    "what": "Bells that can be reached from every bed.",
    "why": "",
    "on": "2027-01",
    "evidence": "",
    "lang": "en",
}
MADE = {**PLANNED, "state": "made", "on": "2026-11-20"}
NOT_MADE = {**PLANNED, "state": "not_made", "why": "The wiring would not carry it.", "on": ""}


def published(by: Account, **told: object) -> Story:
    return tell_and_publish(by, **{"contact_email": "ada@example.org", **told})


@pytest.fixture
def story(places: Places, moira: Account) -> Story:
    """A published story about St Elsewhere, whose author may be written to."""
    return published(moira)


def said_of(story: Story) -> list[tuple[str, str]]:
    """What the public reads of changes under a story: state and words of each."""
    return [(c["state"], c["what"]) for c in changes.changes_of([story.id], URL).get(story.id, [])]


def letters() -> list[str]:
    """The states of changes that authors were written to about, in order."""
    sent = OutboxMessage.select().where(OutboxMessage.kind == "change_published")
    return [message.payload["change"] for message in sent.order_by(OutboxMessage.id)]


def shown(story: Story, said: dict[str, str], ruth: Account, moira: Account) -> ServiceChange:
    claim = changes.record("RXH01", [story.public_id], said, by=ruth)
    change_decisions.publish(claim, moira)
    return changes.get(claim.change.public_id)


def go_on(change: ServiceChange, said: dict[str, str], by: Account, *stories: Story) -> ChangeClaim:
    change = changes.get(change.public_id)
    return changes.go_on(change, change.revision, [s.public_id for s in stories], said, by=by)


def test_a_planned_change_shows_once_a_moderator_has_read_it(
    story: Story, moira: Account, ruth: Account
) -> None:
    claim = changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    assert said_of(story) == []
    assert queue.changes() == [claim]
    assert letters() == []
    change_decisions.publish(claim, moira)
    assert changes.changes_of([story.id], URL) == {
        story.id: [
            {
                "id": claim.change.public_id,
                "state": "planned",
                "what": "Bells that can be reached from every bed.",
                "why": None,
                "on": "2027-01",
                "evidence": None,
                "service": {
                    "code": "RXH01",
                    "name": "St Elsewhere Hospital",
                    "url": f"{URL}/services/RXH01",
                },
                "published_at": "2026-11-23T09:30:00Z",
                "lang": "en",
                "verdict": None,
            }
        ]
    }
    assert queue.changes() == []
    assert letters() == ["planned"]


def test_the_planned_change_stays_shown_until_a_moderator_has_read_that_it_was_made(
    story: Story, moira: Account, ruth: Account
) -> None:
    change = shown(story, PLANNED, ruth, moira)
    made = go_on(change, {**MADE, "what": "Every bed has its bell."}, ruth)
    assert said_of(story) == [("planned", PLANNED["what"])]
    change_decisions.publish(made, moira)
    assert said_of(story) == [("made", "Every bed has its bell.")]
    assert [claim.review for claim in change.claims.order_by(ChangeClaim.id)] == ["past", "shown"]
    assert letters() == ["planned", "made"]


def test_a_change_that_was_not_made_says_why(story: Story, moira: Account, ruth: Account) -> None:
    change = shown(story, PLANNED, ruth, moira)
    with pytest.raises(InvalidInput) as refused:
        go_on(change, {**NOT_MADE, "why": ""}, ruth)
    assert list(refused.value.errors or {}) == ["why"]
    change_decisions.publish(go_on(change, {**NOT_MADE, "on": "2027-01"}, ruth), moira)
    (told,) = changes.changes_of([story.id], URL)[story.id]
    assert (told["state"], told["why"], told["on"]) == ("not_made", "The wiring would not carry it.", None)


def test_a_claim_goes_back_with_a_note_and_is_mended(story: Story, moira: Account, ruth: Account) -> None:
    claim = changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    with pytest.raises(InvalidInput):
        change_decisions.send_back(claim, moira, note=" ")
    change_decisions.send_back(claim, moira, note="Which beds?")
    assert (ChangeClaim.get().review, ChangeClaim.get().note) == ("returned", "Which beds?")
    assert said_of(story) == []
    mended = go_on(claim.change, {**PLANNED, "what": "Bells at beds 1 to 24."}, ruth, story)
    change_decisions.publish(mended, moira)
    assert said_of(story) == [("planned", "Bells at beds 1 to 24.")]


def test_one_change_answers_many_stories_and_only_the_new_authors_are_told(
    story: Story, moira: Account, ruth: Account
) -> None:
    change = shown(story, MADE, ruth, moira)
    other = published(moira, body="I rang and rang.", service="RXH01-ward-5")
    more = go_on(change, MADE, ruth, other)
    assert said_of(other) == [], "a moderator reads that it answers this story, too"
    change_decisions.publish(more, moira)
    assert said_of(story) == said_of(other) == [("made", MADE["what"])]
    told = OutboxMessage.select().where(OutboxMessage.kind == "change_published").order_by(OutboxMessage.id)
    assert [message.recipient_id for message in told] == [story.public_id, other.public_id]


def test_stories_of_a_claim_that_came_back_are_chosen_anew(
    story: Story, moira: Account, ruth: Account
) -> None:
    change = shown(story, MADE, ruth, moira)
    other, third = published(moira, body="I rang."), published(moira, body="The bell fell.")
    change_decisions.send_back(go_on(change, MADE, ruth, other), moira, note="This one is about the food.")
    change_decisions.publish(go_on(change, MADE, ruth, third), moira)
    assert (len(said_of(other)), len(said_of(third))) == (0, 1)
    assert StoryChange.select().count() == 2


def test_a_story_can_stand_under_several_changes(story: Story, moira: Account, ruth: Account) -> None:
    shown(story, MADE, ruth, moira)
    clock.pin(clock.now() + timedelta(minutes=1))
    shown(story, {**PLANNED, "what": "A second nurse at night."}, ruth, moira)
    assert [state for state, _ in said_of(story)] == ["made", "planned"]


def test_stories_are_found_by_what_was_said_of_them(story: Story, moira: Account, ruth: Account) -> None:
    published(moira, body="Nothing changed.")
    change = shown(story, PLANNED, ruth, moira)
    change_decisions.publish(go_on(change, MADE, ruth), moira)

    def found(*states: ChangeState) -> list[Story]:
        return list(Story.select().where(Story.id.in_(changes.stories_with(*states))))

    assert found(ChangeState.MADE) == found(ChangeState.MADE, ChangeState.PLANNED) == [story]
    assert found(ChangeState.PLANNED) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("what", {**MADE, "what": ""}),
        ("state", {**MADE, "state": "not_made", "why": "We will not."}),
        ("state", {**MADE, "state": "done"}),
        ("on", {**MADE, "on": ""}),
        ("on", {**MADE, "on": "2026-11-24"}),
        ("on", {**MADE, "on": "2026-12"}),
        ("on", {**MADE, "on": "2016-11-22", "state": "planned"}),
        ("on", {**MADE, "on": "2026-02-30"}),
        ("on", {**MADE, "on": "1926-11"}),
        ("on", {**MADE, "on": "last week"}),
        ("on", {**PLANNED, "on": "2026-10"}),
        ("evidence", {**MADE, "evidence": "http://www.st-elsewhere.example/bells"}),
        ("evidence", {**MADE, "evidence": "javascript:alert(1)"}),
        ("evidence", {**MADE, "evidence": "https://www.st-elsewhere.example@evil.example/"}),
        ("evidence", {**MADE, "evidence": "https://intranet/bells"}),
        ("evidence", {**MADE, "evidence": "https://[broken/"}),
    ],
)
def test_a_claim_that_says_too_little_or_too_much_is_refused(
    field: str, said: dict[str, str], story: Story, ruth: Account
) -> None:
    with pytest.raises(InvalidInput) as refused:
        changes.record("RXH01", [story.public_id], said, by=ruth)
    assert list(refused.value.errors or {}) == [field]
    assert ServiceChange.select().count() == StoryChange.select().count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {**MADE, "on": "2026-11"},
        {**MADE, "on": "2026-11-23"},
        {**PLANNED, "on": "2026-11"},
        {**PLANNED, "on": "2026-11-23"},
        {**MADE, "evidence": "https://www.st-elsewhere.example/bells?ward=5#new", "why": "Many asked."},
    ],
)
def test_a_claim_that_says_what_and_when_is_kept(said: dict[str, str], story: Story, ruth: Account) -> None:
    kept = changes.record("RXH01", [story.public_id], said, by=ruth)
    assert (kept.on, kept.evidence or "", kept.why or "") == (said["on"], said["evidence"], said["why"])


def test_what_was_made_or_given_up_is_not_planned_again(story: Story, moira: Account, ruth: Account) -> None:
    made = shown(story, MADE, ruth, moira)
    for said in (PLANNED, NOT_MADE):
        with pytest.raises(InvalidInput, match="still here"):
            go_on(made, said, ruth)


def test_a_change_answers_public_stories_of_its_own_service(
    places: Places, story: Story, moira: Account, ruth: Account
) -> None:
    waiting = tell().story
    elsewhere = published(moira, service="G81001")
    for ids in ([waiting.public_id], [elsewhere.public_id], [story.public_id, "nonsense"], []):
        with pytest.raises(InvalidInput) as refused:
            changes.record("RXH01", ids, MADE, by=ruth)
        assert list(refused.value.errors or {}) == ["stories"]
    with pytest.raises(InvalidInput):
        changes.record("RXH01-ward-5", [story.public_id], MADE, by=ruth)
    # A unit within the hospital that another organisation runs speaks for itself.
    Service.update(organisation=places.surgery.organisation).where(Service.id == places.ward.id).execute()
    theirs = published(moira, service="RXH01-ward-5")
    with pytest.raises(InvalidInput):
        changes.record("RXH01", [theirs.public_id], MADE, by=ruth)


def test_too_many_stories_at_once_are_refused(
    story: Story, moira: Account, ruth: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_STORIES", 1)
    with pytest.raises(InvalidInput, match="still here"):
        changes.record("RXH01", [story.public_id, published(moira).public_id], MADE, by=ruth)


def test_nobody_speaks_for_another_organisation(
    places: Places, story: Story, gita: Account, moira: Account, ruth: Account
) -> None:
    for stranger in (gita, moira):
        with pytest.raises(NotAllowed, match="Only a responder"):
            changes.record("RXH01", [story.public_id], MADE, by=stranger)
    change = shown(story, PLANNED, ruth, moira)
    with pytest.raises(NotAllowed):
        go_on(change, MADE, gita)
    with pytest.raises(InvalidInput) as refused:
        changes.record("NOWHERE", [story.public_id], MADE, by=ruth)
    assert list(refused.value.errors or {}) == ["service"]


def test_someone_with_a_role_there_does_not_decide(
    places: Places, story: Story, moira: Account, ruth: Account
) -> None:
    from tellback.accounts.models import Membership
    from tellback.accounts.roles import Role

    claim = changes.record("RXH01", [story.public_id], MADE, by=ruth)
    with pytest.raises(NotAllowed, match="Only moderators"):
        change_decisions.publish(claim, ruth)
    both = make_account("Beth", Role.MODERATOR)
    Membership.create(account=both, role=Role.ANALYST.value, organisation=places.hospital.organisation)
    for decide in (change_decisions.publish, lambda c, b: change_decisions.send_back(c, b, note="No.")):
        with pytest.raises(NotAllowed, match="You have a role at St Elsewhere NHS Trust"):
            decide(claim, both)
    assert ChangeClaim.get().review == "waiting"


def test_a_second_press_of_the_button_sends_no_second_change(story: Story, ruth: Account) -> None:
    changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    with pytest.raises(Conflict, match="It was not sent a second time"):
        changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    assert ServiceChange.select().count() == 1


def test_nothing_is_added_while_a_moderator_reads(story: Story, ruth: Account) -> None:
    claim = changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    with pytest.raises(Conflict, match="A moderator is reading"):
        go_on(claim.change, MADE, ruth)


def test_a_colleagues_claim_is_not_overwritten(story: Story, moira: Account, ruth: Account) -> None:
    change = shown(story, PLANNED, ruth, moira)
    change_decisions.publish(go_on(change, {**PLANNED, "on": "2027-02"}, ruth), moira)
    with pytest.raises(Conflict, match="A colleague has worked on this change meanwhile"):
        changes.go_on(change, change.revision, [], MADE, by=ruth)
    assert said_of(story) == [("planned", PLANNED["what"])]


def test_a_claim_is_decided_once(story: Story, moira: Account, ruth: Account) -> None:
    claim = changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    change_decisions.publish(claim, moira)
    for decide in (change_decisions.publish, lambda c, b: change_decisions.send_back(c, b, note="Late.")):
        with pytest.raises(Conflict, match="Someone else has decided"):
            decide(claim, moira)
    assert said_of(story) == [("planned", PLANNED["what"])]
    assert letters() == ["planned"]


def test_a_change_for_a_story_taken_back_meanwhile_is_not_shown(
    story: Story, moira: Account, ruth: Account
) -> None:
    claim = changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    withdraw(Story.get_by_id(story.id))
    with pytest.raises(Conflict, match="None of its stories is public any more"):
        change_decisions.publish(claim, moira)


def test_an_author_who_took_the_story_back_or_left_no_address_is_not_written_to(
    story: Story, moira: Account, ruth: Account
) -> None:
    gone, silent = published(moira, body="Gone."), published(moira, body="Silent.", contact_email=None)
    ids = [s.public_id for s in (story, gone, silent)]
    claim = changes.record("RXH01", ids, MADE, by=ruth)
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    change_decisions.publish(claim, moira)
    told = OutboxMessage.select().where(OutboxMessage.kind == "change_published")
    assert [message.recipient_id for message in told] == [story.public_id]


def test_every_act_is_on_record_for_the_change_and_its_stories(
    story: Story, moira: Account, ruth: Account
) -> None:
    claim = changes.record("RXH01", [story.public_id], PLANNED, by=ruth)
    change_decisions.send_back(claim, moira, note="Which beds?")
    change_decisions.publish(go_on(claim.change, PLANNED, ruth, story), moira)
    expected = ["claimed", "returned", "claimed", "published"]
    for kind, subject in (("change", claim.change.public_id), ("story", story.public_id)):
        lines = [line for line in acts.time_line(kind, subject) if line.act.startswith("change:")]
        assert [line.act.rpartition(":")[2] for line in lines] == expected
        assert {line.detail["state"] for line in lines} == {"planned"}
        assert PLANNED["what"] not in str([line.detail for line in lines])


def test_the_author_reads_it_by_the_private_link(story: Story, moira: Account, ruth: Account) -> None:
    shown(story, MADE, ruth, moira)
    (told,) = own_view(Story.get_by_id(story.id), URL)["changes"]
    assert (told["state"], told["what"]) == ("made", MADE["what"])


@pytest.mark.parametrize(
    ("state", "subject"),
    [
        ("planned", "The service plans a change after your story"),
        ("made", "The service made a change after your story"),
        ("not_made", "The service did not make the change it planned"),
    ],
)
def test_the_letter_says_in_its_subject_what_became_of_it(state: str, subject: str) -> None:
    facts = {"operator": "-", "public_url": URL, "private_link": f"{URL}/my-story#x", "change": state}
    letter = compose("change_published", "1", "stories@stories.example", "ada@example.org", facts)
    assert letter["Subject"] == subject
    assert f"{URL}/my-story#x" in plain(letter)
