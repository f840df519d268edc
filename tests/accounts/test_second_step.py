"""Signing in where a second thing is asked: on the screens, as a person meets them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tellback import clock
from tellback.accounts.models import Account
from tellback.app import create_app
from tellback.config import Settings
from tests.accounts.conftest import code_of, has_an_app, sign, who
from tests.admin.conftest import Browser

# What codes ask of a database is asked of both in test_second_factors.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_code_is_asked_after_the_password(browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    assert sign(browser).location == "/admin/second"
    assert who(browser) == "", "the password alone opens nothing"
    browser.send(browser.open("/admin/second").form("/second"), code=code_of())
    assert who(browser) == "Moira Bell"


def test_whoever_has_no_second_factor_is_asked_for_none(browser: Browser, moira: Account) -> None:
    assert sign(browser).location == "/admin/"


def test_after_the_code_one_is_where_one_was_going(browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    form = browser.open("/admin/stories?page=2").form("next=/admin/stories%3Fpage%3D2")
    answer = browser.client.post(
        form.action, data={**form.values, "email": moira.email, "password": "three blue ferries"}
    )
    page = browser.open(answer.location)
    answer = browser.client.post(page.forms[0].action, data={**page.forms[0].values, "code": code_of()})
    assert answer.location == "/admin/stories?page=2"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/admin/\\x"]
)
def test_nobody_is_sent_elsewhere_after_the_code(elsewhere: str, browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    sign(browser)
    values = browser.open("/admin/second").form("/second").values
    answer = browser.client.post(
        "/admin/second", query_string={"next": elsewhere}, data={**values, "code": code_of()}
    )
    assert answer.location == "/admin/"


def test_a_wrong_code_is_told_and_asked_again(browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    sign(browser)
    page = browser.send(browser.open("/admin/second").form("/second"), status=422, code="000000")
    assert "This code is not right, or was used already." in page.text
    browser.send(page.form("/second"), code=code_of())
    assert who(browser) == "Moira Bell"


def test_one_code_opens_one_session(app: Flask, browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    other = Browser(app.test_client())
    code = code_of()
    for one, status in ((browser, 200), (other, 422)):
        sign(one)
        one.send(one.open("/admin/second").form("/second"), status=status, code=code)
    assert who(other) == ""


def test_a_recovery_code_stands_in_once(app: Flask, browser: Browser, moira: Account) -> None:
    (code, *_) = has_an_app(moira)
    other = Browser(app.test_client())
    for one, status in ((browser, 200), (other, 422)):
        sign(one)
        one.send(one.open("/admin/second").form("/second/recovery"), status=status, code=code)
    assert (who(browser), who(other)) == ("Moira Bell", "")


def test_without_the_password_there_is_nothing_to_prove(browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    assert browser.client.get("/admin/second").location == "/admin/sign-in"
    values = browser.open("/admin/sign-in").form("/sign-in").values
    answer = browser.client.post("/admin/second", data={**values, "code": code_of()})
    assert answer.location == "/admin/sign-in"
    assert who(browser) == ""


def test_the_second_step_waits_ten_minutes_and_no_longer(browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    sign(browser)
    clock.pin(clock.now() + timedelta(minutes=10, seconds=1))
    assert browser.client.get("/admin/second").location == "/admin/sign-in"


def test_a_new_password_meanwhile_ends_the_way_in(browser: Browser, moira: Account) -> None:
    has_an_app(moira)
    sign(browser)
    Account.update(fs_uniquifier="another").execute()
    assert browser.client.get("/admin/second").location == "/admin/sign-in"


@pytest.fixture
def strict(settings: Settings, app: Flask) -> Browser:
    """A browser at an installation that asks two things of whoever moderates."""
    return Browser(create_app(replace(settings, second_factor_required=True)).test_client())


def test_where_it_is_asked_for_moderators_set_it_up_before_anything_else(
    strict: Browser, moira: Account
) -> None:
    sign(strict)
    page = strict.open("/admin/stories")
    assert "Before anything else, add a passkey or an app’s codes" in page.text
    has_an_app(moira)
    assert "Before anything else" not in strict.open("/admin/stories").text


def test_there_too_responders_are_asked_for_nothing(strict: Browser, ruth: Account) -> None:
    from tests.admin.conftest import HASHED

    Account.update(password=HASHED).where(Account.id == ruth.id).execute()
    sign(strict, ruth.email)
    assert "Before anything else" not in strict.open("/admin/answers").text
