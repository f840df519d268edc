"""An administrator lists a phrase for a time: stories with it are kept as ever, and marked for the desk."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.audit import acts
from tellback.audit.acts import Act, time_line
from tellback.blocking import blocks, phrases
from tellback.blocking.models import Block
from tellback.errors import InvalidInput
from tellback.screening import RULES
from tellback.stories.models import StoryFinding
from tests.people import Places, tell

ADA = acts.staff(7)
BODY = "The nurse was kind. Visit  Cheap-Pills.example today,\nCHEAP PILLS for all."


def block(phrase: str = "cheap pills", days: int | None = 30, reason: str = "Spam") -> Block:
    return phrases.block(phrase, reason, days, by=ADA)


def marked(body: str) -> list[str]:
    story = tell(body=body).story
    version = story.versions.get()
    found = version.findings.where(StoryFinding.rule == phrases.RULE).order_by(StoryFinding.start)
    return [getattr(version, one.field)[one.start : one.end] for one in found if one.field == "body"]


def test_a_story_with_it_is_kept_and_marked(places: Places) -> None:
    made = block()
    story = tell(title="A visit", body=BODY).story
    assert story.state == "submitted"
    (finding,) = story.versions.get().findings.where(StoryFinding.rule == phrases.RULE)
    assert (finding.kind, finding.certainty, finding.field) == ("spam", "sure", "body")
    assert BODY[finding.start : finding.end] == "CHEAP PILLS"
    assert RULES[finding.rule].kind == "spam"
    assert blocks.get(made.id).times == 1


@pytest.mark.parametrize(
    ("phrase", "body", "found"),
    [
        ("cheap pills", "Cheap  pills, cheap\npills", ["Cheap  pills", "cheap\npills"]),
        ("CHEAP PILLS", "cheap pills", ["cheap pills"]),
        ("cheap pills", "cheap pillshop", []),
        ("cheap pills", "uncheap pills", []),
        ("cheap pills", "Not cheap; pills.", []),
        ("win £100!", "You win £100! Now", ["win £100!"]),
        ("don’t wait", "Don't wait", ["Don't wait"]),
        ("дешёвые таблетки", "ДЕШЁВЫЕ таблетки", ["ДЕШЁВЫЕ таблетки"]),
        ("a.b*c(d", "See a.b*c(d here", ["a.b*c(d"]),
    ],
)
def test_it_is_found_as_whole_words_in_any_case_and_spacing(
    places: Places, phrase: str, body: str, found: list[str]
) -> None:
    block(phrase)
    assert marked(body) == found


def test_after_its_end_it_is_marked_no_more_and_the_record_says_so(places: Places) -> None:
    made = block(days=7)
    assert marked("cheap pills") == ["cheap pills"]
    clock.pin(clock.now() + timedelta(days=7))
    assert marked("cheap pills") == []
    blocks.end_expired()
    assert [event.act for event in time_line("block", str(made.id))] == [Act.BLOCK_MADE, Act.BLOCK_EXPIRED]


@pytest.mark.parametrize("phrase", ["", "abc", "a - b!", "x" * 101])
def test_too_little_or_too_much_is_refused(places: Places, phrase: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        block(phrase)
    assert refused.value.errors == {"phrase": ["Write 4 letters or more, and up to 100 characters."]}


def test_what_is_listed_already_is_refused(places: Places) -> None:
    block()
    with pytest.raises(InvalidInput) as refused:
        block("Cheap   PILLS")
    assert refused.value.errors == {"phrase": ["It is on the list already."]}


def test_it_needs_a_reason_and_an_end(places: Places) -> None:
    with pytest.raises(InvalidInput) as refused:
        block("abc", days=1, reason="")
    assert list(refused.value.errors or {}) == ["reason", "days", "phrase"]
