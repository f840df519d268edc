"""Somebody who reads Urdu finds their language on a phone, by keyboard, and loses no word by changing it."""

import pytest
from playwright.sync_api import expect

from tests.accessibility import checks
from tests.browser import Browse, Tellback
from tests.embedded import Staff

pytestmark = pytest.mark.browser


def test_a_reader_of_urdu_finds_it_and_tells_in_it(tellback: Tellback, staff: Staff, browse: Browse) -> None:
    staff.publish(title="A quiet night", topic="multiple-sclerosis")
    page = browse(viewport=checks.NARROW, locale="ur-PK")
    page.goto(f"{tellback.url}/services/RXH01")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".tb-offer a[hreflang=ur]")).to_be_visible()
    languages = page.get_by_role("navigation", name="Language").locator("summary")
    languages.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="العربية").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(".tb-offer")).to_have_count(0)
    assert page.url.endswith("/services/RXH01?lang=ar")
    page.locator(".tb-langs summary").click()
    assert checks.axe_problems(page) == []
    assert checks.overflowing(page) == []

    page.locator(".tb-invite a").click()
    page.locator(".tb-ways a").first.click()
    page.locator("[name=body]").fill("نرس ساری رات میرے پاس بیٹھی رہی۔")
    page.locator(".tb-langs summary").click()
    page.get_by_role("button", name="اردو").click()
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    expect(page.locator("[name=body]")).to_have_value("نرس ساری رات میرے پاس بیٹھی رہی۔")
    assert checks.overflowing(page) == []
