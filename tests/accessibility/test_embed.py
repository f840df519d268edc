"""The embed for everyone: every step of the form and every state of the list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tellback.stories.models import Story
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import STORY, Embed, Staff, hospital_page, tag, told_bodies

pytestmark = pytest.mark.browser

A_FAILED_SEND = "console: Failed to load resource: net::ERR_FAILED"
FOCUSED_NAME = """() => {
    let at = document.activeElement;
    while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
    return (at.labels && at.labels[0] ? at.labels[0] : at).textContent.trim();
}"""


@pytest.fixture
def address(tellback: Tellback, websites: Websites, staff: Staff) -> str:
    """A page whose list holds a story with words taken out and an answer, and a tombstone."""
    told = staff.publish(
        title="A quiet night",
        redact="The nurse",
        what_was_good="The tea.",
        feelings=["positive:calm", "positive:safe"],
        overall_experience="very_good",
        display_name="Kingfisher",
    )
    staff.answer(told, "Thank you. We told the night team.\n\nAnd we keep the tea.")
    staff.remove(staff.publish(title="A loud night"))
    return websites.put(hospital_page(tag(tellback.url)))


def stages(page: Page) -> Iterator[str]:
    """Walk through everything the embed shows, stopping at each stage by its name."""
    embed = Embed(page)
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    yield "the list"
    embed.begin()
    yield "the first step"
    embed.button("Continue").click()
    yield _wrong(embed, "nothing written")
    embed.field("body").fill("x" * 8001)
    embed.button("Continue").click()
    yield _wrong(embed, "too much written")
    embed.field("body").fill(STORY)
    embed.go_on(2)
    embed.host.get_by_role("checkbox", name="Calm").check()
    yield "the second step"
    embed.go_on(3)
    yield "the third step"
    embed.field("visited_on").select_option("January")
    embed.button("Continue").click()
    yield _wrong(embed, "nobody chosen and half a month")
    embed.field("visited_on").select_option("")
    embed.host.get_by_role("radio", name="A carer").check()
    embed.go_on(4)
    yield "the fourth step"
    embed.field("contact_email").fill("no address")
    embed.button("Continue").click()
    yield _wrong(embed, "no address")
    embed.field("contact_email").fill("")
    embed.go_on(5)
    yield "the fifth step"
    embed.host.locator(".acts .main").click()
    yield _wrong(embed, "no agreement")
    embed.field("consent_publish").check()
    embed.go_on(6)
    yield "the check"
    page.route("**/api/v1/stories", lambda route: route.abort(), times=1)
    embed.send()
    expect(embed.not_sent()).to_be_focused()
    yield "not sent"
    embed.send()
    embed.private_link()
    yield "sent"


def _wrong(embed: Embed, name: str) -> str:
    expect(embed.host.get_by_role("group", name="There is a problem")).to_be_focused()
    return name


def test_axe_finds_nothing_at_any_stage_in_light_or_dark(address: str, browse: Browse, watch: Watch) -> None:
    watch.expects(A_FAILED_SEND)
    page = browse(address)
    for stage in stages(page):
        assert checks.axe_problems(page) == [], stage
        assert checks.colour_problems(page, "dark") == [], f"{stage}, dark"


def test_no_stage_is_wider_than_a_narrow_phone(address: str, browse: Browse, watch: Watch) -> None:
    watch.expects(A_FAILED_SEND)
    page = browse(address, viewport=checks.NARROW)
    for stage in stages(page):
        assert checks.overflowing(page) == [], stage


def test_axe_finds_nothing_on_an_empty_list(tellback: Tellback, websites: Websites, browse: Browse) -> None:
    page = browse(websites.put(hospital_page(tag(tellback.url))))
    expect(Embed(page).host).to_contain_text("No story has been told here yet.")
    assert checks.axe_problems(page) == []


@pytest.mark.parametrize("colours", ["none", "active"], ids=["own colours", "forced colours"])
def test_every_stop_of_the_keyboard_can_be_seen(colours: str, address: str, browse: Browse) -> None:
    page = browse(address, forced_colors=colours)
    embed = Embed(page)
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    assert checks.stops_without_visible_focus(page) == []
    embed.begin()
    assert checks.stops_without_visible_focus(page) == []
    embed.field("body").fill(STORY)
    embed.go_on(2)
    embed.go_on(3)
    assert checks.stops_without_visible_focus(page) == []


def test_a_story_is_told_by_the_keyboard_alone(address: str, browse: Browse) -> None:
    page = browse(address)
    expect(Embed(page).button("Tell your story")).to_be_visible()
    keys = page.keyboard
    _tab_to(page, "Tell your story")
    keys.press("Enter")
    _tab_to(page, "What happened?")
    keys.type("The ward was quiet.")
    _tab_to(page, "A title for your story (optional)")
    keys.type("A quiet ward")
    keys.press("Enter")
    _tab_to(page, "Calm")
    keys.press("Space")
    _tab_to(page, "Continue")
    keys.press("Enter")
    _tab_to(page, "The patient")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    _tab_to(page, "Continue")
    keys.press("Enter")
    _tab_to(page, "Back")
    _tab_to(page, "Continue", "Shift+Tab")
    keys.press("Enter")
    _tab_to(page, "You may publish my story")
    keys.press("Space")
    _tab_to(page, "Check it first")
    keys.press("Enter")
    _tab_to(page, "Change A name to show with your story")
    keys.press("Enter")
    keys.type("Kingfisher")
    keys.press("Enter")
    _tab_to(page, "Send it")
    keys.press("Enter")
    Embed(page).private_link()
    told = Story.select().order_by(Story.id.desc()).get()
    assert (told.author_role, told.display_name) == ("relative", "Kingfisher")
    assert told_bodies()[-1] == "The ward was quiet."


def _tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until what bears this name has the focus."""
    passed = []
    while len(passed) < 60:
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED_NAME))
        if passed[-1] == name:
            return
    pytest.fail(f"Tab never came to {name!r}, only to {passed}")
