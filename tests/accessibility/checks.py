"""What every page is held against: axe's rules, a narrow phone, a focus that can be seen."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

# Targets of 24 pixels (WCAG 2.2, 2.5.8) are not among the rules that axe runs unasked.
_EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_AXE_LINES = """async (options) => {
    const lines = [];
    for (const { id, nodes } of (await axe.run(document, options)).violations) {
        for (const { target, failureSummary } of nodes) lines.push(`${id} ${target}: ${failureSummary}`);
    }
    return lines;
}"""
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
# The name of the stop that the focus has just left, whether the focus had shown on it or beside it (a radio's
# is drawn on its label), and whether the focus is still on the page.
_LEFT = """() => {
    const shows = (element) => ["", "::before", "::after"].map((pseudo) => {
        const s = getComputedStyle(element, pseudo);
        const outline = s.outlineStyle === "none" ? "" : s.outlineWidth + s.outlineColor;
        return [outline, s.boxShadow, s.backgroundColor, s.borderTopWidth, s.borderTopColor, s.color];
    });
    const look = (at) => JSON.stringify([at, at.nextElementSibling].filter(Boolean).map(shows));
    const nameOf = (at) => (at.labels && at.labels[0] ? at.labels[0] : at).textContent.trim();
    let at = document.activeElement;
    while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
    const was = window.stopBefore;
    if (was && was.at === at) return [null, true, true];
    window.stopBefore = at === document.body ? null : { at, look: look(at) };
    return [was && nameOf(was.at), !was || was.look !== look(was.at), at !== document.body];
}"""


def problems(page: Page) -> list[str]:
    """All that a page does not offer to everyone, in light and dark, on a narrow phone and by keyboard."""
    return [
        *axe_problems(page),
        *colour_problems(page, "dark"),
        *overflowing(page),
        *(f"no focus to be seen on {name}" for name in stops_without_visible_focus(page)),
    ]


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
    unseen, seen = [], 0
    for _ in range(most):
        page.keyboard.press("Tab")
        left, showed, on_the_page = page.evaluate(_LEFT)
        seen += showed
        if not showed:
            unseen.append(left)
        if not on_the_page:
            break
    assert seen > 1, "nothing on the page takes the focus"
    return unseen


def _found_by_axe(page: Page, options: dict[str, Any]) -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_AXE_LINES, {**options, "resultTypes": ["violations"]})
    return found
