"""Reading where the stories stand: finding them, what became of them, and what a reader can do with one."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tellback import clock
from tellback.moderation import change_decisions
from tellback.replies import changes
from tellback.stories.models import Story
from tellback.websites.models import Website
from tests.accessibility import checks
from tests.browser import LAST_MONTH, Browse, Tellback, Watch, Websites
from tests.embedded import Embed, Staff, hospital_page, tag

pytestmark = pytest.mark.browser

LONG = "The chairs were hard, and nobody told us how long it would be. " * 40
SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    const take = (entries) => { for (const { value } of entries.getEntries()) sum += value; };
    new PerformanceObserver(take).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
})"""


def say_change(staff: Staff, story: Story, state: str, what: str, **said: str) -> None:
    """Have the hospital plan, then make or drop, a change because of a story; each word is read and shown."""
    words = {"state": "planned", "what": what, "why": "", "on": "2027-03", "evidence": "", "lang": "en"}
    claim = changes.record("RXH01", [story.public_id], words, by=staff.ruth)
    change_decisions.publish(claim, staff.moira)
    if state != "planned":
        change = changes.get(claim.change.public_id)
        claim = changes.go_on(change, change.revision, [], {**words, "state": state, **said}, by=staff.ruth)
        change_decisions.publish(claim, staff.moira)


def tell_much(staff: Staff) -> Story:
    """Eight stories, an hour apart; the last, of the lamp, was answered and changed something. The lamp's."""
    for number in range(5):
        clock.pin(LAST_MONTH + timedelta(hours=number))
        staff.publish(title=f"Story number {number}", topics=["negative:waiting"])
    clock.pin(LAST_MONTH + timedelta(hours=5))
    staff.publish(title="A long wait", body=LONG, service="RXH01-ward-5", topics=["negative:waiting"])
    staff.publish(title="انتظار", body="NHS انتظرت مع ابنتي.", lang="ar", topics=["neutral:food"])
    lamp = staff.publish(
        title="A lamp all night",
        body="The big lamp was on all night.",
        topics=["negative:building", "positive:food"],
    )
    Story.update(website=Website.get(), website_path="/wards/5").where(Story.id == lamp.id).execute()
    clock.pin(LAST_MONTH + timedelta(days=2))
    staff.answer(lamp, "Thank you. We are looking for a softer lamp.")
    say_change(staff, lamp, "planned", "Softer lamps.")
    made = {"on": "2026-10-13", "evidence": "https://www.example.org/lamps"}
    say_change(staff, lamp, "made", "A switch at each bed.", **made)
    say_change(staff, lamp, "not_made", "A lamp on each wall.", why="The old wires do not carry it.")
    return lamp


def count(embed: Embed) -> Locator:
    """The line that says how many of how many."""
    return embed.host.locator(".count")


def titles(embed: Embed) -> list[str]:
    """The titles of the stories shown, from the top."""
    return embed.host.locator(".title").all_text_contents()


