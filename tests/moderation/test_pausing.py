"""A published story is paused while something about it is settled: nobody reads it, and nothing is erased."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.alerts.models import WebhookEndpoint
from tellback.audit import verification
from tellback.authorship import own_edits, own_story
from tellback.backups import taken_back
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import decisions, pausing
from tellback.published import ledger_check, transparency
from tellback.stories import editing
from tellback.stories.models import PublishedText, Story, StoryPause
from tellback.stories.submission import Receipt
from tests.people import Places, make_account, tell, tell_and_publish

WORDS = "The quokka was kind to me"


@pytest.fixture
def told(moira: Account) -> Receipt:
    sent = tell(title=WORDS)
    decisions.open_for_review(sent.story, moira)
    decisions.publish(sent.story, sent.story.revision, moira)
    return sent


def everywhere(client: FlaskClient, story_id: str) -> str:
    """All that the public can ask for in which a story may stand."""
    paths = (
        f"/api/v1/stories/{story_id}",
        "/api/v1/stories?service=RXH01",
        "/api/v1/stories?service=RXH01&q=quokka",
        f"/stories/{story_id}",
        "/services/RXH01",
        "/services/RXH01/stories.atom",
        "/embed?service=RXH01",
        f"/oembed?url=https://stories.example/stories/{story_id}",
    )
    return "\n".join(client.get(path).get_data(as_text=True) for path in paths)


def test_nobody_reads_it_anywhere_and_a_note_says_why(client: FlaskClient, told: Receipt) -> None:
    assert WORDS in everywhere(client, told.story.public_id)
    answer = client.post("/api/v1/my-story/pause", headers={"Authorization": f"Bearer {told.token}"})
    assert (answer.status_code, answer.get_json()) == (200, {"state": "paused"})
    said = everywhere(client, told.story.public_id)
    assert WORDS not in said
    assert "Its author asked that it is not shown for a while." in said


def test_its_author_shows_it_again_as_it_stood(client: FlaskClient, told: Receipt) -> None:
    bearer = {"Authorization": f"Bearer {told.token}"}
    before = client.get(f"/api/v1/stories/{told.story.public_id}").get_json()
    client.post("/api/v1/my-story/pause", headers=bearer)
    mine = client.get("/api/v1/my-story", headers=bearer).get_json()
    assert (mine["state"], mine["may_resume"], mine["story"]["title"]) == ("paused", True, WORDS)
    assert client.delete("/api/v1/my-story/pause", headers=bearer).get_json() == {"state": "published"}
    after = client.get(f"/api/v1/stories/{told.story.public_id}").get_json()
    before.pop("ledger"), after.pop("ledger")
    assert after == before
    assert StoryPause.select().count() == 0
    assert [*verification.breaks(), *ledger_check.disagreements()] == []


def test_the_page_of_the_private_link_does_the_same_without_a_script(
    client: FlaskClient, told: Receipt
) -> None:
    page = client.post("/my-story", data={"token": told.token, "step": "pause"}).get_data(as_text=True)
    assert "Your story is paused." in page
    page = client.post("/my-story", data={"token": told.token, "step": "resume"}).get_data(as_text=True)
    assert "Your story is published." in page


def test_a_moderator_pauses_it_with_a_reason_and_ends_that(told: Receipt, moira: Account) -> None:
    story = told.story
    with pytest.raises(InvalidInput) as refused:
        pausing.pause(story, moira, why=" ")
    assert "why" in (refused.value.errors or {})
    pausing.pause(story, moira, why="A court may ask.")
    assert (story.state, story.ended_reason) == ("paused", "paused")
    with pytest.raises(Conflict, match="A moderator paused"):
        pausing.resume_as_author(story)
    pausing.resume(story, moira)
    assert (story.state, story.ended_reason) == ("published", None)


def test_whoever_may_not_decide_may_not_pause(told: Receipt, places: Places, ruth: Account) -> None:
    both = make_account("Otto", Role.MODERATOR)
    both.memberships.model.create(
        account=both, role=Role.RESPONDER.value, organisation=places.hospital.organisation
    )
    for nobody in (ruth, both):
        with pytest.raises(NotAllowed):
            pausing.pause(told.story, nobody, why="Mine.")


def test_what_its_author_paused_no_moderator_shows(told: Receipt, moira: Account) -> None:
    pausing.pause_as_author(told.story)
    with pytest.raises(Conflict, match="Its author paused it"):
        pausing.resume(told.story, moira)


def test_only_a_published_story_can_be_paused(moira: Account) -> None:
    story = tell().story
    with pytest.raises(Conflict):
        pausing.pause_as_author(story)
    with pytest.raises(Conflict):
        pausing.pause(story, moira, why="No.")
    with pytest.raises(Conflict):
        pausing.resume_as_author(story)


def test_an_edit_that_waits_waits_on(told: Receipt) -> None:
    own_edits.edit(told.story, told.story.revision, {"body": "I was not afraid, and slept."})
    pausing.pause_as_author(told.story)
    assert Story.get_by_id(told.story.id).queue_rank is None
    pausing.resume_as_author(told.story)
    story = Story.get_by_id(told.story.id)
    assert editing.edit_waits(story)
    assert story.queue_rank is not None


def test_a_paused_story_can_be_taken_down_or_taken_back(told: Receipt, moira: Account) -> None:
    pausing.pause_as_author(told.story)
    decisions.remove(told.story, told.story.revision, moira, reason="legal_duty", message="")
    assert (StoryPause.select().count(), PublishedText.select().count()) == (0, 0)
    other = tell_and_publish(moira)
    pausing.pause_as_author(other)
    own_story.withdraw(other)
    assert StoryPause.select().count() == 0
    assert list(ledger_check.disagreements()) == []


def test_it_counts_as_waiting_while_it_is_paused(told: Receipt) -> None:
    def counted() -> tuple[Any, Any, Any]:
        numbers = transparency.transparency(None)
        return numbers["told"], numbers["published"], numbers["waiting"]

    assert counted() == (1, 1, 0)
    pausing.pause_as_author(told.story)
    assert counted() == (1, 0, 1)
    pausing.resume_as_author(told.story)
    assert counted() == (1, 1, 0)


def test_systems_of_a_service_hear_of_both(told: Receipt, places: Places) -> None:
    from tellback import clock, sealing
    from tellback.outbox.models import OutboxMessage

    WebhookEndpoint.create(
        public_id="hook", organisation=places.hospital.organisation, url="https://trust.example/hook",
        kinds=["story.published", "story.removed"], secret_sealed=sealing.seal("s"), state="active",
        state_since=clock.now(), made_at=clock.now(),
    )  # fmt: skip
    pausing.pause_as_author(told.story)
    pausing.resume_as_author(told.story)
    heard = OutboxMessage.select().where(OutboxMessage.recipient_kind == "webhook")
    assert [one.kind for one in heard.order_by(OutboxMessage.id)] == ["story.removed", "story.published"]


def test_a_restored_backup_shows_no_story_that_was_paused_since(told: Receipt, moira: Account) -> None:
    pausing.pause_as_author(told.story)
    found = sorted(taken_back.lines())
    # As the backup has it, which was made before.
    pausing.resume_as_author(told.story)
    assert taken_back.do_again(found) == 1
    story = Story.get_by_id(told.story.id)
    assert story.state == "paused"
    pausing.resume(story, moira)
    assert taken_back.do_again(sorted(taken_back.lines())) == 0, "it was shown again at last"
    assert Story.get_by_id(story.id).state == "published"
