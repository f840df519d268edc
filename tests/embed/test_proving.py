"""While very much arrives, the embed does some work before it sends, by itself: nobody has to do anything."""

import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import STORY, Embed, hospital_page, tag, told_bodies
from tests.people import a_story

pytestmark = pytest.mark.browser

ASKED = "console: Failed to load resource: .*403"
CHECKING = "Checking that this is not a machine: about "
# As a slow telephone: each number takes a tenth of a second.
SLOW = """() => {
  const derive = SubtleCrypto.prototype.deriveBits;
  SubtleCrypto.prototype.deriveBits = async function (...asked) {
    await new Promise((done) => setTimeout(done, 100));
    return derive.apply(this, asked);
  };
}"""


@pytest.fixture
def pressed(tellback: Tellback, websites: Websites) -> str:
    """A page with the embed, from whose visitor so many stories came that the next one needs a proof."""
    for number in range(20):
        story = urllib.parse.urlencode(a_story(body=f"Story {number} of a busy ward.")).encode()
        asked = urllib.request.Request(f"{tellback.url}/api/v1/stories", story, {"Origin": tellback.url})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.status == 201
    return websites.put(hospital_page(tag(tellback.url)))


def test_it_says_so_calmly_and_sends_by_itself(pressed: str, browse: Browse, watch: Watch) -> None:
    watch.expects(ASKED)
    page = browse(pressed)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    embed = Embed(page)
    embed.fill_in()
    assert not [url for url in fetched if url.endswith("/proof.js")]
    with page.expect_request(lambda request: request.url.endswith("/proof.js")):
        embed.send()
    embed.private_link()
    assert told_bodies()[-1] == STORY
    assert len(told_bodies()) == 21


def test_who_does_not_want_to_wait_stops_it_and_loses_nothing(
    pressed: str, browse: Browse, watch: Watch
) -> None:
    watch.expects(ASKED)
    page = browse(pressed)
    page.evaluate(SLOW)
    embed = Embed(page)
    embed.fill_in()
    embed.send()
    # Once to see, once in the polite place that screen readers hear.
    expect(embed.host.get_by_text(CHECKING)).to_have_count(2)
    expect(embed.host.locator("[aria-live=polite], [role=status]").get_by_text(CHECKING)).to_have_count(1)
    embed.button("Stop, and do not send it yet").click()
    expect(embed.button("Send it")).to_be_visible()
    expect(embed.host.get_by_text(CHECKING)).to_have_count(0)
    expect(embed.host).to_contain_text(STORY)
    assert len(told_bodies()) == 20


def test_where_the_work_cannot_be_fetched_the_story_stays_and_is_sent_again(
    pressed: str, browse: Browse, watch: Watch
) -> None:
    watch.expects(ASKED)
    watch.expects("console: Failed to load resource: net::ERR_FAILED")
    page = browse(pressed)
    page.route("**/proof.js", lambda route: route.abort())
    embed = Embed(page)
    embed.fill_in()
    embed.send()
    expect(embed.not_sent()).to_contain_text("Nothing is lost")
    page.unroute("**/proof.js")
    assert len(told_bodies()) == 20
