"""The embed looks alike on every page, and the page looks alike with it and without."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import Browse, Tellback, Websites
from tests.embed.hostile_pages import BARE, HOSTILE, HostilePage
from tests.embedded import Embed, Staff

pytestmark = pytest.mark.browser

# One line for each element: what it is, then all its computed style, save what follows from the room it has,
# and custom properties, which show nothing by themselves.
STYLES = """(root) => {
    const room =
        /^(width|height|top|right|bottom|left|inset.*|(inline|block)-size|.*-origin|grid-temp.*|--.*)$/;
    const ours = ({tagName, parentNode}) =>
        /^(SCRIPT|PATIENT-STORIES)$/.test(tagName) || parentNode.tagName === "PATIENT-STORIES";
    let lines = "";
    const elements = root.querySelectorAll("*");
    for (let i = 0; i < elements.length; i++) {
        if (ours(elements[i])) continue;
        const style = getComputedStyle(elements[i]);
        lines += elements[i].tagName + " " + (elements[i].getAttribute("class") || "") + " " + elements[i].id;
        for (let j = 0; j < style.length; j++) {
            if (!room.test(style[j])) lines += "; " + style[j] + ": " + style.getPropertyValue(style[j]);
        }
        lines += "\\n";
    }
    return lines;
}"""
OUTSIDE = f"() => ({STYLES})(document)"
INSIDE = f"(host) => ({STYLES})(host.shadowRoot.querySelector('.box'))"
TRACES = """() => [
    document.querySelectorAll("*").length, document.styleSheets.length, document.adoptedStyleSheets.length,
    Object.getOwnPropertyNames(window).join(), document.title, location.href.split("/page")[0],
].join("|")"""


@pytest.fixture(scope="module")
def seen_before() -> dict[str, list[str]]:
    """How the bare page looked: looked at once, for every page is held against it."""
    return {}


@pytest.mark.parametrize("hostile", [BARE, *HOSTILE], ids=lambda page: page.name)
def test_it_looks_as_on_a_bare_page_and_leaves_the_page_as_it_was(
    hostile: HostilePage,
    tellback: Tellback,
    websites: Websites,
    browse: Browse,
    staff: Staff,
    seen_before: dict[str, list[str]],
) -> None:
    story = staff.publish(title="A quiet night", redact="The nurse", what_was_good="The tea.")
    staff.answer(story, "Thank you.")
    page = browse()
    if "bare" not in seen_before:
        page.goto(websites.put(BARE.html(tellback.url)))
        seen_before["bare"] = _looks_at_every_stage(page)
    # The same page, elements and all, where the script does nothing.
    page.route("**/stories.js", _with_an_empty_script, times=1)
    page.goto(websites.put(hostile.html(tellback.url), hostile.headers_for(tellback.url)))
    plain = (page.evaluate(OUTSIDE), page.evaluate(TRACES))
    page.reload()
    stages = zip(seen_before["bare"], _looks_at_every_stage(page), strict=True)
    for stage, (expected, seen) in enumerate(stages):
        assert _differences(expected, seen) == [], f"at stage {stage}"
    assert _differences(plain[0], page.evaluate(OUTSIDE)) == []
    assert page.evaluate(TRACES) == plain[1]


def _with_an_empty_script(route: Route) -> None:
    route.fulfill(
        body="", content_type="text/javascript", headers={"Cross-Origin-Resource-Policy": "cross-origin"}
    )


def _looks_at_every_stage(page: Page) -> list[str]:
    """How the list, the first step with an error, and the second step look."""
    embed = Embed(page)
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    looks = [embed.host.evaluate(INSIDE)]
    embed.begin()
    embed.button("Continue").click()
    expect(embed.host.get_by_role("group", name="There is a problem")).to_be_focused()
    looks.append(embed.host.evaluate(INSIDE))
    embed.field("body").fill("A short story.")
    embed.go_on(2)
    looks.append(embed.host.evaluate(INSIDE))
    return looks


def _differences(expected: str, seen: str) -> list[str]:
    """Which computed properties of which elements differ, in a form that can be read."""
    lines, found = (expected.splitlines(), seen.splitlines())
    if len(lines) != len(found):
        return [f"{len(found)} elements in place of {len(lines)}"]
    differing = []
    for was, now in zip(lines, found, strict=True):
        if was != now:
            (element, *old), (_, *new) = was.split("; "), now.split("; ")
            differing += [f"{element}{a} → {b}" for a, b in zip(old, new, strict=False) if a != b]
    return differing[:20]
