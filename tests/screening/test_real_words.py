"""Screening over real comments and names, where ../shared/data is at hand (never a part of the project)."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tellback.organisations.naming import readable
from tellback.screening import Finding, screen, screen_for_author, screen_story

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real comments and service lists of ../shared/data are not at hand"
)

# Most findings per 1,000 comments of what an author hears, about twice what was counted in November 2026 and
# read by eye; ages are rightly marked, and in a handful somebody is in distress.
CEILINGS = {"exact_date": 3.0, "persons_age": 15.0, "abuse": 4.0, "suicide": 2.0, "no_hope": 1.0}
CEILINGS |= {"self_harm": 1.0, "wanting_to_die": 1.5, "persons_name": 1.5, "place_number": 1.0}
CEILING_OF_THE_REST = 0.4
# The same of what the desk is shown besides, by kind.
ON_THE_DESK = {"crisis": 190.0, "safeguarding": 4.0, "personal_data": 25.0, "descriptor": 2.0, "abuse": 6.0}
ON_THE_DESK |= {"profanity": 1.5, "capitals": 1.0, "spam": 1.5, "complaint": 7.0, "wrong_service": 8.0}
# They are short (half have fewer than 56 characters): "Very good" tells nothing that happened.
ON_THE_DESK["not_an_experience"] = 100.0


@pytest.fixture(scope="module")
def comments() -> list[str]:
    return [row["text"] for row in _rows("patient_comments.csv")]


@pytest.fixture(scope="module")
def services() -> list[tuple[str, str]]:
    practices = [(row["name"], row["postcode"]) for row in _rows("ods_gp_practices.csv")]
    return practices + [(row["OrganisationName"], row["Postcode"]) for row in _rows("ods_hospitals.csv")]


def test_real_comments_raise_few_alarms(comments):
    counted = Counter(finding.rule for comment in comments for finding in screen_for_author(comment))
    for rule, count in counted.items():
        assert 1000 * count / len(comments) <= CEILINGS.get(rule, CEILING_OF_THE_REST), rule


@pytest.mark.long
def test_the_desk_is_shown_more_but_not_too_much(comments):
    counted = Counter(f.kind for comment in comments for _, f in screen_story({"body": comment}))
    for kind, count in counted.items():
        assert 1000 * count / len(comments) <= ON_THE_DESK[kind], kind


def test_no_official_name_is_a_finding_even_to_those_who_do_not_know_it(services):
    alarms = [
        written
        for name, _ in services
        for written in {name, name.lower(), name.title()}
        for finding in screen(written)
        # Registers write in capitals.
        if finding.kind != "capitals"
        and not (finding.rule == "persons_name" and re.search(r"\b(?:drs?|doctor)\b", name.lower()))
    ]
    assert alarms == []


def test_a_doctor_by_whose_name_a_practice_goes_is_no_finding_to_those_who_know_it(services):
    called = [name for name, _ in services if any(f.rule == "persons_name" for f in screen(readable(name)))]
    assert len(called) > 150
    for name in called:
        for doctor in re.findall(r"Drs? (?:[A-Z]+ )*[A-Z][a-z]+", readable(name)):
            assert [f for f in screen(f"I thank {doctor}.", [name]) if f.rule == "persons_name"] == [], name


def test_a_services_own_name_and_postcode_are_no_findings(services):
    alarms = [
        name
        for name, postcode in services
        if screen(f"At {name}, {postcode}, all was well", [name, postcode])
    ]
    assert alarms == []


def test_every_postcode_of_the_lists_is_known_with_and_without_its_space(services):
    for _, postcode in services:
        for written in (postcode, postcode.replace(" ", "")):
            (found,) = screen(f"near {written}.")
            assert found == Finding("personal_data", "postcode", 5, 5 + len(written), "sure", "postcode")


def test_few_postcodes_are_missed_in_small_letters(services):
    # "s3 4th" may be the fourth floor of ward S3: left out knowingly, and 13 of 7,984 pay for it.
    missed = {postcode for _, postcode in services if not screen(f"near {postcode.lower()}.")}
    assert len(missed) <= 15


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
