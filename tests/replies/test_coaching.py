"""Whoever answers is advised by what patients found in good answers, and warned of what hurts."""

import time

import pytest

from tellback.replies import coaching
from tellback.replies.coaching import Told

TOLD = Told(
    words="A nurse rang my daughter at night. I waited hours for pain relief, and nobody came.",
    display_name="Kingfisher",
    negative=True,
    own_names=("St Elsewhere Hospital", "Ward 5"),
)
GOOD = (
    "Hello Kingfisher, my name is Ruth Hale and I am the matron of Ward 5. Thank you for telling us about "
    "the nurse who rang your daughter. I am sorry that you waited for pain relief: it happened because two "
    "nurses were away. I have shared your words with the night team. If you would like to talk, please ring "
    "me, or Joan Price, on 020 7946 0018, or write to ruth.hale@example.org."
)
WELSH = (
    "Fy enw i yw Rhian Pugh a fi yw metron y ward. Diolch am rannu eich stori am y nyrs gyda'r nos. Mae'n "
    "ddrwg gennym i chi aros am feddyginiaeth. Digwyddodd hyn oherwydd prinder staff. Rydym wedi siarad "
    "gyda'r tîm nos. Cysylltwch â fi ar 020 7946 0018 neu rhian.pugh@example.org."
)


def look_at(body: str, told: Told = TOLD, lang: str = "en", name: str = "Ruth Hale") -> coaching.Coaching:
    return coaching.look_at({"body": body, "lang": lang, "responder_name": name}, told)


def met(coached: coaching.Coaching) -> set[str]:
    return {hint.slug for hint in coached.asked if hint.met}


def warned(body: str, told: Told = TOLD) -> dict[str, tuple[str, ...]]:
    return {hint.slug: hint.examples for hint in look_at(body, told).warnings}


def test_a_good_answer_has_it_all_and_no_warning() -> None:
    coached = look_at(GOOD)
    assert [hint.slug for hint in coached.asked if not hint.met] == []
    assert coached.warnings == ()


def test_the_same_is_found_in_welsh() -> None:
    told = Told("Roedd nyrs gyda'r nos yn garedig. Arhosais am y meddyginiaeth.", "cy", negative=True)
    coached = look_at(WELSH, told, "cy", "Rhian Pugh")
    assert [hint.slug for hint in coached.asked if not hint.met] == []
    assert coached.warnings == ()


def test_nothing_written_yet_has_everything_to_do_and_no_warning() -> None:
    coached = look_at("")
    assert met(coached) == set()
    assert coached.warnings == ()


@pytest.mark.parametrize(
    ("left_out", "slug"),
    [
        ("my name is Ruth Hale and I am the matron of Ward 5. ", "introduces"),
        ("Thank you for telling us", "thanks"),
        ("I am sorry that you waited for pain relief: it happened", "apologises"),
        ("because two nurses were away", "explains"),
        ("I have shared your words with the night team. ", "acts"),
        (", or write to ruth.hale@example.org", "two_ways"),
    ],
)
def test_what_is_left_out_is_asked_for(left_out: str, slug: str) -> None:
    assert left_out in GOOD
    said = GOOD.replace("it happened", "") if slug == "explains" else GOOD
    assert slug not in met(look_at(said.replace(left_out, "")))


def test_a_department_is_nobody() -> None:
    body = "Please contact the Patient Advice Team on 020 7946 0018 or at team@example.org."
    assert "names_a_person" not in met(look_at(body))
    assert "names_a_person" in met(look_at(body.replace("the Patient Advice Team", "Joan Price")))


def test_an_answer_that_fits_any_story_is_not_about_this_one() -> None:
    assert "specific" not in met(look_at("Thank you for your feedback. We take all comments seriously."))


def test_nobody_is_asked_to_be_sorry_for_what_went_well() -> None:
    coached = look_at("Thank you.", Told("The tea was lovely."))
    assert "apologises" not in {hint.slug for hint in coached.asked}


def test_each_advice_says_where_it_comes_from() -> None:
    for hint in (*look_at("").asked, *look_at("Sorry if you feel so. Contact PALS.").warnings):
        assert hint.source.url.startswith("https://")
        assert hint.advice


def test_sorry_if_is_no_apology() -> None:
    body = "We are sorry if you feel this way."
    assert "apologises" not in met(look_at(body))
    assert "non_apology" in warned(body)


def test_pals_alone_is_no_answer_and_beside_a_person_it_is_one_way() -> None:
    assert "complaints_desk_alone" in warned("Please contact PALS.")
    assert "complaints_desk_alone" not in warned("Please ring me, Joan Price, or contact PALS.")


@pytest.mark.parametrize(
    "body",
    [
        "I remember your appointment well.",
        "Looking at your records, you were seen at nine.",
        "We are sorry about your appointment on Tuesday.",
        "When you came to us on 3 March it was busy.",
        "We have identified you from what you wrote.",
    ],
)
def test_it_warns_of_guessing_who_the_author_is(body: str) -> None:
    assert "guesses_author" in look_at(body).serious


@pytest.mark.parametrize(
    "body",
    [
        "Please confirm your date of birth.",
        "Could you let us know your full name and hospital number?",
        "Tell us who you are.",
    ],
)
def test_it_warns_of_asking_who_they_are_where_everyone_reads(body: str) -> None:
    assert "asks_identity" in look_at(body).serious


def test_it_warns_of_names_but_not_of_those_that_are_welcome() -> None:
    assert warned("Thank you, Mrs Jones. Dr Patel is told.")["names_somebody"] == ("Mrs Jones", "Dr Patel")
    assert "names_somebody" not in warned("Dear Kingfisher, I am Ruth Hale. Please ring Joan Price.")
    assert "names_somebody" in warned("Your NHS number is 943 476 5919.")


def test_it_warns_of_text_used_before() -> None:
    before = "Thank you for your feedback. We passed it to the team and they were very pleased to read it."
    told = Told(words="The tea was lovely.", earlier=("Something else.", before))
    assert "used_before" in warned(before.replace("very pleased", "pleased"), told)
    assert "used_before" not in warned(GOOD, told)


def test_it_warns_of_the_language_of_services_and_of_length() -> None:
    found = warned("Going forward we will utilise robust pathways. " + "Words upon words. " * 120)
    assert found["jargon"] == ("going forward", "utilise", "robust")
    assert "too_long" in found


def test_in_another_language_it_says_that_it_could_not_be_checked() -> None:
    coached = look_at("Dziękujemy za wszystko, co Pani napisała.", lang="pl")
    assert not coached.language_read
    assert {hint.met for hint in coached.asked} == {None}


def test_no_pattern_is_slow_on_hostile_words() -> None:
    repeated = ("we ", "your ", "confirm ", "i am ", "Aa ", "sorry to hear that you ")
    began = time.process_time()
    for words in repeated:
        look_at(words * (4000 // len(words)))
    assert time.process_time() - began < 2
