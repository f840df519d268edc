"""Letters that cases cause leave by a real SMTP server: to those on call, to the author, to whoever asked."""

import dataclasses
from email import message_from_bytes, policy
from typing import Any

from tellback import rounds
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.authorship import own_cases
from tellback.config import Settings
from tellback.moderation import case_closing, case_requests, case_steps, cases, decisions
from tellback.moderation.case_requests import Request
from tellback.stories.models import Story
from tests.letters import plain
from tests.people import make_account, tell

WORRY = "She says that her carer hits her."
QUESTION = "Is somebody with you?"


def letters(settings: Settings, inbox: tuple[Any, str]) -> dict[tuple[str, str], str]:
    """The texts of all letters that go out now, by whom they go to and what they say on top."""
    inbox[0].letters.clear()
    rounds.go_round(dataclasses.replace(settings, smtp_url=inbox[1]))
    read = [message_from_bytes(one.content, policy=policy.default) for one in inbox[0].letters]
    return {(one["To"], one["Subject"]): plain(one) for one in read}


def a_story(by: Account) -> Story:
    story = tell(title="A night", contact_email="ada@example.org").story
    decisions.open_for_review(story, by)
    return story


def test_safeguarding_writes_to_those_on_call_and_asks_the_author_without_a_word_of_it(
    moira: Account, settings: Settings, inbox: tuple[Any, str]
) -> None:
    make_account("Noor", Role.MODERATOR)
    story = a_story(moira)
    letters(settings, inbox)
    case = cases.escalate(story, story.revision, moira, why=WORRY)
    case_steps.ask(case, moira, QUESTION)
    sent = letters(settings, inbox)
    on_call = sent["noor@example.org", "A case is open: Safeguarding"]
    assert f"https://stories.example/admin/cases/{case.public_id}" in on_call
    author = sent["ada@example.org", "We have a question for you"]
    assert "https://stories.example/my-story#" in author
    for text in sent.values():
        assert WORRY not in text
        assert QUESTION not in text
    assert "afeguard" not in author


def test_an_author_hears_that_somebody_else_looked(
    moira: Account, settings: Settings, inbox: tuple[Any, str]
) -> None:
    story = a_story(moira)
    decisions.reject(story, story.revision, moira, reason="commercial", message="")
    own_cases.appeal(Story.get_by_id(story.id), "I bought nothing.")
    letters(settings, inbox)
    noor = make_account("Noor", Role.MODERATOR)
    case_closing.close(cases.of_story(story)[0], noor, outcome="stands", answer="It names a shop.")
    (text,) = letters(settings, inbox).values()
    assert "We stay with what we decided." in text
    assert "It names a shop." not in text


def test_who_asked_gets_a_receipt_and_the_answer(
    moira: Account, settings: Settings, inbox: tuple[Any, str]
) -> None:
    story = a_story(moira)
    decisions.publish(story, story.revision, moira)
    letters(settings, inbox)
    asked = Request("about_me", "The tall porter is me.", "Una Quillfeather", "una@example.org", "en")
    case = case_requests.ask(story.public_id, asked)
    sent = letters(settings, inbox)
    receipt = sent["una@example.org", "We have your request"]
    assert case.public_id in receipt
    assert f"https://stories.example/stories/{story.public_id}" in receipt
    assert "usually within 5 working days" in receipt
    case_closing.close(case, moira, outcome="stays", answer="Nobody could know that it is you.")
    sent = letters(settings, inbox)
    assert "Nobody could know that it is you." in sent["una@example.org", "We have looked at your request"]
