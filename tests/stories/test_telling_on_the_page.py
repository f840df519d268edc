"""/tell: the same story told on pages that need no JavaScript."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from peewee import OperationalError
from werkzeug.test import TestResponse

from tellback.organisations import complaints
from tellback.organisations.models import Service
from tellback.stories import submission
from tellback.stories.models import Story, StoryService, StoryTopic, StoryVersion
from tests.people import a_story

OWN = {"Origin": "https://stories.example"}


def _key(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="([^"]+)"', html)
    assert found
    return found[1]


def _post(client: FlaskClient, step: str, **answers: Any) -> TestResponse:
    return client.post("/tell", data=a_story(step=step, **answers), headers=OWN)


def test_a_story_is_told_checked_changed_and_sent(client: FlaskClient) -> None:
    form = client.get("/tell?service=RXH01&way=long")
    assert "St Elsewhere Hospital" in form.text
    assert "Overall, how was your experience of our service?" in form.text
    answers = a_story(
        idempotency_key=_key(form.text),
        feelings=["positive:calm", "negative:worried"],
        topics=["food", "pain"],
        topic_words="Biscuits",
        way="long",
    )

    check = client.post("/tell", data=answers | {"step": "check"}, headers=OWN)
    assert check.status_code == 200
    assert "The nurse sat with me" in check.text
    assert "Food, Pain" in check.text
    assert "Calm, Worried" in check.text
    assert Story.select().count() == 0

    change = client.post("/tell", data=answers | {"step": "change"}, headers=OWN)
    assert "The nurse sat with me" in change.text
    assert len(re.findall(r'name="topics"[^>]* checked', change.text)) == 2

    sent = client.post("/tell", data=answers | {"step": "send"}, headers=OWN)
    assert sent.status_code == 200
    assert "https://stories.example/my-story#" in sent.text
    assert StoryVersion.get().feelings == ["positive:calm", "negative:worried"]
    assert [row.topic.slug for row in StoryTopic.select().order_by(StoryTopic.id)] == ["food", "pain"]
    assert Story.get().topic_words == "Biscuits"


def test_first_a_person_chooses_a_story_short_or_longer_or_a_complaint(client: FlaskClient) -> None:
    complaints.keep(
        complaints.about("RXH01"),
        name="The PALS desk",
        phone="01632 960001",
        email="pals@st-elsewhere.example",
    )
    ways = client.get("/tell?service=RXH01").text
    assert 'href="/tell?service=RXH01&amp;way=short"' in ways
    assert 'href="/tell?service=RXH01&amp;way=long"' in ways
    assert "The PALS desk" in ways
    assert 'href="tel:01632960001"' in ways
    assert 'href="mailto:pals@st-elsewhere.example"' in ways
    assert "A story alone does not start a complaint." in ways


def test_a_page_about_a_topic_cannot_say_yet_who_takes_complaints(client: FlaskClient) -> None:
    assert "Say first which service it is about." in client.get("/tell?topic=food").text


def test_the_short_way_asks_little_and_keeps_what_the_longer_one_was_told(client: FlaskClient) -> None:
    short = client.get("/tell?service=RXH01&way=short").text
    for field in ("body", "lang", "author_role", "consent_publish"):
        assert f'name="{field}"' in short
    for field in ("what_was_good", "topics", "contact_email", "overall_experience"):
        assert f'name="{field}"' not in short
    checked = _post(client, "check", way="short", what_was_good="The tea").text
    assert 'name="what_was_good" value="The tea"' in checked
    assert "Add What could be better?" in checked
    assert "Add What was good?" not in checked
    longer = _post(client, "add", way="short", what_was_good="The tea").text
    assert 'name="way" value="long"' in longer
    assert 'name="topics"' in longer


def test_what_is_wrong_in_the_longer_way_is_shown_there(client: FlaskClient) -> None:
    refused = _post(client, "check", way="short", contact_email="ada at home")
    assert refused.status_code == 422
    assert 'id="contact_email"' in refused.text


def test_more_services_are_found_and_ticked(client: FlaskClient) -> None:
    found = _post(client, "find", way="short", services_q="elm")
    assert found.status_code == 200
    assert "We found 1 service." in found.text
    assert re.search(r'name="service"[^>]* value="G81001"', found.text)
    assert "The nurse sat with me" in found.text
    _post(client, "send", service=["RXH01", "G81001"])
    told = [row.service.code for row in StoryService.select().order_by(StoryService.id)]
    assert told == ["RXH01", "G81001"]


def test_a_search_that_finds_nothing_or_is_too_long_loses_nothing(client: FlaskClient) -> None:
    assert "We found nothing for “xyz”." in _post(client, "find", services_q="xyz").text
    assert "The nurse sat with me" in _post(client, "find", services_q="").text
    refused = _post(client, "find", services_q="x" * 201)
    assert refused.status_code == 422
    assert "The nurse sat with me" in refused.text


def test_a_story_about_nothing_is_not_taken_and_not_lost(client: FlaskClient) -> None:
    for step in ("check", "send"):
        refused = _post(client, step, service=[])
        assert refused.status_code == 422
        assert "Say which service your story is about." in refused.text
        assert "The nurse sat with me" in refused.text
    refused = _post(client, "check", service=["RXH01", "GONE"])
    assert "We know no service with the code GONE." in refused.text
    assert "The nurse sat with me" in refused.text


def test_what_could_show_who_someone_is_is_marked_with_other_words(client: FlaskClient) -> None:
    body = "Dr Shah came. My nurse, Joy, did too. Ring 07700 900123."
    checked = _post(client, "check", body=body, display_name="Mr Patel").text
    assert "4 places could show who someone is" in checked
    assert "Write “A doctor”" in checked
    assert "Leave out “Joy”" in checked
    assert "Write “a phone number”" in checked
    assert "This looks like a way to reach someone." in checked

    once = _post(client, "check:body:0:7", body=body)
    assert "We wrote “A doctor”." in once.text
    assert 'name="body" value="A doctor came. My nurse, Joy, did too.' in once.text
    again = _post(client, "check:body:25:28", body="A doctor came. My nurse, Joy, did too.")
    assert "We left those words out." in again.text
    assert 'name="body" value="A doctor came. My nurse did too."' in again.text
    assert Story.select().count() == 0


def test_advice_blocks_nothing_and_a_place_that_is_no_more_changes_nothing(client: FlaskClient) -> None:
    stale = _post(client, "check:body:0:7", body="A nurse came.")
    assert stale.status_code == 200
    assert 'name="body" value="A nurse came."' in stale.text
    assert _post(client, "check:nonsense", body="A nurse came.").status_code == 200
    assert "my-story#" in _post(client, "send", body="Dr Shah wants me dead. I want to die.").text


def test_the_services_own_doctor_is_no_advice(client: FlaskClient) -> None:
    Service.update(name="Dr Shah & Partners").where(Service.code == "RXH01").execute()
    assert "could show who someone is" not in _post(client, "check", body="Dr Shah was kind.").text


def test_words_of_crisis_show_who_helps_and_block_nothing(client: FlaskClient) -> None:
    for step in ("check", "change"):
        page = _post(client, step, body="I want to die.").text
        assert "Call 116 123" in page
        assert "Text 85258" in page
        assert "NHS 111, option 2" in page
        assert "You can still tell your story and send it." in page
    assert "Call 116 123" not in _post(client, "check").text


def test_in_a_language_that_is_not_checked_who_helps_is_always_shown(client: FlaskClient) -> None:
    for page in (
        client.get("/tell?service=RXH01&lang=pl").text,
        client.get("/tell?service=RXH01&way=short&lang=pl").text,
        _post(client, "check", lang="pl").text,
        _post(client, "check", lang="und").text,
    ):
        assert "116 123" in page
    unchecked = _post(client, "check", lang="und", body="Dr Shah").text
    assert "We cannot look for names in this language." in unchecked
    assert "Write “" not in unchecked


def test_the_lines_of_help_are_those_of_the_services_nation(client: FlaskClient) -> None:
    Service.update(postcode="BT9 7AB").where(Service.code == "RXH01").execute()
    page = _post(client, "check", body="I want to die.").text
    assert "Call 0808 808 8000" in page
    assert "111" not in client.get("/tell?service=RXH01").text
    assert "Overall, how was your experience" not in client.get("/tell?service=RXH01&way=long").text


def test_the_storys_language_goes_with_the_pages_until_it_is_chosen(client: FlaskClient) -> None:
    same = a_story(step="change", lang="en", page_lang="en")
    follows = client.post("/tell?lang=cy", data=same, headers=OWN)
    assert re.search(r'<option value="cy" selected', follows.text)
    chosen = client.post("/tell?lang=cy", data=same | {"lang": "pl"}, headers=OWN)
    assert re.search(r'<option value="pl" selected', chosen.text)


def test_a_name_to_show_is_suggested_and_stays_while_the_story_is_written(client: FlaskClient) -> None:
    suggestion = re.compile(r"For example: ([^.]+)\.")
    names = set()
    for number in range(8):
        page = _post(client, "change", idempotency_key=f"a-key-of-a-story-{number}").text
        again = _post(client, "change", idempotency_key=f"a-key-of-a-story-{number}").text
        (name,), (same,) = suggestion.findall(page), suggestion.findall(again)
        assert name == same
        assert len(name) <= 40
        names.add(name)
    assert len(names) > 5


def test_the_private_link_comes_as_a_code_and_can_be_sent_by_letter(client: FlaskClient) -> None:
    sent = _post(client, "send", contact_email="ada@example.org").text
    assert re.search(r'<svg class="tb-code" viewBox="0 0 \d+ \d+" role="img" aria-label="[^"]+"', sent)
    assert "style=" not in sent
    found = re.search(r'name="token" value="([^"]+)"', sent)
    assert found
    assert 'value="ada@example.org"' in sent
    form = {"token": found[1], "email": "bea@example.org"}
    letter = client.post("/my-story/letter", data=form, headers=OWN)
    assert (letter.status_code, letter.headers["Cache-Control"]) == (200, "no-store")
    assert "It is on its way to bea@example.org." in letter.text
    assert f"my-story#{found[1]}" in letter.text
    wrong = client.post("/my-story/letter", data=form | {"email": "bea at"}, headers=OWN)
    assert wrong.status_code == 422
    assert "Write the address like name@example.org." in wrong.text
    assert f"my-story#{found[1]}" in wrong.text
    lost = client.post("/my-story/letter", data=form | {"token": "nothing"}, headers=OWN)
    assert lost.status_code == 401
    assert "This link opens no story." in lost.text


def test_sending_twice_tells_one_story(client: FlaskClient) -> None:
    answers = a_story(idempotency_key=_key(client.get("/tell?service=RXH01&way=short").text), step="send")
    first, second = (client.post("/tell", data=answers, headers=OWN) for _ in range(2))
    links = {re.search(r"my-story#[\w-]+", page.text)[0] for page in (first, second)}  # type: ignore[index]
    assert len(links) == 1
    assert Story.select().count() == 1


@pytest.mark.parametrize("step", ["check", "send"])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: FlaskClient, step: str) -> None:
    answers = a_story(what_was_good="The tea & <kindness>", contact_email="ada at home", step=step)
    del answers["author_role"], answers["consent_publish"]
    response = client.post("/tell", data=answers, headers=OWN)
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert "Choose who you are in this story." in response.text
    assert "name@example.org" in response.text
    assert "The tea &amp; &lt;kindness&gt;" in response.text
    assert "The nurse sat with me" in response.text
    assert "ada at home" in response.text
    assert Story.select().count() == 0


def test_without_a_service_the_page_helps_to_find_one(client: FlaskClient) -> None:
    page = client.get("/tell")
    assert page.status_code == 200
    assert 'name="q"' in page.text
    found = client.get("/tell?q=elsewhere+hospital").text
    assert 'href="/tell?service=RXH01"' in found
    assert "We found nothing for “nowhere”." in client.get("/tell?q=nowhere").text
    assert client.get(f"/tell?q={'x' * 201}").status_code == 422


def test_a_story_about_a_topic_alone_is_told(client: FlaskClient) -> None:
    form = client.get("/tell?topic=multiple-sclerosis&way=short")
    assert "You can leave this empty if it was not about one service." not in form.text
    answers = a_story(topic="multiple-sclerosis", idempotency_key=_key(form.text), step="send")
    del answers["service"]
    assert "my-story#" in client.post("/tell", data=answers, headers=OWN).text


HEARTFELT = "I wrote this for an hour.\n\n</textarea><script>x</script> & more."


def _assert_kept(page: str) -> None:
    assert "Your story is still here" in page
    assert "I wrote this for an hour." in page
    assert 'name="body" value="I wrote this for an hour.' in page
    assert "&lt;script&gt;x&lt;/script&gt; &amp; more." in page
    assert "<script>x" not in page
    assert 'value="send"' in page


def test_at_the_limit_every_word_is_given_back_with_the_button(client: FlaskClient) -> None:
    answers = a_story(body=HEARTFELT, feelings=["positive:calm", "positive:safe"], step="send")
    for _ in range(10):
        assert client.post("/tell", data=answers).status_code == 200
    # Looking a story over is no telling.
    assert client.post("/tell", data=answers | {"step": "check"}).status_code == 200
    limited = client.post("/tell", data=answers)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3601")
    _assert_kept(limited.text)
    assert limited.text.count('name="feelings"') == 2
    assert "in 60 minutes" in limited.text
    assert Story.select().count() == 10


def test_while_the_database_is_away_every_word_is_given_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(submission, "submit", away)
    refused = client.post("/tell", data=a_story(body=HEARTFELT, step="send"), headers=OWN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    _assert_kept(refused.text)


def test_a_story_changed_after_it_was_sent_is_not_lost_and_not_sent_twice(client: FlaskClient) -> None:
    answers = a_story(idempotency_key=_key(client.get("/tell?service=RXH01&way=short").text), step="send")
    client.post("/tell", data=answers, headers=OWN)
    again = client.post("/tell", data=answers | {"body": "And one thing more."}, headers=OWN)
    assert again.status_code == 422
    assert "You have already sent this story" in again.text
    assert "And one thing more." in again.text
    assert "Try again" not in again.text
    assert Story.select().count() == 1


def test_another_pages_form_is_refused(client: FlaskClient) -> None:
    answers = a_story(step="send")
    response = client.post("/tell", data=answers, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403
    assert Story.select().count() == 0
