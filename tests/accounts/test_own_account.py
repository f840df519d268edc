"""One's own account, on the screens: password, second factors, devices; and proving again who one is."""

from datetime import timedelta

import pytest
from flask import Flask

from tellback import clock
from tellback.accounts import passkeys, second_factors, sessions
from tellback.accounts.models import Account
from tellback.audit.acts import SYSTEM
from tellback.audit.models import AuditEvent
from tests.accounts.authenticator import Authenticator
from tests.accounts.conftest import KEY, PASSWORD, code_of, has_an_app, post, sign, token, who
from tests.admin.conftest import Browser, Page

# What these screens ask of a database is asked of both by the rules.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEW = "four green tramways"


@pytest.fixture
def own(browser: Browser, moira: Account) -> Browser:
    """Moira's browser, signed in."""
    sign(browser)
    return browser


def later(**time: int) -> None:
    clock.pin(clock.now() + timedelta(**time))


def test_an_app_is_set_up_with_its_first_code_and_asked_for_from_then_on(
    own: Browser, moira: Account
) -> None:
    form = own.open("/admin/account/app").form("/account/app")
    page = own.send(form, code=code_of(form.values["key"]))
    assert "They are shown this once." in page.text
    codes = page.text.partition("from before work no more.")[2].split()[:10]
    assert len(codes) == 10
    other = Browser(own.client.application.test_client())
    assert sign(other).location == "/admin/second"
    other.send(other.open("/admin/second").form("/second/recovery"), code=codes[0])
    assert who(other) == "Moira Bell"


def test_a_wrong_first_code_keeps_the_key_on_the_page(own: Browser) -> None:
    form = own.open("/admin/account/app").form("/account/app")
    page = own.send(form, status=422, code="000000")
    assert "This code is not right" in page.text
    assert page.form("/account/app").values["key"] == form.values["key"]


def test_the_app_is_asked_for_no_more(own: Browser, moira: Account) -> None:
    has_an_app(moira)
    own.send(own.open("/admin/account").form("/app/remove"))
    assert not second_factors.has(Account.get_by_id(moira.id))


def test_new_recovery_codes_need_something_to_stand_in_for(own: Browser, moira: Account) -> None:
    assert post(own, "/admin/account/recovery-codes").status_code == 404
    (old, *_) = has_an_app(moira)
    page = own.send(own.open("/admin/account").form("/recovery-codes"))
    assert "Your recovery codes" in page.text
    assert not second_factors.use_recovery_code(moira, old)


def test_a_passkey_is_added_and_signs_in(own: Browser, moira: Account) -> None:
    phone = Authenticator()
    options = post(own, "/admin/account/passkeys/question").json
    page = Page(post(own, "/admin/account/passkeys", name="My phone", credential=phone.make(options)).text)
    assert "Your recovery codes" in page.text
    assert "My phone" in own.open("/admin/account").text
    later(seconds=1)
    other = Browser(own.client.application.test_client())
    values = other.open("/admin/sign-in").form("/admin/passkey").values
    options = other.client.post("/admin/passkey/question/sign-in", data=values).json
    answer = other.client.post("/admin/passkey", data={**values, "credential": phone.sign(options)})
    assert answer.location == "/admin/"
    assert who(other) == "Moira Bell"
    assert AuditEvent.select().order_by(AuditEvent.id.desc()).get().detail["how"] == "passkey"


def test_a_passkey_is_the_second_thing_after_a_password(own: Browser, moira: Account) -> None:
    phone = Authenticator()
    options = post(own, "/admin/account/passkeys/question").json
    post(own, "/admin/account/passkeys", name="My phone", credential=phone.make(options))
    later(seconds=1)
    other = Browser(own.client.application.test_client())
    assert sign(other).location == "/admin/second"
    values = other.open("/admin/second").form("/second/passkey").values
    options = other.client.post("/admin/passkey/question/second", data=values).json
    # Asked as the second thing, it signs in nobody by itself.
    alone = other.client.post("/admin/passkey", data={**values, "credential": phone.sign(options)})
    assert alone.status_code == 401
    options = other.client.post("/admin/passkey/question/second", data=values).json
    other.client.post("/admin/second/passkey", data={**values, "credential": phone.sign(options)})
    assert who(other) == "Moira Bell"


def test_a_passkey_that_was_not_asked_is_told_kindly(own: Browser, browser: Browser) -> None:
    other = Browser(own.client.application.test_client())
    values = other.open("/admin/sign-in").form("/admin/passkey").values
    answer = other.client.post("/admin/passkey", data={**values, "credential": "{}"})
    assert answer.status_code == 401
    assert "The passkey was not taken" in answer.text


def test_a_passkey_without_a_name_is_told_so(own: Browser) -> None:
    options = post(own, "/admin/account/passkeys/question").json
    answer = post(own, "/admin/account/passkeys", name="", credential=Authenticator().make(options))
    assert answer.status_code == 422
    assert "Name it in 1 to 60 characters" in answer.text


def test_a_password_is_changed_and_other_devices_are_signed_out(app: Flask, own: Browser) -> None:
    other = Browser(app.test_client())
    sign(other)
    form = own.open("/admin/account").form("/account/password")
    page = own.send(form, present=PASSWORD, password=NEW)
    assert "Your password is changed." in page.text
    assert (who(own), who(other)) == ("Moira Bell", "")
    assert sign(other, password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("present", "password", "said"),
    [
        ("three red ferries!", NEW, "This is not your password of now."),
        (PASSWORD, "short", "Use at least 12 characters."),
        (PASSWORD, "leavemealone", "among the first that people try"),
        (PASSWORD, "Trust the Trust 26", "What everybody knows of this place"),
    ],
)
def test_a_password_is_not_changed_without_the_old_and_a_good_new_one(
    present: str, password: str, said: str, own: Browser
) -> None:
    form = own.open("/admin/account").form("/account/password")
    page = own.send(form, status=422, present=present, password=password)
    assert said in page.text
    assert {present, password}.isdisjoint(page.form("/account/password").values.values())


