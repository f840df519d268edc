"""On screens: moderators take down what a service said; a service corrects it. Without JavaScript."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.moderation import change_decisions, reply_decisions
from tellback.published.shown import shown
from tellback.replies import changes, responding
from tellback.replies.models import Reply, ServiceChange
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, tell_and_publish

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


@pytest.fixture
def story(places: Places, moira: Account, ruth: Account) -> Story:
    """A published story of thanks, with a reply and a change."""
    made = tell_and_publish(moira, title="A night", overall_experience="good")
    written = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
    reply_decisions.publish(responding.reply(made, "RXH01", written, by=ruth), moira)
    said = {"state": "made", "what": "Bells.", "why": "", "on": "2026-11", "evidence": "", "lang": "en"}
    change_decisions.publish(changes.record("RXH01", [made.public_id], said, by=ruth), moira)
    return Story.get_by_id(made.id)


def public(story: Story) -> dict:
    """What everyone reads of the story."""
    return shown([story], "https://stories.example")[0]


def test_a_reply_and_a_change_are_taken_down_with_a_reason(
    story: Story, signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    desk, change = signed_in(moira), ServiceChange.get()
    assert f"/admin/stories/{story.public_id}/thread" in desk.open(f"/admin/stories/{story.public_id}").html
    for kind in ("replies", "changes"):
        screen = desk.open(f"/admin/stories/{story.public_id}/thread")
        form = next(
            form for form in screen.forms if f"/{kind}/" in form.action and "take-down" in form.action
        )
        refused = desk.send(form, 422, reason="")
        assert "Choose why it is taken down. Everyone reads it." in refused.text
        assert public(story)[kind]
        done = desk.send(form, reason="not_true")
        assert "A note with the reason stands in its place." in done.text
        assert not public(story)[kind]
    assert "We learned that it was not true." in desk.open(f"/admin/stories/{story.public_id}/thread").text
    assert "took a reply down: We learned that it was not true." in desk.open(
        f"/admin/stories/{story.public_id}"
    ).text.replace("  ", " ")
    service = signed_in(ruth)
    assert "Your reply was taken down" in service.open(f"/admin/answers/{story.public_id}").text
    assert "Taken down" in service.open("/admin/changes").text
    told = service.open(f"/admin/changes/{change.public_id}").text
    assert "A moderator took this down" in told
    assert "With a moderator" not in told
    assert "Taken down" in service.client.get("/admin/changes.csv").text


def test_the_only_story_of_a_change_is_not_taken_from_it(
    story: Story, signed_in: SignIn, moira: Account
) -> None:
    desk = signed_in(moira)
    screen = desk.open(f"/admin/stories/{story.public_id}/thread")
    form = next(form for form in screen.forms if form.action.endswith("unlink"))
    assert "It answers no other story. Take the change down, and say why." in desk.send(form, 409).text


def test_a_service_corrects_its_reply_and_prints_the_thanks(
    story: Story, signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    reply = Reply.get()
    service = signed_in(ruth)
    screen = service.open(f"/admin/answers/{story.public_id}")
    assert f"/stories/{story.public_id}/thank-you" in screen.html
    assert f"/admin/replies/{reply.public_id}/correct" in screen.html
    form = service.open(f"/admin/replies/{reply.public_id}/correct").forms[-1]
    again = service.send(form, 422, body="Thank you.")
    assert "This is what stands there now. Change what is wrong." in again.text
    sent = service.send(form, body="Thank you, and sorry.")
    assert "The correction is with a moderator." in sent.text
    assert (
        "A moderator is reading your correction."
        in service.open(f"/admin/replies/{reply.public_id}/correct").text
    )
    desk = signed_in(moira)
    assert "St Elsewhere Hospital: a correction" in desk.open("/admin/stories").text
    correction = f"/admin/corrections/{reply.corrections.get().public_id}"
    screen = desk.open(correction)
    assert "Thank you, and sorry." in screen.text
    back = next(form for form in screen.forms if form.action.endswith("return"))
    assert "Say what should change." in desk.send(back, 422, note="").text
    desk.send(next(form for form in screen.forms if form.action.endswith("publish")))
    (said,) = public(story)["replies"]
    assert said["body"] == "Thank you, and sorry."
    assert said["corrected_at"]
    assert "Someone has decided on this correction already." in desk.open(correction).text
