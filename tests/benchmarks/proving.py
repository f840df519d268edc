"""Whether the page stays free while the proof of work is done (`python -m tests.benchmarks.proving`).

A person's page with the embed, in Chromium with its CPU slowed four times, from the press on "Send it" until
the private link stands there. Tasks of 50 ms and more are what Chromium's own long-task observer saw; the
longest is what its trace says of the page's thread, in time of the processor, which other programs do not
lengthen.
"""

import tempfile
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.embed import SLOWER, _fill
from tests.browser import CHROMIUM_OPTIONS, Tellback, Websites, _chromium_path
from tests.embedded import Embed, hospital_page, tag
from tests.people import a_story

RUNS = 3
OBSERVE = """window.tasks = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.tasks.push(one.duration); })
    .observe({ type: "longtask" });"""
# As on a page that came over http://, from elsewhere than this machine.
BY_HAND = 'Object.defineProperty(crypto, "subtle", { value: undefined });'


def main() -> None:
    """Measure, and print a table for docs/spam.md."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        tellback, websites = Tellback(Path(folder)), Websites()
        tellback.run("db", "upgrade")
        process = tellback.serve()
        browser = playwright.chromium.launch(
            executable_path=_chromium_path(playwright), args=CHROMIUM_OPTIONS
        )
        _fill(tellback, websites)
        _press(tellback)
        address = websites.put(hospital_page(tag(tellback.url)))
        print("| how | seconds | tasks over 50 ms | longest task, CPU ms |")
        print("|---|---|---|---|")
        for how, script in (("by the browser's own code", ""), ("by hand", BY_HAND)):
            for _ in range(RUNS):
                seconds, over, longest = _proved(browser, address, script)
                print(f"| {how} | {seconds:.1f} | {over} | {longest:.1f} |")
        browser.close()
        process.terminate()
        process.wait(timeout=10)
        websites.close()


def _press(tellback: Tellback) -> None:
    """So many stories from this visitor that the next one needs a proof."""
    for number in range(20):
        story = urllib.parse.urlencode(a_story(body=f"Story {number} of a busy ward.")).encode()
        asked = urllib.request.Request(f"{tellback.url}/api/v1/stories", story, {"Origin": tellback.url})
        urllib.request.urlopen(asked, timeout=30).close()


def _proved(browser: Browser, address: str, script: str) -> tuple[float, int, float]:
    """How long it took, how many long tasks were seen, and the longest one by the processor's time."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(OBSERVE + script)
    devtools = context.new_cdp_session(page)
    page.goto(address)
    embed = Embed(page)
    embed.fill_in()
    events: list[dict[str, Any]] = []
    devtools.on("Tracing.dataCollected", lambda some: events.extend(some["value"]))
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send("Tracing.start", {"traceConfig": {"includedCategories": ["toplevel", "blink.user_timing"]}})
    # Asked in the page, so that Playwright's own scripts are none of the tasks.
    began = "performance.mark('began'); window.tasks.length = 0; "
    press = "document.querySelector('patient-stories').shadowRoot.querySelector('.acts .main').click(); "
    ended = """(async () => {
        const root = document.querySelector("patient-stories").shadowRoot;
        while (!root.querySelector("[part~=private-link]")) await new Promise((done) => setTimeout(done, 50));
        performance.mark("ended");
        await new Promise((done) => setTimeout(done, 300));
        return [performance.measure("all", "began", "ended").duration, window.tasks.length];
    })()"""
    asking = {"expression": began + press + ended, "awaitPromise": True, "returnByValue": True}
    milliseconds, over = devtools.send("Runtime.evaluate", asking)["result"]["value"]
    done: list[object] = []
    devtools.once("Tracing.tracingComplete", lambda said: done.append(said))
    devtools.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    context.close()
    return milliseconds / 1000, over, _longest(events)


def _longest(events: list[dict[str, Any]]) -> float:
    """The longest task of the thread that the page runs on, in milliseconds."""
    (thread,) = {(e["pid"], e["tid"]) for e in events if e["name"] == "began"}
    tasks = [e for e in events if (e["pid"], e["tid"]) == thread and e["name"].endswith("RunTask")]
    return max(e.get("tdur", e["dur"]) for e in tasks) / 1000


if __name__ == "__main__":
    main()
