"""Signing in by an organisation's own account: OpenID Connect, against a provider over real HTTP."""

import http.client
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tellback.accounts import invitations, registration, single_sign_on
from tellback.accounts.models import Account, IdentityProvider, LinkedIdentity
from tellback.accounts.roles import Role
from tellback.audit.acts import SYSTEM
from tellback.audit.models import AuditEvent
from tellback.errors import InvalidInput, NotFound, NotSignedIn
from tellback.organisations.models import Organisation
from tests.accounts.conftest import PASSWORD, code_of, has_an_app
from tests.accounts.provider import Provider
from tests.admin.conftest import Browser, Page

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def theirs() -> Iterator[Provider]:
    """St Elsewhere's own sign-in."""
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture
def hospital(app: Flask) -> Organisation:
    return Organisation.get(Organisation.code == "RXH")


@pytest.fixture
def kept(theirs: Provider, hospital: Organisation) -> IdentityProvider:
    """It, as an administrator added it."""
    return single_sign_on.add(
        "St Elsewhere", "RXH", theirs.issuer, theirs.client_id, theirs.secret, by=SYSTEM
    )


@pytest.fixture
def ruth(kept: IdentityProvider) -> Account:
    """A responder of the hospital, who has never used her password."""
    return registration.add("ruth@hospital.example", "Ruth Ward", PASSWORD, Role.RESPONDER, "RXH")


def there(browser: Browser, address: str = "/admin/with/st-elsewhere") -> str:
    """Go and sign in there; where the provider sends the browser back to."""
    gone = browser.client.get(address)
    assert gone.status_code == 302, gone.text
    parts = urlsplit(gone.location)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = connection.getresponse().headers["Location"]
    connection.close()
    return back


