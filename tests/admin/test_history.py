"""The time line that staff read, and what changed since someone looked."""

from datetime import timedelta

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.admin import history
from tellback.audit.acts import Act
from tellback.authorship.own_story import withdraw
from tellback.moderation import decisions, redaction
from tellback.replies import responding
from tellback.stories.models import Story
from tests.people import make_account, tell, tell_and_publish


def lines(entries: list[history.Entry]) -> list[str]:
    return [f"{entry.actor} {entry.text}" for entry in entries]


def test_it_tells_who_did_what_and_why(moira: Account) -> None:
    story = tell(title="A kind nurse").story
    decisions.open_for_review(story, moira)
    redaction.redact_words(
        story,
        story.revision,
        "my daughter",
        reason="description_of_a_person",
        replacement="",
        by=moira,
    )
    clock.pin(clock.now() + timedelta(minutes=5))
    decisions.reject(story, story.revision, moira, reason="told_before", message="")
    told = history.of_story(story)
    assert lines(told) == [
        "The author told the story",
        "Moira began to read it",
        "Moira took words out: A description that points to one person",
        "Moira decided not to publish it: We already have this story from you.",
    ]
    assert told[0].at == "2026-11-23T09:30:00+00:00"
    assert told[3].at == "2026-11-23T09:35:00+00:00"


def test_what_changed_since_a_look_is_told_and_nothing_else(moira: Account, ruth: Account) -> None:
    story = tell(title="A kind nurse").story
    decisions.open_for_review(story, moira)
    seen = story.revision
    marta = make_account("Marta", Role.MODERATOR)
    redaction.redact_words(
        story,
        story.revision,
        "my daughter",
        reason="description_of_a_person",
        replacement="",
        by=marta,
    )
    decisions.publish(story, story.revision, marta)
    responding.reply(
        story, "RXH01", {"responder_name": "R", "responder_role": "M", "body": "-", "lang": "en"}, by=ruth
    )
    assert lines(history.since(story, seen)) == [
        "Marta took words out: A description that points to one person",
        "Marta published it",
    ]
    assert history.since(story, story.revision) == []


def test_every_act_on_a_story_counts_one_revision(moira: Account) -> None:
    story = tell_and_publish(moira)
    withdraw(story)
    assert Story.get_by_id(story.id).revision == len(history.of_story(story)) == 4


def test_someone_who_is_gone_is_someone(moira: Account) -> None:
    story = tell().story
    decisions.open_for_review(story, moira)
    moira.delete_instance()
    assert lines(history.of_story(story))[1] == "Someone began to read it"


def test_every_act_on_a_story_has_its_words() -> None:
    on_stories = (
        *("story:", "decision:", "case:", "assignment:", "contact:", "reply:", "correction:"),
        *("change:", "flag:", "hand_on:", "move:"),
    )
    about_stories = {act for act in Act if act.startswith(on_stories)}
    # Whom somebody told in a case is said by name.
    assert {*history._SAID, Act.CASE_TOLD} == about_stories
