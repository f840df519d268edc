"""The screens beside an answer, and the page behind a link in a letter, as browsers show them to everyone."""

import re

import pytest
from playwright.sync_api import Page

from tellback import clock
from tellback.accounts import registration
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.organisations.models import Service
from tellback.replies import handing_on, relay, relay_reports, rerouting, signed_links
from tellback.replies.models import RelayReport, Reply, Reroute
from tellback.stories import private_links
from tellback.stories.models import Story
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch
from tests.embedded import Staff

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"


@pytest.fixture
def story(tellback: Tellback, staff: Staff) -> Story:
    """A published story that was talked about in private, handed on, answered for, and may be another's."""
    registration.add("mo@example.org", "Mo", PASSWORD, Role.MODERATOR)
    rue = registration.add("rue@example.org", "Rue", PASSWORD, Role.RESPONDER, "RXH")
    story = staff.publish(title="A quiet night", consent_contact="true")
    asked = relay.write_as_author(story, "RXH01", "Was it the medicine? I want to end my life.")
    relay.write_as_service(story, "RXH01", "It can be.", "Matron", by=staff.ruth, after=asked.id)
    relay_reports.report(relay.threads_of(story)[0], "Please read.", acts.staff(rue.id))
    for to_whom, email in (("Ward 5", "ward5@example.org"), ("Estates", "estates@example.org")):
        handed = handing_on.hand_on(story, "RXH01", to_whom=to_whom, email=email, note="The doors?", by=rue)
    written = {"responder_name": "Jo", "responder_role": "Estates", "body": "Mended.", "lang": "en"}
    handing_on.answer(handed, written)
    rerouting.ask(story, "RXH01", "G81001", "No such clinic.", by=rue)
    return story


def _sign_in(page: Page, url: str, email: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/admin/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def test_they_serve_everyone(tellback: Tellback, story: Story, browse: Browse, watch: Watch) -> None:
    page, found = browse(), {}
    own = f"answers/{story.public_id}"
    alarm = RelayReport.get(RelayReport.told_by == relay_reports.SCREENING)
    screens = {
        "rue@example.org": [
            "answers",
            own,
            f"{own}/private",
            f"{own}/hand-on",
            f"{own}/not-ours?q=elm",
            f"{own}/complaint",
            "answers/away",
            "answers/handed-on",
        ],
        "mo@example.org": [
            "moves",
            f"moves/{Reroute.get().public_id}",
            "private",
            f"private/{RelayReport.get(RelayReport.told_by == relay_reports.SERVICE).public_id}",
            f"private/{alarm.public_id}",
        ],
    }
    for email, addresses in screens.items():
        _sign_in(page, tellback.url, email)
        for address in addresses:
            page.goto(f"{tellback.url}/admin/{address}")
            found[address] = checks.problems(page)
    watch.expects("console: Failed to load resource: .*409")
    page.goto(private_links.address(tellback.url, private_links.again(story)))
    talk = page.get_by_role("region", name="Talk to the service in private")
    talk.get_by_label("Your message").fill("My name is Ada Bell.")
    talk.get_by_role("button", name="Send it").click()
    talk.get_by_role("button", name="Send it all the same").wait_for()
    found["the author's side, advised"] = checks.problems(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_a_link_in_a_letter_opens_the_story_with_a_composer_that_helps_at_once(
    tellback: Tellback, staff: Staff, browse: Browse
) -> None:
    story = staff.publish(title="A quiet night")
    ruth = Account.get(Account.name == "Ruth")
    # Made today: the service at work has the time of day.
    clock.pin(None)
    token = signed_links.make(Service.get(Service.code == "RXH01"), story, ruth)
    page = browse()
    page.goto(f"{tellback.url}/answer#{token}")
    page.get_by_role("heading", name="Answer this story").wait_for()
    assert token not in page.url
    page.get_by_label("What you want to say").fill("I am Ruth. Thank you for telling us.")
    page.get_by_text(re.compile("[1-7] of 7 found in what you wrote")).wait_for()
    assert checks.problems(page) == []
    page.get_by_label("Your role").fill("Matron")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert Reply.get().via == "link"
    page.goto(f"{tellback.url}/answer#{token}")
    page.get_by_text("You have answered by this link.").wait_for()
    assert checks.problems(page) == []
