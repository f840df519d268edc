"""Our frame in somebody's page: it grows, is read and told in, and where it cannot grow it scrolls."""

import pytest
from playwright.sync_api import Page, expect

from tellback.stories.models import Story
from tests.accessibility import checks
from tests.browser import PATIENCE, Browse, Tellback, Watch, Websites
from tests.embedded import STORY, Embed, Staff, hospital_page, told_bodies

pytestmark = pytest.mark.browser

HEIGHTS = "Array.from(document.querySelectorAll('iframe'), (frame) => frame.offsetHeight)"

NO_LONGER_SCROLLS = f"""(html) => new Promise((yes, no) => {{
    const look = () => html.scrollHeight > html.clientHeight ? requestAnimationFrame(look) : yes();
    look();
    setTimeout(no, {PATIENCE}, new Error("The frame still scrolls."));
}})"""


def framed(url: str, attributes: str = "", query: str = "service=RXH01") -> str:
    """The iframe as webmasters paste it."""
    return (
        f'<iframe src="{url}/embed?{query}" title="Stories" width="100%" height="600" {attributes}></iframe>'
    )


def wait_until(page: Page, truth: str) -> None:
    """Until an expression is true on the page."""
    page.wait_for_function(truth, timeout=PATIENCE)


def test_it_grows_where_our_script_is_and_a_story_is_told_in_it(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    for number in range(4):
        staff.publish(title=f"Night {number}", body="It was quiet, and somebody came when I rang. " * 30)
    # A frame of somebody else, which says what ours says.
    liar = websites.put(
        "<script>parent.postMessage({ type: 'patient-stories-height', value: 5000 }, '*')</script>",
        name="stranger",
    )
    script = f'<script src="{tellback.url}/v1/stories.js" async></script>'
    other = f'<iframe src="{liar}" title="Another" height="150"></iframe>'
    frame = framed(tellback.url, query="service=RXH01&amp;site-key=st-elsewhere-test")
    page = browse(websites.put(hospital_page(script * 2 + frame + other)))

    inside = page.frame_locator("iframe >> nth=0")
    embed = Embed(inside)
    expect(embed.host.get_by_role("heading", name="Night 3")).to_be_visible()
    wait_until(page, f"{HEIGHTS}[0] > 1500")
    # Its height follows what comes into it, a little later.
    inside.locator("html").evaluate(NO_LONGER_SCROLLS)
    assert page.evaluate(HEIGHTS)[1] < 200
    # One that a router puts in later grows too.
    page.evaluate("document.querySelector('main').append(document.querySelector('iframe').cloneNode())")
    wait_until(page, f"{HEIGHTS}[2] > 1500")

    embed.fill_in()
    # Far down a frame without a scroll bar of its own, each step still comes into sight.
    heading = embed.step(4).bounding_box()
    assert heading
    assert -1 < heading["y"] < page.viewport_size["height"]
    embed.send()
    embed.private_link()
    wait_until(page, f"{HEIGHTS}[0] < 1500")
    story = Story.get(Story.published_at.is_null())
    assert (story.website.site_key, story.website_path) == ("st-elsewhere-test", None)


def test_without_our_script_it_scrolls_and_in_a_sandbox_a_story_is_told_too(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    staff.publish(title="A quiet night", body="It was quiet, and somebody came when I rang. " * 60)
    both = framed(tellback.url) + framed(tellback.url, 'sandbox="allow-scripts"')
    # A page that lets in only what says that it may be, from one host.
    headers = {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Content-Security-Policy": f"frame-src {tellback.url}",
    }
    page = browse(websites.put(hospital_page(both), headers))
    for number in (0, 1):
        inside = page.frame_locator(f"iframe >> nth={number}")
        expect(Embed(inside).host.get_by_role("heading", name="A quiet night")).to_be_visible()
        assert inside.locator("html").evaluate("(html) => html.scrollHeight > html.clientHeight")
    assert page.evaluate(HEIGHTS) == [604, 604]
    # Nor is it kept out where an editor shows a page in a sandbox.
    preview = f'<iframe sandbox="allow-scripts" src="{page.url}" title="Preview" height="700"></iframe>'
    shown = browse(websites.put(hospital_page(preview), name="editor"))
    inside = shown.frame_locator("iframe").frame_locator("iframe >> nth=0")
    expect(Embed(inside).host.get_by_role("heading", name="A quiet night")).to_be_visible()
    Embed(page.frame_locator("iframe >> nth=1")).tell()
    assert STORY in told_bodies()


def test_without_javascript_the_newest_stories_are_read_and_the_form_is_a_link(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    staff.publish(title="A quiet night")
    page = browse(websites.put(hospital_page(framed(tellback.url))), java_script_enabled=False)
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="A quiet night")).to_be_visible()
    inside.get_by_role("link", name="Tell your story").click()
    # In the page's place: our other pages let nobody frame them.
    expect(page).to_have_url(f"{tellback.url}/tell?service=RXH01")


def test_everybody_can_use_what_stands_in_a_frame(
    tellback: Tellback, browse: Browse, staff: Staff, watch: Watch
) -> None:
    told = staff.publish(title="A quiet night", what_was_good="The tea.", display_name="Kingfisher")
    staff.answer(told, "Thank you. We told the night team.")
    staff.remove(staff.publish(title="A loud night"))
    watch.expects("404")
    watch.expects("ERR_FAILED")
    page = browse()
    for query in ("service=RXH01", f"story={told.public_id}", "service=NOPE9"):
        # What stands in the tag: without the script, or before it comes.
        page.route("**/v1/stories.js", lambda route: route.abort())
        for theme in ("light", "dark"):
            # By itself a page needs a heading of level one; in a frame it is the page around that has it.
            page.goto(f"{tellback.url}/embed?{query}&theme={theme}&heading-level=1")
            assert checks.axe_problems(page) == []
            assert checks.overflowing(page) == []
        assert checks.stops_without_visible_focus(page) == []
    page.unroute("**/v1/stories.js")
    page.goto(f"{tellback.url}/embed?service=RXH01&theme=auto&lang=ur&heading-level=1")
    expect(page.locator("patient-stories").get_by_role("heading", name="A quiet night")).to_be_visible()
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []
