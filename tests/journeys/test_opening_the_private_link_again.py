"""The private link opened once more where its page is already: it shows how the story stands now."""

import pytest
from playwright.sync_api import expect

from tellback.moderation import decisions
from tellback.stories import private_links
from tests.browser import Browse, Tellback
from tests.embedded import Staff
from tests.people import tell

pytestmark = pytest.mark.browser


def test_the_same_tab_shows_what_changed_meanwhile(tellback: Tellback, staff: Staff, browse: Browse) -> None:
    receipt = tell(title="A quiet night")
    link = private_links.address(tellback.url, receipt.token)
    page = browse(link)
    expect(page.get_by_text("We have your story.")).to_be_visible()
    assert receipt.token not in page.url

    decisions.open_for_review(receipt.story, staff.moira)
    decisions.publish(receipt.story, receipt.story.revision, staff.moira)
    page.goto(link)
    expect(page.get_by_text("Your story is published.")).to_be_visible()
    assert receipt.token not in page.url
