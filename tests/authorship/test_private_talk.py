"""On the private link an author talks to a service in private, by program and without a script."""

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.moderation import decisions
from tellback.replies import relay, relay_reports
from tellback.stories.submission import Receipt
from tests.people import Places, tell

ADDRESS = "/api/v1/my-story/relay"


@pytest.fixture
def told(places: Places, moira: Account) -> Receipt:
    """A published story whose author holds the private link."""
    told = tell()
    decisions.open_for_review(told.story, moira)
    decisions.publish(told.story, told.story.revision, moira)
    return told


def answered(told: Receipt, by: Account) -> None:
    after = relay.messages_of(relay.threads_of(told.story)[0])[-1].id
    relay.write_as_service(told.story, "RXH01", "It can do that.", "Matron", by=by, after=after)


def test_by_program(told: Receipt, client: FlaskClient, ruth: Account) -> None:
    bearer = {"Authorization": f"Bearer {told.token}"}
    before = client.get(ADDRESS, headers=bearer).get_json()
    assert ([one["code"] for one in before["may_ask"]], before["talks"]) == (["RXH01"], [])
    said = {"service": "RXH01", "words": "Ring me on 020 7946 0018."}
    held = client.post(ADDRESS, headers=bearer, json=said)
    assert (held.status_code, held.get_json()["look_at"]) == (409, ["020 7946 0018"])
    sent = client.post(ADDRESS, headers=bearer, json={**said, "seen": held.get_json()["seen"]})
    assert sent.status_code == 201
    answered(told, ruth)
    first, second = (client.get(ADDRESS, headers=bearer) for _ in range(2))
    assert [m["new"] for m in first.get_json()["talks"][0]["messages"]] == [False, True]
    assert [m["new"] for m in second.get_json()["talks"][0]["messages"]] == [False, False]
    assert first.headers["Cache-Control"] == "no-store"
    client.post(f"{ADDRESS}/report", headers=bearer, json={"service": "RXH01"})
    assert relay_reports.waiting_count() == 1
    over = client.post(f"{ADDRESS}/end", headers=bearer, json={"service": "RXH01"}).get_json()
    assert over["talks"][0]["ended_text"].startswith("You ended this talk")
    assert client.post(f"{ADDRESS}/switch", headers=bearer, json={"on": False}).get_json()["on"] is False
    assert client.get(ADDRESS).status_code == 401


def test_on_the_page_nothing_typed_is_lost(told: Receipt, client: FlaskClient, ruth: Account) -> None:
    def press(step: str, **typed: str) -> str:
        box = "private-RXH01-"
        given = {"token": told.token, "step": step, "service": "RXH01", "box": box, **typed}
        return client.post("/my-story", data=given).text

    assert "What do you want to ask or tell them?" in press("")
    held = press("relay_send", words="My name is Ada Quokka. What was it?")
    assert "Send it all the same" in held
    assert "My name is Ada Quokka. What was it?</textarea>" in held
    empty = press("relay_send", words="")
    assert "Your message is still empty" in empty
    assert 'href="#private-RXH01-words"' in empty
    assert 'id="private-RXH01-words"' in empty
    assert "Was it the medicine?" in press("relay_send", words="Was it the medicine?")
    answered(told, ruth)
    assert "St Elsewhere Hospital, Matron" in press("")
    assert "You reported this talk" in press("relay_report", words="Rude.")
    assert "You ended this talk" in press("relay_close")
    assert "You take no private messages" in press("relay_off")
    assert "I want no private messages" in press("relay_on")
    withdraw(told.story)
    assert "Your story is not public any more, so nobody can write here." in press("")


def test_words_of_crisis_show_who_helps_at_once(told: Receipt, client: FlaskClient) -> None:
    typed = {"token": told.token, "step": "relay_send", "service": "RXH01"}
    assert "116 123" in client.post("/my-story", data={**typed, "words": "I want to end my life."}).text
    assert "116 123" not in client.post("/my-story", data={**typed, "words": "Thank you."}).text


def test_before_a_story_is_public_there_is_nobody_to_talk_to(places: Places, client: FlaskClient) -> None:
    page = client.post("/my-story", data={"token": tell().token, "step": ""})
    assert "in private" not in page.text
