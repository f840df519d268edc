"""A sentence is English to Python and says itself in another language when it goes out."""

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from tellback.translations.sentences import say, say_as, say_n, spoken
from tests.translations.conftest import Write


def test_it_is_plain_english_to_everything_in_python() -> None:
    sentence = say("We know no service with the code {code}.", code="X1")
    assert sentence == "We know no service with the code X1."
    assert f"{sentence}" == str(sentence) == "We know no service with the code X1."


def test_it_is_said_in_another_language_with_its_facts(write: Write) -> None:
    write("cy", {"Answer in {days} days.": "Atebwch o fewn {days} diwrnod."})
    assert spoken(say("Answer in {days} days.", days=2), "cy") == "Atebwch o fewn 2 diwrnod."


def test_what_is_not_translated_or_unsure_is_english(write: Write) -> None:
    path = write("cy", {"Yes": "Ie", "No": "Na"})
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "No"', '#, fuzzy\nmsgid "No"'), encoding="utf-8")
    assert [spoken(say(word), "cy") for word in ("Yes", "No", "Maybe")] == ["Ie", "No", "Maybe"]


def test_a_language_without_a_catalogue_is_english(folder: object) -> None:
    assert spoken(say("Yes"), "uk") == "Yes"


def test_facts_that_are_sentences_are_said_too_and_peoples_words_stay(write: Write) -> None:
    write("cy", {"{name} is empty.": "Mae {name} yn wag.", "Your story": "Eich stori"})
    assert spoken(say("{name} is empty.", name=say("Your story")), "cy") == "Mae Eich stori yn wag."
    assert spoken(say("{name} is empty.", name="{0} {name} %s"), "cy") == "Mae {0} {name} %s yn wag."


def test_a_number_takes_its_form_and_its_sign_between_thousands(write: Write) -> None:
    stories = "{count} story|{count} stories"
    write("pl", {stories: {0: "{count} historia", 1: "{count} historie", 2: "{count} historii"}})
    said = [say_n("{count} story", "{count} stories", n) for n in (1, 2, 5, 22, 12000)]
    assert said[-1] == "12,000 stories"
    assert [spoken(one, "pl") for one in said] == [
        "1 historia", "2 historie", "5 historii", "22 historie", "12\N{NO-BREAK SPACE}000 historii",
    ]  # fmt: skip


def test_a_context_tells_two_meanings_apart(write: Write) -> None:
    write("cy", {("a fruit", "date"): "datysen", ("of the calendar", "date"): "dyddiad"})
    assert spoken(say_as("a fruit", "date"), "cy") == "datysen"
    assert spoken(say_as("of the calendar", "date"), "cy") == "dyddiad"


def test_an_answer_is_said_with_all_that_is_in_it(write: Write) -> None:
    write("cy", {"Yes": "Ie"})
    assert spoken({"a": [say("Yes"), {"b": (say("Yes"), 1, None)}]}, "cy") == {
        "a": ["Ie", {"b": ("Ie", 1, None)}]
    }


def test_what_a_library_fills_in_stays_a_sentence(write: Write) -> None:
    write("cy", {"Choose one of the list.": "Dewiswch un o’r rhestr."})
    field = fields.String(validate=validate.OneOf(["a"], error=say("Choose one of the list.")))
    with pytest.raises(ValidationError) as refused:
        Schema.from_dict({"choice": field})().load({"choice": "{b}"})
    assert spoken(refused.value.messages_dict["choice"], "cy") == ["Dewiswch un o’r rhestr."]
