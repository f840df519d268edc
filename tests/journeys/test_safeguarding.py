"""A story that worries a moderator, one that somebody wants gone: the paths of cases, in real browsers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tellback.accounts.models import Account
from tellback.accounts.passwords import hashed
from tellback.accounts.roles import Role
from tellback.moderation import cases, decisions
from tellback.outbox.models import OutboxMessage
from tellback.stories import private_links
from tellback.stories.models import Story
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch
from tests.embedded import Staff
from tests.journeys.people_at_work import Author, Colleague, Moderator
from tests.people import make_account, tell

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"
TITLE = "Nobody comes at night"
WORRY = "She says that her carer hits her."
# A form with something missing (422), what nobody may see (403), what is not public (404): in the console.
REFUSED = "console: Failed to load resource: .*4(03|04|22)"

SignIn = Callable[[Account], Moderator]


@pytest.fixture
def signed_in(tellback: Tellback, browse: Browse) -> SignIn:
    """Sign a colleague in, in a browser of their own."""

    def sign_in(account: Account) -> Moderator:
        Account.update(password=hashed(PASSWORD)).where(Account.id == account.id).execute()
        colleague = Moderator(browse(), tellback)
        colleague.signs_in(account.name, PASSWORD)
        return colleague

    return sign_in


def serves_everyone(page: Page) -> None:
    """Check that a screen shuts nobody out."""
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []
    assert checks.stops_without_visible_focus(page, 120) == []


def escalates(moira: Moderator) -> None:
    """By keyboard: `e` opens the form and stands in its field."""
    moira.opens(TITLE)
    moira.sees("More than a decision")
    moira.page.wait_for_load_state()
    moira.page.keyboard.press("e")
    expect(moira.page.get_by_label("What worries you")).to_be_focused()
    moira.page.get_by_role("button", name="Escalate it").click()
    moira.sees("Say what worries you.")
    serves_everyone(moira.page)
    moira.page.get_by_label("What worries you").fill(WORRY)
    moira.page.get_by_role("button", name="Escalate it").click()
    moira.sees("The story is out of the queue.")


def writes_down_whom_she_told(moira: Moderator) -> None:
    moira.page.get_by_label("Whom you told").fill("Elsewhere Council, adult social care")
    moira.page.get_by_label("How", exact=True).select_option(label="by phone")
    moira.page.get_by_role("button", name="Write it down").click()
    moira.sees("Moira told Elsewhere Council, adult social care, by phone")


def asks_its_author(moira: Moderator) -> None:
    moira.page.locator("summary", has_text="Ask the author").click()
    moira.page.get_by_label("Words of your own (optional)").fill("Is somebody with you?")
    moira.page.get_by_role("button", name="Ask the author").click()
    moira.sees("Its author was asked")


def nothing_of_it_shows(page: Page, tellback: Tellback, story: Story) -> None:
    """Nobody finds the story, and no public page or list has a word of it."""
    assert page.goto(f"{tellback.url}/stories/{story.public_id}").status == 404  # type: ignore[union-attr]
    for path in ("/api/v1/stories", "/services/RXH01", "/services/RXH01/stories.atom", "/api/v1/ledger"):
        text = page.request.get(tellback.url + path).text()
        assert TITLE not in text
        assert "escalated" not in text
        assert "safeguarding" not in text


def test_a_story_is_escalated_handed_on_and_read_on(
    tellback: Tellback, browse: Browse, watch: Watch, staff: Staff, signed_in: SignIn
) -> None:
    watch.expects(REFUSED)
    receipt = tell(
        title=TITLE, body="My carer shouts. Nobody comes at night.", contact_email="ada@example.org"
    )
    link = private_links.address(tellback.url, receipt.token)
    moira, noor = signed_in(staff.moira), signed_in(make_account("Noor", Role.MODERATOR))

    escalates(moira)
    # Noor hears of it at once; the queue has it no more, and what is open stands in the menu.
    # A service that runs in staffed hours writes its morning letters beside it, and calls when it read twice.
    to_staff = OutboxMessage.select().where(OutboxMessage.recipient_kind == "account")
    besides = ("morning", "crisis_alert")
    assert [m.kind for m in to_staff.where(OutboxMessage.kind.not_in(besides))] == ["case_opened"]
    noor.goes_home()
    noor.sees("No story waits.")
    noor.page.get_by_role("link", name="Cases (1)").click()
    noor.sees("Safeguarding")
    serves_everyone(noor.page)

    # To the world, and to the service, there is no such story.
    nothing_of_it_shows(browse(), tellback, receipt.story)
    ruth = Colleague(signed_in(staff.ruth).page, tellback)
    ruth.sees("No story about your services")
    case = cases.of_story(receipt.story)[0]
    for path in (
        "/admin/cases",
        f"/admin/cases/{case.public_id}",
        f"/admin/stories/{receipt.story.public_id}",
    ):
        assert ruth.page.goto(tellback.url + path).status == 403  # type: ignore[union-attr]

    writes_down_whom_she_told(moira)
    asks_its_author(moira)
    author = Author(browse())
    own = author.opens(link)
    own.says("Your story is with our senior moderators.", "Is somebody with you?", "call 999")
    serves_everyone(own.page)
    own.page.get_by_label("Your answer").fill("My sister is here until Friday.")
    own.page.get_by_role("button", name="Send the answer").click()
    expect(own.page.get_by_role("heading", name="We have a question for you")).to_have_count(0)

    # Noor goes on with it where Moira stopped, and ends it.
    noor.opens("Safeguarding")
    noor.sees("My sister is here until Friday.")
    noor.page.get_by_role("button", name="Close it").click()
    noor.sees("Choose how it ends.")
    serves_everyone(noor.page)
    noor.page.get_by_role("radio", name="Those who can protect have it").check(force=True)
    noor.page.get_by_label("What you found").last.fill("The council visits her today.")
    noor.page.get_by_role("button", name="Close it").click()
    noor.sees("The case is closed.")

    # Only now it can be published, and its record says what was done.
    noor.goes_home()
    noor.opens(TITLE)
    noor.sees("Moira escalated it (safeguarding)")
    noor.scores("5 Severely critical")
    noor.publishes()
    noor.sees("The story is published.")


def test_somebody_asks_that_a_story_goes_and_its_author_that_it_comes_back(
    tellback: Tellback, browse: Browse, watch: Watch, staff: Staff, signed_in: SignIn
) -> None:
    watch.expects(REFUSED)
    receipt = tell(title=TITLE, body="The tall porter was asleep.")
    staff.let_show(receipt.story)

    una = browse(f"{tellback.url}/stories/{receipt.story.public_id}")
    una.get_by_role("link", name="Report this story").click()
    una.get_by_role("link", name="Ask us to take it down, and we answer you").click()
    una.get_by_role("button", name="Send the request").click()
    una.get_by_role("heading", name="There is a problem").wait_for()
    serves_everyone(una)
    una.get_by_text("It shows who I am").click()
    una.get_by_label("Which words, and why?").fill("There is one tall porter on nights: me.")
    una.get_by_label("Your name").fill("Una Quillfeather")
    una.get_by_label("Your email address").fill("una@quillfeather.example")
    una.get_by_role("button", name="Send the request").click()
    una.get_by_role("heading", name="We have your request").wait_for()
    case = cases.of_story(receipt.story)[0]
    expect(una.get_by_role("main")).to_contain_text(case.public_id)
    serves_everyone(una)

    moira = signed_in(staff.moira)
    moira.page.get_by_role("link", name="Cases (1)").click()
    moira.opens("Request to remove")
    moira.sees("Una Quillfeather")
    serves_everyone(moira.page)
    story = Story.get_by_id(receipt.story.id)
    decisions.remove(story, story.revision, staff.moira, reason="identifies_someone", message="")
    moira.page.get_by_role("radio", name="The story is taken down").check(force=True)
    moira.page.get_by_role("button", name="Close it").click()
    moira.sees("The case is closed.")

    own = Author(browse()).opens(private_links.address(tellback.url, receipt.token))
    own.page.get_by_role("button", name="Ask for a second look").click()
    own.says("Tell us why we should look again.")
    serves_everyone(own.page)
    own.page.get_by_label("Why should we look again?").fill("You could leave out that he is tall.")
    own.page.get_by_role("button", name="Ask for a second look").click()
    own.says("You asked us to look again")

    moira.goes_home()
    moira.page.get_by_role("link", name="Cases (1)").click()
    moira.opens("Appeal")
    moira.sees("You made the decision that this appeal is about.")
    noor = signed_in(make_account("Noor", Role.MODERATOR))
    noor.page.get_by_role("link", name="Cases (1)").click()
    noor.opens("Appeal")
    noor.page.get_by_role("radio", name="It is read again").check(force=True)
    noor.page.get_by_role("button", name="Close it").click()
    noor.sees("The case is closed.")
    noor.goes_home()
    noor.opens(TITLE)
    noor.sees("Decide")
