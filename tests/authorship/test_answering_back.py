"""An author answers a reply, says whether it answered them, and whether it has really changed."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, NotAllowed
from tellback.moderation import answer_decisions, morning, queue, taking_down
from tellback.outbox.models import OutboxMessage
from tellback.replies import answering_back
from tellback.replies.answering_back import MOST_SHOWN, answer_back
from tellback.replies.models import AnswerBack, Reply
from tests.authorship.conftest import Answered
from tests.conftest import A_MORNING
from tests.people import tell


def _letters(kind: str) -> int:
    return OutboxMessage.select().where(OutboxMessage.kind == kind).count()


def _public(client: FlaskClient, answered: Answered) -> dict[str, object]:
    (reply,) = client.get(f"/api/v1/stories/{answered.story.public_id}").get_json()["replies"]
    return dict(reply)


def test_an_answer_shows_once_a_moderator_has_read_it(
    client: FlaskClient, answered: Answered, moira: Account
) -> None:
    sent = client.post(
        f"/api/v1/my-story/replies/{answered.reply.public_id}/answers",
        json={"body": "Thank you. Who sits there?"},
        headers=answered.bearer,
    )
    assert (sent.status_code, sent.get_json()["state"]) == (201, "submitted")
    assert _public(client, answered)["answers_back"] == []
    assert morning.waiting().answers == 1
    (waits,) = queue.answers_back()
    answer_decisions.publish(waits, moira)
    (shown,) = _public(client, answered)["answers_back"]  # type: ignore[misc]
    assert shown["body"] == "Thank you. Who sits there?"
    assert queue.answers_back() == []
    assert _letters("answer_published") == 1


def test_one_that_is_not_shown_says_why_to_its_author_alone(
    client: FlaskClient, answered: Answered, moira: Account
) -> None:
    made = answer_back(answered.story, answered.reply.public_id, "It was nurse Joy Bell.")
    answer_decisions.reject(made, moira, note="Please leave the name out.")
    assert _public(client, answered)["answers_back"] == []
    mine = client.get("/api/v1/my-story", headers=answered.bearer).get_json()
    (own,) = mine["replies"][0]["answers_back"]
    assert (own["state"], own["note"]) == ("rejected", "Please leave the name out.")
    assert mine["replies"][0]["may_answer"]
    assert _letters("answer_not_published") == 1


def test_one_waits_at_a_time_and_a_few_show(answered: Answered, moira: Account) -> None:
    for turn in range(MOST_SHOWN):
        clock.pin(A_MORNING + timedelta(days=turn))
        made = answer_back(answered.story, answered.reply.public_id, "Thank you.")
        with pytest.raises(Conflict, match="reading your last answer"):
            answer_back(answered.story, answered.reply.public_id, "Thank you again.")
        answer_decisions.publish(made, moira)
    with pytest.raises(Conflict, match="as many as show"):
        answer_back(answered.story, answered.reply.public_id, "And again.")


def test_words_of_crisis_in_an_answer_reach_those_on_call(answered: Answered, moira: Account) -> None:
    answer_back(answered.story, answered.reply.public_id, "I want to kill myself tonight.")
    assert _letters("crisis_alert") == 1


def test_someone_of_the_service_does_not_decide_about_it(answered: Answered, ruth: Account) -> None:
    made = answer_back(answered.story, answered.reply.public_id, "Thank you.")
    with pytest.raises(NotAllowed):
        answer_decisions.publish(made, ruth)


def test_nothing_is_answered_of_a_story_that_was_taken_back(answered: Answered, moira: Account) -> None:
    made = answer_back(answered.story, answered.reply.public_id, "Thank you.")
    withdraw(answered.story)
    with pytest.raises(Conflict, match="not public"):
        answer_back(answered.story, answered.reply.public_id, "Thank you.")
    with pytest.raises(Conflict, match="not public"):
        answer_decisions.publish(made, moira)
    assert answering_back.get(made.public_id).state == "submitted"
    assert queue.answers_back() == []


def test_verdicts_are_public_at_once_and_can_be_changed(client: FlaskClient, answered: Answered) -> None:
    addresses = {
        "reply": f"/api/v1/my-story/replies/{answered.reply.public_id}/verdict",
        "change": f"/api/v1/my-story/changes/{answered.change_id}/verdict",
    }
    for verdict in ("no", "partly"):
        for address in addresses.values():
            assert client.post(address, data={"verdict": verdict}, headers=answered.bearer).status_code == 200
    story = client.get(f"/api/v1/stories/{answered.story.public_id}").get_json()
    assert (story["replies"][0]["verdict"], story["changes"][0]["verdict"]) == ("partly", "partly")
    (change,) = client.get("/api/v1/services/RXH01/changes").get_json()["items"]
    assert change["verdicts"] == {"yes": 0, "partly": 1, "no": 0}
    refused = client.post(addresses["reply"], data={"verdict": "maybe"}, headers=answered.bearer)
    assert refused.get_json(force=True)["errors"] == {"verdict": ["Choose one of the three answers."]}
    withdraw(answered.story)
    assert (
        client.post(addresses["reply"], data={"verdict": "yes"}, headers=answered.bearer).status_code == 409
    )


def test_on_the_page_without_a_script(client: FlaskClient, answered: Answered) -> None:
    reply = {"token": answered.token, "reply": answered.reply.public_id}
    page = client.post(
        "/my-story", data={**reply, "step": "answer_back", "body": "Sister Joy Bell rang 07700 900123."}
    )
    assert "Look at it once more before you send it" in page.text
    assert "Sister Joy Bell rang 07700 900123.</textarea>" in page.text
    assert AnswerBack.select().count() == 0
    page = client.post("/my-story", data={**reply, "step": "send_answer", "body": "Sister Joy Bell rang."})
    assert "a moderator is reading it" in page.text
    again = client.post("/my-story", data={**reply, "step": "answer_back", "body": "And now?"})
    assert (again.status_code, "What you wrote now was not sent." in again.text) == (409, True)
    judged = {"token": answered.token, "about": answered.reply.public_id, "step": "judge_reply"}
    page = client.post("/my-story", data={**judged, "verdict": "yes"})
    assert 'value="yes" aria-pressed="true"' in page.text
    assert Reply.get_by_id(answered.reply.id).verdict == "yes"


def test_nothing_on_the_page_is_of_another_story(client: FlaskClient, answered: Answered) -> None:
    other = tell().token
    for path in (f"replies/{answered.reply.public_id}/verdict", f"changes/{answered.change_id}/verdict"):
        refused = client.post(
            f"/api/v1/my-story/{path}", data={"verdict": "yes"}, headers={"Authorization": f"Bearer {other}"}
        )
        assert refused.status_code in (404, 409)


def test_a_reply_that_was_taken_down_leaves_its_author_the_note_and_the_reason(
    client: FlaskClient, answered: Answered, moira: Account
) -> None:
    taking_down.reply(answered.reply, moira, reason="identifies_someone")
    mine = client.get("/api/v1/my-story", headers=answered.bearer).get_json()
    assert mine["replies"] == []
    assert mine["taken_down"][0]["reason_text"] == "It turned out to show who someone is."
    page = client.post("/my-story", data={"token": answered.token}).text
    assert "It turned out to show who someone is." in page
    assert answered.reply.body not in page
