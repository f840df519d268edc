"""Signing in and out, in the whole service."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tellback import clock, db
from tellback.accounts import passwords, present, sign_in_options
from tellback.accounts.models import Account
from tellback.config import Settings
from tests.accounts.conftest import NOT_RIGHT, PASSWORD, sign, token, who
from tests.admin.conftest import Browser, Page

HOME = "https://stories.example"
# What sign-in asks of a database is asked of both in test_wrong_passwords.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def cookie(answer: TestResponse) -> str:
    """The session's cookie, as an answer sets it."""
    (said,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-staff=")]
    return said


def test_a_moderator_signs_in_and_is_known(browser: Browser, moira: Account) -> None:
    answer = sign(browser)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert who(browser) == "Moira Bell"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("MOIRA@Elsewhere.Example", PASSWORD),
        (" moira@elsewhere.example ", PASSWORD),
        ("moira@elsewhere.example", "ｔｈｒｅｅ ｂｌｕｅ ｆｅｒｒｉｅｓ"),
    ],
)
def test_letter_case_and_keyboard_make_no_difference(
    email: str, password: str, browser: Browser, moira: Account
) -> None:
    assert sign(browser, email, password).status_code == 302


def test_the_hash_is_the_one_sign_in_would_make(browser: Browser, moira: Account) -> None:
    sign(browser)
    assert Account.get_by_id(moira.id).password == moira.password


