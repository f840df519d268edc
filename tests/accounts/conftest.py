"""Moira, her browser, and the sign-in form."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tellback.accounts import registration
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tests.admin.conftest import Browser, Page

PASSWORD = "three blue ferries"
NOT_RIGHT = "The email address or the password is not right. Check both and try again."


@pytest.fixture
def moira(app: Flask) -> Account:
    """Moira moderates: she may read and decide everything."""
    return registration.add("moira@elsewhere.example", "Moira Bell", PASSWORD, Role.MODERATOR)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


def sign(
    browser: Browser, email: str = "moira@elsewhere.example", password: str = PASSWORD, **more: str
) -> TestResponse:
    """Send the sign-in form; what came back, redirects not followed."""
    values = Page(browser.client.get("/admin/sign-in").text).form("/sign-in").values
    return browser.client.post(
        "/admin/sign-in", data={**values, "email": email, "password": password, **more}
    )


def who(browser: Browser) -> str:
    """Whose name stands on the first screen; empty when it asks to sign in."""
    return "Moira Bell" if "Moira Bell" in browser.open("/admin/").text else ""


def token(browser: Browser) -> str:
    """What this browser's own forms carry against forgery."""
    return browser.open("/admin/stories").form("/sign-out").values["csrf_token"]
