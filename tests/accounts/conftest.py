"""Moira, her browser, the sign-in form, and what she proves herself by."""

import base64
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from flask import Flask
from werkzeug.test import TestResponse

from tellback import clock
from tellback.accounts import registration, second_factors
from tellback.accounts.models import Account
from tellback.accounts.recipients import resolver
from tellback.accounts.roles import Role
from tellback.audit.acts import SYSTEM
from tellback.config import Settings
from tellback.outbox.letters import compose
from tellback.outbox.models import OutboxMessage
from tests.admin.conftest import Browser, Page
from tests.letters import plain

PASSWORD = "three blue ferries"
NOT_RIGHT = "The email address or the password is not right. Check both and try again."
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def moira(app: Flask) -> Account:
    """Moira moderates: she may read and decide everything."""
    return registration.add("moira@elsewhere.example", "Moira Bell", PASSWORD, Role.MODERATOR)


@pytest.fixture
def ada(app: Flask) -> Account:
    """Ada is an administrator, the only one."""
    return registration.add("ada@elsewhere.example", "Ada Quill", PASSWORD, Role.ADMINISTRATOR)


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
    return "Moira Bell" if "Moira Bell" in browser.open("/admin/account").text else ""


def token(browser: Browser) -> str:
    """What this browser's own forms carry against forgery."""
    return browser.open("/admin/account").form("/sign-out").values["csrf_token"]


def post(browser: Browser, address: str, **typed: str) -> TestResponse:
    """Post to an address with this browser's own token; redirects not followed."""
    return browser.client.post(address, data={"csrf_token": token(browser), **typed})


def code_of(key: str = KEY, steps: int = 0) -> str:
    """What an app with this key shows, so many steps from now."""
    step = int(clock.now().timestamp()) // second_factors.STEP + steps
    return HOTP(base64.b32decode(key), 6, SHA1()).generate(step).decode()


def has_an_app(account: Account) -> list[str]:
    """Give someone an app with `KEY`, set up a step ago; the recovery codes they got."""
    return second_factors.set_up(account, KEY, code_of(steps=-1), by=SYSTEM)


def letter(settings: Settings, kind: str) -> str:
    """The text of the last letter of a kind, as it would be sent now."""
    message = OutboxMessage.select().where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc()).get()
    to = resolver(settings)(message.recipient_kind, message.recipient_id)
    assert to is not None
    facts = {"operator": settings.operator, "public_url": settings.public_url, **message.payload, **to.facts}
    written = compose(kind, message.message_id, settings.mail_from, to.address, facts, to.lang)
    return f"To: {written['To']}\nSubject: {written['Subject']}\n\n{plain(written)}"


def link(text: str, page: str) -> str:
    """The token of the link to one of our pages that a letter holds."""
    return unquote(text.partition(f"/admin/{page}#")[2].split()[0])
