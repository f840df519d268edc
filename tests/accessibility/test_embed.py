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
    embed.open()
    embed.button("Make a complaint").click()
    yield "the ways"
    embed.button("Change or add a service").click()
    embed.field("services").fill("elm")
    embed.button("Find").click()
    embed.host.get_by_role("checkbox", name="Elm Surgery").check()
    yield "which service"
    embed.button("Continue").click()
    embed.button("Tell it with pictures").click()
    embed.host.locator(".handle path").first.wait_for()
    embed.host.get_by_role("radiogroup", name="Food").get_by_role("radio", name="Not happy").check()
    yield "the pictures"
    embed.go_on(2)
    yield "a few words"
    embed.go_on(3)
    embed.host.get_by_role("radio", name="Me", exact=True).check()
    embed.go_on(4)
    yield "agreeing with pictures"
    for _ in range(4):
        embed.button("Back").click()
    embed.button("Tell it the longer way").click()
    yield "the first step"
    embed.button("Continue").click()
    yield _wrong(embed, "nothing written")
    embed.field("body").fill("x" * 8001)
    embed.button("Continue").click()
    yield _wrong(embed, "too much written")
    embed.field("body").fill("Dr Shah rang 07700 900123. I want to end my life.")
    embed.host.get_by_role("checkbox", name="Keep a draft on this device").check()
    embed.host.get_by_role("group", name="2 places could show who someone is").wait_for()
    embed.host.get_by_role("region", name="If you need help now").wait_for()
    yield "advice, and who helps"
    embed.field("body").fill(STORY)
    embed.go_on(2)
    yield "the second step"
    embed.go_on(3)
    embed.host.get_by_role("checkbox", name="Privacy and dignity").check()
    yield "the third step"
    embed.go_on(4)
    embed.field("visited_on").select_option("January")
    embed.button("Continue").click()
    yield _wrong(embed, "nobody chosen and half a month")
    embed.field("visited_on").select_option("")
    embed.host.get_by_role("radio", name="A carer").check()
    embed.go_on(5)
    embed.host.get_by_role("checkbox", name="Calm").check()
    yield "the fifth step"
    embed.go_on(6)
    embed.field("contact_email").fill("no address")
    embed.button("Continue").click()
    yield _wrong(embed, "no address")
    embed.field("contact_email").fill("")
    embed.go_on(7)
    embed.host.locator(".acts .main").click()
    yield _wrong(embed, "no agreement")
    embed.field("consent_publish").check()
    embed.go_on(8)
    yield "the check"
    page.route("**/api/v1/stories?lang=en", lambda route: route.abort(), times=1)
    embed.send()
    expect(embed.not_sent()).to_be_focused()
    yield "not sent"
    embed.send()
    embed.private_link()
    embed.button("Email it to me").click()
    yield "sent"


def _wrong(embed: Embed, name: str) -> str:
    expect(embed.host.get_by_role("group", name="There is a problem")).to_be_focused()
    return name


def test_every_stage_suits_everyone_in_light_and_dark_and_on_a_narrow_phone(
    address: str, browse: Browse, watch: Watch
) -> None:
    watch.expects(A_FAILED_SEND)
    page = browse(address)
    for stage in stages(page):
        assert checks.axe_problems(page) == [], stage
        assert checks.colour_problems(page, "dark") == [], f"{stage}, dark"
        assert checks.overflowing(page) == [], f"{stage}, too wide"


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
    embed.open()
    assert checks.stops_without_visible_focus(page) == []
    embed.button("Tell it with pictures").click()
    expect(embed.step(1)).to_be_focused()
    assert checks.stops_without_visible_focus(page) == []
    embed.go_on(2)
    assert checks.stops_without_visible_focus(page) == []


def test_a_story_is_told_by_the_keyboard_alone(address: str, browse: Browse) -> None:
    page = browse(address)
    expect(Embed(page).button("Tell your story")).to_be_visible()
    keys = page.keyboard
    _tab_to(page, "Tell your story")
    keys.press("Enter")
    _tab_to(page, "Tell it the short way")
    keys.press("Enter")
    _tab_to(page, "What happened?")
    keys.type("The ward was quiet.")
    _tab_to(page, "Continue")
    keys.press("Enter")
    _tab_to(page, "The patient")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    _tab_to(page, "Back")
    _tab_to(page, "Continue", "Shift+Tab")
    keys.press("Enter")
    _tab_to(page, "You may publish my story")
    keys.press("Space")
    _tab_to(page, "Check it first")
    keys.press("Enter")
    _tab_to(page, "You can add more")
    keys.press("Enter")
    _tab_to(page, "A name to show with your story")
    keys.press("Enter")
    keys.type("Kingfisher")
    keys.press("Enter")
    _tab_to(page, "Send it")
    keys.press("Enter")
    Embed(page).private_link()
    told = Story.select().order_by(Story.id.desc()).get()
    assert (told.author_role, told.display_name) == ("relative", "Kingfisher")
    assert told_bodies()[-1] == "The ward was quiet."


def test_a_screen_reader_is_told_where_it_is_what_is_asked_and_what_went_wrong(
    address: str, browse: Browse
) -> None:
    embed = Embed(browse(address))
    embed.open()
    expect(embed.host).to_match_aria_snapshot("""
        - heading "Tell your story" [level=2]
        - heading "What do you want to do?" [level=3]
        - button "Tell it the short way"
        - button "Tell it the longer way"
        - button "Tell it with pictures"
        - button "Make a complaint"
    """)
    expect(embed.button("Tell it with pictures")).to_have_accessible_description(
        "Easy read. You choose pictures and faces. You write only if you want to."
    )
    embed.button("Tell it with pictures").click()
    expect(embed.host).to_match_aria_snapshot("""
        - heading "Step 1 of 5 How was it?" [level=3]
        - radiogroup "Waiting":
          - radio "Happy"
          - radio "In between"
          - radio "Not happy"
    """)
    embed.host.get_by_role("radiogroup", name="Waiting").get_by_role("radio", name="Not happy").check()
    expect(embed.host.get_by_role("status")).to_have_text("Waiting is on Not happy.")
    embed.go_on(2)
    embed.go_on(3)
    embed.button("Continue").click()
    expect(embed.host).to_match_aria_snapshot("""
        - group "There is a problem":
          - alert:
            - heading "There is a problem" [level=3]
            - list:
              - listitem:
                - link "Choose who this is about."
        - heading "Step 3 of 5 Who is this about?" [level=3]
        - group "Who is this about?":
          - radio "Me"
    """)
    embed.host.get_by_role("radio", name="Me", exact=True).check()
    embed.go_on(4)
    embed.field("consent_publish").check()
    embed.go_on(5)
    expect(embed.host).to_match_aria_snapshot("""
        - heading "Step 5 of 5 Is this right?" [level=3]
        - term: Services
        - definition: St Elsewhere Hospital
        - definition:
          - button "Change Services"
        - term: What was it about?
        - definition: "Not happy with: Waiting."
        - definition:
          - button "Change What was it about?"
        - term: Language you wrote in
        - definition:
          - combobox "Language you wrote in"
        - button "Send it"
    """)


def _tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until what bears this name has the focus."""
    passed = []
    while len(passed) < 60:
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED_NAME))
        if passed[-1] == name:
            return
    pytest.fail(f"Tab never came to {name!r}, only to {passed}")
