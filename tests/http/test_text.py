"""What becomes of text that people write: one form, nothing unseen, said where it matters."""

import json
import unicodedata

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tellback.accounts.models import Account
from tellback.admin import history
from tellback.http.text import _LINE_ENDS, _UNSEEN, is_storable, taken_out, tidy
from tellback.stories.models import Story, StoryVersion
from tests.people import a_story

KEY = "0b0f3c0e-7a55-4a11-a3a6-2f6d6a1c9c11"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
STAYS = {
    "an accent as one character": ("caf\u00e9", "caf\u00e9"),
    "an accent as two, joined": ("cafe\u0301", "caf\u00e9"),
    "a stop that Arabic needs a mark for": ("قال (نعم)\u200f.", "قال (نعم)\u200f."),
    "the joiners of Persian and Hindi": ("می\u200cروم क्\u200dष", "می\u200cروم क्\u200dष"),
    "a family of emoji": ("👩\u200d👧", "👩\u200d👧"),
    "the flag of Scotland": (SCOTLAND, SCOTLAND),
    "lines and tabs": ("a\n\tb", "a\n\tb"),
    "ends of lines of every kind": ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
    "a mark at the start of a file": ("\ufeffHello", "Hello"),
}
GOES = {
    "NUL": ("a\x00b", "ab"),
    "an escape": ("\x1b[31mred", "[31mred"),
    "C1": ("a\x9bb", "ab"),
    "half a character": ("sad \ud83d", "sad"),
    "what turns the direction": ("a\u202etxt.exe\u202c", "atxt.exe"),
    "what isolates": ("\u2066a\u2069", "a"),
    "no character": ("a\uffff\ufdd0\U0010ffffb", "ab"),
    "letters for machines": ("hi\U000e0049\U000e0067", "hi"),
    "a region without a flag": (SCOTLAND[1:], ""),
}


@pytest.mark.parametrize(("given_", "kept"), STAYS.values(), ids=STAYS)
def test_what_a_language_needs_stays(given_: str, kept: str) -> None:
    assert tidy(given_, lines=True) == kept
    assert taken_out(given_) == 0


@pytest.mark.parametrize(("given_", "kept"), GOES.values(), ids=GOES)
def test_what_nobody_sees_goes(given_: str, kept: str) -> None:
    assert tidy(given_, lines=True) == kept
    assert taken_out(given_) > 0


def test_a_name_has_one_line() -> None:
    assert tidy(" Ann\r\n\u2028of\tElm  Street ", lines=False) == "Ann of Elm Street"


@given(st.text())
def test_what_is_tidy_stays_as_it_is_and_fits_every_database(text: str) -> None:
    tidied = tidy(text, lines=True)
    assert tidy(tidied, lines=True) == tidied
    assert unicodedata.is_normalized("NFC", tidied)
    assert taken_out(tidied) == 0
    assert is_storable(tidied)
    tidied.encode()


def test_the_author_and_the_desk_are_told_what_was_taken_out(client: FlaskClient, moira: Account) -> None:
    told = a_story(body="The nurse was \u202edník\u202c to me.\x00", title="A \u2067day\u2069")
    answer = client.post("/api/v1/stories?lang=en", json=told)
    assert answer.status_code == 201
    assert answer.get_json()["changed"] == [
        "We took out 5 characters that cannot be seen and may change how your words read."
    ]
    assert StoryVersion.get().body == "The nurse was dník to me."
    assert StoryVersion.get().title == "A day"
    said = [entry.text for entry in history.of_story(Story.get())]
    assert said == ["told the story (unseen characters taken out of it: 5)"]


def test_of_words_without_any_nothing_is_said(client: FlaskClient) -> None:
    assert client.post("/api/v1/stories", json=a_story(body="می\u200cروم")).get_json()["changed"] == []


def test_who_tells_on_our_page_is_told_too(client: FlaskClient) -> None:
    told = a_story(step="send", body="The nurse was \u202ekind.")
    page = client.post("/tell", data=told, headers={"Origin": "https://stories.example"})
    assert "We took out 1 character that cannot be seen" in page.text


def test_the_same_story_in_other_code_points_is_the_same_story(client: FlaskClient) -> None:
    first = client.post(
        "/api/v1/stories", json=a_story(body="The caf\u00e9 was kind.\n", idempotency_key=KEY)
    )
    again = client.post("/api/v1/stories", data=a_story(body="The cafe\u0301 was kind.", idempotency_key=KEY))
    assert [first.status_code, again.status_code] == [201, 201]
    assert first.get_json()["id"] == again.get_json()["id"]


@pytest.mark.parametrize("broken", ["\x00", "\ud83d"])
@pytest.mark.parametrize(
    "field", ["service", "site_key", "lang", "visited_on", "contact_email", "author_role"]
)
def test_a_code_with_what_cannot_be_stored_is_refused_by_name(
    client: FlaskClient, field: str, broken: str
) -> None:
    told = json.dumps({**a_story(), field: f"RXH01{broken}"})
    answer = client.post("/api/v1/stories", data=told, content_type="application/json")
    assert answer.status_code == 422
    assert set(answer.get_json(force=True)["errors"]) <= {field, "service"}
    assert Story.select().count() == 0


def test_an_address_of_one_line_is_an_address(client: FlaskClient) -> None:
    for email in ("ann@example.org\r\nBcc: all@example.org", "a\u202enn@example.org", "ann@exam\x00ple.org"):
        answer = client.post("/api/v1/stories", json=a_story(contact_email=email, consent_contact="true"))
        assert answer.status_code == 422
        assert "contact_email" in answer.get_json(force=True)["errors"]


def test_whatever_goes_goes_out_of_a_plain_line_too() -> None:
    # Of a text that Python could print nothing is looked for.
    everything = "".join(map(chr, range(0x110000)))
    goes = [found[0] for found in _UNSEEN.finditer(everything) if not _LINE_ENDS.match(found[0])]
    assert len(goes) > 2000
    assert {tidy(f"a {one}b", lines=True) for one in goes} == {"a b"}
    assert {taken_out(f"a {one}b") for one in goes} == {1}
    ends = {found[0] for found in _LINE_ENDS.finditer(everything)}
    assert {tidy(f"a{one}b", lines=True) for one in ends} == {"a\nb"}
