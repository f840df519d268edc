"""Who is signed in and asks for what is not theirs leaves a line in the log: their number, where, no word."""

import logging
from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tests.admin.conftest import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


def test_a_screen_that_is_not_theirs(
    signed_in: SignIn, gita: Account, caplog: pytest.LogCaptureFixture
) -> None:
    browser = signed_in(gita)
    with caplog.at_level(logging.WARNING):
        browser.open("/admin/people", status=403)
    assert f"refused (not-allowed) to account {gita.id} at admin." in caplog.text
    assert gita.email not in caplog.text


def test_a_form_that_no_page_of_ours_made(
    signed_in: SignIn, moira: Account, caplog: pytest.LogCaptureFixture
) -> None:
    browser = signed_in(moira)
    with caplog.at_level(logging.WARNING):
        assert browser.client.post("/admin/sign-out", data={"note": "words"}).status_code == 400
    assert "refused (no token of ours) at security.logout" in caplog.text
    assert "words" not in caplog.text
