"""The same texts in a real browser, wherever words are shown: nothing runs, they read as they were told."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.http.text import tidy
from tellback.moderation import decisions
from tellback.stories.models import Story
from tests import people
from tests.browser import Browse, Tellback, Watch, Websites
from tests.embedded import Embed, Staff, hospital_page, tag
from tests.fuzzing.packing import STORIES

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"
# What each markup among the texts would set off.
TRAP = """
window.__alarms = [];
window.alarm = (said) => window.__alarms.push(String(said));
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => window.alarm(name);
document.addEventListener("securitypolicyviolation", (event) => window.alarm(event.blockedURI));
"""


@pytest.fixture(
    params=[
        pytest.param([*STORIES[:1], *STORIES[-1:]], id="markup and long words"),
        pytest.param(STORIES, id="all", marks=pytest.mark.long),
    ]
)
def packs(request: pytest.FixtureRequest) -> list[list[str]]:
    """The texts of each story."""
    return list(request.param)


@pytest.fixture
def told(tellback: Tellback, staff: Staff, packs: list[list[str]]) -> list[Story]:
    """A story for each pack: all but the last published and answered in the same words."""
    stories = []
    for texts in packs:
        body = "\n".join(texts)
        receipt = people.tell(
            title=texts[0][:90],
            body=body,
            what_was_good=body,
            what_could_be_better=body,
            display_name=texts[-1][:30],
        )
        stories.append(receipt.story)
        stories[-1].token = receipt.token
    for story, texts in zip(stories[:-1], packs, strict=False):
        staff.let_show(story)
        staff.answer(story, "\n".join(texts)[:1500])
    decisions.open_for_review(stories[-1], staff.moira)
    return stories


def test_nothing_runs_and_all_is_read_as_it_was_told(
    told: list[Story],
    packs: list[list[str]],
    tellback: Tellback,
    browse: Browse,
    watch: Watch,
    websites: Websites,
) -> None:
    page = browse()
    page.add_init_script(TRAP)
    alarms: list[str] = []
    _listen(page.context, alarms)
    for story, texts in zip(told[:-1], packs, strict=False):
        page.goto(f"{tellback.url}/stories/{story.public_id}")
        _assert_reads(page, page.locator("body").text_content(), texts)
    for address in ("/services/RXH01", "/", "/services/RXH01?q=alarm", "/services/RXH01?q=%22%3Cscript%3E"):
        page.goto(tellback.url + address)
        _assert_quiet(page)
    _reads_in_the_embed(page, packs, tellback.url, websites)
    _reads_by_the_private_link(page, tellback.url, told[-1], packs[-1])
    _reads_at_the_desk(page, tellback.url, told[-1], packs[-1])
    assert alarms == []


def _reads_in_the_embed(page: Page, packs: list[list[str]], url: str, websites: Websites) -> None:
    page.goto(websites.put(hospital_page(tag(url, 'service="RXH01" limit="50"'))))
    embed = Embed(page)
    expect(embed.host.locator(".title")).to_have_count(len(packs) - 1)
    shown = embed.host.evaluate("(host) => host.shadowRoot.textContent")
    for texts in packs[:-1]:
        _assert_reads(page, shown, texts)


def _reads_by_the_private_link(page: Page, url: str, story: Story, texts: list[str]) -> None:
    page.goto(f"{url}/my-story#{story.token}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("A moderator is reading your story")
    _assert_reads(page, page.locator("body").text_content(), texts)


def _reads_at_the_desk(page: Page, url: str, story: Story, texts: list[str]) -> None:
    registration.add("mo@example.org", "Mo", PASSWORD, Role.MODERATOR)
    page.goto(f"{url}/admin/")
    page.get_by_label("Email address").fill("mo@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{url}/admin/stories/{story.public_id}")
    _assert_reads(page, page.locator("body").text_content(), texts)
    page.goto(f"{url}/admin/stories")
    _assert_quiet(page)


def _listen(context: BrowserContext, alarms: list[str]) -> None:
    context.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    context.on("page", lambda page: alarms.append(f"opened {page.url}"))
    context.on("request", lambda r: alarms.append(r.url) if re.search(r"/alarm[/.]|//alarm", r.url) else None)


def _assert_reads(page: Page, shown: str | None, texts: list[str]) -> None:
    """Every text stands on the page, letter by letter; a page may break lines otherwise."""
    _assert_quiet(page)
    on_page = _flat(shown or "")
    missing = [text for text in texts if _flat(tidy(text, lines=True)) not in on_page]
    assert missing == []


def _assert_quiet(page: Page) -> None:
    assert page.evaluate("window.__alarms") == []
    assert page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)
