"""Words are never lost: kept on the device when the person asks, sent when the connection is back."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import STORY, Embed, hospital_page, tag, told_bodies

pytestmark = pytest.mark.browser

KEPT = "localStorage.length"
AGED = """(days) => {
    const [name] = Object.keys(localStorage);
    const draft = new URLSearchParams(localStorage.getItem(name));
    draft.set("now", Number(draft.get("now")) - days * 86400000);
    localStorage.setItem(name, draft.toString());
}"""


@pytest.fixture
def address(tellback: Tellback, websites: Websites) -> str:
    """A page of the hospital with the embed on it."""
    return websites.put(hospital_page(tag(tellback.url)))


def _keeps_a_draft(page: Page, body: str = STORY) -> Embed:
    """Begin a story and have it kept on the device."""
    embed = Embed(page)
    embed.begin()
    embed.field("body").fill(body)
    embed.host.get_by_role("checkbox", name="Keep a draft on this device").check()
    expect(embed.host).to_contain_text("Your draft is kept on this device until")
    return embed


def test_a_reload_loses_the_words_and_the_form_says_so_before(address: str, browse: Browse) -> None:
    page = browse(address)
    embed = Embed(page)
    embed.begin()
    embed.field("body").fill(STORY)
    expect(embed.host).to_contain_text("If you close or reload it first, they are gone.")
    assert page.evaluate(KEPT) == 0
    page.reload()
    Embed(page).begin()
    expect(Embed(page).field("body")).to_have_value("")


def test_a_draft_is_kept_when_asked_found_again_and_wiped_when_sent(address: str, browse: Browse) -> None:
    page = browse(address)
    embed = _keeps_a_draft(page, "The night nurse sat with me")
    embed.field("body").press_sequentially(" a while.")
    embed.go_on(2)
    page.reload()
    embed = Embed(page)
    embed.open()
    expect(embed.host).to_contain_text("We found your draft of")
    embed.button("Carry on with it").click()
    expect(embed.step(2)).to_be_focused()
    embed.host.get_by_role("radio", name="The patient").check()
    embed.go_on(3)
    embed.field("consent_publish").check()
    embed.go_on(4)
    embed.send()
    embed.private_link()
    assert told_bodies() == ["The night nurse sat with me a while."]
    assert page.evaluate(KEPT) == 0


def test_a_draft_is_wiped_by_a_press_and_after_seven_days(address: str, browse: Browse) -> None:
    page = browse(address)
    embed = _keeps_a_draft(page)
    embed.button("Wipe it").click()
    expect(embed.host).to_contain_text("Your draft is wiped from this device.")
    expect(embed.field("body")).to_have_value(STORY)
    assert page.evaluate(KEPT) == 0
    embed.host.get_by_role("checkbox", name="Keep a draft on this device").check()
    expect(embed.host).to_contain_text("Your draft is kept on this device until")
    page.evaluate(AGED, 6.9)
    page.reload()
    Embed(page).open()
    expect(Embed(page).host).to_contain_text("We found your draft of")
    page.evaluate(AGED, 0.2)
    page.reload()
    Embed(page).open()
    expect(Embed(page).button("Tell it the short way")).to_be_visible()
    expect(Embed(page).host).not_to_contain_text("We found your draft of")
    assert page.evaluate(KEPT) == 0


def test_two_tabs_never_overwrite_each_others_draft_unsaid(address: str, browse: Browse) -> None:
    first = browse(address)
    one = _keeps_a_draft(first, "In the first tab.")
    second = _another_tab(first.context, address)
    two = Embed(second)
    two.open()
    two.button("Carry on with it").click()
    expect(two.step(1)).to_be_focused()
    two.field("body").fill("In the second tab.")
    expect(one.host).to_contain_text("You changed this draft in another tab or window.")
    expect(one.field("body")).to_have_value("In the first tab.")
    first.bring_to_front()
    one.field("body").fill("In the first tab, later.")
    expect(two.field("body")).to_have_value("In the second tab.")
    assert "second" in second.evaluate("localStorage.getItem(Object.keys(localStorage)[0])")
    first.bring_to_front()
    one.button("Show that one here").click()
    expect(one.field("body")).to_have_value("In the second tab.")
    second.bring_to_front()
    _send(two)
    link = two.private_link()
    first.bring_to_front()
    expect(one.host).to_contain_text("You sent or wiped this draft in another tab or window.")
    # Both send the same story: it is told once.
    _send(one)
    assert one.private_link() == link
    assert told_bodies() == ["In the second tab."]


def test_a_device_that_keeps_nothing_says_so(address: str, browse: Browse) -> None:
    page = browse()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    page.goto(address)
    embed = Embed(page)
    embed.begin()
    embed.host.get_by_role("checkbox", name="Keep a draft on this device").click(force=True)
    expect(embed.host).to_contain_text("This device does not let us keep a draft.")
    expect(embed.host.get_by_role("checkbox", name="Keep a draft on this device")).not_to_be_checked()


def test_a_story_told_offline_is_sent_by_itself_when_the_line_is_back(
    address: str, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
    page = browse(address)
    embed = Embed(page)
    embed.fill_in()
    page.context.set_offline(True)
    embed.send()
    expect(embed.not_sent()).to_contain_text("You are not connected to the internet.")
    expect(embed.not_sent()).to_contain_text("We will send it as soon as you are connected.")
    page.context.set_offline(False)
    embed.private_link()
    assert told_bodies() == [STORY]


def _another_tab(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def _send(embed: Embed) -> None:
    """From the first step of the short way to the end."""
    embed.go_on(2)
    embed.host.get_by_role("radio", name="The patient").check()
    embed.go_on(3)
    embed.field("consent_publish").check()
    embed.go_on(4)
    embed.send()
