"""At the desk: what authors tell otherwise, and what they answer to replies. Without JavaScript."""

from collections.abc import Callable

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.authorship.own_edits import edit
from tellback.moderation import decisions
from tellback.replies.answering_back import answer_back
from tellback.replies.models import AnswerBack, Reply
from tellback.stories.models import PublishedText, Story
from tellback.stories.submission import new_public_id
from tests.admin.conftest import Browser
from tests.people import Places, tell_and_publish

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


@pytest.fixture
def story(places: Places, moira: Account) -> Story:
    return tell_and_publish(moira, title="A night", body="They came at two. It was cold.")


def test_an_edit_is_marked_shown_beside_what_is_public_and_published(
    story: Story, signed_in: SignIn, moira: Account
) -> None:
    edit(story, story.revision, {"body": "They came at three. It was cold."})
    desk = signed_in(moira)
    assert "Edit of a published story" in desk.open("/admin/stories").text
    screen = desk.open(f"/admin/stories/{story.public_id}")
    assert "Published, an edit waits" in screen.text
    assert '<del class="tb-was">two. </del>' in screen.html
    assert '<ins class="tb-now">three. </ins>' in screen.html
    ways = {form.action.rpartition("/")[2] for form in screen.forms}
    assert {"publish", "return", "reject", "remove"} <= ways
    assert "ask" not in ways
    decisions.publish(Story.get(), Story.get().revision, moira)
    assert PublishedText.get().body == "They came at three. It was cold."


def test_an_answer_to_a_reply_is_read_and_published_or_not(
    story: Story, places: Places, signed_in: SignIn, moira: Account
) -> None:
    reply = Reply.create(
        public_id=new_public_id(),
        story=story,
        service=places.hospital,
        responder_name="Ruth",
        responder_role="Matron",
        body="Thank you.",
        lang="en",
        state="published",
        written_at=clock.now(),
        published_at=clock.now(),
    )
    desk = signed_in(moira)
    for body, way, state in (
        ("Who sits there?", "publish", "published"),
        ("It was Sister Joy Bell.", "reject", "rejected"),
    ):
        answer_back(story, reply.public_id, body)
        queue = desk.open("/admin/stories")
        assert "What authors answer: 1" in queue.text
        screen = desk.open(
            f"/admin/answers-back/{AnswerBack.select().order_by(AnswerBack.id.desc()).get().public_id}"
        )
        assert body in screen.text
        form = next(form for form in screen.forms if form.action.endswith(way))
        desk.send(form, **({"note": "It names somebody."} if way == "reject" else {}))
        assert AnswerBack.select().order_by(AnswerBack.id.desc()).get().state == state
    assert "What authors answer" not in desk.open("/admin/stories").text
