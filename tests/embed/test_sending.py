"""A story that a browser sends: kept once, and never lost when it could not be sent."""

import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tellback.outbox.models import OutboxMessage
from tellback.websites import registration
from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import STORY, Embed, hospital_page, tag, told_bodies, was_told

pytestmark = pytest.mark.browser

STORIES = "**/api/v1/stories?lang=en"
NO_ANSWER = "console: Failed to load resource: net::ERR_FAILED"


@pytest.fixture
def page(tellback: Tellback, websites: Websites, browse: Browse) -> Page:
    """A page that may send stories, with the embed on it."""
    return browse(websites.put(hospital_page(tag(tellback.url))))


def test_it_keeps_the_story_and_shows_its_private_link(tellback: Tellback, page: Page) -> None:
    with page.expect_response(was_told) as answer:
        link = Embed(page).tell()
    assert answer.value.status == 201
    assert link.startswith(f"{tellback.url}/my-story#")
    assert told_bodies() == [STORY]


def test_it_says_what_was_taken_out_of_the_words_and_shows_the_rest(page: Page) -> None:
    embed = Embed(page)
    # The joiner that Persian needs stays; what turns the direction of the text goes.
    embed.tell("The nurse was \u202ekind\u202c: \u0645\u06cc\u200c\u0631\u0648\u0645.")
    expect(embed.host).to_contain_text("We took out 2 characters that cannot be seen")
    assert told_bodies() == ["The nurse was kind: \u0645\u06cc\u200c\u0631\u0648\u0645."]


