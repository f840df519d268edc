"""The service's own pages for everyone, in every state a person meets them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tellback import clock
from tellback.accounts.models import Account
from tellback.alerts.unsubscribing import Ends, address
from tellback.moderation import decisions, redaction, taking_down
from tellback.replies import answering_back, verdicts
from tellback.replies.models import AnswerBack, Reply
from tellback.stories import private_links
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch
from tests.embedded import STORY, Staff
from tests.people import tell

pytestmark = pytest.mark.browser


@dataclass
class Hosted:
    """The pages, with one published story that was answered and one that was taken down."""

    url: str
    story: str
    tombstone: str
    private_link: str


@pytest.fixture
def hosted(tellback: Tellback, staff: Staff) -> Hosted:
    told = staff.publish(
        title="A quiet night",
        redact="The nurse",
        what_was_good="The tea.",
        feelings=["positive:calm", "positive:safe"],
        overall_experience="very_good",
        display_name="Kingfisher",
        topic="multiple-sclerosis",
        consent_licence="true",
    )
    staff.answer(told, "Thank you. We told the night team.")
    staff.change(told, "A bell at every bed.", evidence="https://www.example.org/bells")
    staff.change(told, "A second nurse.", state="planned", why="Three of you asked.", on="2027-01-15")
    reply = Reply.get(Reply.story == told)
    answering_back.answer_back(told, reply.public_id, "Will the bell stay?")
    AnswerBack.update(state="published", published_at=clock.now()).execute()
    verdicts.of_reply(told, reply.public_id, "partly")
    Reply.update(corrected_at=clock.now()).execute()
    staff.answer(told, "Ring Joy Bell.", "RXH01")
    taking_down.reply(Reply.get(Reply.body == "Ring Joy Bell."), staff.moira, reason="identifies_someone")
    gone = staff.publish(title="A loud night")
    staff.remove(gone)
    link = private_links.address(tellback.url, private_links.again(told))
    return Hosted(tellback.url, told.public_id, gone.public_id, link)


def _at(path: str) -> Callable[[Page, Hosted], None]:
    return lambda page, hosted: page.goto(hosted.url + path.format(hosted=hosted)) and None


def _reported_with_errors(page: Page, hosted: Hosted) -> None:
    page.goto(f"{hosted.url}/stories/{hosted.story}/report")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _told_with_errors(page: Page, hosted: Hosted) -> None:
    page.goto(f"{hosted.url}/tell?service=RXH01&way=long")
    page.get_by_label("Email address (optional)").fill("no address")
    page.get_by_role("button", name="Check it first").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _a_complaint(page: Page, hosted: Hosted) -> None:
    page.goto(f"{hosted.url}/tell?service=RXH01")
    page.get_by_text("Make a complaint").click()
    page.get_by_text("A story alone does not start a complaint.").wait_for()


def _more_services(page: Page, hosted: Hosted) -> None:
    page.goto(f"{hosted.url}/tell?service=RXH01&way=short")
    page.get_by_text("Change or add a service").click()
    page.get_by_label("Name, town or postcode of a service").fill("elm")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("We found 1 service.").wait_for()


def _advised(page: Page, hosted: Hosted) -> None:
    _checked(page, hosted, "Dr Shah said on 12 March 2026: wait. My daughter Emma cried. I wanted to die.")
    page.get_by_role("button", name="Write “A doctor”").click()
    page.get_by_text("We wrote “A doctor”.").wait_for()
    page.get_by_role("heading", name="2 places could show who someone is").wait_for()
    page.get_by_role("link", name="Call 116 123").wait_for()
    page.get_by_text("You can add more").click()


def _checked(page: Page, hosted: Hosted, story: str = STORY) -> None:
    page.goto(f"{hosted.url}/tell?service=RXH01&way=short")
    page.get_by_label("What happened?").fill(story)
    page.get_by_text("The patient", exact=True).click()
    page.get_by_text("You may publish my story").click()
    page.get_by_role("button", name="Check it first").click()
    page.get_by_role("heading", name="Check it before you send it").wait_for()


def _sent(page: Page, hosted: Hosted) -> None:
    _checked(page, hosted)
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="Thank you. We have your story.").wait_for()
    page.get_by_text("Show a code for your phone").click()


def _letter_with_errors(page: Page, hosted: Hosted) -> None:
    _sent(page, hosted)
    page.get_by_text("Email it to me").first.click()
    page.get_by_label("Email address").fill("no address")
    page.get_by_role("button", name="Email it to me").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


# What the form would send, sent beforehand: as many times as asked.
_SEND_FIRST = """async (times) => {
    const form = document.querySelector("main form");
    const body = new URLSearchParams(new FormData(form));
    body.set("step", "send");
    for (let n = 0; n < times; n++) await fetch(form.action, { method: "POST", body });
}"""


def _sent_before(page: Page, hosted: Hosted) -> None:
    _checked(page, hosted)
    page.evaluate(_SEND_FIRST, 1)
    page.locator("input[name=body]").evaluate("it => { it.value += ' And one thing more.' }")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="You have already sent this story").wait_for()


def _at_the_limit(page: Page, hosted: Hosted) -> None:
    _checked(page, hosted)
    page.evaluate(_SEND_FIRST, 60)
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("button", name="Send it again").wait_for()


def _own_story(page: Page, hosted: Hosted) -> None:
    page.goto(hosted.private_link)
    page.get_by_role("heading", name="Your story is published, and the service has answered.").wait_for()


def _receipt(page: Page, hosted: Hosted) -> None:
    _own_story(page, hosted)
    page.get_by_text("Show my receipt").click()
    page.get_by_text("Copy all of it and keep it").wait_for()


def _in_the_ledger(page: Page, hosted: Hosted) -> None:
    page.goto(f"{hosted.url}/stories/{hosted.story}")
    page.get_by_text("In the public ledger").click()
    page.get_by_text("It reached us").wait_for()


def _erasing_it(page: Page, hosted: Hosted) -> None:
    _taking_it_back(page, hosted)
    page.get_by_role("button", name="Yes, take it back").click()
    page.get_by_role("button", name="Erase my words").click()
    page.get_by_role("heading", name="Have your words erased?").wait_for()


def _taking_it_back(page: Page, hosted: Hosted) -> None:
    _own_story(page, hosted)
    page.get_by_role("button", name="Take my story back").click()
    page.get_by_role("heading", name="Take your story back?").wait_for()


def _question_not_answered(page: Page, hosted: Hosted) -> None:
    receipt = tell(title="A night", body="The doctor shouted at me all night long.")
    moira = Account.get(Account.name == "Moira")
    decisions.open_for_review(receipt.story, moira)
    why = {"reason": "abusive_words", "replacement": "", "by": moira}
    redaction.redact_words(receipt.story, receipt.story.revision, "The doctor shouted at me", **why)
    # Asked today: the service at work would take back by itself a question that has waited a month.
    clock.pin(None)
    decisions.ask_author(receipt.story, receipt.story.revision, moira, message="May we leave this out?")
    page.goto(private_links.address(hosted.url, receipt.token))
    page.get_by_role("button", name="Discuss it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _answering_back(page: Page, hosted: Hosted) -> None:
    page.goto(hosted.private_link)
    page.get_by_role("button", name="Partly").first.click()
    page.get_by_text("Answer them").click()
    page.get_by_label("Your answer").fill("Sister Joy Bell rang 07700 900123.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("heading", name="Look at it once more").wait_for()


def _changing_it(page: Page, hosted: Hosted) -> None:
    page.goto(hosted.private_link)
    page.get_by_role("button", name="Change your story").click()
    page.get_by_label("What happened?").fill("I want to kill myself. Sister Joy Bell was kind.")
    page.get_by_role("button", name="Send the change").last.click()
    page.get_by_role("heading", name="Look at it once more").wait_for()


def _all_that_is_kept(page: Page, hosted: Hosted) -> None:
    page.goto(hosted.private_link)
    page.get_by_role("button", name="Show all of it").click()
    page.get_by_role("heading", name="Your receipt").wait_for()


def _leaving_letters(page: Page, hosted: Hosted) -> None:
    ends = address("", Ends.ALERT, 1, 1, "a secret of the browser tests, long enough to sign with")
    _at(ends)(page, hosted)
    page.get_by_role("button", name="Stop these letters").click()
    page.get_by_role("heading", name="You get no more of these letters").wait_for()


def _wrong_private_link(page: Page, hosted: Hosted) -> None:
    page.goto(f"{hosted.url}/my-story")
    page.get_by_label("Your private link").fill("no link of ours")
    page.get_by_role("button", name="Show my story").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


PAGES: dict[str, Callable[[Page, Hosted], None]] = {
    "leaving an alert's letters": _leaving_letters,
    "the first page": _at("/"),
    "the finder": _at("/services"),
    "places found": _at("/services?q=elsewhere"),
    "no place found": _at("/services?q=nowhere"),
    "a service": _at("/services/RXH01"),
    "a service without stories": _at("/services/G81001"),
    "a topic": _at("/topics/multiple-sclerosis"),
    "an organisation": _at("/organisations/RXH"),
    "what changed": _at("/services/RXH01/changes"),
    "what changed, for the wall": _at("/services/RXH01/changes/poster"),
    "thanks for the wall": _at("/stories/{hosted.story}/thank-you"),
    "a story": _at("/stories/{hosted.story}"),
    "stories searched": _at("/services/RXH01?q=night&about_topic=multiple-sclerosis"),
    "a story in the ledger": _in_the_ledger,
    "a tombstone": _at("/stories/{hosted.tombstone}"),
    "a report with errors": _reported_with_errors,
    "a report sent": _at("/stories/{hosted.story}/report?sent=yes"),
    "telling, of what": _at("/tell"),
    "telling, of what, found": _at("/tell?q=elsewhere"),
    "telling, which way": _a_complaint,
    "telling of a topic, the short way": _at("/tell?topic=multiple-sclerosis&way=short"),
    "telling, in a language that is not checked": _at("/tell?service=RXH01&way=long&lang=ur"),
    "telling of more services": _more_services,
    "telling with errors": _told_with_errors,
    "the check": _checked,
    "the check with advice": _advised,
    "sent": _sent,
    "the link by letter, with errors": _letter_with_errors,
    "sent before": _sent_before,
    "at the limit": _at_the_limit,
    "my story, by which link": _at("/my-story"),
    "my story by a wrong link": _wrong_private_link,
    "my story": _own_story,
    "my story, a question not answered": _question_not_answered,
    "my story, answering back with advice": _answering_back,
    "my story, changing it with advice": _changing_it,
    "all that is kept": _all_that_is_kept,
    "my story with its receipt": _receipt,
    "taking it back": _taking_it_back,
    "erasing it": _erasing_it,
    "what became of every story": _at("/services/RXH01/transparency"),
    "about": _at("/about"),
    "the API": _at("/docs"),
    "no such page": _at("/nowhere"),
    "no such service": _at("/services/RXH99"),
}
# Their answer is an error by its number, which Chromium writes into the console.
NOT_FOUND = {
    "a tombstone": "410",
    "a report with errors": "422",
    "telling with errors": "422",
    "the link by letter, with errors": "422",
    "sent before": "422",
    "at the limit": "429",
    "my story, a question not answered": "422",
    "my story by a wrong link": "401",
    "no such page": "404",
    "no such service": "404",
}


# So many walks share the pages, each in one browser profile: to begin anew takes longer than a page does.
WALKS = 3


@pytest.mark.parametrize("walk", range(WALKS))
def test_they_serve_everyone(
    walk: int, hosted: Hosted, tellback: Tellback, browse: Browse, watch: Watch
) -> None:
    page = browse()
    found = {}
    for name in list(PAGES)[walk::WALKS]:
        if name in NOT_FOUND:
            watch.expects(f"console: Failed to load resource: .*{NOT_FOUND[name]}")
        PAGES[name](page, hosted)
        page.wait_for_load_state()
        found[name] = checks.problems(page)
        tellback.lift_limits()
    assert {name: problems for name, problems in found.items() if problems} == {}
