"""Personal data in a text: numbers, addresses and dates by which a person could be found."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from tellback.screening.findings import Finding, marked
from tellback.screening.folding import Folded
from tellback.screening.matching import Check, matches
from tellback.screening.rulebook import patterns

FEWEST_PHONE_DIGITS = 7
"""A shorter number (999, 111, 116 123) is a public service, an age or a count."""

_PHONE = "phone_number"


def is_nhs_number(text: str) -> bool:
    """Say whether the digits of `text` are ten and the last is their check digit.

    The weights are 10 down to 2, the sum is taken modulo 11, the check digit is 11 less the rest; 11 is
    written 0 and 10 is never given out (datadictionary.nhs.uk, "NHS NUMBER"). One in eleven random numbers
    passes.
    """
    digits = [int(digit) for digit in re.sub("[^0-9]", "", text)]
    if len(digits) != 10:
        return False
    rest = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (11 - rest) % 11 == digits[9]


CHECKS: dict[str, Check] = {"nhs_number": is_nhs_number}
"""The checks that the rule book asks for, by their names in it."""


def find_personal_data(folded: Folded) -> list[Finding]:
    """Find personal data, in places of the folded text; findings may overlap one another.

    What is a telephone number is no NHS number, unless it is called one.
    """
    found: list[Finding] = []
    bare_nhs_numbers: list[Finding] = []
    for rule in patterns("personal_data"):
        (bare_nhs_numbers if rule.not_a_phone else found).extend(matches(rule, folded, CHECKS))
    found += _dialled(folded)

    phones = [(finding.start, finding.end) for finding in found if finding.rule == _PHONE]
    within_phone = marked(phones, len(folded.lower))
    return found + [nhs for nhs in bare_nhs_numbers if not any(within_phone[nhs.start : nhs.end])]


def _dialled(folded: Folded) -> Iterator[Finding]:
    """Yield what the world's numbering plans hold for a number when it is dialled from the United Kingdom."""
    if folded.digits >= FEWEST_PHONE_DIGITS:
        for match in PhoneNumberMatcher(folded.plain, "GB", leniency=Leniency.VALID):
            yield Finding("personal_data", _PHONE, match.start, match.end, "sure", _PHONE)