def test_the_private_link_can_be_taken_along_as_a_code_and_by_email(page: Page, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*422")  # the address that only the service refuses
    embed = Embed(page)
    embed.tell()
    embed.host.get_by_text("Show a code for your phone").click()
    code = embed.host.get_by_role("img", name="Code of your private link")
    expect(code).to_be_visible()
    assert code.evaluate("node => getComputedStyle(node.firstChild).fill") == "rgb(255, 255, 255)"
    address = embed.host.get_by_role("textbox", name="Email address")
    embed.button("Email it to me").click()
    expect(embed.host).to_contain_text("Write the email address to send it to.")
    expect(address).to_be_focused()
    address.fill(".a@example.org")
    address.press("Enter")
    expect(address).to_have_attribute("aria-invalid", "true")
    address.fill("a.person@example.org")
    embed.button("Email it to me").click()
    expect(embed.host).to_contain_text("It is on its way to a.person@example.org.")
    assert OutboxMessage.select().where(OutboxMessage.kind == "your_link").count() == 1


def test_the_private_link_stands_nowhere_a_page_of_the_host_could_log_it(page: Page) -> None:
    link = Embed(page).tell()
    assert link not in page.url
    assert page.evaluate("[document.title, location.hash, history.length]") == [
        "St Elsewhere Hospital",
        "",
        2,
    ]


def test_it_tells_the_page_that_a_story_was_sent_and_not_what_it_says(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    page = browse()
    page.add_init_script("""
        window.told = [];
        for (const type of ["story-submitted", "stories-loaded", "story-error"])
            document.addEventListener(type, (e) => told.push([type, JSON.stringify(e.detail), e.cancelable]));
    """)
    page.goto(websites.put(hospital_page(tag(tellback.url))))
    Embed(page).tell()
    page.wait_for_function("told.length > 1")
    assert page.evaluate("told") == [
        ["stories-loaded", '{"total":0,"shown":0}', False],
        ["story-submitted", '{"service":"RXH01","topic":null}', False],
    ]


def test_a_double_click_tells_one_story(page: Page) -> None:
    embed = Embed(page)
    embed.fill_in()
    embed.button("Send it").dblclick()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_a_lost_send_keeps_every_word_and_the_next_tells_one_story(page: Page, watch: Watch) -> None:
    watch.expects(NO_ANSWER)
    embed = Embed(page)
    embed.fill_in()
    page.route(STORIES, lambda route: route.abort(), times=1)
    embed.send()
    expect(embed.not_sent()).to_be_focused()
    expect(embed.not_sent()).to_contain_text("We got no answer. Check your connection.")
    expect(embed.not_sent()).to_contain_text("Your story is still here. Nothing is lost.")
    expect(embed.host).to_contain_text(STORY)
    embed.send()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_a_lost_answer_ends_in_the_link_of_the_story_that_arrived(page: Page, watch: Watch) -> None:
    watch.expects(NO_ANSWER)
    embed = Embed(page)
    embed.fill_in()
    page.route(STORIES, _arrives_but_is_not_answered, times=1)
    embed.send()
    expect(embed.not_sent()).to_be_visible()
    assert told_bodies() == [STORY]
    embed.send()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_words_changed_after_a_lost_answer_say_which_story_was_kept(page: Page, watch: Watch) -> None:
    watch.expects(NO_ANSWER)
    watch.expects("console: Failed to load resource: .*422")  # the same key with other words
    embed = Embed(page)
    embed.fill_in()
    page.route(STORIES, _arrives_but_is_not_answered, times=1)
    embed.send()
    expect(embed.not_sent()).to_be_visible()
    embed.button("Change What happened?").click()
    embed.field("body").fill(STORY + " And thank you.")
    embed.go_on(4)
    embed.send()
    embed.private_link()
    expect(embed.host).to_contain_text("we kept that one, without your last changes")
    assert told_bodies() == [STORY]


def test_it_tries_again_by_itself_when_the_connection_was_lost(page: Page, watch: Watch) -> None:
    watch.expects(NO_ANSWER)
    embed = Embed(page)
    embed.fill_in()
    page.clock.install()
    page.route(STORIES, lambda route: route.abort(), times=1)
    embed.send()
    expect(embed.not_sent()).to_contain_text("We will try again in 20 seconds")
    page.clock.run_for(20_000)
    embed.private_link()
    assert told_bodies() == [STORY]


def test_too_many_stories_from_one_place_are_asked_to_wait_in_words(
    tellback: Tellback, websites: Websites, page: Page, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: .*429")
    embed = Embed(page)
    embed.fill_in()
    _use_up_the_limit(tellback, websites.origin())
    embed.send()
    expect(embed.not_sent()).to_contain_text("You can send again in")
    expect(embed.not_sent()).to_contain_text("minutes, or press “Send it”.")
    expect(embed.host).to_contain_text(STORY)
    assert told_bodies() == []
    tellback.lift_limits()
    embed.send()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_a_page_that_no_website_allows_says_how_to_allow_it_and_loses_nothing(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: .*403")
    stranger = websites.origin("stranger")
    embed = Embed(browse(websites.put(hospital_page(tag(tellback.url)), name="stranger")))
    embed.fill_in()
    embed.send()
    expect(embed.not_sent()).to_contain_text(f"Stories from {stranger} are not accepted yet.")
    expect(embed.not_sent()).to_contain_text(f"--origin {stranger}")
    expect(embed.host).to_contain_text(STORY)
    assert told_bodies() == []
    registration.add("The stranger", [stranger])
    embed.send()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_what_only_the_service_finds_wrong_leads_to_the_field_it_is_about(page: Page, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*422")
    embed = Embed(page)
    embed.fill_in()
    embed.host.get_by_text("You can add more").click()
    embed.button("Add How can we reach you?").click()
    embed.field("contact_email").fill(".a.person@example.org")
    embed.go_on(4)
    embed.send()
    wrong = embed.host.get_by_role("group", name="There is a problem")
    expect(wrong).to_be_focused()
    wrong.get_by_role("link").click()
    expect(embed.field("contact_email")).to_be_focused()
    embed.field("contact_email").fill("a.person@example.org")
    embed.go_on(4)
    embed.send()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_it_ends_the_wait_when_the_person_closes_the_form_and_keeps_the_words(
    page: Page, watch: Watch
) -> None:
    watch.expects(NO_ANSWER)
    embed = Embed(page)
    embed.fill_in()
    page.route(STORIES, lambda route: route.abort(), times=1)
    embed.send()
    expect(embed.not_sent()).to_be_visible()
    for step in (3, 2, 1):
        embed.button("Back").click()
        expect(embed.step(step)).to_be_focused()
    expect(embed.field("body")).to_have_value(STORY)
    embed.button("Back").click()
    embed.button("Back").click()
    embed.button("Carry on with your story").click()
    embed.button("Tell it the short way").click()
    expect(embed.field("body")).to_have_value(STORY)
    assert told_bodies() == []


def _arrives_but_is_not_answered(route: Route) -> None:
    assert route.fetch().status == 201
    route.abort()


def _use_up_the_limit(tellback: Tellback, origin: str) -> None:
    """Send what is no story until the limit on telling is reached."""
    for _ in range(61):
        request = urllib.request.Request(
            f"{tellback.url}/api/v1/stories", b"body=", {"Origin": origin}, method="POST"
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        refused.value.close()
        if refused.value.code == 429:
            return
    pytest.fail("the limit was never reached")


def _asks_to_wait(seconds: int) -> dict[str, Any]:
    """What the service answers when a limit is reached."""
    problem = {"detail": "Many requests came from your connection.", "retry_after": seconds}
    headers = {"Access-Control-Allow-Origin": "*", "Retry-After": str(seconds)}
    return {"status": 429, "content_type": "application/problem+json", "json": problem, "headers": headers}


def test_told_to_wait_it_counts_down_in_sight_and_sends_by_itself(page: Page, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*429")
    embed = Embed(page)
    embed.fill_in()
    page.clock.install()
    page.route(STORIES, lambda route: route.fulfill(**_asks_to_wait(30)), times=1)
    embed.send()
    expect(embed.not_sent()).to_be_focused()
    left = embed.not_sent().get_by_text("We will try again in")
    expect(left).to_contain_text(re.compile("in 3[0-3] seconds"))
    said = embed.host.get_by_role("status")
    expect(said).to_contain_text("We will try again in 3")
    first = said.inner_text()
    page.clock.run_for(15_000)
    expect(left).to_contain_text(re.compile("in 1[5-8] seconds"))
    # Read out as it begins and as it ends, not each second.
    assert said.inner_text() == first
    page.clock.run_for(19_000)
    embed.private_link()
    assert told_bodies() == [STORY]


def test_the_wait_can_be_ended_and_nothing_is_sent_by_itself(page: Page, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*429")
    embed = Embed(page)
    embed.fill_in()
    page.clock.install()
    page.route(STORIES, lambda route: route.fulfill(**_asks_to_wait(30)), times=1)
    embed.send()
    embed.button("Do not send it automatically").press("Enter")
    expect(embed.not_sent()).to_be_focused()
    expect(embed.not_sent()).to_contain_text("Press “Send it” to try again.")
    page.clock.run_for(60_000)
    assert told_bodies() == []
    embed.send()
    embed.private_link()
    assert told_bodies() == [STORY]


def test_told_to_wait_again_it_waits_longer(page: Page, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*429")
    embed = Embed(page)
    embed.fill_in()
    page.clock.install()
    page.route(STORIES, lambda route: route.fulfill(**_asks_to_wait(5)), times=2)
    embed.send()
    expect(embed.not_sent()).to_contain_text(re.compile("in [56] seconds"))
    page.clock.run_for(7_000)
    expect(embed.not_sent()).to_contain_text(re.compile("in 2[0-2] seconds"))
    page.clock.run_for(23_000)
    embed.private_link()
    assert told_bodies() == [STORY]


def test_a_page_that_slept_through_the_wait_sends_as_it_wakes(page: Page, watch: Watch) -> None:
    watch.expects("console: Failed to load resource: .*429")
    embed = Embed(page)
    embed.fill_in()
    page.clock.install()
    page.route(STORIES, lambda route: route.fulfill(**_asks_to_wait(3000)), times=1)
    embed.send()
    expect(embed.not_sent()).to_contain_text("minutes, or press “Send it”. Keep this page open.")
    # The lid of a laptop: one tick where there should have been three thousand.
    page.clock.fast_forward(3_100_000)
    embed.private_link()
    assert told_bodies() == [STORY]
