"""From choosing to "it is alive": a webmaster in a real browser, and pages of other origins with the tag."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.websites.models import Sighting, Website, WebsiteOrigin
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import Embed, Staff, hospital_page
from tests.people import a_story

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"
MAY_COPY = {"permissions": ["clipboard-read", "clipboard-write"]}
REFUSED = "console: Failed to load resource: .*403"
INCOMPLETE = "console: Failed to load resource: .*422"
BLOCKED = "console: .*Content Security Policy"
TELL = """async ([url, story]) => {
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(story) });
    return answer.status;
}"""


def test_a_webmaster_chooses_pastes_and_sees_that_it_lives(
    tellback: Tellback, websites: Websites, staff: Staff, browse: Browse, watch: Watch
) -> None:
    for expected in (REFUSED, INCOMPLETE, BLOCKED):
        watch.expects(expected)
    staff.publish(title="A quiet night")
    registration.add("will@example.org", "Will", PASSWORD, Role.WEBMASTER, "RXH")
    page = browse(f"{tellback.url}/websites/try", **MAY_COPY)

    everything_shows_at_once(page)
    serves_everyone(page)
    tag = signs_in_and_adds(page, websites.origin("new"))
    assert checks.axe_problems(page) == []
    assert checks.overflowing(page) == []

    expect(place(page, websites.origin("new"))).to_contain_text("Nothing seen yet")
    reader = browse(websites.put(hospital_page(tag), name="new"))
    expect(Embed(reader).host).to_contain_text("A quiet night")
    looks_again(page)
    expect(place(page, websites.origin("new"))).to_contain_text("Stories were read here under a minute ago.")
    expect(place(page, websites.origin("new"))).to_contain_text("evergreen")

    stranger = browse(websites.put(hospital_page(tag), name="other"))
    expect(Embed(stranger).host).to_contain_text("A quiet night")
    assert stranger.evaluate(TELL, [f"{tellback.url}/api/v1/stories", a_story()]) == 403
    blocked = {"Content-Security-Policy": f"script-src {tellback.url}; connect-src 'self'"}
    # An origin that no other test comes from: what was noted this minute is not noted again.
    strict = websites.origin("strict")
    WebsiteOrigin.create(website=Website.get(Website.name == "St Elsewhere"), origin=strict)
    rehearsal = websites.put(hospital_page(tag), blocked, name="strict")
    browse(rehearsal).wait_for_event("console", lambda said: "connect-src" in said.text)
    ten_minutes_pass(strict)
    looks_again(page)
    expect(place(page, websites.origin("other"))).to_contain_text("origin not allowed")

    allows(page, websites.origin("other"))
    assert stranger.evaluate(TELL, [f"{tellback.url}/api/v1/stories", a_story()]) == 201
    is_told_of_the_policy(page, strict)


def everything_shows_at_once(page: Page) -> None:
    """Each choice changes preview and tag without a press; what cannot be is said beside it."""
    sample, tag = page.frame_locator("#preview"), page.locator("#tag")
    expect(Embed(sample).host).to_contain_text("A quiet night")
    page.get_by_label("Hospital, practice, ward or charity").press_sequentially("elsewhere")
    page.get_by_text("St Elsewhere Hospital · Elsewhere").check()
    expect(tag).to_contain_text('<patient-stories service="RXH01">')
    page.get_by_text("What changed because of stories").check()
    expect(tag).to_contain_text('show="form stories changes"')
    page.get_by_label("Colour of links and buttons").fill("#ffc845")
    expect(page.get_by_text("Links in this colour would be hard to read")).to_be_visible()
    expect(page.locator("#style")).not_to_contain_text("accent")
    page.get_by_label("Colour of links and buttons").fill("#0b5f58")
    expect(page.locator("#style")).to_contain_text("--patient-stories-accent: #0b5f58;")
    expect(page.get_by_text("Links in this colour would be hard to read")).to_have_count(0)
    expect(page.get_by_label("Colour of links and buttons")).to_be_focused()
    page.get_by_role("link", name="A charity").click()
    expect(sample.get_by_role("heading", name="You are not the only one")).to_be_visible()
    expect(accent_button(sample)).to_have_css("background-color", "rgb(11, 95, 88)")
    assert "sample=charity" in page.url
    assert "service=RXH01" in page.url


def accent_button(sample: FrameLocator) -> Locator:
    """The button in the sample page that wears the accent."""
    return Embed(sample).button("Tell your story")


def serves_everyone(page: Page) -> None:
    """No fault that axe finds, no scrolling sideways on a phone, no focus out of sight."""
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []
    # In the sample page the focus shows on what has it; its frame, without a name, is none of the stops.
    assert set(checks.stops_without_visible_focus(page)) <= {""}


def signs_in_and_adds(page: Page, origin: str) -> str:
    """Add the website with what was chosen, and copy the tag by its button."""
    page.get_by_role("link", name="Add your website").click()
    page.get_by_label("Email address").fill("will@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("What is it called?").fill("The new website")
    page.get_by_label("Where is it?").fill(f"{origin}/page")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert checks.axe_problems(page) == []
    page.get_by_label("Where is it?").fill(origin)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("status").first).to_contain_text("Its pages may send stories from now on.")
    page.locator("[data-copies=tag]").click()
    expect(page.locator("[data-copies=tag]")).to_have_text("Copied")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#tag").inner_text()
    assert '<patient-stories service="RXH01" show="form stories changes">' in copied
    return copied


def place(page: Page, origin: str) -> Locator:
    """What the website's page says of an origin."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=origin))


def looks_again(page: Page) -> None:
    """Press the button for it."""
    page.get_by_role("button", name="Look again").click()


def ten_minutes_pass(origin: str) -> None:
    """As if the file had arrived on this origin ten minutes ago."""
    row = Sighting.get((Sighting.origin == origin) & (Sighting.kind == "file"))
    before: datetime = row.last_at - timedelta(minutes=11)
    Sighting.update(first_at=before, last_at=before).where(Sighting.id == row.id).execute()


def allows(page: Page, origin: str) -> None:
    """Take the offer to allow one more origin, and save it."""
    place(page, origin).get_by_role("link", name="Allow this origin").click()
    expect(page.get_by_label("Origins, one on each line")).to_have_value(
        f"{origin.replace('other', 'new')}\n{origin}"
    )
    page.get_by_role("button", name="Save").click()
    expect(place(page, origin)).to_contain_text("Alive")


def is_told_of_the_policy(page: Page, origin: str) -> None:
    """On the page of the website whose policy stops the script."""
    registration.add("ada@example.org", "Ada", PASSWORD, Role.ADMINISTRATOR)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Websites").click()
    assert checks.axe_problems(page) == []
    page.get_by_role("link", name="St Elsewhere", exact=True).click()
    expect(place(page, origin)).to_contain_text("most likely connect-src of the page’s policy")
