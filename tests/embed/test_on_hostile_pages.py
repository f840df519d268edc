"""The embed does its work on pages that are hard on it, and leaves nothing behind."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import Browse, Tellback, Websites, lacking
from tests.embed import looks
from tests.embed.hostile_pages import BARE, HOSTILE, REAL_SCRIPTS, REAL_SHEETS, HostilePage
from tests.embedded import STORY, Embed, Staff, hospital_page, told_bodies

pytestmark = pytest.mark.browser

KEPT_BY_THE_BROWSER = """async () => [
    document.cookie, localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length,
].join()"""


@pytest.fixture(scope="module")
def seen_before() -> dict[str, list[str]]:
    """How the embed looked on the bare page: looked at once, for every page is held against it."""
    return {}


@pytest.mark.parametrize("hostile", [BARE, *HOSTILE], ids=lambda page: page.name)
def test_it_shows_stories_and_takes_one_looks_as_ever_and_leaves_the_page_as_it_was(
    hostile: HostilePage,
    tellback: Tellback,
    websites: Websites,
    browse: Browse,
    staff: Staff,
    seen_before: dict[str, list[str]],
) -> None:
    story = staff.publish(title="A quiet night", redact="The nurse", feelings=["positive:calm"])
    staff.answer(story, "Thank you. We told the night team.")
    page = browse()
    if "bare" not in seen_before:
        page.goto(websites.put(BARE.html(tellback.url)))
        seen_before["bare"] = tell_and_look(page)
    # The same page, elements and all, where the script does nothing.
    page.route("**/stories.js", with_an_empty_script, times=1)
    page.goto(websites.put(hostile.html(tellback.url), hostile.headers_for(tellback.url)))
    plain = looks.of_the_page(page)
    page.reload()
    stages = zip(seen_before["bare"], tell_and_look(page), strict=True)
    for stage, (expected, seen) in enumerate(stages):
        assert looks.differences(expected, seen) == [], f"at stage {stage}"
    outside, traces = looks.of_the_page(page)
    assert looks.differences(plain[0], outside) == []
    assert traces == plain[1]
    assert told_bodies()[-1] == "It was loud. Nobody slept."
    assert page.evaluate(KEPT_BY_THE_BROWSER) == ",0,0,0,0"
    assert page.context.cookies() == []


def with_an_empty_script(route: Route) -> None:
    route.fulfill(
        body="", content_type="text/javascript", headers={"Cross-Origin-Resource-Policy": "cross-origin"}
    )


def tell_and_look(page: Page) -> list[str]:
    """Read the list and tell a story; how the list, a step with an error and a step with choices look."""
    embed = Embed(page)
    expect(embed.host).to_contain_text("Showing 1 of 1 story told here")
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    expect(embed.host).to_contain_text("[a nurse] sat with me until my daughter came.")
    expect(embed.host.get_by_role("heading", name="Response from St Elsewhere Hospital")).to_be_visible()
    expect(embed.host).to_contain_text("How it felt: calm")
    seen = [embed.host.evaluate(looks.INSIDE)]
    embed.begin()
    embed.button("Continue").click()
    expect(embed.host.get_by_role("group", name="There is a problem")).to_be_focused()
    seen.append(embed.host.evaluate(looks.INSIDE))
    embed.field("body").fill("It was loud. Nobody slept.")
    embed.go_on(2)
    seen.append(embed.host.evaluate(looks.INSIDE))
    embed.host.get_by_role("radio", name="The patient", exact=True).check()
    embed.go_on(3)
    embed.field("consent_publish").check()
    embed.go_on(4)
    embed.send()
    embed.private_link()
    return seen


def test_it_works_in_a_frame_that_may_only_run_scripts(
    tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    staff.publish(title="A quiet night")
    inner = websites.put(BARE.html(tellback.url))
    frame = (
        f'<iframe sandbox="allow-scripts" title="Stories" src="{inner}" width="600" height="800"></iframe>'
    )
    page = browse(websites.put(hospital_page(frame)))
    embed = Embed(page.frame_locator("iframe"))
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    embed.tell()
    assert told_bodies()[1:] == [STORY]


def test_it_finds_home_when_an_optimiser_runs_the_script_later(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    late = f"""<patient-stories service="RXH01"></patient-stories><script>
        addEventListener("load", async () => {{
            const script = document.createElement("script");
            script.text = await (await fetch("{tellback.url}/v1/stories.js")).text();
            document.body.appendChild(script);
        }});</script>"""
    embed = Embed(browse(websites.put(hospital_page(late))))
    embed.tell()
    assert told_bodies() == [STORY]


def test_the_hosts_keyboard_shortcuts_stay_silent_while_somebody_writes(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    page: Page = browse(websites.put(BARE.html(tellback.url)))
    page.evaluate("() => { window.heard = []; addEventListener('keydown', (e) => heard.push(e.key)); }")
    embed = Embed(page)
    embed.begin()
    embed.field("body").press_sequentially("sad")
    assert page.evaluate("heard.join()") == ""
    page.locator("#name").press("x")
    assert page.evaluate("heard.join()") == "x"


@pytest.mark.parametrize("name", [*REAL_SHEETS, *REAL_SCRIPTS])
def test_what_real_pages_load_is_among_them(name: str) -> None:
    path = {**REAL_SHEETS, **REAL_SCRIPTS}[name]
    if not path.exists():
        lacking(f"no {path}: npm --prefix widget ci, and apt-get install -y libjs-prototype libjs-mootools")
    assert name in [page.name for page in HOSTILE]