def back(browser: Browser, address: str) -> TestResponse:
    """Come back to us at that address."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "https://stories.example"
    return browser.client.get(f"{parts.path}?{parts.query}")


def name(browser: Browser) -> str:
    """Who is signed in; empty for nobody."""
    page = browser.open("/admin/account")
    return "Ruth Ward" if "Ruth Ward" in page.text else ""


@on_sqlite
def test_somebody_signs_in_by_their_organisations_account(browser: Browser, ruth: Account) -> None:
    assert "Sign in with St Elsewhere" in browser.open("/admin/sign-in").text
    answer = back(browser, there(browser))
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert name(browser) == "Ruth Ward"
    begun = AuditEvent.get(AuditEvent.act == "account:session:begun")
    assert begun.detail["how"] == "organisation"


@on_sqlite
def test_they_come_to_the_page_they_were_going_to(browser: Browser, ruth: Account) -> None:
    page = browser.open("/admin/answers?page=2")
    (way,) = [link for link in page.links if "/admin/with/" in link]
    assert back(browser, there(browser, way)).location == "/admin/answers?page=2"


@on_sqlite
def test_after_the_first_time_they_are_known_by_more_than_their_address(
    app: Flask, browser: Browser, ruth: Account, theirs: Provider
) -> None:
    back(browser, there(browser))
    # The address changed there; the name that the provider has for them never does.
    theirs.person = {"sub": "u-1", "email": "ruth.married@hospital.example", "email_verified": True}
    again = Browser(app.test_client())
    assert back(again, there(again)).status_code == 302
    # And whoever gets the old address there is not she.
    theirs.person = {"sub": "u-2", "email": "someone@hospital.example", "email_verified": True}
    other = Browser(app.test_client())
    assert back(other, there(other)).status_code == 401


@on_sqlite
def test_who_was_invited_joins_by_it(
    browser: Browser, ada: Account, kept: IdentityProvider, theirs: Provider
) -> None:
    invited = invitations.invite("ruth@hospital.example", "Ruth Ward", Role.RESPONDER, "RXH", by=ada)
    assert back(browser, there(browser)).status_code == 302
    assert Account.get_by_id(invited.id).invited_at is None


@on_sqlite
def test_who_was_not_invited_is_told_so(browser: Browser, kept: IdentityProvider) -> None:
    answer = back(browser, there(browser))
    assert answer.status_code == 401
    assert "St Elsewhere says who you are, but nobody here signs in as that" in Page(answer.text).text
    assert Account.select().count() == 0


@on_sqlite
@pytest.mark.parametrize("verified", [False, None, "false", 0])
def test_an_address_that_nobody_checked_opens_nothing(
    verified: object, browser: Browser, ruth: Account, theirs: Provider
) -> None:
    theirs.person["email_verified"] = verified
    assert back(browser, there(browser)).status_code == 401
    assert LinkedIdentity.select().count() == 0


@on_sqlite
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
def test_a_provider_signs_in_nobody_of_the_installation(
    role: Role, browser: Browser, ruth: Account, theirs: Provider
) -> None:
    registration.add(ruth.email, "", None, role)
    answer = back(browser, there(browser))
    assert answer.status_code == 401
    assert "reaches further than St Elsewhere NHS Trust" in Page(answer.text).text


@on_sqlite
def test_nor_anybody_of_another_organisation(
    browser: Browser, kept: IdentityProvider, theirs: Provider
) -> None:
    registration.add("gita@elm.example", "Gita", PASSWORD, Role.RESPONDER, "G81001")
    theirs.person = {"sub": "evil", "email": "gita@elm.example", "email_verified": True}
    assert back(browser, there(browser)).status_code == 401


@on_sqlite
def test_nor_who_has_a_role_there_since(browser: Browser, ruth: Account, theirs: Provider) -> None:
    back(browser, there(browser))
    registration.add(ruth.email, "", None, Role.MODERATOR)
    other = Browser(browser.client.application.test_client())
    assert back(other, there(other)).status_code == 401


@on_sqlite
def test_the_installations_own_provider_signs_in_anyone_invited(
    browser: Browser, moira: Account, theirs: Provider
) -> None:
    single_sign_on.add("Our own", None, theirs.issuer, theirs.client_id, theirs.secret, by=SYSTEM)
    theirs.person = {"sub": "m", "email": moira.email, "email_verified": True}
    assert back(browser, there(browser, "/admin/with/our-own")).status_code == 302


@on_sqlite
def test_who_was_suspended_here_stays_out(browser: Browser, ruth: Account) -> None:
    Account.update(active=False).execute()
    assert back(browser, there(browser)).status_code == 401


@on_sqlite
def test_a_second_factor_is_asked_unless_the_organisation_asked_two_things(
    app: Flask, browser: Browser, ruth: Account, theirs: Provider
) -> None:
    has_an_app(ruth)
    assert back(browser, there(browser)).location == "/admin/second?next=/admin/"
    assert name(browser) == ""
    browser.client.post(
        "/admin/second",
        data={**browser.open("/admin/second").form("/second").values, "code": code_of()},
    )
    assert name(browser) == "Ruth Ward"
    theirs.claims = {"amr": ["pwd", "mfa"]}
    other = Browser(app.test_client())
    back(other, there(other))
    assert name(other) == "Ruth Ward"


def wrong_nonce(theirs: Provider) -> None:
    theirs.claims = {"nonce": "another"}


def no_nonce(theirs: Provider) -> None:
    theirs.claims = {"nonce": None}


def another_audience(theirs: Provider) -> None:
    theirs.claims = {"aud": "another client"}


def no_audience(theirs: Provider) -> None:
    theirs.claims = {"aud": None}


def another_issuer(theirs: Provider) -> None:
    theirs.claims = {"iss": "https://evil.example"}


def over(theirs: Provider) -> None:
    theirs.claims = {"exp": 1}


def nobody(theirs: Provider) -> None:
    theirs.claims = {"sub": None}


def another_key(theirs: Provider) -> None:
    theirs.key = ECKey.generate_key("P-256", {"kid": "one"})


@on_sqlite
@pytest.mark.parametrize(
    "bend",
    [wrong_nonce, no_nonce, another_audience, no_audience, another_issuer, over, nobody, another_key],
)
def test_what_is_not_signed_for_us_and_now_is_not_believed(
    bend: object, browser: Browser, ruth: Account, theirs: Provider
) -> None:
    address = there(browser)
    bend(theirs)  # type: ignore[operator]
    answer = back(browser, address)
    assert answer.status_code == 401
    assert "could not be believed" in Page(answer.text).text
    assert name(browser) == ""


@on_sqlite
def test_an_answer_that_another_browser_asked_for_signs_nobody_in(
    app: Flask, browser: Browser, ruth: Account
) -> None:
    # Who sends a link with an answer of their own would have others act in their account.
    address = there(Browser(app.test_client()))
    answer = back(browser, address)
    assert answer.status_code == 401
    assert "was not begun in this browser" in Page(answer.text).text


@on_sqlite
def test_an_answer_works_once(browser: Browser, ruth: Account) -> None:
    address = there(browser)
    assert back(browser, address).status_code == 302
    browser.send(browser.open("/admin/account").form("/sign-out"))
    assert back(browser, address).status_code == 401


@on_sqlite
@pytest.mark.parametrize(
    "changed", [{"state": "x"}, {"state": ""}, {"code": "made-up"}, {"iss": "https://evil.example"}]
)
def test_an_answer_that_was_changed_on_the_way_is_refused(
    changed: dict[str, str], browser: Browser, ruth: Account
) -> None:
    parts = urlsplit(there(browser))
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    answer = browser.client.get(parts.path, query_string={**query, **changed})
    assert answer.status_code == 401
    assert name(browser) == ""


@on_sqlite
def test_who_says_no_there_is_told_so_here(browser: Browser, ruth: Account) -> None:
    state = parse_qs(urlsplit(there(browser)).query)["state"][0]
    answer = browser.client.get(
        "/admin/with/st-elsewhere/back", query_string={"error": "access_denied", "state": state}
    )
    assert answer.status_code == 401
    assert "St Elsewhere did not sign you in" in Page(answer.text).text


@on_sqlite
def test_a_provider_that_is_away_is_told_kindly(browser: Browser, ruth: Account, theirs: Provider) -> None:
    IdentityProvider.update(issuer="http://127.0.0.1:1").execute()
    answer = browser.client.get("/admin/with/st-elsewhere")
    assert answer.status_code == 503
    assert "St Elsewhere could not be reached" in Page(answer.text).text


@on_sqlite
def test_a_provider_that_was_switched_off_is_neither_shown_nor_used(
    browser: Browser, ruth: Account, kept: IdentityProvider, theirs: Provider
) -> None:
    address = there(browser)
    facts = (kept.name, kept.issuer, kept.client_id, "")
    single_sign_on.change(kept, *facts, active=False, by=SYSTEM)
    assert "St Elsewhere" not in browser.open("/admin/sign-in").text
    assert browser.client.get("/admin/with/st-elsewhere").status_code == 404
    assert back(browser, address).status_code == 401


@on_sqlite
def test_whoever_is_signed_in_proves_anew_who_they_are(
    browser: Browser, ruth: Account, theirs: Provider
) -> None:
    back(browser, there(browser))
    back(browser, there(browser, "/admin/with/st-elsewhere?next=/admin/account"))
    assert (theirs.asked["prompt"], theirs.asked["max_age"]) == ("login", "0")
    # As somebody else they cannot.
    registration.add("gus@hospital.example", "Gus", PASSWORD, Role.ANALYST, "RXH")
    theirs.person = {"sub": "g", "email": "gus@hospital.example", "email_verified": True}
    assert back(browser, there(browser)).status_code == 401
    assert name(browser) == "Ruth Ward"


def test_the_secret_is_sealed_where_it_is_kept(kept: IdentityProvider, theirs: Provider) -> None:
    assert theirs.secret.encode() not in bytes(IdentityProvider.get().secret_sealed)


def test_another_issuer_does_not_inherit_who_was_known_by_the_first(
    kept: IdentityProvider, ruth: Account, theirs: Provider
) -> None:
    person = single_sign_on.Person("u-1", ruth.email, email_verified=True, twice=False)
    assert single_sign_on.account_of(kept, person) == ruth
    single_sign_on.change(kept, "St Elsewhere", "https://new.example", "client", "", active=True, by=SYSTEM)
    unchecked = single_sign_on.Person("u-1", ruth.email, email_verified=False, twice=False)
    with pytest.raises(NotSignedIn):
        single_sign_on.account_of(IdentityProvider.get(), unchecked)


@pytest.mark.parametrize(
    "issuer",
    [
        "", "login.example", "http://login.example", "ftp://login.example", "https://", "https://u@login.example",
        "https://login.example?x=1", "https://login.example#x", "https://[login", "https://" + "x" * 300,
    ],
)  # fmt: skip
def test_an_issuer_must_be_an_https_address(issuer: str, app: Flask) -> None:
    with pytest.raises(InvalidInput) as refused:
        single_sign_on.add("St Elsewhere", "RXH", issuer, "client", "secret", by=SYSTEM)
    assert "issuer" in (refused.value.errors or {})


def test_what_is_missing_is_named(app: Flask) -> None:
    with pytest.raises(InvalidInput) as refused:
        single_sign_on.add(" ", "RXH", "https://login.example", "", "secret", by=SYSTEM)
    assert set(refused.value.errors or {}) == {"name", "client_id"}
    with pytest.raises(InvalidInput) as refused:
        single_sign_on.add("A", "NONE", "https://login.example", "client", "secret", by=SYSTEM)
    assert set(refused.value.errors or {}) == {"organisation"}
    with pytest.raises(InvalidInput) as refused:
        single_sign_on.add("A", "RXH", "https://login.example", "client", " ", by=SYSTEM)
    assert set(refused.value.errors or {}) == {"secret"}


def test_two_of_the_same_name_have_places_of_their_own(app: Flask) -> None:
    made = [
        single_sign_on.add("NHSmail", None, "https://login.example", "client", "s", by=SYSTEM).slug
        for _ in range(2)
    ]
    assert made == ["nhsmail", "nhsmail-2"]


def test_without_the_extra_nothing_is_offered(
    kept: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_sign_on, "available", lambda: False)
    assert single_sign_on.offered() == []
    with pytest.raises(NotFound):
        single_sign_on.begin(kept, "https://stories.example/admin/with/st-elsewhere/back")
