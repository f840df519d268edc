"""A moderator who uses no mouse: from signing in to a published story, by keys alone, in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.moderation.models import DeskHabit
from tellback.stories.models import PublishedText, Story
from tests.accessibility.checks import axe_problems
from tests.browser import Browse, Tellback
from tests.people import tell

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries at noon"
BODY = "The night was long. Ring my daughter on 020 7946 0018, said the lady opposite."
# More presses of Tab than any screen of ours has stops.
ALL_STOPS = 120


class Keys:
    """Someone at a keyboard, without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(text)

    def tab_to(self, goal: Locator) -> None:
        """Go by Tab until this has the focus."""
        for _ in range(ALL_STOPS):
            if goal.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to {goal}")

    def signs_in(self, url: str) -> None:
        """Sign in as Moira, who comes to the queue."""
        self.page.goto(f"{url}/admin/")
        self.tab_to(self.page.get_by_label("Email address"))
        self.type("moira@example.org")
        self.tab_to(self.page.get_by_label("Password"))
        self.type(PASSWORD)
        self.press("Enter")
        self.is_at("To read")

    def is_at(self, heading: str) -> None:
        """Check that a page with this heading is open, and wait until its script listens to keys."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.page.wait_for_load_state()


@pytest.fixture
def keys(tellback: Tellback, patient: Tellback, browse: Browse) -> Keys:
    """Moira at her keyboard, signed in where decisions wait; two stories wait for her."""
    registration.add("moira@example.org", "Moira", PASSWORD, Role.MODERATOR)
    tell(title="A long night", body=BODY)
    tell(title="A short day", body="The food was warm.")
    keys = Keys(browse())
    keys.signs_in(patient.url)
    return keys


def state(title: str) -> str:
    return next(
        story.state
        for story in Story.select()
        if story.versions.where(story.versions.model.title == title).exists()
    )


def test_a_story_is_redacted_and_published_without_a_mouse(keys: Keys) -> None:
    page = keys.page
    keys.press("j")
    expect(page.get_by_role("link", name="A long night")).to_be_focused()
    keys.press("Enter")
    keys.is_at("A long night")

    # What is marked: on to the number, and out with it.
    number = page.get_by_role("listitem").filter(has_text="“020 7946 0018”")
    for _ in range(10):
        keys.press("j")
        if number.evaluate("row => row === document.activeElement"):
            break
    keys.press("o")
    expect(page.locator("del", has_text="020 7946 0018").first).to_be_visible()
    page.wait_for_load_state()

    # What no rule knows: in a field the keys are letters, and nothing else.
    words = page.get_by_label("The exact words")
    keys.tab_to(words)
    keys.type("the lady opposite")
    keys.press("Tab", "Tab")
    expect(page.locator("#redact_words-reason")).to_be_focused()
    keys.type("A descr")
    keys.tab_to(page.get_by_role("button", name="Take them out"))
    keys.press("Enter")
    expect(page.locator("del", has_text="the lady opposite").first).to_be_visible()
    keys.is_at("A long night")

    # Two strokes: how critical, and out it goes. The next story is there at once.
    keys.press("2")
    expect(page.get_by_role("radio", name="2 Mildly critical")).to_be_checked()
    keys.press("p")
    keys.is_at("A short day")
    expect(page.get_by_role("main")).to_contain_text("You decided to publish it")
    assert state("A long night") == "in_moderation"

    # Undone, decided again, and sent.
    keys.press("u")
    keys.is_at("A long night")
    expect(page.get_by_role("main")).to_contain_text("The decision is undone.")
    keys.press("2", "p")
    keys.is_at("A short day")
    keys.press("s")
    expect(page.get_by_role("main")).to_contain_text("The story is published.")
    keys.is_at("A short day")
    assert state("A long night") == "published"
    text = PublishedText.get()
    assert "lady" not in text.body
    assert "7946" not in text.body


def test_the_keys_are_listed_looked_for_and_switched_off(keys: Keys) -> None:
    page = keys.page
    keys.press("/")
    expect(page.get_by_label("Find any story")).to_be_focused()
    # Letters are letters here: no list opens, nothing is gone through.
    keys.type("j?food")
    expect(page.get_by_label("Find any story")).to_have_value("j?food")
    keys.press("Control+a")
    keys.type("food")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="One story")).to_be_visible()
    page.wait_for_load_state()
    keys.press("j", "Enter")
    keys.is_at("A short day")

    keys.press("b")
    keys.is_at("A long night")
    keys.press("n")
    keys.is_at("A short day")

    keys.press("?")
    listed = page.get_by_role("dialog", name="Keys on this page")
    for key, does in (
        ("p", "Publish"),
        ("x", "Do not publish"),
        ("r", "Send back to the author"),
        ("m", "Take it on"),
    ):
        line = listed.locator("div", has=page.locator("kbd", has_text=key))
        expect(line.filter(has_text=does).first).to_be_visible()
    assert axe_problems(page) == []
    # Behind an open list no key acts.
    keys.press("p")
    expect(listed).to_be_visible()
    keys.press("Escape")
    expect(listed).to_be_hidden()
    keys.press("?", "Enter")
    expect(listed).to_be_hidden()

    keys.press("x")
    expect(page.locator("#reject-reason")).to_be_focused()

    page.reload()
    keys.press("?")
    keys.tab_to(listed.get_by_role("button", name="Switch the keys off"))
    keys.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("So you work from now on, on every device.")
    page.wait_for_load_state()
    keys.press("j")
    expect(page.locator("body")).to_be_focused()
    keys.press("?")
    expect(listed).to_be_hidden()
    assert not DeskHabit.get().by_keys


def test_without_the_script_every_step_can_still_be_gone_by_keyboard(
    tellback: Tellback, patient: Tellback, browse: Browse
) -> None:
    registration.add("moira@example.org", "Moira", PASSWORD, Role.MODERATOR)
    tell(title="A long night", body="The food was warm.")
    keys = Keys(browse(java_script_enabled=False))
    page = keys.page
    # Without a script nothing can be asked of the page but what it shows: each stop is known by its look.
    page.goto(f"{patient.url}/admin/")
    page.get_by_label("Email address").press("Tab")
    page.get_by_label("Email address").fill("moira@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.get_by_role("link", name="A long night").press("Enter")
    keys.is_at("A long night")
    page.get_by_role("radio", name="2 Mildly critical").press("Space")
    page.get_by_role("button", name="Publish", exact=True).press("Enter")
    expect(page.get_by_role("main")).to_contain_text("You decided to publish it")
    page.get_by_role("button", name="Send now").first.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("The story is published.")
    assert state("A long night") == "published"
