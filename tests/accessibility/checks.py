"""What every page is held against: axe's rules, a narrow phone, a focus that can be seen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Targets of 24 pixels (WCAG 2.2, 2.5.8) are not among the rules that axe runs unasked.
_EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# The narrowest screen that text must fit without scrolling sideways (WCAG 2.2, 1.4.10).
NARROW = {"width": 320, "height": 640}
_WIDTH_AND_WHO_IS_WIDER = """() => {
    const wider = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) look(element.shadowRoot);
            const { right } = element.getBoundingClientRect();
            if (right > innerWidth + 1) wider.push(element.outerHTML.slice(0, 90));
        }
    };
    if (document.documentElement.scrollWidth > innerWidth) look(document);
    return wider.slice(0, 5);
}"""
# What has the focus, and how that shows on it or beside it (a radio's focus is drawn on its label).
_FOCUSED = """() => {
    let at = document.activeElement;
    while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body) return null;
    const shows = (element) => ["", "::before", "::after"].map((pseudo) => {
        const s = getComputedStyle(element, pseudo);
        const outline = s.outlineStyle === "none" ? "" : s.outlineWidth + s.outlineColor;
        return [outline, s.boxShadow, s.backgroundColor, s.borderTopWidth, s.borderTopColor, s.color];
    });
    const look = () => JSON.stringify([at, at.nextElementSibling].filter(Boolean).map(shows));
    const focused = look();
    at.blur();
    const name = at.labels && at.labels[0] ? at.labels[0].textContent : at.textContent || at.name;
    return [name.trim(), focused !== look()];
}"""


def axe_problems(page: Page) -> list[str]:
    """What axe finds on a page, in its present colours: one line for each element."""
    return _found_by_axe(page, _EVERYTHING)


def colour_problems(page: Page, scheme: str) -> list[str]:
    """What axe finds wrong with the colours of a page where the person's device is "light" or "dark"."""
    page.emulate_media(color_scheme=scheme)
    found = _found_by_axe(page, _COLOURS)
    page.emulate_media(color_scheme="light")
    return found


def overflowing(page: Page) -> list[str]:
    """What makes a page wider than a narrow phone; the page has its width again afterwards."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    found = page.evaluate(_WIDTH_AND_WHO_IS_WIDER)
    page.set_viewport_size(before)
    return found


def stops_without_visible_focus(page: Page, most: int = 60) -> list[str]:
    """Press Tab through a page; the names of stops where nothing shows that they have the focus."""
    unseen, stops = [], 0
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            break
        stops += 1
        if not stop[1]:
            unseen.append(stop[0])
    assert stops, "nothing on the page takes the focus"
    return unseen


def _found_by_axe(page: Page, options: dict) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']} {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]
