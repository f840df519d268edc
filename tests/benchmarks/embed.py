"""What the embed costs a page in real Chromium: `.venv/bin/python -m tests.benchmarks.embed`.

Cold cache, CPU slowed four times, a line of 150 ms and 1.6 Mbit/s: a modest phone on 4G. Each page is opened
with the embed and without it, and what is printed is the difference; median of several runs. Layout shift is
that of the Layout Instability API, the longest task that of the Long Tasks API: it lists those over 50 ms, so
0 means that none was. What else the machine does lengthens tasks: the page without the embed says how much.
"""

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tellback import clock, db, sealing
from tellback.websites.models import WebsiteOrigin
from tests import people
from tests.browser import CHROMIUM_OPTIONS, CONTACT_KEY, LAST_MONTH, Tellback, Websites, _chromium_path
from tests.embed.hostile_pages import BARE, HOSTILE, HostilePage
from tests.embedded import Staff, hospital_page, tag

RUNS = 5
SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
# The line that README gives webmasters, so that nothing on the page moves.
RESERVED = "<style>patient-stories { display: block; min-height: 46em; }</style>"
OBSERVE = """
window.shift = 0; window.longest = 0; window.loaded = false;
addEventListener("stories-loaded", () => { window.loaded = true; });
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
}).observe({ type: "longtask", buffered: true });
"""
# Asked by DevTools itself: Playwright's own wait and evaluate put their script into the page, which with the
# CPU slowed is a task as long as any of the embed's.
SEEN = """(async () => {
    while (!(UNTIL)) await new Promise((done) => setTimeout(done, 50));
    // Observers report in a task after the frame.
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)));
    return {
        shift, longest, stored: localStorage.length + sessionStorage.length + document.cookie.length,
    };
})()"""
LOADED = "loaded"
TEXT = "<p>Visiting is from two to eight. Ring first.</p>" * 3


@dataclass
class Cost:
    """What one opened page came to."""

    kilobytes: float
    requests: int
    script: float
    shift: float
    longest: float
    longest_without: float
    heap: float
    stored: int


def main() -> None:
    """Measure, and print a table for README."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        tellback, websites = Tellback(Path(folder)), Websites()
        tellback.run("db", "upgrade")
        process = tellback.serve()
        browser = playwright.chromium.launch(
            executable_path=_chromium_path(playwright), args=CHROMIUM_OPTIONS
        )
        _fill(tellback, websites)
        nhsuk = next(page for page in HOSTILE if page.name == "nhsuk-frontend")
        print(
            "| page | kB | requests | script, ms | shift | longest task, ms | without | heap, kB | stored |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for name, page, head in [
            ("bare", BARE, ""),
            ("bare, room kept", BARE, RESERVED),
            ("nhsuk-frontend, room kept", nhsuk, RESERVED),
        ]:
            for width, height in ((1280, 800), (375, 667)):
                costs = [_cost(browser, tellback, websites, page, head, (width, height)) for _ in range(RUNS)]
                print(f"| {name}, {width} px | {_row(costs)} |")
        browser.close()
        process.terminate()
        process.wait(timeout=10)
        websites.close()


def _row(costs: list[Cost]) -> str:
    def middle(name: str) -> float:
        return statistics.median(getattr(cost, name) for cost in costs)

    return (
        f"{middle('kilobytes'):.1f} | {middle('requests'):.0f} | {middle('script'):.0f} | "
        f"{max(cost.shift for cost in costs):.3f} | {middle('longest'):.0f} | "
        f"{middle('longest_without'):.0f} | {middle('heap'):.0f} | "
        f"{middle('stored'):.0f}"
    )


def _cost(
    browser: Browser,
    tellback: Tellback,
    websites: Websites,
    page: HostilePage,
    head: str,
    size: tuple[int, int],
) -> Cost:
    """The page with the embed, less the same page without its script."""
    body = TEXT + tag(tellback.url) + TEXT * 4
    html = hospital_page(body, page.head + head)
    plain = _opened(browser, tellback, websites.put(html.replace("stories.js", "none.js")), size, "true")
    full = _opened(browser, tellback, websites.put(html), size, LOADED)
    return Cost(
        kilobytes=full["bytes"] / 1000,
        requests=full["requests"],
        script=1000 * (full["ScriptDuration"] - plain["ScriptDuration"]),
        shift=full["shift"] - plain["shift"],
        longest=full["longest"],
        longest_without=plain["longest"],
        heap=(full["JSHeapUsedSize"] - plain["JSHeapUsedSize"]) / 1000,
        stored=full["stored"],
    )


def _opened(
    browser: Browser, tellback: Tellback, address: str, size: tuple[int, int], until: str
) -> dict[str, Any]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Performance.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    ours: set[str] = set()
    size_of = {"bytes": 0}

    def asked(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith(tellback.url):
            ours.add(event["requestId"])

    def arrived(event: dict[str, Any]) -> None:
        if event["requestId"] in ours:
            size_of["bytes"] += event["encodedDataLength"]

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.loadingFinished", arrived)
    page.goto(address, wait_until="networkidle")
    asking = {"expression": SEEN.replace("UNTIL", until), "awaitPromise": True, "returnByValue": True}
    seen: dict[str, Any] = devtools.send("Runtime.evaluate", asking)["result"]["value"]
    metrics = {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}
    context.close()
    return {**metrics, **seen, **size_of, "requests": len(ours)}


def _fill(tellback: Tellback, websites: Websites) -> None:
    db.connect(f"sqlite:///{tellback.database}")
    sealing.use((CONTACT_KEY,))
    clock.pin(LAST_MONTH)
    WebsiteOrigin.create(website=people.make_places().website, origin=websites.origin())
    staff = Staff()
    for number in range(12):
        story = staff.publish(
            title=f"Night {number + 1} on Ward 5",
            body="The nurse sat with me until my daughter came. I was not afraid any more. "
            * (2 + number % 4),
            feelings=["positive:calm"],
        )
        if number % 2:
            staff.answer(
                story, "Thank you for telling us. We have told the night team, and they are glad. " * 2
            )
    db.database.close_all()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
