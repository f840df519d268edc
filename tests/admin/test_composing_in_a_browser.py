"""While a responder writes, the advice follows, and the draft saves itself and overwrites nothing."""

import pytest
from playwright.sync_api import expect

from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.replies.models import ReplyDraft
from tests.browser import Browse, Tellback, Watch
from tests.embedded import Staff

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"


def test_the_advice_follows_and_the_draft_saves_itself(
    tellback: Tellback, staff: Staff, browse: Browse, watch: Watch
) -> None:
    story = staff.publish(title="A quiet night")
    registration.add("rue@example.org", "Rue", PASSWORD, Role.RESPONDER, "RXH")
    page = browse(f"{tellback.url}/admin/")
    page.get_by_label("Email address").fill("rue@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{tellback.url}/admin/answers/{story.public_id}")
    advice, saved = page.locator("#coach"), page.locator("#draft-said")
    words = page.get_by_label("What you want to say")

    words.fill("Please contact PALS.")
    expect(advice).to_contain_text("It only sends them elsewhere")
    expect(saved).to_contain_text("Draft saved by Rue")
    # What is typed after a save is saved with the next, and the field keeps the focus.
    words.fill("Thank you. Please ring me, Rue Hall, on 020 7946 0018.")
    expect(advice).not_to_contain_text("It only sends them elsewhere")
    expect(words).to_be_focused()
    assert ReplyDraft.get().body.startswith("Thank you.")

    # A colleague saves meanwhile: their words stay, and the page says so once its writer presses.
    ReplyDraft.update(body="A colleague's.", revision=ReplyDraft.revision + 1).execute()
    watch.expects("console: Failed to load resource: .*409")
    words.press_sequentially(" Sorry if it was late.")
    expect(advice).to_contain_text("This sounds like no apology")
    assert ReplyDraft.get().body == "A colleague's."
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("main")).to_contain_text("A colleague's.")
    expect(words).to_have_value(
        "Thank you. Please ring me, Rue Hall, on 020 7946 0018. Sorry if it was late."
    )
