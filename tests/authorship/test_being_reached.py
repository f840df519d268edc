"""How an author is reached, what they can take along, a lost link, and a link whose story was erased."""

import dataclasses
import json
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from tellback import clock, sealing
from tellback.accounts.models import Account
from tellback.authorship import lost_links
from tellback.authorship.erasure import erase
from tellback.authorship.own_edits import edit
from tellback.authorship.recipients import resolver
from tellback.moderation import decisions, redaction
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tellback.replies.answering_back import answer_back
from tellback.stories import contact, private_links, readings
from tellback.stories.models import AuthorContact, ErasedLink, LostLink, Story
from tests.authorship.conftest import Answered
from tests.conftest import A_MORNING
from tests.people import Places, tell

URL = "https://stories.example"


def _letters(kind: str) -> list[str]:
    return [m.recipient_id for m in OutboxMessage.select().where(OutboxMessage.kind == kind)]


def test_the_address_is_changed_deleted_and_never_shown_whole(
    client: FlaskClient, answered: Answered
) -> None:
    def reach(**asked: object) -> dict[str, object]:
        return dict(client.patch("/api/v1/my-story/contact", json=asked, headers=answered.bearer).get_json())

    assert (
        client.get("/api/v1/my-story", headers=answered.bearer).get_json()["contact"]["email"]
        == "a…@example.org"
    )
    messages.note_bounce("author", answered.story.public_id, 550)
    assert client.get("/api/v1/my-story", headers=answered.bearer).get_json()["contact"]["came_back"]
    assert "Our letter to you came back." in client.post("/my-story", data={"token": answered.token}).text
    assert reach(email="ada.b@example.net")["came_back"] is False
    assert contact.address_of(answered.story) == "ada.b@example.net"
    assert _letters("your_link") == [answered.story.public_id]
    assert reach(email=None)["email"] is None
    assert AuthorContact.select().count() == 0


def test_letters_come_in_the_language_that_the_author_chose(client: FlaskClient, answered: Answered) -> None:
    chosen = client.post(
        "/my-story", data={"token": answered.token, "step": "set_language", "contact_lang": "cy"}
    )
    assert '<option value="cy" selected' in chosen.text
    assert contact.language_of(Story.get()) == "cy"
    to = resolver(URL)("author", answered.story.public_id)
    assert to is not None
    assert to.lang == "cy"
    wrong = client.patch("/api/v1/my-story/contact", json={"contact_lang": "xx"}, headers=answered.bearer)
    assert wrong.status_code == 422
    client.post("/my-story", data={"token": answered.token, "step": "set_language", "contact_lang": ""})
    assert contact.language_of(Story.get()) == "en"


def test_the_author_sees_which_services_read_it_and_never_who(
    client: FlaskClient, answered: Answered, places: Places, ruth: Account, gita: Account
) -> None:
    readings.record(answered.story, places.hospital, ruth)
    clock.pin(A_MORNING + timedelta(days=2))
    readings.record(answered.story, places.hospital, ruth)
    readings.record(answered.story, places.hospital, gita)
    (read,) = client.get("/api/v1/my-story", headers=answered.bearer).get_json()["read_by"]
    assert (read["service"]["name"], read["people"]) == ("St Elsewhere Hospital", 2)
    assert read["first_on"] == A_MORNING.date().isoformat()
    page = client.post("/my-story", data={"token": answered.token}).text
    assert "Read by 2 people at St Elsewhere Hospital, first on" in page
    assert ruth.name not in page.replace("Ruth Bell, Matron", "")