def test_a_hash_of_an_older_cost_is_made_anew_at_sign_in(
    browser: Browser, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    Account.update(password=cheap.hash(PASSWORD)).execute()
    assert sign(browser).status_code == 302
    assert Account.get_by_id(moira.id).password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign(Browser(browser.client.application.test_client())).status_code == 302


def test_an_account_that_was_switched_off_gets_the_same_answer(browser: Browser, moira: Account) -> None:
    Account.update(active=False).execute()
    assert NOT_RIGHT in sign(browser).text


@pytest.mark.parametrize("email", ["moira@elsewhere.example", "nobody@elsewhere.example"])
def test_known_or_not_one_password_is_hashed(
    email: str, app: Flask, browser: Browser, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, hashed = app.extensions["security"].pwd_context, []
    for name in ("hash", "verify"):
        original = getattr(context, name)
        monkeypatch.setattr(
            context, name, lambda *given, original=original: hashed.append(1) or original(*given)
        )
    sign(browser, email, "three red ferries!")
    assert len(hashed) == 1


def test_the_cookie_is_kept_from_scripts_other_sites_and_public_pages(
    browser: Browser, moira: Account
) -> None:
    said = cookie(sign(browser))
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert f"; {part}" in said
    assert "Domain" not in said
    assert "Expires" not in said


def test_without_https_the_cookie_can_still_be_kept(settings: Settings) -> None:
    cookies = sign_in_options.cookies(replace(settings, public_url="http://127.0.0.1:8000"))
    assert (cookies["SESSION_COOKIE_NAME"], cookies["SESSION_COOKIE_SECURE"]) == ("staff", False)


@pytest.mark.parametrize(
    "address", ["/", "/tell", "/about", "/services/RXH01", "/api/v1/stories", "/my-story"]
)
def test_public_answers_set_no_cookie_and_do_not_vary_by_one(
    address: str, browser: Browser, moira: Account
) -> None:
    kept = cookie(sign(browser)).partition(";")[0]
    # A browser would not even send it here; whatever is sent, nothing changes.
    client = browser.client.application.test_client(use_cookies=False)
    answer = client.get(address, headers={"Cookie": f"{kept}; remember_token=1|x"})
    assert answer.status_code == 200
    assert "Moira" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_public_forms_need_no_token(browser: Browser) -> None:
    assert browser.client.post("/my-story", data={"token": "x"}).status_code == 401


def test_a_session_ends_after_twelve_hours_however_busy(browser: Browser, moira: Account) -> None:
    sign(browser)
    morning = clock.now()
    for minutes in range(50, 12 * 60, 50):
        clock.pin(morning + timedelta(minutes=minutes))
        assert browser.client.get("/admin/stories").status_code == 200
    clock.pin(morning + timedelta(hours=12, minutes=1))
    assert browser.client.get("/admin/stories").location == "/admin/sign-in?next=/admin/stories"
    # And the sign-in page is shown, not a way round in circles.
    assert browser.client.get("/admin/sign-in").status_code == 200


def test_whoever_asks_for_nothing_for_an_hour_is_signed_out(browser: Browser, moira: Account) -> None:
    sign(browser)
    clock.pin(clock.now() + timedelta(minutes=61))
    assert browser.client.get("/admin/stories").location == "/admin/sign-in?next=/admin/stories"
    sign(browser)
    assert browser.client.get("/admin/stories").status_code == 200


def test_signing_out_on_one_device_leaves_the_others(app: Flask, browser: Browser, moira: Account) -> None:
    other = Browser(app.test_client())
    sign(browser)
    sign(other)
    other.send(other.open("/admin/account").form("/sign-out"))
    assert (who(other), who(browser)) == ("", "Moira Bell")


def test_every_session_ends_when_the_identifier_changes(browser: Browser, moira: Account) -> None:
    sign(browser)
    Account.update(fs_uniquifier="another").execute()
    assert who(browser) == ""


def test_a_session_ends_when_the_account_is_switched_off(browser: Browser, moira: Account) -> None:
    sign(browser)
    Account.update(active=False).execute()
    assert who(browser) == ""


def test_signing_out_makes_a_copy_of_the_cookie_worthless(
    app: Flask, browser: Browser, moira: Account
) -> None:
    kept = cookie(sign(browser)).partition(";")[0]
    thief = app.test_client(use_cookies=False)
    stolen = {"headers": {"Cookie": kept}, "base_url": HOME}
    assert thief.get("/admin/stories", **stolen).status_code == 200
    browser.send(browser.open("/admin/").form("/sign-out"))
    assert who(browser) == ""
    assert thief.get("/admin/stories", **stolen).status_code == 302


def test_signing_out_by_a_link_or_a_forged_form_does_nothing(browser: Browser, moira: Account) -> None:
    sign(browser)
    assert browser.client.get("/admin/sign-out").status_code == 405
    assert browser.client.post("/admin/sign-out").status_code == 400
    assert who(browser) == "Moira Bell"


@pytest.mark.parametrize("forged", [{}, {"csrf_token": "made-up"}])
def test_a_forged_form_is_refused_kindly(forged: dict[str, str], browser: Browser, moira: Account) -> None:
    sign(browser)
    answer = browser.client.post("/admin/sign-out", data=forged)
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text
    assert who(browser) == "Moira Bell"


def test_a_form_of_someone_elses_session_is_refused(app: Flask, browser: Browser, moira: Account) -> None:
    other = Browser(app.test_client())
    sign(browser)
    sign(other)
    assert browser.client.post("/admin/sign-out", data={"csrf_token": token(other)}).status_code == 400


def test_a_forged_sign_in_is_refused(browser: Browser, moira: Account) -> None:
    answer = browser.client.post("/admin/sign-in", data={"email": moira.email, "password": PASSWORD})
    assert answer.status_code == 400


def test_someone_not_signed_in_is_sent_to_sign_in_and_back(browser: Browser, moira: Account) -> None:
    answer = browser.client.get("/admin/stories?page=2")
    assert answer.location == "/admin/sign-in?next=/admin/stories?page%3D2"
    form = browser.open(answer.location).form("next=/admin/stories%3Fpage%3D2")
    back = browser.client.post(form.action, data={**form.values, "email": moira.email, "password": PASSWORD})
    assert back.location == "/admin/stories?page=2"


def test_who_is_signed_in_already_goes_on(browser: Browser, moira: Account) -> None:
    sign(browser)
    assert browser.client.get("/admin/sign-in").location == "/admin/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example",
        "https:evil.example", "javascript:alert(1)", "https://stories.example@evil.example/",
        " //evil.example", "http://stories.example.evil.example/",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(elsewhere: str, browser: Browser, moira: Account) -> None:
    by_field = sign(browser, next=elsewhere)
    other = Browser(browser.client.application.test_client())
    page = Page(other.client.get("/admin/sign-in", query_string={"next": elsewhere}).text)
    by_address = other.client.post(
        "/admin/sign-in",
        query_string={"next": elsewhere},
        data={**page.forms[-1].values, "email": moira.email, "password": PASSWORD},
    )
    for answer in (by_field, by_address):
        assert answer.status_code == 302
        assert urlsplit(urljoin(f"{HOME}/admin/sign-in", answer.location)).netloc == "stories.example"
        # Browsers take a backslash for a slash, and skip spaces before it.
        assert not set(answer.location) & set("\\ \t")


def test_a_password_is_never_taken_from_json_nor_a_token_given(browser: Browser, moira: Account) -> None:
    form = Page(browser.client.get("/admin/sign-in").text).form("/sign-in")
    answer = browser.client.post(
        "/admin/sign-in?include_auth_token",
        json={"email": moira.email, "password": PASSWORD},
        headers={"X-CSRFToken": form.values["csrf_token"], "Accept": "application/json"},
    )
    assert "json" not in answer.content_type
    assert "authentication" not in answer.text


def test_a_token_in_the_address_signs_nobody_in(app: Flask, browser: Browser, moira: Account) -> None:
    with app.test_request_context("/admin/"):
        made = str(present.SignedIn(moira).get_auth_token())
    assert browser.client.get(f"/admin/stories?auth_token={made}").status_code == 302
    assert browser.client.get("/admin/stories", headers={"Authentication-Token": made}).status_code == 302


def test_a_request_asks_the_database_twice_about_who_it_is(
    browser: Browser, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(browser)
    asked: list[str] = []
    run = db.database.obj.execute_sql  # type: ignore[attr-defined]
    monkeypatch.setattr(
        db.database.obj,  # type: ignore[attr-defined]
        "execute_sql",
        lambda sql, *more, **named: asked.append(sql) or run(sql, *more, **named),
    )
    browser.client.get("/admin/")
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 2


def test_there_is_nothing_else_to_sign_in_by(app: Flask) -> None:
    ways = {
        rule.rule: rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")
    }
    assert ways == {"/admin/sign-in": "security.login", "/admin/sign-out": "security.logout"}
    assert not {"users", "roles"} & set(app.cli.commands)
