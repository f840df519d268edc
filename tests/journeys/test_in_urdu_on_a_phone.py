"""A story is told and read in Urdu on a phone: from right to left, with numbers that can be dialled."""

import pytest
from playwright.sync_api import expect

from tellback.stories.models import Story
from tellback.stories.submission import current_version
from tellback.translations.embed_words import word
from tellback.translations.sentences import spoken
from tests.browser import Browse, Tellback, Websites
from tests.embedded import Embed, Staff, hospital_page, tag

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True, "locale": "ur-PK"}
STORY = "رات کی نرس میری بیٹی کے آنے تک میرے پاس بیٹھی رہیں۔ مجھے ڈر نہیں لگا۔"
# Where the two groups of the Samaritans' number stand on the screen.
PLACES = """(link) => {
    const text = link.firstChild, at = text.data.indexOf("116");
    const left = (from) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 3);
        return range.getBoundingClientRect().left;
    };
    return [left(at), left(at + 4)];
}"""


def in_urdu(key: str) -> str:
    """What the embed says by this key."""
    return spoken(word(key), "ur")


def test_somebody_tells_a_story_in_urdu_and_reads_it_back(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    address = websites.put(hospital_page(tag(tellback.url, 'service="RXH01" lang="ur"')))
    page = browse(address, **PHONE)
    embed = Embed(page)
    root = embed.host.locator(".root")
    expect(root).to_have_attribute("dir", "rtl")
    embed.button(in_urdu("tell")).tap()
    expect(embed.host.locator(".question")).to_be_focused()
    embed.button(in_urdu("way_short")).tap()
    expect(embed.host.get_by_role("heading", name=in_urdu("step_story"))).to_be_focused()
    embed.field("body").fill(STORY)
    # Nobody can check Urdu for words of crisis, so who helps at once is said to everyone.
    samaritans = embed.host.locator("a[href='tel:116123']")
    first, second = samaritans.evaluate(PLACES)
    assert first < second
    embed.host.locator(".acts .main").tap()
    embed.host.locator("#author_role").check()
    embed.host.locator(".acts .main").tap()
    embed.field("consent_publish").check()
    embed.host.locator(".acts .main").tap()
    embed.button(in_urdu("send")).tap()
    expect(embed.host.get_by_role("heading", name=in_urdu("sent"))).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    story = Story.get()
    assert (current_version(story).body, current_version(story).lang) == (STORY, "ur")
    staff.let_show(story)
    reader = Embed(browse(address, **PHONE))
    expect(reader.host.locator(".text").first).to_have_attribute("lang", "ur")
    expect(reader.host.locator(".text p").first).to_have_text(STORY)
