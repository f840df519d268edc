"""The staff screens for everyone who works at them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from tellback.accounts import registration
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import decisions, flags
from tellback.replies import answering_back, correcting, responding
from tellback.replies.models import Reply
from tellback.stories.models import PublishedText
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
    answering_back.answer_back(answered, Reply.get().public_id, "Is it Sister Joy Bell who sits there?")
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
    """Be signed in as this person, and at the first screen."""
    page.goto(desk)
    if page.get_by_role("link", name=email.split("@")[0].title(), exact=True).count():
        return
    page.context.clear_cookies()
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


def _queue_narrowed(page: Page, desk: str) -> None:
    _queue(page, desk)
    page.goto(f"{desk}stories?urgency=2")
    page.get_by_text("How you work here").click()
    page.get_by_label("Keep this view by a name").wait_for()


def _keys(page: Page, desk: str) -> None:
    _story(page, desk)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys on this page").wait_for()


def _search(page: Page, desk: str) -> None:
    _queue(page, desk)
    page.get_by_label("Find any story").fill("call")
    page.get_by_role("button", name="Find it").click()
    page.get_by_text("Filter", exact=True).click()
    page.get_by_role("heading", name="One story").wait_for()


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


def _dismissed_words(page: Page, desk: str) -> None:
    _story(page, desk)
    page.get_by_role("button", name="Never mark it again").first.click()
    page.get_by_text("Dismissed: 1").click()
    page.goto(f"{desk}dismissed")
    page.get_by_role("button", name="Mark them again").wait_for()


def _decision_without_a_reason(page: Page, desk: str) -> None:
    _story(page, desk)
    page.get_by_text("Do not publish", exact=True).first.click()
    page.get_by_role("button", name="Do not publish").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _decision_that_waits(page: Page, desk: str) -> None:
    story = people.tell(title="It waits").story
    mo = Account.get(Account.name == "Mo")
    decisions.open_for_review(story, mo)
    # Beyond the service's own clock, which goes on while that of a test stands.
    decisions.publish(story, story.revision, mo, level=3, wait=timedelta(days=400))
    _queue(page, desk)
    _follow(page, "It waits")
    page.get_by_role("heading", name="Decided, not yet sent").wait_for()


def _published_story(page: Page, desk: str) -> None:
    _story(page, desk)
    page.get_by_role("radio", name="0 Not critical").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("The story is published.").wait_for()
    page.go_back()
    page.reload()


def _nothing_taken_down_without_a_reason(page: Page, desk: str) -> None:
    _signed_in(page, desk, "mo@example.org")
    quiet = PublishedText.get(PublishedText.title == "A quiet night").story
    page.goto(f"{desk}stories/{quiet.public_id}/thread")
    page.get_by_text("Take this reply down").click()
    page.get_by_role("button", name="Take it down").first.click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _correcting(page: Page, desk: str) -> None:
    _signed_in(page, desk, "rue@example.org")
    page.goto(f"{desk}replies/{Reply.get(Reply.body == 'Thank you.').public_id}/correct")
    page.get_by_role("button", name="Send the correction").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _a_correction(page: Page, desk: str) -> None:
    reply = Reply.get(Reply.body == "Thank you.")
    written = {"responder_name": "Rue", "responder_role": "Matron", "body": "Sorry.", "lang": "en"}
    made = correcting.correct(reply, written, by=Account.get(Account.email == "rue@example.org"))
    _signed_in(page, desk, "mo@example.org")
    page.goto(f"{desk}corrections/{made.public_id}")


def _reply_to_review(page: Page, desk: str) -> None:
    _queue(page, desk)
    _follow(page, "St Elsewhere Hospital")


def _reply_returned_without_a_note(page: Page, desk: str) -> None:
    _reply_to_review(page, desk)
    page.get_by_text("Send back to the service").first.click()
    page.get_by_role("button", name="Send back to the service").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _answer_not_shown_without_a_note(page: Page, desk: str) -> None:
    _queue(page, desk)
    page.get_by_label("Answers of authors").get_by_role("link", name="A quiet night").click()
    page.get_by_text("Do not publish").first.click()
    page.get_by_role("button", name="Do not publish").click()
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


def _answer_with_advice(page: Page, desk: str) -> None:
    _answer(page, desk)
    page.get_by_label("What you want to say").fill("Thank you. Looking at your records, contact PALS.")
    page.get_by_role("button", name="Check my reply").click()
    page.get_by_role("heading", name="Look again").wait_for()


def _token(page: Page, desk: str) -> None:
    _own_stories(page, desk)
    page.goto(f"{desk}account/tokens")
    page.get_by_label("Which program is it for?").fill("Our feedback system")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_text("It is shown this once.").wait_for()


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


def _alerts(page: Page, desk: str) -> None:
    _own_stories(page, desk)
    page.goto(f"{desk}alerts/new")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("The alert is kept.").wait_for()
    page.get_by_text("Pause it while you are away").first.click()


def _alert_with_errors(page: Page, desk: str) -> None:
    _own_stories(page, desk)
    page.goto(f"{desk}alerts/new")
    page.get_by_label("From").fill("20:00")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _digest(page: Page, desk: str) -> None:
    _own_stories(page, desk)
    page.goto(f"{desk}digest")
    page.get_by_text("The numbers as a table").click()


def _webhook(page: Page, desk: str) -> None:
    registration.add("wim@example.org", "Wim", PASSWORD, Role.WEBMASTER, "RXH")
    _signed_in(page, desk, "wim@example.org")
    page.goto(f"{desk}webhooks/new")
    page.get_by_label("Where does your system listen?").fill("https://feedback.st-elsewhere.example/hook")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_role("button", name="Send a test").click()
    page.get_by_text("A test is on its way.").wait_for()


def _witness(page: Page, desk: str) -> None:
    registration.add("wes@example.org", "Wes", PASSWORD, Role.WEBMASTER, "RXH")
    _signed_in(page, desk, "wes@example.org")
    _follow(page, "You are a witness of the public ledger")


SCREENS: dict[str, Callable[[Page, str], None]] = {
    "sign in": _sign_in,
    "a wrong password": _wrong_password,
    "the queue": _queue,
    "the queue, narrowed": _queue_narrowed,
    "the list of keys": _keys,
    "a search": _search,
    "a story with words of crisis": _story,
    "a story with words taken out": _story_with_words_taken_out,
    "a story, words not found": _story_not_redacted,
    "words that are marked no more": _dismissed_words,
    "a decision without a reason": _decision_without_a_reason,
    "a decision that waits": _decision_that_waits,
    "a published story": _published_story,
    "nothing taken down without a reason": _nothing_taken_down_without_a_reason,
    "correcting a reply, the same": _correcting,
    "a correction": _a_correction,
    "a reply to read": _reply_to_review,
    "a reply sent back without a note": _reply_returned_without_a_note,
    "an author's answer, not shown without a note": _answer_not_shown_without_a_note,
    "a change sent back without a note": _change_returned_without_a_note,
    "a report settled without a note": _report_settled_without_a_note,
    "a service's stories": _own_stories,
    "an answer": _answer,
    "an answer with errors": _answer_with_errors,
    "an answer with advice": _answer_with_advice,
    "a token for a program": _token,
    "an answer sent after the session ended": _words_given_back,
    "a service's changes": _own_changes,
    "a change with errors": _change_with_errors,
    "one's alerts": _alerts,
    "an alert with errors": _alert_with_errors,
    "the weekly digest": _digest,
    "a webhook": _webhook,
    "a witness of the ledger": _witness,
}
REFUSED = {
    "a story, words not found": "422",
    "a decision without a reason": "422",
    "nothing taken down without a reason": "422",
    "correcting a reply, the same": "422",
    "a reply sent back without a note": "422",
    "an author's answer, not shown without a note": "422",
    "a change sent back without a note": "422",
    "a report settled without a note": "422",
    "an answer with errors": "422",
    "a change with errors": "422",
    "an alert with errors": "422",
    "an answer sent after the session ended": "400",
}


# So many walks share the screens, each with one desk: to fill it and sign in takes longer than a screen does.
WALKS = 2


@pytest.mark.parametrize("walk", range(WALKS))
def test_they_serve_everyone(walk: int, desk: str, browse: Browse, watch: Watch) -> None:
    page = browse()
    found = {}
    for name in list(SCREENS)[walk::WALKS]:
        if name in REFUSED:
            watch.expects(f"console: Failed to load resource: .*{REFUSED[name]}")
        SCREENS[name](page, desk)
        page.wait_for_load_state()
        found[name] = checks.problems(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