def test_all_that_is_kept_can_be_taken_along(
    client: FlaskClient, answered: Answered, places: Places, moira: Account
) -> None:
    story = answered.story
    edit(story, story.revision, {"body": "They came at three.", "display_name": "Bell ringer"})
    redaction.redact_words(
        story, Story.get().revision, "three", reason="exact_date", replacement="[a time]", by=moira
    )
    answer_back(story, answered.reply.public_id, "Who sits there?")
    decisions.publish(Story.get(), Story.get().revision, moira, wait=timedelta(minutes=10))
    kept = client.get("/api/v1/my-story/copy", headers=answered.bearer)
    assert kept.headers["Cache-Control"] == "no-store"
    all_of_it = kept.get_json()
    assert [one["body"] for one in all_of_it["versions"]] == ["They came at two.", "They came at three."]
    # What a moderator is working on, or has decided and can undo, is told to nobody yet.
    assert [one["act"] for one in all_of_it["decisions"]] == ["publish"]
    assert {one["act"].split(":")[0] for one in all_of_it["what_you_did"]} == {"story", "reply"}
    assert "decision:made" not in kept.text
    assert all_of_it["versions"][1]["edits"] == []
    assert all_of_it["contact"]["email"] == "ada@example.org"
    assert all_of_it["replies"][0]["answers_back"][0]["body"] == "Who sits there?"
    assert [one["step"] for one in all_of_it["receipts"]] == ["received", "published", "received"]
    assert "moira" not in kept.text.lower()
    file = client.post("/my-story", data={"token": answered.token, "step": "copy_file"})
    assert "attachment" in file.headers["Content-Disposition"]
    assert json.loads(file.text)["versions"] == all_of_it["versions"]
    page = client.post("/my-story", data={"token": answered.token, "step": "copy"}).text
    for said in ("They came at three.", "ada@example.org", "Who sits there?", "Your receipt"):
        assert said in page


def test_a_lost_link_goes_to_the_address_that_was_given_and_nowhere_else(client: FlaskClient) -> None:
    mine = [tell(contact_email="Ada@Example.org").story, tell(contact_email="ada@example.org").story]
    tell(contact_email="bea@example.org")
    answers = [
        client.post("/api/v1/lost-links", data={"email": email})
        for email in ("ada@example.org", "x@example.org")
    ]
    assert [(one.status_code, one.get_json()) for one in answers] == [(202, {"state": "asked"})] * 2
    assert _letters(lost_links.KIND) == []
    assert b"ada" not in b"".join(bytes(row.email_sealed) for row in LostLink.select())
    assert lost_links.answer_all() == 2
    assert sorted(_letters(lost_links.KIND)) == sorted(story.public_id for story in mine)
    assert LostLink.select().count() == 0
    # Asked again at once, nothing more goes.
    lost_links.ask("ada@example.org")
    assert lost_links.answer_all() == 0


def test_an_address_is_found_by_each_key_and_its_bucket_is_shared_by_many(places: Places) -> None:
    story = tell(contact_email="ada@example.org").story
    assert len(AuthorContact.get().bucket) == 2
    AuthorContact.update(bucket=None).execute()
    assert contact.stories_at("ada@example.org") == []
    contact.put_in_buckets()
    assert contact.stories_at("ADA@example.org") == [story]
    tell(contact_email="bea@example.org")
    AuthorContact.update(bucket=sealing.buckets("ada@example.org")[0]).execute()
    assert contact.stories_at("ada@example.org") == [story]


def test_on_the_page_every_address_is_answered_alike(app: Flask, client: FlaskClient) -> None:
    assert "Send my link again" not in client.get("/my-story").text
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], smtp_url="smtp://127.0.0.1:9")
    tell(contact_email="ada@example.org")
    pages = [
        client.post("/my-story/lost", data={"email": e}).text for e in ("ada@example.org", "x@example.org")
    ]
    assert pages[0] == pages[1]
    assert "a letter with its link is on its way" in pages[0]
    wrong = client.post("/my-story/lost", data={"email": "ada at example"})
    assert (wrong.status_code, "ada at example" in wrong.text) == (422, True)


def test_a_link_used_after_erasure_says_so_for_a_year(client: FlaskClient, answered: Answered) -> None:
    erase(answered.story)
    used = client.get("/api/v1/my-story", headers=answered.bearer)
    assert (used.status_code, used.get_json(force=True)["title"]) == (410, "It was erased")
    page = client.post("/my-story", data={"token": answered.token})
    assert (page.status_code, "This story was erased" in page.text) == (410, True)
    # Of the story nothing stands beside the hash.
    assert set(ErasedLink.get().__data__) == {"token_hash", "erased_on"}
    clock.pin(A_MORNING + private_links.WORD_KEPT + timedelta(days=1))
    private_links.forget_word()
    assert client.get("/api/v1/my-story", headers=answered.bearer).status_code == 401
