"""The staff screens for everyone who works at them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.moderation import flags
from tellback.replies import responding
from tests import people
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch
from tests.embedded import Staff

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"
RISKY = "Joy Bell rang me on 020 7946 0018. I want to end my life."


@pytest.fixture
def desk(tellback: Tellback, staff: Staff) -> str:
    """Stories and replies in every state, people to sign in as; the address of the staff area."""
    people.tell(title="A call", body=RISKY)
    people.tell(title="Another", body="Nothing to mark.")
    answered = staff.publish(title="A quiet night", redact="The nurse")
    staff.answer(answered, "Thank you.")
    staff.change(answered, "Quieter doors.", show=False)
    flags.tell(answered.public_id, "unsafe", "Ring me on 020 7946 0018.")
    waiting = staff.publish(title="A loud night", redact="The nurse")
    written = {
        "responder_name": "Ruth Ward",
        "responder_role": "Matron",
        "body": "We are sorry.",
        "lang": "en",
    }
    responding.reply(waiting, "RXH01", written, by=staff.ruth)
    staff.publish(title="A long wait")
    staff.remove(staff.publish(title="A mistake"))
    registration.add("mo@example.org", "Mo", PASSWORD, Role.MODERATOR)
    registration.add("rue@example.org", "Rue", PASSWORD, Role.RESPONDER, "RXH")
    return f"{tellback.url}/admin/"


def _signed_in(page: Page, desk: str, email: str) -> None:
    page.goto(desk)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def _follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    page.get_by_role("heading", level=1).wait_for()


def _sign_in(page: Page, desk: str) -> None:
    page.goto(desk)


def _wrong_password(page: Page, desk: str) -> None:
    page.goto(desk)
    page.get_by_label("Email address").fill("mo@example.org")
    page.get_by_label("Password").fill("three red ferries")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _queue(page: Page, desk: str) -> None:
    _signed_in(page, desk, "mo@example.org")


def _story(page: Page, desk: str) -> None:
    _queue(page, desk)
    _follow(page, "A call")


def _story_with_words_taken_out(page: Page, desk: str) -> None:
    _story(page, desk)
    page.get_by_role("button", name="Take it out").first.click()
    page.get_by_role("heading", name="Taken out").wait_for()
    page.get_by_text("See it as everyone will read it").click()


def _story_not_redacted(page: Page, desk: str) -> None:
    _story(page, desk)
    page.get_by_label("The exact words").fill("Words that are not there")
    page.get_by_role("button", name="Take them out").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _published_story(page: Page, desk: str) -> None:
    _story(page, desk)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("The story is published.").wait_for()
    page.go_back()
    page.reload()


def _reply_to_review(page: Page, desk: str) -> None:
    _queue(page, desk)
    _follow(page, "St Elsewhere Hospital")


def _reply_returned_without_a_note(page: Page, desk: str) -> None:
    _reply_to_review(page, desk)
    page.get_by_text("Send back to the service").first.click()
    page.get_by_role("button", name="Send back to the service").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _change_returned_without_a_note(page: Page, desk: str) -> None:
    _queue(page, desk)
    _follow(page, "Change made")
    page.get_by_text("Send back to the service").first.click()
    page.get_by_role("button", name="Send back to the service").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _report_settled_without_a_note(page: Page, desk: str) -> None:
    _queue(page, desk)
    page.get_by_role("link", name="Reports (1)").click()
    page.get_by_text("Settle it").first.click()
    page.get_by_role("button", name="Settle it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _own_stories(page: Page, desk: str) -> None:
    _signed_in(page, desk, "rue@example.org")


def _answer(page: Page, desk: str) -> None:
    _own_stories(page, desk)
    _follow(page, "Answer")


def _answer_with_errors(page: Page, desk: str) -> None:
    _answer(page, desk)
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _words_given_back(page: Page, desk: str) -> None:
    _answer(page, desk)
    page.get_by_label("Your role").fill("Matron")
    page.locator("textarea[name=body]").fill("It took me half an hour to find these words.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="You were signed out").wait_for()
    assert "half an hour" in page.get_by_label("What you wrote").input_value()


def _change_with_errors(page: Page, desk: str) -> None:
    _answer(page, desk)
    _follow(page, "We plan a change")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _own_changes(page: Page, desk: str) -> None:
    _own_stories(page, desk)
    page.get_by_role("link", name="Your changes").click()
    page.get_by_role("link", name="Record a change").wait_for()


SCREENS: dict[str, Callable[[Page, str], None]] = {
    "sign in": _sign_in,
    "a wrong password": _wrong_password,
    "the queue": _queue,
    "a story with words of crisis": _story,
    "a story with words taken out": _story_with_words_taken_out,
    "a story, words not found": _story_not_redacted,
    "a published story": _published_story,
    "a reply to read": _reply_to_review,
    "a reply sent back without a note": _reply_returned_without_a_note,
    "a change sent back without a note": _change_returned_without_a_note,
    "a report settled without a note": _report_settled_without_a_note,
    "a service's stories": _own_stories,
    "an answer": _answer,
    "an answer with errors": _answer_with_errors,
    "an answer sent after the session ended": _words_given_back,
    "a service's changes": _own_changes,
    "a change with errors": _change_with_errors,
}
REFUSED = {
    "a story, words not found": "422",
    "a reply sent back without a note": "422",
    "a change sent back without a note": "422",
    "a report settled without a note": "422",
    "an answer with errors": "422",
    "a change with errors": "422",
    "an answer sent after the session ended": "400",
}


@pytest.mark.parametrize("name", SCREENS)
def test_it_serves_everyone(name: str, desk: str, browse: Browse, watch: Watch) -> None:
    if name in REFUSED:
        watch.expects(f"console: Failed to load resource: .*{REFUSED[name]}")
    page = browse()
    SCREENS[name](page, desk)
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []
    assert checks.stops_without_visible_focus(page) == []
