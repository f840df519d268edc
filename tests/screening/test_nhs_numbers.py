"""An NHS number is known by its check digit, and is never taken for a telephone number, nor one for it."""

import random

import phonenumbers
import pytest

from tellback.screening import Finding, is_nhs_number, screen

FORMS = ("{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}")


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "450-557-7104", "4010232137"])
def test_a_right_check_digit_is_taken(text):
    assert is_nhs_number(text)


@pytest.mark.parametrize("text", ["", "943476591", "94347659190", "9434765918", "9434765910", "abc"])
def test_a_wrong_check_digit_or_length_is_refused(text):
    assert not is_nhs_number(text)


def test_a_number_whose_check_digit_would_be_ten_does_not_exist():
    # 10 * 1 + 2 * 1 = 12, 12 mod 11 = 1: the check digit would be 10.
    assert not any(is_nhs_number(f"100000001{digit}") for digit in range(10))


def test_every_nhs_number_now_given_out_is_found_in_each_way_of_writing_it():
    dice = random.Random(11)
    for _ in range(400):
        digits = _an_nhs_number(dice)
        for form in FORMS:
            written = form.format(digits[:3], digits[3:6], digits[6:])
            (found,) = screen(f"my number, {written}, was wrong")
            assert found == Finding(
                "personal_data", "nhs_number", 11, 11 + len(written), "sure", "nhs_number"
            )


def test_no_telephone_number_is_taken_for_an_nhs_number():
    dice = random.Random(44)
    tried = 0
    while tried < 400:
        number = phonenumbers.PhoneNumber(country_code=44, national_number=dice.randrange(10**9, 10**10))
        if not phonenumbers.is_valid_number(number):
            continue
        tried += 1
        for form in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
            written = phonenumbers.format_number(number, form)
            assert [f.rule for f in screen(f"ring {written} soon")] == ["phone_number"], written


def test_what_it_is_called_decides_between_the_two():
    assert [f.rule for f in screen("my phone number is 4505577104")] == ["phone_number"]
    assert [f.rule for f in screen("my NHS number is 450 557 7104")] == ["nhs_number"]


def _an_nhs_number(dice: random.Random) -> str:
    # England, Wales and the Isle of Man have 400 to 499 and 600 to 708 million, Northern Ireland 320 to 399.
    millions = [*range(400, 500), *range(600, 708), *range(320, 400)]
    while True:
        first_nine = dice.choice(millions) * 10**6 + dice.randrange(10**6)
        for digit in range(10):
            if is_nhs_number(f"{first_nine}{digit}"):
                return f"{first_nine}{digit}"
