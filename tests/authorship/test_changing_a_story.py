"""An author tells their story otherwise: not read yet, sent back, or published. On both engines."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit import ledger
from tellback.audit.models import AuditEvent
from tellback.authorship.erasure import erase
from tellback.authorship.own_edits import MOST_IN_A_DAY, edit
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, TooManyRequests
from tellback.moderation import decisions, queue, redaction, waiting
from tellback.moderation.models import Decision
from tellback.outbox.models import OutboxMessage
from tellback.published import ledger_check, transparency
from tellback.stories import private_links
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.urgency import Urgency
from tests.conftest import A_MORNING
from tests.people import Places, tell, tell_and_publish

OTHERWISE = {"title": "A night", "body": "They came at three, not at two.", "display_name": "Bell ringer"}
UNDO = timedelta(minutes=10)


def _published(moira: Account, **told: str) -> Story:
    return tell_and_publish(moira, **{"title": "A night", "body": "They came at two.", **told})


def _steps(story: Story) -> list[str]:
    return [entry.step for entry in ledger.after(0, limit=50, story_id=story.public_id)]


def _read(client: FlaskClient, story: Story) -> dict[str, object]:
    return dict(client.get(f"/api/v1/stories/{story.public_id}").get_json())


def test_a_story_that_nobody_has_read_is_told_otherwise_in_its_place(places: Places, moira: Account) -> None:
    story = tell(title="A night", body="They came at two.").story
    before = Story.get_by_id(story.id).waits_since
    edit(story, story.revision, OTHERWISE)
    assert (story.state, story.display_name) == ("submitted", "Bell ringer")
    (waits,) = queue.page(moira).stories
    assert (waits.version.number, waits.version.body) == (2, OTHERWISE["body"])
    assert waits.story.waits_since == before
    assert _steps(story) == ["received", "received"]
    assert list(ledger_check.disagreements()) == []


def test_a_returned_story_comes_back_to_the_desk(places: Places, moira: Account) -> None:
    story = tell(body="They came at two.").story
    decisions.open_for_review(story, moira)
    decisions.send_back(story, story.revision, moira, reason="hard_to_follow", message="When?")
    edit(story, story.revision, OTHERWISE)
    assert story.state == "in_moderation"
    assert [one.story for one in queue.page(moira).stories] == [story]
    decisions.publish(story, story.revision, moira)
    assert PublishedText.get().body == OTHERWISE["body"]
    assert _steps(story) == ["received", "returned", "received", "published"]
    assert list(ledger_check.disagreements()) == []


def test_a_published_story_stays_as_it_is_until_the_edit_is_published(
    client: FlaskClient, moira: Account
) -> None:
    story = _published(moira, contact_email="ada@example.org")
    first = _read(client, story)["published_at"]
    edit(story, story.revision, OTHERWISE)
    assert (_read(client, story)["body"], story.state) == ("They came at two.", "published")
    assert _read(client, story)["display_name"] is None
    assert transparency.transparency(None)["published"] == 1
    assert list(ledger_check.disagreements()) == []
    (waits,) = queue.page(moira).stories
    redaction.redact_words(
        waits.story, waits.story.revision, "three", reason="exact_date", replacement="[a time]", by=moira
    )
    decisions.publish(waits.story, waits.story.revision, moira)
    shown = _read(client, story)
    assert (shown["body"], shown["display_name"]) == ("They came at [a time], not at two.", "Bell ringer")
    assert shown["published_at"] == first
    assert client.get("/api/v1/stories?q=three").get_json()["items"] == []
    assert len(client.get("/api/v1/stories?q=not").get_json()["items"]) == 1
    assert queue.page(moira).stories == []
    assert _steps(story) == ["received", "published", "received", "edited"]
    assert list(ledger_check.disagreements()) == []
    assert OutboxMessage.select().where(OutboxMessage.kind == "edit_published").count() == 1
    # Each act counts one revision: by that a moderator is told what happened meanwhile.
    acts = AuditEvent.select().where(AuditEvent.act.startswith("story:"))
    assert Story.get_by_id(story.id).revision == acts.count()


@pytest.mark.parametrize("act", ["send_back", "reject"])
def test_an_edit_that_is_not_published_leaves_the_story_as_everyone_reads_it(
    client: FlaskClient, moira: Account, act: str
) -> None:
    story = _published(moira)
    edit(story, story.revision, OTHERWISE)
    reasons = {"send_back": "hard_to_follow", "reject": "not_an_experience"}
    getattr(decisions, act)(story, story.revision, moira, reason=reasons[act], message="No.", wait=UNDO)
    assert queue.page(moira).stories == []
    clock.pin(A_MORNING + UNDO)
    assert decisions.carry_out_due() == 1
    assert _read(client, story)["body"] == "They came at two."
    assert transparency.transparency(None)["published"] == 1
    assert list(ledger_check.disagreements()) == []
    # They may mend it and send it again.
    story = Story.get_by_id(story.id)
    edit(story, story.revision, {"body": "They came at half past two."})
    assert [one.version.number for one in queue.page(moira).stories] == [3]


def test_of_two_edits_the_later_one_waits(places: Places, moira: Account) -> None:
    story = _published(moira)
    edit(story, story.revision, OTHERWISE)
    since = Story.get_by_id(story.id).waits_since
    clock.pin(A_MORNING + timedelta(hours=1))
    edit(story, story.revision, {"body": "They came at four."})
    (waits,) = queue.page(moira).stories
    # What was told otherwise first and not again is still so.
    assert (waits.version.body, waits.version.facts["display_name"]) == ("They came at four.", "Bell ringer")
    assert waits.story.waits_since == since


def test_an_edit_overtakes_a_decision_about_the_words_before_it(places: Places, moira: Account) -> None:
    story = tell(body="They came at two.").story
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira, wait=UNDO)
    story = Story.get_by_id(story.id)
    edit(story, story.revision, OTHERWISE)
    clock.pin(A_MORNING + UNDO)
    assert decisions.carry_out_due() == 0
    assert Decision.get().state == "overtaken"
    assert [one.version.number for one in queue.page(moira).stories] == [2]


def test_an_edit_does_not_stop_a_story_from_being_taken_down(places: Places, moira: Account) -> None:
    story = _published(moira)
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="", wait=UNDO)
    with pytest.raises(Conflict, match="Your words are still here"):
        edit(story, Story.get_by_id(story.id).revision, OTHERWISE)
    assert waiting.of_story(Story.get_by_id(story.id)) is not None


def test_words_that_changed_meanwhile_are_not_written_over(places: Places, moira: Account) -> None:
    story = tell(body="They came at two.").story
    read = story.revision
    decisions.open_for_review(story, moira)
    with pytest.raises(Conflict, match="Your words are still here") as refused:
        edit(story, read, OTHERWISE)
    assert refused.value.extra == {"revision": story.revision}
    assert StoryVersion.select().count() == 1


@pytest.mark.parametrize("state", ["rejected", "removed", "withdrawn", "escalated"])
def test_a_story_that_is_closed_is_refused_plainly(places: Places, moira: Account, state: str) -> None:
    story = tell(body="They came at two.").story
    Story.update(state=state).where(Story.id == story.id).execute()
    with pytest.raises(Conflict, match="can’t be changed"):
        edit(story, story.revision, OTHERWISE)


def test_the_same_words_again_are_no_edit(places: Places) -> None:
    story = tell(title="A night", body="They came at two.").story
    with pytest.raises(InvalidInput):
        edit(story, story.revision, {"title": "A night", "body": "They came at two."})


def test_a_title_that_we_made_goes_with_the_words_it_was_made_of(places: Places) -> None:
    story = tell(body="They came at two. It was cold.").story
    assert edit(story, story.revision, {"body": "They came at three."}).title == "They came at three"
    assert edit(story, story.revision, {"title": "My night"}).title == "My night"
    assert edit(story, story.revision, {"body": "They came at four."}).title == "My night"


def test_nobody_is_given_versions_to_read_all_day(places: Places) -> None:
    story = tell(body="They came at two.").story
    for hour in range(MOST_IN_A_DAY):
        edit(story, story.revision, {"body": f"They came at {hour}."})
    with pytest.raises(TooManyRequests):
        edit(story, story.revision, OTHERWISE)


def test_words_of_crisis_that_nobody_read_are_not_unsaid_by_an_edit(places: Places) -> None:
    story = tell(body="I want to kill myself tonight.").story
    assert Story.get_by_id(story.id).urgency == Urgency.NOW
    edit(story, Story.get_by_id(story.id).revision, {"body": "It is all fine, thank you."})
    assert Story.get_by_id(story.id).urgency == Urgency.NOW


def test_an_edit_with_words_of_crisis_reaches_those_on_call(places: Places, moira: Account) -> None:
    story = _published(moira)
    edit(story, story.revision, {"body": "I want to kill myself tonight."})
    (waits,) = queue.page(moira).stories
    assert waits.story.urgency == Urgency.NOW
    assert OutboxMessage.select().where(OutboxMessage.kind == "crisis_alert").count() == 1


def test_taking_a_story_back_ends_its_edit_and_erasing_takes_every_version(
    places: Places, moira: Account
) -> None:
    story = _published(moira)
    edit(story, story.revision, OTHERWISE)
    withdraw(story)
    assert queue.page(moira).stories == []
    erase(story)
    rows = StoryVersion.select()
    assert [(row.body, row.title, row.facts, row.salt) for row in rows] == [("", "", None, None)] * 2
    assert list(ledger_check.disagreements()) == []


def test_by_program_only_what_is_sent_is_told_otherwise(client: FlaskClient, moira: Account) -> None:
    receipt = tell(title="A night", body="They came at two.", display_name="Ada")
    bearer = {"Authorization": f"Bearer {receipt.token}"}
    read = client.get("/api/v1/my-story", headers=bearer).get_json()
    assert read["may_edit"]
    told = {"revision": read["revision"], "display_name": None, "feelings": ["positive:calm"]}
    answer = client.patch("/api/v1/my-story", json=told, headers=bearer)
    assert answer.get_json() == {"state": "submitted", "revision": read["revision"] + 1}
    story = client.get("/api/v1/my-story", headers=bearer).get_json()["story"]
    assert (story["title"], story["body"], story["display_name"]) == ("A night", "They came at two.", None)
    stale = client.patch("/api/v1/my-story", json=told, headers=bearer)
    assert stale.status_code == 409
    for refused in (
        {"revision": 2, "service": "G81001"},
        {"body": "No revision."},
        {"revision": 2, "body": ""},
    ):
        assert client.patch("/api/v1/my-story", json=refused, headers=bearer).status_code == 422


def test_without_a_script_it_is_looked_through_first_and_no_word_is_lost(
    client: FlaskClient, moira: Account
) -> None:
    story = _published(moira)
    token = private_links.again(story)

    def press(step: str, **typed: str) -> tuple[int, str]:
        page = client.post("/my-story", data={"token": token, "step": step, **typed})
        return page.status_code, page.text

    status, form = press("edit")
    assert (status, "They came at two.</textarea>" in form) == (200, True)
    told = {"revision": str(story.revision), "author_role": "patient", "title": "A night", "lang": "en"}
    status, advised = press("check_edit", **told, body="Sister Joy Bell came at two.")
    assert "Look at it once more before you send it" in advised
    assert "Sister Joy Bell came at two.</textarea>" in advised
    place = re.search(r'value="(reword_edit:[^"]+)"', advised)
    assert place
    # What is offered is written there, and nothing is sent.
    status, reworded = press(place[1], **told, body="Sister Joy Bell came at two.")
    assert "Joy Bell" not in reworded
    assert StoryVersion.select().count() == 1
    status, mine = press("send_edit", **told, body="Sister Joy Bell came at three.")
    assert (status, "A moderator is reading the change." in mine) == (200, True)
    status, stale = press("send_edit", **told, body="Sister Joy Bell came at four.")
    assert (status, "Sister Joy Bell came at four.</textarea>" in stale) == (409, True)
    withdraw(Story.get())
    status, closed = press("edit")
    assert (status, "can’t be changed" in closed) == (409, True)