def test_the_old_password_is_not_guessed_from_a_browser_left_open(own: Browser) -> None:
    statuses = [
        post(own, "/admin/account/password", present=f"wrong {nth}", password=NEW).status_code
        for nth in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_devices_are_listed_and_signed_out_one_by_one(app: Flask, own: Browser) -> None:
    others = [Browser(app.test_client()) for _ in range(2)]
    for other in others:
        other.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Safari/604.1"
        sign(other)
    page = own.open("/admin/account")
    assert page.text.count("Safari on iPhone") == 4, "each with its button"
    ends = [form for form in page.forms if form.action.endswith("/end")]
    own.send(ends[0])
    assert [who(other) for other in others] == ["Moira Bell", ""]
    own.send(own.open("/admin/account").form("/end-others"))
    assert [who(other) for other in others] == ["", ""]
    assert who(own) == "Moira Bell"


def test_nobody_ends_anothers_session(app: Flask, own: Browser, ada: Account) -> None:
    other = Browser(app.test_client())
    sign(other, ada.email)
    assert not [form for form in own.open("/admin/account").forms if form.action.endswith("/end")]
    (hers,) = sessions.of(ada, sessions.LIFE)
    post(own, f"/admin/account/sessions/{hers.id}/end")
    assert "Ada Quill" in other.open("/admin/account").text


# Proving again who one is.

DANGEROUS = [
    "/admin/account/app",
    "/admin/people",
    "/admin/people/new",
    "/admin/people.csv",
    "/admin/providers",
]


@pytest.fixture
def stale(browser: Browser, ada: Account) -> Browser:
    """An administrator's browser, half an hour after she signed in."""
    sign(browser, ada.email)
    later(minutes=30)
    return browser


@pytest.mark.parametrize("address", DANGEROUS)
def test_a_while_after_signing_in_a_dangerous_page_asks_again(address: str, stale: Browser) -> None:
    assert stale.client.get(address).location == f"/admin/confirm?next={address}"


def test_the_password_opens_it_and_leads_there(stale: Browser) -> None:
    page = stale.open("/admin/people/new")
    page = stale.send(page.form("/confirm?next=/admin/people/new"), password=PASSWORD)
    assert "Invite somebody" in page.text
    assert AuditEvent.select().where(AuditEvent.act == "account:session:confirmed").count() == 1


def test_a_wrong_password_does_not_and_is_on_record(stale: Browser) -> None:
    page = stale.send(stale.open("/admin/people").form("/admin/people"), status=422, password="wrong")
    assert "This is not your password." in page.text
    assert stale.client.get("/admin/people").status_code == 302
    assert AuditEvent.select().where(AuditEvent.act == "account:session:refused").count() == 1


def test_a_passkey_opens_it(stale: Browser, ada: Account) -> None:
    phone = Authenticator()
    question, options = passkeys.ask_to_make(ada, "https://stories.example", "Trust")
    passkeys.add(ada, phone.make(options), question, "Phone", "https://stories.example", by=SYSTEM)
    later(seconds=1)
    form = stale.open("/admin/people").form("/confirm/passkey?next=/admin/people")
    options = stale.client.post("/admin/passkey/question/confirm", data=form.values).json
    answer = stale.client.post(form.action, data={**form.values, "credential": phone.sign(options)})
    assert answer.location == "/admin/people"
    assert stale.client.get("/admin/people").status_code == 200


def test_a_form_that_was_open_may_still_be_sent_within_the_hour(browser: Browser, ada: Account) -> None:
    sign(browser, ada.email)
    form = browser.open("/admin/people/new").form("/people/new")
    later(minutes=59)
    typed = {"email": "mo@elsewhere.example", "name": "Mo", "role": "moderator"}
    answer = browser.client.post(form.action, data={**form.values, **typed})
    assert answer.status_code == 302
    assert "/admin/people/" in answer.location


def test_and_after_it_nothing_is_done_and_the_way_on_is_told(browser: Browser, ada: Account) -> None:
    sign(browser, ada.email)
    form = browser.open("/admin/people/new").form("/people/new")
    later(minutes=30)
    browser.open("/admin/people")
    later(minutes=31)
    typed = {"email": "mo@elsewhere.example", "name": "Mo", "role": "moderator"}
    answer = browser.client.post(form.action, data={**form.values, **typed})
    assert answer.status_code == 400
    assert "we ask again who you are" in answer.text
    assert Account.select().count() == 1


def test_other_pages_ask_nobody_twice(stale: Browser) -> None:
    assert stale.client.get("/admin/account").status_code == 200
    assert stale.client.get("/admin/websites").status_code == 200


def test_forms_about_oneself_cannot_be_forged(own: Browser, moira: Account) -> None:
    has_an_app(moira)
    good = token(own)
    for address in ("password", "app", "app/remove", "recovery-codes", "passkeys", "sessions/end-others"):
        answer = own.client.post(f"/admin/account/{address}", data={"csrf_token": good[:-1], "code": KEY})
        assert answer.status_code == 400, address
    assert second_factors.has(Account.get_by_id(moira.id))
