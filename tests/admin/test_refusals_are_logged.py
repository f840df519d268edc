"""Who asks for what is not theirs, or tries what is not allowed, leaves a line in the log, with no word."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client

from tellback.accounts.models import Account
from tellback.config import Settings
from tellback.http.noting import Noted
from tests.admin.conftest import Browser
from tests.people import Places, a_story

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


def test_refused_fields_and_limits_where_each_request_is_logged(
    app: Flask, settings: Settings, places: Places, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(Noted(app, settings))
    with caplog.at_level(logging.INFO, "tellback.http.noting"):
        client.post("/api/v1/stories", data=a_story(made_up_field="words"))
        for _ in range(11):
            client.post("/api/v1/stories", data=a_story())
    said = [record.getMessage().partition(" in ")[0] for record in caplog.records]
    assert said[0] == "POST /api/v1/stories 422"
    assert said[-1] == "POST /api/v1/stories 429"
    assert "words" not in caplog.text
