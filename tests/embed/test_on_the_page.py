"""How the embed lives on a page: twice, moved, loaded late, without its service, without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import STORY, Embed, Staff, hospital_page, tag, told_bodies

pytestmark = pytest.mark.browser

FAR_BELOW = '<p style="height: 5000px">A long page.</p>'


@pytest.fixture
def page(tellback: Tellback, websites: Websites, browse: Browse) -> Page:
    """A hospital's page with the embed on it."""
    return browse(websites.put(hospital_page(tag(tellback.url))))


def test_two_embeds_on_one_page_each_keep_their_own_words(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    both = tag(tellback.url) + '<patient-stories service="G81001"></patient-stories>'
    page = browse(websites.put(hospital_page(both)))
    hospital, surgery = Embed(page, 0), Embed(page, 1)
    hospital.begin()
    hospital.field("body").fill("Of the hospital.")
    surgery.begin()
    surgery.field("body").fill("Of the surgery.")
    expect(hospital.field("body")).to_have_value("Of the hospital.")
    expect(hospital.host).to_contain_text("About St Elsewhere Hospital")
    expect(surgery.host).to_contain_text("About Elm Surgery")


def test_two_embeds_of_one_service_ask_for_its_stories_once(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    page, asked = browse(), []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.goto(websites.put(hospital_page(tag(tellback.url) * 2)))
    expect(Embed(page, 0).host).to_contain_text("No story has been told here yet.")
    expect(Embed(page, 1).host).to_contain_text("No story has been told here yet.")
    assert len(asked) == 1


def test_the_first_view_is_three_requests_and_under_twenty_kilobytes(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    for number in range(6):
        staff.answer(staff.publish(title=f"Night {number}"), "Thank you. We told the night team.")
    page, asked = browse(), []
    page.on("requestfinished", lambda request: asked.append(request) if tellback.url in request.url else None)
    page.goto(websites.put(hospital_page(tag(tellback.url))))
    embed = Embed(page)
    expect(embed.host.get_by_role("heading", name="Night 5")).to_be_visible()
    page.evaluate("""async () => {
        const embed = document.querySelector("patient-stories"), place = embed.parentNode;
        embed.remove();
        await new Promise((done) => setTimeout(done));
        place.appendChild(embed);
    }""")
    expect(embed.host.get_by_role("heading", name="Night 5")).to_be_visible()
    sizes = [request.sizes() for request in asked]
    assert len(sizes) == 3, "the script, its words and the stories; nothing again when it is put back"
    assert sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes) < 20_000


def test_the_script_may_stand_on_the_page_twice(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    again = f'<script src="{tellback.url}/v1/stories.js"></script>'
    page = browse(websites.put(hospital_page(again + tag(tellback.url) + again)))
    expect(Embed(page).button("Tell your story")).to_have_count(1)
    Embed(page).tell()
    assert told_bodies() == [STORY]


def test_a_half_written_story_stays_when_the_page_moves_the_embed(page: Page) -> None:
    embed = Embed(page)
    embed.begin()
    embed.field("body").fill("Half a st")
    page.evaluate("document.querySelector('header').appendChild(document.querySelector('patient-stories'))")
    expect(embed.field("body")).to_have_value("Half a st")
    embed.field("body").fill(STORY)
    embed.go_on(2)


def test_a_story_that_waits_for_the_line_is_sent_when_the_embed_was_away_from_the_page_meanwhile(
    page: Page, watch: Watch
) -> None:
    watch.expects("ERR_INTERNET_DISCONNECTED")
    embed = Embed(page)
    embed.fill_in()
    page.context.set_offline(True)
    embed.send()
    expect(embed.not_sent()).to_be_focused()
    away = """async () => {
        const embed = document.querySelector("patient-stories"), place = embed.parentNode;
        embed.remove();
        await new Promise((done) => setTimeout(done));
        place.appendChild(embed);
    }"""
    page.evaluate(away)
    page.context.set_offline(False)
    embed.private_link()
    assert told_bodies() == [STORY]


def test_a_half_written_story_stays_when_the_page_changes_what_the_embed_is_about(page: Page) -> None:
    embed = Embed(page)
    embed.begin()
    embed.field("body").fill("Half a st")
    page.evaluate("document.querySelector('patient-stories').setAttribute('service', 'G81001')")
    expect(embed.host).to_contain_text("About St Elsewhere Hospital")
    expect(embed.field("body")).to_have_value("Half a st")


def test_a_router_may_put_the_embed_in_later_and_point_it_elsewhere(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    staff.publish(title="A quick repeat", service="G81001")
    page = browse(websites.put(hospital_page(f'<script src="{tellback.url}/v1/stories.js"></script>')))
    page.evaluate("""() => {
        const embed = document.createElement("patient-stories");
        embed.service = "RXH01";
        document.querySelector("main").appendChild(embed);
    }""")
    embed = Embed(page)
    expect(embed.host).to_contain_text("No story has been told here yet.")
    page.evaluate("document.querySelector('patient-stories').service = 'G81001'")
    expect(embed.host.get_by_role("heading", name="A quick repeat")).to_be_visible()


@pytest.mark.parametrize(
    "pasted",
    [
        '<script src="SERVICE/v1/stories.js" data-service="RXH01"></script>',
        '<script src="SERVICE/v1/stories.js" async></script><div data-patient-stories="RXH01">Stories</div>',
        '<script src="SERVICE/v1/stories.js" async></script><patient-stories topic="multiple-sclerosis">',
    ],
    ids=["the script alone", "a div", "a topic"],
)
def test_other_ways_of_pasting_it_work_too(
    pasted: str, tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    page = browse(websites.put(hospital_page(pasted.replace("SERVICE", tellback.url))))
    Embed(page).tell()
    assert told_bodies() == [STORY]


def test_it_fetches_nothing_until_it_comes_near(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    staff.publish(title="A quiet night")
    page, asked = browse(), []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.goto(websites.put(hospital_page(FAR_BELOW + tag(tellback.url))), wait_until="networkidle")
    assert asked == []
    Embed(page).host.scroll_into_view_if_needed()
    expect(Embed(page).host.get_by_role("heading", name="A quiet night")).to_be_visible()


def test_more_stories_come_when_asked_for_and_the_count_stays_honest(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    for number in range(7):
        staff.publish(title=f"Story number {number}")
    page = browse(websites.put(hospital_page(tag(tellback.url))))
    embed = Embed(page)
    expect(embed.host).to_contain_text("Showing 5 of 7 stories told here")
    embed.button("Show more stories").click()
    expect(embed.host).to_contain_text("Showing 7 of 7 stories told here")
    expect(embed.host.get_by_role("article")).to_have_count(7)
    # The first of the new ones, so that reading goes on where it was.
    expect(embed.host.get_by_role("heading", name="Story number 1")).to_be_focused()


def test_a_removed_story_leaves_a_tombstone_and_is_counted(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    staff.remove(staff.publish(title="A loud night"))
    embed = Embed(browse(websites.put(hospital_page(tag(tellback.url)))))
    expect(embed.host).to_contain_text("Showing 1 of 1 story told here")
    expect(embed.host).to_contain_text("It was taken down on 12 October 2026.")
    expect(embed.host).to_contain_text("Why: It was published by mistake.")
    expect(embed.host).not_to_contain_text("A loud night")


def test_the_link_in_the_tag_stays_when_the_script_does_not_come(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: net::ERR_FAILED")
    page = browse()
    page.route("**/stories.js", lambda route: route.abort())
    page.goto(websites.put(hospital_page(tag(tellback.url))))
    page.get_by_role("link", name="Patients' stories of this hospital").click()
    page.wait_for_url(f"{tellback.url}/services/RXH01")


def test_the_link_leads_on_when_the_service_does_not_answer(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: net::ERR_FAILED")
    page = browse()
    page.route("**/api/**", lambda route: route.abort())
    with page.expect_console_message(lambda message: "could not read" in message.text):
        page.goto(websites.put(hospital_page(tag(tellback.url))))
    link = Embed(page).host.get_by_role("link")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == f"{tellback.url}/services/RXH01"


def test_an_unknown_service_says_so_to_the_webmaster_and_keeps_the_link(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: .*404")
    page = browse()
    with page.expect_console_message(lambda message: "could not read" in message.text):
        page.goto(websites.put(hospital_page(tag(tellback.url, 'service="RXH99"'))))
    expect(Embed(page).host.get_by_role("link")).to_be_visible()


def test_a_policy_without_the_service_is_named_in_the_console(
    tellback: Tellback, websites: Websites, browse: Browse, watch: Watch
) -> None:
    watch.expects("violates the following Content Security Policy directive: \"connect-src 'self'")
    watch.expects("console: Fetch API cannot load")
    policy = {"Content-Security-Policy": f"script-src {tellback.url}; connect-src 'self'"}
    page = browse()
    with page.expect_console_message(lambda message: "to its connect-src directive" in message.text):
        page.goto(websites.put(hospital_page(tag(tellback.url)), policy))
    expect(Embed(page).host.get_by_role("link")).to_be_visible()


def test_without_javascript_the_link_in_the_tag_leads_to_the_stories(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    page = browse(websites.put(hospital_page(tag(tellback.url))), java_script_enabled=False)
    page.get_by_role("link", name="Patients' stories of this hospital").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("St Elsewhere Hospital")


def test_with_the_theme_of_the_page_it_wears_the_pages_font_and_the_colour_of_its_links(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    head = "<style>body { font-family: Georgia } a { color: rgb(0, 94, 48) }</style>"
    page = browse(websites.put(hospital_page(tag(tellback.url, 'service="RXH01" theme="page"'), head)))
    embed = Embed(page)
    expect(embed.button("Tell your story")).to_have_css("background-color", "rgb(0, 94, 48)")
    expect(embed.button("Tell your story")).to_have_css("font-family", "Georgia")
    page.evaluate("document.querySelector('patient-stories').theme = 'light'")
    expect(embed.button("Tell your story")).to_have_css("background-color", "rgb(86, 59, 130)")


def test_a_link_colour_that_cannot_be_read_on_our_ground_is_not_worn(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    head = "<style>a { color: rgb(255, 200, 69) }</style>"
    page = browse(websites.put(hospital_page(tag(tellback.url, 'service="RXH01" theme="page"'), head)))
    expect(Embed(page).button("Tell your story")).to_have_css("background-color", "rgb(86, 59, 130)")


def test_a_page_that_comes_back_from_the_browsers_memory_asks_again_only_when_its_stories_are_old(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    page, asked = browse(), []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    page.clock.install()
    # The browser keeps a list for thirty seconds of real time, and this clock goes faster.
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(websites.put(hospital_page(tag(tellback.url))))
    embed = Embed(page)
    expect(embed.host).to_contain_text("No story has been told here yet.")
    come_back = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    page.evaluate(come_back)
    assert len(asked) == 1
    staff.publish(title="A quiet night")
    page.clock.fast_forward("06:00")
    page.evaluate(come_back)
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    assert len(asked) == 2


def test_nothing_on_the_page_moves_where_room_is_kept(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    for number in range(6):
        staff.publish(title=f"Night {number}", body="The nurse sat with me until my daughter came. " * 6)
    room = "<style>patient-stories { display: block; min-height: 46em; }</style>"
    page = browse()
    page.add_init_script("""
        window.moved = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });""")
    page.goto(websites.put(hospital_page(tag(tellback.url) + "<p>Visit us from two to eight.</p>" * 9, room)))
    embed = Embed(page)
    expect(embed.host.get_by_role("heading", name="Night 5")).to_be_visible()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("moved") == 0
    # What was left out for want of room comes first when more is asked for, and nothing comes twice.
    for _ in range(3):
        if embed.button("Show more stories").is_visible():
            embed.button("Show more stories").click()
            expect(embed.host.get_by_role("status")).to_contain_text("Showing")
    titles = embed.host.locator(".story .title").all_text_contents()
    assert titles == [f"Night {number}" for number in reversed(range(6))]
