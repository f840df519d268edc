"""The screens of the store for everyone who works at them, walked once by keyboard and eye."""

import pytest
from playwright.sync_api import Page

from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.blocking import addresses, phrases
from tellback.moderation import templates
from tellback.organisations import editing
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tellback.stories import topics
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch
from tests.embedded import Staff

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"
SCREENS = (
    "store",
    "organisations",
    "organisations/RXH",
    "services?q=elsewhere&state=all",
    "services/RXH01",
    "services/new?parent=RXH01",
    "topics",
    "topics/multiple-sclerosis",
    "reasons",
    "reasons/reject/complaint-route?lang=ur",
    "outbox",
    "blocks",
    "blocks?kind=phrase",
)


@pytest.fixture
def store(tellback: Tellback, staff: Staff) -> str:
    """A store in which something was done everywhere; its address."""
    registration.add("ada@example.org", "Ada", PASSWORD, Role.ADMINISTRATOR)
    ada = registration.find("ada@example.org")
    assert ada is not None
    by = acts.staff(ada.id)
    owner = {"owner_name": "Al Roe, head of patient experience", "owner_email": "al.roe@st-elsewhere.example"}
    editing.change_organisation("RXH", 1, {"name": "St Elsewhere", **owner}, by=by)
    editing.close_service("G81001", 1, by=by)
    topics.retire(topics.name_new("Long Covid", ada).slug, 1, ada)
    templates.write("reject", "complaint_route", "ur", "ہماری ٹیم کو فون کریں: 01632 960001", 0, ada)
    addresses.block("198.18.7.0/24", "A flood of adverts", 7, by=by)
    messages.put("story_received", "author", "nobody")
    OutboxMessage.update(state=messages.DEAD, last_error="The address refused the letter (550).").execute()
    messages.put("story_received", "author", "nobody")
    phrases.block("cheap pills", "Adverts", 30, by=by)
    return f"{tellback.url}/admin/"


def _signed_in(page: Page, store: str) -> None:
    page.goto(store)
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()


def test_they_serve_everyone(store: str, browse: Browse, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*422")
    page = browse()
    _signed_in(page, store)
    found = {}
    for screen in SCREENS:
        page.goto(store + screen)
        found[screen] = checks.problems(page)
    page.get_by_text("Mark a phrase").click()
    page.get_by_role("button", name="Mark it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    found["a phrase with errors"] = checks.problems(page)
    assert {screen: problems for screen, problems in found.items() if problems} == {}
