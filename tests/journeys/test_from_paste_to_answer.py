"""Read this first: one patient's story, from the tag that a webmaster pastes to the answer under it.

A real service, real pages of another origin, a real browser for each person. Who they are and what each step
does on the screen stands in `people_at_work.py`; here stands only what happens, and in which order.
"""

import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import Embed
from tests.journeys.people_at_work import (
    ANSWER,
    NAME,
    NUMBER,
    SHOWN,
    TITLE,
    Author,
    Moderator,
    Responder,
    Webmaster,
)

pytestmark = pytest.mark.browser

# What a tombstone answers (410), and a form with something missing (422): Chromium notes both in its console.
GONE = "console: Failed to load resource: .*410"
INCOMPLETE = "console: Failed to load resource: .*422"


def test_a_story_told_in_the_embed_is_read_and_answered_on_the_same_page(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects(GONE)
    webmaster = Webmaster(tellback, websites)
    hospitals_page = webmaster.pastes(webmaster.adds_the_website())

    author = Author(browse(hospitals_page))
    private_link = author.tells_in_the_embed()
    author.opens(private_link).says("We have your story.", TITLE)

    story_is_moderated_and_answered(webmaster, tellback, browse)

    everyone_reads_it_in_the_embed(browse(hospitals_page))
    story_page = everyone_reads_it_on_the_hosted_page(browse(f"{tellback.url}/services/RXH01"))
    everyone_reads_it_in_the_feed(tellback)

    own = author.opens(private_link)
    own.says(
        "Your story is published, and the service has answered.", NAME, "[a nurse]", "A person's name", ANSWER
    )
    own.is_taken_back()

    only_a_tombstone_is_left(browse(), story_page, hospitals_page)


def test_the_same_without_javascript(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects(GONE)
    watch.expects(INCOMPLETE)
    webmaster = Webmaster(tellback, websites)
    hospitals_page = webmaster.pastes(webmaster.adds_the_website())

    author = Author(browse(hospitals_page, java_script_enabled=False))
    private_link = author.tells_on_the_hosted_page()
    where = f"{tellback.url}/my-story"
    author.pastes(private_link, where).says("We have your story.", TITLE)

    story_is_moderated_and_answered(webmaster, tellback, browse, java_script_enabled=False)

    reader = browse(hospitals_page, java_script_enabled=False)
    reader.get_by_role("link", name="Patients' stories of this hospital").click()
    story_page = everyone_reads_it_on_the_hosted_page(reader)

    own = author.pastes(private_link, where)
    own.says(
        "Your story is published, and the service has answered.", NAME, "[a nurse]", "A person's name", ANSWER
    )
    own.is_taken_back()

    only_a_tombstone_is_left(browse(java_script_enabled=False), story_page)


def story_is_moderated_and_answered(
    webmaster: Webmaster, tellback: Tellback, browse: Browse, **options: bool
) -> None:
    """A moderator reads and publishes the story, a responder answers it, the answer is published."""
    moderator = Moderator(browse(**options), tellback)
    moderator.signs_in("Moira", webmaster.adds_staff("Moira", "moderator"))
    moderator.opens(TITLE)
    moderator.takes_out_what_is_marked(NUMBER)
    moderator.takes_out_other_words(NAME, shown="[a nurse]", why="A person's name")
    moderator.scores("0 Not critical")
    moderator.publishes()
    moderator.sees("The story is published.")

    responder = Responder(browse(**options), tellback)
    responder.signs_in("Ruth", webmaster.adds_staff("Ruth", "responder", "--organisation", "RXH"))
    responder.sees("Waiting for you")
    responder.opens("Answer")
    responder.answers(ANSWER)

    moderator.goes_home()
    moderator.opens("St Elsewhere Hospital")
    moderator.sees(ANSWER)
    moderator.publishes()
    moderator.sees("The reply is published under its story.")


def everyone_reads_it_in_the_embed(page: Page) -> None:
    """On the hospital's own page: the story, what was taken out, the answer, and how many there are."""
    embed = Embed(page)
    expect(embed.host).to_contain_text("Showing 1 of 1 story told here")
    story = embed.host.get_by_role("article")
    expect(story.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(story).to_contain_text(SHOWN)
    expect(story).to_contain_text("Kingfisher, a patient")
    expect(story.get_by_role("heading", name="Response from St Elsewhere Hospital")).to_be_visible()
    expect(story).to_contain_text(ANSWER)
    nobody_reads_what_was_taken_out(story.inner_text())


def everyone_reads_it_on_the_hosted_page(page: Page) -> str:
    """On the service's page and on the story's own; the address of that."""
    page.get_by_role("link", name=TITLE).click()
    story = page.get_by_role("article")
    expect(story.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(story).to_contain_text(SHOWN)
    expect(story.get_by_role("heading", name="Response from St Elsewhere Hospital")).to_be_visible()
    expect(story).to_contain_text(ANSWER)
    nobody_reads_what_was_taken_out(page.content())
    return page.url


def everyone_reads_it_in_the_feed(tellback: Tellback) -> None:
    """In a feed reader."""
    with urllib.request.urlopen(f"{tellback.url}/services/RXH01/stories.atom") as answer:
        feed = answer.read().decode()
    assert SHOWN in feed
    assert ANSWER in feed
    nobody_reads_what_was_taken_out(feed)


def nobody_reads_what_was_taken_out(public: str) -> None:
    """Neither the name nor the number."""
    assert NAME not in public
    assert NUMBER not in public


def only_a_tombstone_is_left(page: Page, story_page: str, hospitals_page: str | None = None) -> None:
    """Nobody can read the story any more, and everyone can see that there was one, and who took it back."""
    answer = page.goto(story_page)
    assert answer
    assert answer.status == 410
    expect(page.get_by_role("article")).to_contain_text("Its author took it back.")
    expect(page.get_by_role("article")).not_to_contain_text(TITLE)
    if hospitals_page:
        page.goto(hospitals_page)
        embed = Embed(page)
        expect(embed.host).to_contain_text("Showing 1 of 1 story told here")
        expect(embed.host.get_by_role("article")).to_contain_text("Its author took it back.")
        expect(embed.host.get_by_role("article")).not_to_contain_text(TITLE)
