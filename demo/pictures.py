"""Take README's pictures of the real thing: `.venv/bin/python demo/pictures.py` (needs Chromium).

Starts the demo on ports of its own, photographs it at phone and desk width, and stops it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8750
DESK = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 1560}
PHONE = {"width": 390, "height": 780}
# A reply as somebody might begin it: thanks, and then a door that closes.
_BEGUN = "Thank you for telling us. I am sorry about the nine hours. Please contact PALS."
CHROMIUM = os.environ.get("TELLBACK_TEST_CHROMIUM") or shutil.which("chromium-headless-shell")


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # -u: its table must not wait in a buffer.
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "tellback", "demo", "--port", str(PORT)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        password = _password(demo)
        with sync_playwright() as playwright:
            # --no-sandbox only where the browser is run by root, as in a container.
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
            _take_all(browser)
            _take_those_of_staff(browser, password)
            browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=30)


def _password(demo: subprocess.Popen[str]) -> str:
    """The password that the demo prints; its table is whole when it says how to stop."""
    text = ""
    for line in demo.stdout or ():
        text += line
        if "Ctrl+C" in line:
            break
    found = re.search(r"password\s+(\S+)", text)
    if not found:
        sys.exit(f"the demo did not start:\n{text}")
    return found[1]


def _take_all(browser: Browser) -> None:
    hospital, guide, service = (f"http://127.0.0.1:{PORT + n}/" for n in (1, 5, 0))

    def list_shown(page: Page) -> None:
        page.goto(hospital)
        page.locator("patient-stories article").first.wait_for()

    def form_open(page: Page) -> None:
        list_shown(page)
        page.get_by_role("button", name="Tell your story").click()
        page.get_by_role("button", name="Tell it the short way").click()
        page.get_by_label("What happened?").fill(
            "I was frightened in the scanner. The nurse held my foot the whole time, so I knew where I was."
        )
        _scroll_to(page, "patient-stories .form h3, patient-stories h3", 0.05)

    def list_on_phone(page: Page) -> None:
        list_shown(page)
        _scroll_to(page, "patient-stories .reply", 0.62)

    def advice(page: Page) -> None:
        list_shown(page)
        page.get_by_role("button", name="Tell your story").click()
        page.get_by_role("button", name="Tell it the short way").click()
        page.get_by_label("What happened?").fill(
            "Dr Ashdown rang me on 07700 900123 the same evening, as promised. I had not dared to hope."
        )
        page.get_by_role("button", name="Write “a doctor”").wait_for()
        _scroll_to(page, "patient-stories textarea", 0.08)

    def with_pictures(page: Page) -> None:
        list_shown(page)
        page.get_by_role("button", name="Tell your story").click()
        page.get_by_role("button", name="Tell it with pictures").click()
        food = page.get_by_role("radiogroup", name="Food")
        food.get_by_role("radio", name="Happy", exact=True).check()
        page.get_by_role("radiogroup", name="Waiting").get_by_role("radio", name="Not happy").check()
        _scroll_to(page, "patient-stories .question", 0.05)

    def in_urdu(page: Page) -> None:
        list_shown(page)
        page.evaluate("document.querySelector('patient-stories').setAttribute('lang', 'ur')")
        page.locator("patient-stories .root[dir=rtl]").wait_for()
        page.locator("patient-stories .invite button").click()
        page.locator("patient-stories .ways button").first.click()
        page.locator("patient-stories textarea").wait_for()
        _scroll_to(page, "patient-stories header", 0.03)

    def try_out(page: Page) -> None:
        page.goto(f"{service}websites/try")

    def my_story(page: Page) -> None:
        page.goto(guide)
        page.get_by_role("link", name="A private link").click()
        page.get_by_role("heading", name="What we changed, and why").wait_for()

    _take(browser, "hospital-1280", TALL, 1, list_shown)
    _take(browser, "list-phone", PHONE, 2, list_on_phone)
    _take(browser, "form-phone", PHONE, 2, form_open)
    _take(browser, "advice-phone", PHONE, 2, advice)
    _take(browser, "pictures-phone", PHONE, 2, with_pictures)
    _take(browser, "form-urdu-phone", PHONE, 2, in_urdu)
    _take(browser, "try-out-1280", DESK, 1, try_out)
    _take(browser, "my-story-phone", PHONE, 2, my_story)
    poster = f"{service}services/local-st-elsewhere-hospital-ward-5/changes/poster"
    _take(browser, "poster-1280", DESK, 1, lambda page: page.goto(poster) and None)
    _take(browser, "guide-1280", DESK, 1, lambda page: page.goto(guide) and None)


def _take_those_of_staff(browser: Browser, password: str) -> None:
    service = f"http://127.0.0.1:{PORT}/"

    def review(page: Page) -> None:
        _sign_in(page, service, "nadia.rahman@example.org", password)
        page.get_by_role("link", name="Sent home at ten at night").click()
        page.get_by_role("heading", name="Marked").wait_for()

    def answer(page: Page) -> None:
        _sign_in(page, service, "moira.bell@example.org", password)
        page.get_by_role("row").filter(has_text="Nine hours").get_by_role("link").last.click()
        page.locator("textarea[name=body]").fill(_BEGUN)
        page.get_by_role("button", name="Check my reply").click()
        page.get_by_role("heading", name="Look again").wait_for()
        _scroll_to(page, "#your-answer, .tb-composer", 0.08)

    _take(browser, "review-1280", DESK, 1, review)
    _take(browser, "answer-1280", DESK, 1, answer)


def _sign_in(page: Page, service: str, email: str, password: str) -> None:
    page.goto(f"{service}admin/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _scroll_to(page: Page, selector: str, at: float) -> None:
    """Bring an element's top to this part of the window's height."""
    page.locator(selector).first.evaluate(
        "(it, at) => scrollBy(0, it.getBoundingClientRect().top - innerHeight * at)", at
    )


def _take(
    browser: Browser, name: str, size: dict[str, int], scale: int, show: Callable[[Page], None]
) -> None:
    context = browser.new_context(viewport=size, device_scale_factor=scale)  # type: ignore[arg-type]
    page = context.new_page()
    show(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
