"""A forgotten password: a letter with a link that works once, and whoever asks learns nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tellback import clock, db
from tellback.accounts import links, new_passwords, passwords, registration, sessions
from tellback.accounts.links import Purpose
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.accounts.sessions import How
from tellback.audit.models import AuditEvent
from tellback.config import Settings
from tellback.errors import InvalidInput, NotSignedIn
from tellback.outbox.delivery import deliver_due
from tellback.outbox.models import OutboxMessage
from tellback.rounds import recipients
from tests.accounts.conftest import PASSWORD, letter, link, sign, who
from tests.admin.conftest import Browser, Page

NEW = "four green tramways"
SECRET = "a secret of the tests, long enough to sign with"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def someone(database: str) -> Account:
    return registration.add("moira@elsewhere.example", "Moira Bell", PASSWORD, Role.MODERATOR)


def test_the_letter_leads_to_a_new_password(someone: Account, settings: Settings) -> None:
    new_passwords.ask(" MOIRA@elsewhere.example ")
    text = letter(settings, "new_password")
    assert text.startswith("To: moira@elsewhere.example\nSubject: Choose a new password\n")
    new_passwords.choose(link(text, "new-password"), NEW, settings.secret_key)
    assert passwords.is_right(Account.get().password, NEW)


def test_the_link_works_once(someone: Account) -> None:
    token = links.make(Purpose.RESET, someone, SECRET)
    new_passwords.choose(token, NEW, SECRET)
    with pytest.raises(NotSignedIn, match="it was used"):
        new_passwords.choose(token, "five yellow bicycles", SECRET)
    assert passwords.is_right(Account.get().password, NEW)


def test_a_password_that_is_too_weak_leaves_the_link_good(someone: Account) -> None:
    token = links.make(Purpose.RESET, someone, SECRET)
    with pytest.raises(InvalidInput):
        new_passwords.choose(token, "short", SECRET)
    new_passwords.choose(token, NEW, SECRET)


def test_the_link_is_good_for_an_hour(someone: Account) -> None:
    token = links.make(Purpose.RESET, someone, SECRET)
    clock.pin(clock.now() + timedelta(minutes=59))
    assert links.account_of(Purpose.RESET, token, SECRET) == someone
    clock.pin(clock.now() + timedelta(minutes=1))
    with pytest.raises(NotSignedIn):
        links.account_of(Purpose.RESET, token, SECRET)


def _for_another_purpose(account: Account) -> str:
    return links.make(Purpose.INVITATION, account, SECRET)


def _by_another_key(account: Account) -> str:
    return links.make(Purpose.RESET, account, "another secret, long enough to sign with")


def _cut_off(account: Account) -> str:
    return links.make(Purpose.RESET, account, SECRET)[:-3]


def _of_one_who_was_suspended(account: Account) -> str:
    token = links.make(Purpose.RESET, account, SECRET)
    Account.update(active=False).execute()
    return token


def _to_an_older_address(account: Account) -> str:
    token = links.make(Purpose.RESET, account, SECRET)
    Account.update(email="another@elsewhere.example").execute()
    return token


@pytest.mark.parametrize(
    "made",
    [
        _for_another_purpose,
        _by_another_key,
        _cut_off,
        _of_one_who_was_suspended,
        _to_an_older_address,
        lambda _account: "",
        lambda _account: "WzEsMV0.x",
        lambda _account: "\ud800",
        lambda _account: "x" * 5000,
    ],
)
def test_a_link_that_is_not_quite_right_is_refused(made: Callable[[Account], str], someone: Account) -> None:
    token = made(someone)
    with pytest.raises(NotSignedIn):
        new_passwords.choose(token, NEW, SECRET)


def test_a_new_password_ends_every_session_and_its_owner_is_told(someone: Account) -> None:
    sessions.begin(someone, How.PASSWORD, "")
    new_passwords.choose(links.make(Purpose.RESET, someone, SECRET), NEW, SECRET)
    assert sessions.of(someone, sessions.LIFE) == []
    assert OutboxMessage.get().payload == {"what": "Your password was changed."}
    assert "account:password:set" in [event.act for event in AuditEvent.select()]


def test_the_outbox_holds_no_link_and_no_address(someone: Account) -> None:
    new_passwords.ask(someone.email)
    (row,) = OutboxMessage.select().dicts()
    assert row["payload"] == {}
    assert "moira" not in str(row)


def test_asking_for_nobody_writes_the_same_and_sends_nothing(someone: Account, settings: Settings) -> None:
    def asked(email: str) -> list[list[str]]:
        said: list[str] = []
        run = db.database.obj.execute_sql  # type: ignore[attr-defined]

        def noting(sql: str, *more: object, **named: object) -> object:
            said.append(re.sub(r"\s+", " ", sql))
            return run(sql, *more, **named)

        db.database.obj.execute_sql = noting  # type: ignore[attr-defined]
        try:
            new_passwords.ask(email)
        finally:
            db.database.obj.execute_sql = run  # type: ignore[attr-defined]
        return [said]

    assert asked("nobody@elsewhere.example") == asked("moira@elsewhere.example")
    assert [message.recipient_id for message in OutboxMessage.select().order_by(OutboxMessage.id)] == [
        "0",
        str(someone.id),
    ]
    assert recipients(settings)("account", "0") is None
    gone = Settings(**{**vars(settings), "smtp_url": "smtp://127.0.0.1:1"})
    assert deliver_due(gone, recipients(gone)) == 0
    assert [message.state for message in OutboxMessage.select().order_by(OutboxMessage.id)] == [
        "dropped",
        "waiting",
    ]


def test_nobody_is_written_to_who_was_suspended(someone: Account, settings: Settings) -> None:
    Account.update(active=False).execute()
    new_passwords.ask(someone.email)
    assert OutboxMessage.get().recipient_id == "0"


@on_sqlite
def test_from_the_sign_in_page_to_being_signed_in(
    browser: Browser, moira: Account, settings: Settings
) -> None:
    page = browser.open("/admin/sign-in")
    assert "/admin/forgotten" in page.links
    sent = browser.send(browser.open("/admin/forgotten").form("/forgotten"), email=moira.email)
    assert "Look at your email" in sent.text
    token = link(letter(settings, "new_password"), "new-password")
    # Without a script the whole link is pasted.
    form = browser.open("/admin/new-password").form("/new-password")
    browser.send(form, token=f"https://stories.example/admin/new-password#{token}", password=NEW)
    assert sign(browser, password=PASSWORD).status_code == 200
    assert sign(browser, password=NEW).status_code == 302
    assert who(browser) == "Moira Bell"


@on_sqlite
def test_known_or_not_the_answer_is_the_same(browser: Browser, moira: Account) -> None:
    said = [
        browser.send(browser.open("/admin/forgotten").form("/forgotten"), email=email).text.replace(
            email, "X"
        )
        for email in (moira.email, "nobody@elsewhere.example")
    ]
    assert said[0] == said[1]


@on_sqlite
def test_what_is_no_address_is_told_to_be_none(browser: Browser) -> None:
    page = browser.send(browser.open("/admin/forgotten").form("/forgotten"), status=422, email="moira")
    assert "Write an email address" in page.text
    assert page.form("/forgotten").values["email"] == "moira"


@on_sqlite
def test_a_link_that_was_used_is_told_so_and_stays_typed(browser: Browser, moira: Account) -> None:
    form = browser.open("/admin/new-password").form("/new-password")
    page = browser.send(form, status=401, token="used", password=NEW)
    assert "This link is no longer good" in page.text
    again = page.form("/new-password").values
    assert (again["token"], again["password"]) == ("used", "")


@on_sqlite
def test_a_new_password_that_is_too_weak_is_told_and_its_link_stays(
    app: Flask, browser: Browser, moira: Account, settings: Settings
) -> None:
    token = links.make(Purpose.RESET, moira, settings.secret_key)
    form = browser.open("/admin/new-password").form("/new-password")
    page = browser.send(form, status=422, token=token, password="moira bell 2026")
    assert "Your name or your email address tells too much" in page.text
    assert page.form("/new-password").values["token"] == token


@on_sqlite
def test_letters_to_one_address_are_limited_by_who_asks(app: Flask, moira: Account) -> None:
    def ask(network: str) -> int:
        browser = Browser(app.test_client())
        browser.client.environ_base["REMOTE_ADDR"] = network
        values = Page(browser.client.get("/admin/forgotten").text).form("/forgotten").values
        return browser.client.post("/admin/forgotten", data={**values, "email": moira.email}).status_code

    assert [ask("192.0.2.1") for _ in range(6)] == [200, 200, 200, 200, 200, 429]
    assert ask("198.51.100.7") == 200
