"""Personal data in a text: numbers, addresses, dates and names by which a person could be found."""

from collections.abc import Iterable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from tellback.screening.findings import Finding, marked
from tellback.screening.folding import Folded
from tellback.screening.matching import matches
from tellback.screening.rulebook import RulePattern

FEWEST_PHONE_DIGITS = 7
"""A shorter number (999, 111, 116 123) is a public service, an age or a count."""

MOST_TRIES = 500
"""So many numbers that are none in any plan nobody tells of: the rest of such a text is not tried."""

_PHONE = "phone_number"


def find_personal_data(rules: Iterable[RulePattern], folded: Folded) -> list[Finding]:
    """Find personal data by its rules, in places of the folded text; findings may overlap one another.

    What is a telephone number is no NHS number, unless it is called one.
    """
    found: list[Finding] = []
    bare_nhs_numbers: list[Finding] = []
    for rule in rules:
        (bare_nhs_numbers if rule.not_a_phone else found).extend(matches(rule, folded))
    found += _dialled(folded)

    phones = [(finding.start, finding.end) for finding in found if finding.rule == _PHONE]
    within_phone = marked(phones, len(folded.lower))
    return found + [nhs for nhs in bare_nhs_numbers if not any(within_phone[nhs.start : nhs.end])]


def _dialled(folded: Folded) -> Iterator[Finding]:
    """Yield what the world's numbering plans hold for a number when it is dialled from the United Kingdom."""
    if folded.digits >= FEWEST_PHONE_DIGITS:
        for match in PhoneNumberMatcher(folded.plain, "GB", Leniency.VALID, MOST_TRIES):
            yield Finding("personal_data", _PHONE, match.start, match.end, "sure", _PHONE)
