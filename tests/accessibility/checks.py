"""What every page is held against: axe's rules, a narrow phone, a focus that can be seen."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

# Targets of 24 pixels (WCAG 2.2, 2.5.8) are not among the rules that axe runs unasked.
_EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# One of each kind of words that can be seen: alike in colour, size, and what they and their parents lie on.
# Axe takes longer over colours than over all else; in the light it looks at all words, in the dark at these.
_ONE_OF_EACH_COLOUR = """() => {
    const kinds = new Map();
    const layer = (s) => [s.backgroundColor, s.backgroundImage, s.opacity].join();
    const nothing = "rgba(0, 0, 0, 0),none,1";
    const up = (at) => at.assignedSlot || at.parentElement || at.getRootNode().host;
    const has = (at) => at.matches("input, select, textarea")
        || [...at.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const shows = (at) => {
        const { width, height } = at.getBoundingClientRect();
        return width > 1 && height > 1 && at.checkVisibility({ visibilityProperty: true });
    };
    const look = (root) => {
        for (const at of root.querySelectorAll("*")) {
            if (at.shadowRoot) look(at.shadowRoot);
            if (!has(at) || !shows(at)) continue;
            const own = getComputedStyle(at);
            const kind = [at.localName, own.color, own.fontSize, own.fontWeight, own.textDecorationLine];
            kind.push(own.textShadow, at.matches(":disabled"), up(at) && getComputedStyle(up(at)).color);
            for (let under = at; under; under = up(under)) {
                const lies = layer(getComputedStyle(under));
                if (lies !== nothing) kind.push(lies);
            }
            const name = JSON.stringify(kind);
            if (!kinds.has(name)) kinds.set(name, at);
        }
    };
    look(document);
    return [...kinds.values()];
}"""
_AXE_LINES = """async ([where, options]) => {
    const lines = [];
    for (const { id, nodes } of (await axe.run(where || document, options)).violations) {
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
# At each press of Tab: whether the focus shows on the stop that it leaves or beside it (a radio's is drawn on
# its label), by looking at it before and after; and whether the focus is still on the page.
_NOTE_STOPS = """() => {
    const shows = (element) => ["", "::before", "::after"].map((pseudo) => {
        const s = getComputedStyle(element, pseudo);
        const outline = s.outlineStyle === "none" ? "" : s.outlineWidth + s.outlineColor;
        return [outline, s.boxShadow, s.backgroundColor, s.borderTopWidth, s.borderTopColor, s.color];
    });
    const look = (at) => JSON.stringify([at, at.nextElementSibling].filter(Boolean).map(shows));
    const nameOf = (at) => (at.labels && at.labels[0] ? at.labels[0] : at).textContent.trim();
    const stops = { seen: 0, unseen: [], over: false };
    let was = null, presses = 0;
    stops.note = () => {
        let at = document.activeElement;
        while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
        // What had the focus before the first press is no stop of ours.
        if (stops.over || presses++ === 0 || (was && was.at === at)) return;
        if (was && was.look === look(was.at)) stops.unseen.push(nameOf(was.at));
        else stops.seen++;
        stops.over = at === document.body;
        was = stops.over ? null : { at, look: look(at) };
    };
    addEventListener("keydown", stops.note, true);
    stops.end = () => removeEventListener("keydown", stops.note, true);
    window.tabStops = stops;
}"""
_STOPS_SO_FAR = "() => { const s = window.tabStops; s.note(); return [s.seen, s.unseen, s.over]; }"
# So many presses in a row before the page is asked whether the focus has left it.
_PRESSES = 20


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
    found = _found_by_axe(page, _COLOURS, _ONE_OF_EACH_COLOUR)
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
    """Hold Tab through a page; the names of stops where nothing shows that they have the focus."""
    page.evaluate(_NOTE_STOPS)
    seen, unseen, over, pressed = 0, [], False, 0
    while pressed < most and not over:
        for _ in range(_PRESSES):
            # Held down it repeats, and each repetition goes on by a stop as a press does.
            page.keyboard.down("Tab")
        page.keyboard.up("Tab")
        pressed += _PRESSES
        seen, unseen, over = page.evaluate(_STOPS_SO_FAR)
    page.evaluate("tabStops.end()")
    assert seen > 1, "nothing on the page takes the focus"
    return unseen


def _found_by_axe(page: Page, options: dict[str, Any], where: str = "() => null") -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE)
    asked = {**options, "resultTypes": ["violations"]}
    found: list[str] = page.evaluate(f"async (asked) => ({_AXE_LINES})([({where})(), asked])", asked)
    return found
