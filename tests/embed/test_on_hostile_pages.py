"""The embed does its work on pages that are hard on it, and leaves nothing behind."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browse, Tellback, Websites, lacking
from tests.embed.hostile_pages import BARE, HOSTILE, REAL_SCRIPTS, REAL_SHEETS, HostilePage
from tests.embedded import STORY, Embed, Staff, hospital_page, told_bodies

pytestmark = pytest.mark.browser

KEPT_BY_THE_BROWSER = """async () => [
    document.cookie, localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length,
].join()"""


@pytest.mark.parametrize("hostile", [BARE, *HOSTILE], ids=lambda page: page.name)
def test_it_shows_stories_and_takes_one(
    hostile: HostilePage, tellback: Tellback, websites: Websites, browse: Browse, staff: Staff
) -> None:
    story = staff.publish(title="A quiet night", redact="The nurse", feelings=["positive:calm"])
    staff.answer(story, "Thank you. We told the night team.")
    page = browse(websites.put(hostile.html(tellback.url), hostile.headers_for(tellback.url)))
    embed = Embed(page)
    expect(embed.host).to_contain_text("Showing 1 of 1 story told here")
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    expect(embed.host).to_contain_text("[a nurse] sat with me until my daughter came.")
    expect(embed.host.get_by_role("heading", name="Response from St Elsewhere Hospital")).to_be_visible()
    expect(embed.host).to_contain_text("How it felt: calm")
    embed.tell("It was loud. Nobody slept.")
    assert told_bodies()[1:] == ["It was loud. Nobody slept."]
    assert page.evaluate(KEPT_BY_THE_BROWSER) == ",0,0,0,0"
    assert page.context.cookies() == []


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
