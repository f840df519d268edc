"""Guesses are limited, and whoever guesses locks out themselves: never the one who is guessed at."""

from datetime import timedelta

import pytest
from flask import Flask

from tellback import clock
from tellback.accounts.models import Account
from tests.accounts.conftest import KEY, code_of, has_an_app, sign, who
from tests.admin.conftest import Browser, Page

# What sign-in asks of a database is asked of both elsewhere (wrong passwords, second factors).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WRONG = "three red ferries!"
MOIRA = "moira@elsewhere.example"


@pytest.fixture
def cheap(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong passwords are found wrong without the time of a hash: what is tested here is the counting."""
    context = app.extensions["security"].pwd_context
    monkeypatch.setattr(context, "hash", lambda *_given: "")
    verify = context.verify
    monkeypatch.setattr(context, "verify", lambda given, kept: given != WRONG and verify(given, kept))


def at(app: Flask, network: str) -> Browser:
    """A new browser in a network."""
    browser = Browser(app.test_client())
    browser.client.environ_base["REMOTE_ADDR"] = network
    return browser


def guess(browser: Browser, times: int, email: str = MOIRA) -> int:
    """Try wrong passwords; the status of the last answer."""
    return [sign(browser, email, WRONG).status_code for _ in range(times)][-1]


def test_a_tenth_wrong_password_is_the_last_for_a_while(app: Flask, moira: Account, cheap: None) -> None:
    browser = at(app, "192.0.2.1")
    assert guess(browser, 10) == 200
    answer = sign(browser)
    assert answer.status_code == 429
    assert "You can try again in 10 minutes" in answer.text
    assert 590 < int(answer.headers["Retry-After"]) < 610
    clock.pin(clock.now() + timedelta(minutes=11))
    assert sign(browser).status_code == 302


def test_right_passwords_of_a_busy_office_are_not_counted(app: Flask, moira: Account) -> None:
    assert {sign(Browser(app.test_client())).status_code for _ in range(14)} == {302}


def test_guesses_from_elsewhere_lock_nobody_out(app: Flask, moira: Account, cheap: None) -> None:
    guess(at(app, "192.0.2.1"), 11)
    assert sign(at(app, "198.51.100.7")).status_code == 302


def test_a_colleague_who_guesses_locks_out_no_device_that_is_known(
    app: Flask, moira: Account, cheap: None
) -> None:
    # Behind one address, as a hospital is.
    own = at(app, "192.0.2.1")
    sign(own)
    own.send(own.open("/admin/account").form("/sign-out"))
    assert guess(at(app, "192.0.2.1"), 11) == 429
    assert sign(own).status_code == 302


def test_nor_do_guesses_at_one_keep_out_another_there(
    app: Flask, moira: Account, ada: Account, cheap: None
) -> None:
    assert guess(at(app, "192.0.2.1"), 11) == 429
    assert sign(at(app, "192.0.2.1"), ada.email).status_code == 302


def test_guesses_by_many_machines_are_held_up_but_not_the_owner(
    app: Flask, moira: Account, cheap: None
) -> None:
    own = at(app, "192.0.2.1")
    sign(own)
    own.send(own.open("/admin/account").form("/sign-out"))
    statuses = [guess(at(app, f"198.51.100.{machine}"), 9) for machine in range(1, 8)]
    assert statuses == [200, 200, 200, 200, 200, 429, 429]
    # From a place that the account does not know even the right password waits …
    elsewhere = sign(at(app, "203.0.113.9"))
    assert elsewhere.status_code == 429
    assert "a device you signed in on before lets you in at once" in Page(elsewhere.text).text
    # … and where its owner was before, it does not.
    assert sign(own).status_code == 302


def test_passwords_tried_on_many_accounts_are_held_up(app: Flask, moira: Account, cheap: None) -> None:
    browser = at(app, "192.0.2.1")
    for number in range(200):
        assert guess(browser, 1, f"someone{number}@elsewhere.example") == 200
    assert guess(browser, 1, "another@elsewhere.example") == 429
    assert sign(at(app, "198.51.100.7")).status_code == 302


def test_an_address_that_is_nobodys_is_limited_all_the_same(app: Flask, cheap: None) -> None:
    browser = at(app, "192.0.2.1")
    assert guess(browser, 10, "nobody@elsewhere.example") == 200
    assert guess(browser, 1, "nobody@elsewhere.example") == 429


def test_codes_are_limited_and_lock_nobody_out(app: Flask, moira: Account) -> None:
    has_an_app(moira)
    thief = at(app, "192.0.2.1")
    sign(thief)
    for _ in range(10):
        page = thief.open("/admin/second")
        thief.send(page.form("/second"), status=422, code="000000")
    thief.send(thief.open("/admin/second").form("/second"), status=429, code=code_of())
    assert who(thief) == ""
    own = at(app, "198.51.100.7")
    sign(own)
    own.send(own.open("/admin/second").form("/second"), code=code_of(KEY))
    assert who(own) == "Moira Bell"


def test_a_device_cannot_be_made_known_by_hand(app: Flask, moira: Account, cheap: None) -> None:
    browser = at(app, "192.0.2.1")
    browser.client.set_cookie(
        "__Host-known", '{"x":"y"}.forged', domain="stories.example", path="/", secure=True
    )
    assert guess(browser, 11) == 429


def test_what_a_device_remembers_names_nobody(app: Flask, moira: Account) -> None:
    browser = at(app, "192.0.2.1")
    said = [one for one in sign(browser).headers.getlist("Set-Cookie") if one.startswith("__Host-known=")]
    assert len(said) == 1
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=15552000"):
        assert f"; {part}" in said[0]
    assert "moira" not in said[0]
