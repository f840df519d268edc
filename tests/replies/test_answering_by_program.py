"""A program answers for somebody, by a token of theirs, and asks what became of the answer."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts import people, tokens
from tellback.accounts.models import Account, ApiToken
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import reply_decisions
from tellback.outbox.models import OutboxMessage
from tellback.replies.models import Reply
from tellback.stories.models import Story
from tests.conftest import A_MORNING
from tests.people import tell, tell_and_publish

WORDS = {"service": "RXH01", "responder_name": "Ruth Hale", "responder_role": "Matron", "body": "Thank you."}


@pytest.fixture
def story(moira: Account) -> Story:
    """A published story about St Elsewhere."""
    return tell_and_publish(moira)


@pytest.fixture
def token(ruth: Account) -> str:
    """A token of Ruth's."""
    return tokens.make(ruth, "Datix", 30)


def send(client: FlaskClient, story: Story, token: str, key: str = "", **changes: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return client.post(
        f"/api/v1/stories/{story.public_id}/replies", json={**WORDS, **changes}, headers=headers
    )


def look(client: FlaskClient, reply_id: str, token: str) -> Any:
    return client.get(f"/api/v1/replies/{reply_id}", headers={"Authorization": f"Bearer {token}"})


def test_it_answers_and_hears_what_became_of_it(
    client: FlaskClient, story: Story, token: str, moira: Account
) -> None:
    sent = send(client, story, token, body="Please contact PALS.")
    assert sent.status_code == 201
    assert sent.json["state"] == "submitted"
    assert sent.json["look_again"][0]["words"] == ["pals"]
    assert sent.headers["Location"] == f"/api/v1/replies/{sent.json['id']}"
    assert Reply.get().via == "api"
    reply_decisions.send_back(Reply.get(), moira, note="Say who can be rung.")
    seen = look(client, sent.json["id"], token)
    assert (seen.json["state"], seen.json["note"]) == ("returned", "Say who can be rung.")
    assert seen.headers["Cache-Control"] == "no-store"


def test_one_key_sends_one_reply(client: FlaskClient, story: Story, token: str) -> None:
    key = "0123456789abcdef"
    first, again = send(client, story, token, key), send(client, story, token, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["id"] == again.json["id"]
    other = send(client, story, token, key, body="Something else.")
    assert (other.status_code, other.mimetype) == (422, "application/problem+json")
    assert Reply.select().count() == 1


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer tellback_wrong", "Basic abc"])
def test_without_a_good_token_nothing_is_sent(client: FlaskClient, story: Story, header: str) -> None:
    answer = client.post(
        f"/api/v1/stories/{story.public_id}/replies", json=WORDS, headers={"Authorization": header}
    )
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert Reply.select().count() == 0


def test_a_token_ends_with_its_time_its_owner_and_its_revocation(
    client: FlaskClient, story: Story, token: str, ruth: Account, moira: Account
) -> None:
    clock.pin(A_MORNING + timedelta(days=30))
    assert send(client, story, token).status_code == 401
    clock.pin(A_MORNING)
    people.suspend(ruth, by=moira)
    assert send(client, story, token).status_code == 401
    people.resume(Account.get_by_id(ruth.id), by=moira)
    tokens.revoke(ruth, ApiToken.get().id)
    assert send(client, story, token).status_code == 401
    assert Reply.select().count() == 0


def test_it_may_what_its_owner_may_now(
    client: FlaskClient, story: Story, token: str, gita: Account, ruth: Account
) -> None:
    theirs = tokens.make(gita, "Another", 30)
    assert send(client, story, theirs).status_code == 403
    sent = send(client, story, token)
    assert look(client, sent.json["id"], theirs).status_code == 404
    ruth.memberships.model.delete().where(ruth.memberships.model.account == ruth).execute()
    assert look(client, sent.json["id"], token).status_code == 404


def test_what_is_wrong_is_said_by_field(client: FlaskClient, story: Story, token: str) -> None:
    answer = send(client, story, token, body="", colour="red")
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"body", "colour"}


def test_a_story_nobody_may_read_is_not_found(client: FlaskClient, token: str) -> None:
    assert send(client, tell().story, token).status_code == 404


def test_a_token_is_kept_as_a_hash_and_its_owner_is_told(token: str, ruth: Account) -> None:
    kept = ApiToken.get()
    assert token not in str(vars(kept))
    assert kept.used_at is None
    assert tokens.account_of(token, tokens.Scope.REPLIES_WRITE) == ruth
    assert ApiToken.get().used_at == A_MORNING
    assert OutboxMessage.get(OutboxMessage.kind == "sign_in_changed").recipient_id == str(ruth.id)


def test_tokens_are_for_those_who_answer_and_not_without_number(
    token: str, ruth: Account, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAllowed):
        tokens.make(moira, "Datix", 30)
    with pytest.raises(InvalidInput):
        tokens.make(ruth, "", 31)
    monkeypatch.setattr(tokens, "MOST", 1)
    with pytest.raises(Conflict):
        tokens.make(ruth, "Another", 30)
