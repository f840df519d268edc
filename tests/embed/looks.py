"""How the embed and the page around it look, in a form that can be compared."""

from playwright.sync_api import Page

# One line for each element: what it is, then all its computed style, save what follows from the room it has,
# and custom properties, which show nothing by themselves.
_STYLES = """(root) => {
    const room =
        /^(width|height|top|right|bottom|left|inset.*|(inline|block)-size|.*-origin|grid-temp.*|--.*)$/;
    const names = [];
    const style = getComputedStyle(document.documentElement);
    for (let i = 0; i < style.length; i++) if (!room.test(style[i])) names.push(style[i]);
    const ours = ({tagName, parentNode}) =>
        /^(SCRIPT|PATIENT-STORIES)$/.test(tagName) || parentNode.tagName === "PATIENT-STORIES";
    let lines = "";
    const elements = root.querySelectorAll("*");
    for (let i = 0; i < elements.length; i++) {
        const element = elements[i];
        if (ours(element)) continue;
        const style = getComputedStyle(element);
        lines += element.tagName + " " + (element.getAttribute("class") || "") + " " + element.id;
        for (let j = 0; j < names.length; j++)
            lines += "; " + names[j] + ": " + style.getPropertyValue(names[j]);
        lines += "\\n";
    }
    return lines;
}"""
OUTSIDE = f"() => ({_STYLES})(document)"
INSIDE = f"(host) => ({_STYLES})(host.shadowRoot.querySelector('.box'))"
TRACES = """() => [
    document.querySelectorAll("*").length, document.styleSheets.length, document.adoptedStyleSheets.length,
    Object.getOwnPropertyNames(window).join(), document.title, location.href.split("/page")[0],
].join("|")"""


def of_the_page(page: Page) -> tuple[str, str]:
    """How the page looks outside the embed, and what it has in its document and its window."""
    return page.evaluate(OUTSIDE), page.evaluate(TRACES)


def differences(expected: str, seen: str) -> list[str]:
    """Which computed properties of which elements differ, in words that can be read."""
    lines, found = (expected.splitlines(), seen.splitlines())
    if len(lines) != len(found):
        return [f"{len(found)} elements in place of {len(lines)}"]
    differing = []
    for was, now in zip(lines, found, strict=True):
        if was != now:
            (element, *old), (_, *new) = was.split("; "), now.split("; ")
            differing += [f"{element}{a} → {b}" for a, b in zip(old, new, strict=False) if a != b]
    return differing[:20]