def test_a_reader_finds_reads_and_answers_to_stories(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    lamp = tell_much(staff)
    page = browse(
        websites.put(hospital_page(tag(tellback.url))), permissions=["clipboard-read", "clipboard-write"]
    )
    embed = Embed(page)
    expect(count(embed)).to_have_text("Showing 5 of 8 stories told here · newest first")
    _reads_what_became_of_a_story(embed)
    _opens_a_long_story(page, embed)
    _presses_that_it_happened_to_them_too(page, embed, lamp)
    _passes_it_on_and_reports_it(tellback, page, embed, lamp)
    _finds(page, embed)


def _reads_what_became_of_a_story(embed: Embed) -> None:
    story = embed.host.get_by_role("article").first
    for words in (
        "A lamp all night",
        "Told on St Elsewhere, /wards/5",
        "Food: good",
        "Building and surroundings: could be better",
        "Response from St Elsewhere Hospital",
        "Ruth Ward, Matron · answered in 1 day, on 14 October 2026",
        "Change planned",
        "planned for March 2027",
        "Change made",
        "13 October 2026",
        "Not changed, and why",
        "The old wires do not carry it.",
    ):
        expect(story).to_contain_text(words)
    evidence = story.get_by_role("link", name="See more about this change")
    assert evidence.get_attribute("href") == "https://www.example.org/lamps"
    # Arabic runs from the right even where it begins with an English word.
    directions = "nodes => nodes.map((node) => getComputedStyle(node).direction)"
    assert embed.host.locator("[lang=ar] p").evaluate_all(directions) == ["rtl"]


def _opens_a_long_story(page: Page, embed: Embed) -> None:
    rest, opener = embed.host.locator(".rest").first, embed.button("Read the whole story")
    expect(opener).to_have_count(1)
    expect(rest).to_be_hidden()
    page.emulate_media(media="print")
    expect(rest).to_be_visible()
    expect(embed.host.get_by_text("Find and sort")).to_be_hidden()
    page.emulate_media(media="screen")
    opener.click()
    expect(rest).to_be_focused()
    expect(opener).to_have_count(0)


def _presses_that_it_happened_to_them_too(page: Page, embed: Embed, story: Story) -> None:
    acts = embed.host.locator(".does").first
    me_too = acts.get_by_role("button", name="This happened to me too")
    me_too.click()
    expect(acts).to_contain_text("Thank you. 1 person says this happened to them too.")
    expect(embed.host.get_by_role("status")).to_contain_text("Thank you. 1 person")
    me_too.press("Enter")
    assert Story.get_by_id(story.id).me_too == 1
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def _passes_it_on_and_reports_it(tellback: Tellback, page: Page, embed: Embed, story: Story) -> None:
    acts = embed.host.locator(".does").first
    acts.get_by_role("button", name="Share this story").click()
    expect(acts).to_contain_text("We copied the link to this story.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{tellback.url}/stories/{story.public_id}"
    with page.expect_popup() as opened:
        acts.get_by_role("link", name=re.compile("Report this story")).click()
    expect(opened.value).to_have_url(re.compile(f"/stories/{story.public_id}/report"))
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    opened.value.close()


def _finds(page: Page, embed: Embed) -> None:
    embed.host.get_by_text("Find and sort").click()
    # What can be chosen comes with how many stories it has.
    expect(embed.field("about_topic")).to_contain_text("Waiting (6)")
    expect(embed.field("about_service")).to_contain_text("Ward 5 (1)")
    embed.field("q").fill("lamps")
    embed.field("q").press("Enter")
    expect(count(embed)).to_have_text(
        "Showing 1 of 1 that matches · closest to your words first · 8 stories told here"
    )
    expect(embed.host.get_by_role("status")).to_contain_text("Showing 1 of 1 that matches")
    assert titles(embed) == ["A lamp all night"]
    expect(embed.field("q")).to_be_focused()
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []

    embed.field("about_topic").select_option("waiting")
    embed.button("Find stories").click()
    expect(embed.host).to_contain_text("No story matches all of this.")
    embed.field("q").fill("")
    embed.button("Find stories").click()
    expect(count(embed)).to_have_text("Showing 5 of 6 that match · newest first · 8 stories told here")
    # More of what was asked for, not of everything.
    embed.button("Show more stories").click()
    expect(count(embed)).to_contain_text("Showing 6 of 6 that match")

    embed.field("about_topic").select_option("")
    embed.field("order").select_option("waiting")
    embed.button("Find stories").click()
    expect(count(embed)).to_contain_text("only those still waiting for an answer, the longest wait first")
    assert titles(embed)[0] == "Story number 0"
    embed.button("Show all again").click()
    expect(count(embed)).to_have_text("Showing 5 of 8 stories told here · newest first")
    expect(count(embed)).to_be_focused()
    expect(embed.field("order")).to_have_value("")


def test_a_failed_search_says_so_and_leaves_the_list_as_it_was(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: .*422")
    staff.publish(title="A quiet night")
    page = browse(websites.put(hospital_page(tag(tellback.url))))
    embed = Embed(page)
    embed.host.get_by_text("Find and sort").click()
    embed.field("q").fill("night and day " * 7)
    embed.button("Find stories").click()
    expect(embed.host.get_by_role("alert").filter(has_text="Use fewer words")).to_be_visible()
    expect(count(embed)).to_have_text("Showing 1 of 1 story told here · newest first")


def test_the_summary_and_the_changes_say_in_plain_words_what_came_of_stories(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    tell_much(staff)
    attributes = 'service="RXH01" show="summary changes stories" limit="2"'
    page = browse(websites.put(hospital_page(tag(tellback.url, attributes))))
    embed = Embed(page)
    expect(embed.host).to_contain_text(
        "8 stories told. 1 of 8 has an answer. 1 of 8 led to a change. 1 of 8 led to a plan for a change."
    )
    waiting = embed.host.get_by_role("listitem").filter(has_text="Waiting in 6 stories")
    expect(waiting).to_contain_text("could be better: 6")
    did = embed.host.locator("[part=changes]")
    expect(did.get_by_role("heading", name="You said, we did")).to_be_visible()
    expect(did.get_by_role("article")).to_have_count(2)
    embed.button("Show more changes").click()
    expect(did.get_by_role("article")).to_have_count(3)
    expect(embed.button("Show more changes")).to_be_hidden()
    expect(did.get_by_role("link", name="A lamp all night")).to_have_count(3)
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []


def test_the_first_view_keeps_to_the_height_that_the_page_reserves_and_loses_no_story(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    tell_much(staff)
    older = [f"Story number {number}" for number in (4, 3, 2, 1, 0)]
    reserve = "<style>patient-stories { display: block; min-height: 1700px }</style>"
    below = "<p>What stands below the stories.</p>"
    page = browse(websites.put(hospital_page(tag(tellback.url) + below, head=reserve)))
    embed = Embed(page)
    expect(count(embed)).to_contain_text("of 8 stories told here")
    shown = len(titles(embed))
    assert 1 <= shown < 5
    expect(count(embed)).to_contain_text(f"Showing {shown} of 8")
    assert embed.host.evaluate("(host) => host.getBoundingClientRect().height") == 1700
    assert page.evaluate(SHIFTS) < 0.01
    more = embed.button("Show more stories")
    more.click()
    expect(count(embed)).to_contain_text("Showing 5 of 8")
    more.click()
    expect(count(embed)).to_contain_text("Showing 8 of 8")
    assert titles(embed) == ["A lamp all night", "انتظار", "A long wait", *older]
