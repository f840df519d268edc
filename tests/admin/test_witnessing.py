"""A webmaster sees the ledger's newest head, and says whether it comes by letter each week."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit import signing
from tellback.config import Settings
from tellback.websites import witnesses
from tests.admin.conftest import Browser, Form, Page
from tests.people import Places, make_account, tell

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


@pytest.fixture
def wendy(places: Places) -> Account:
    """A webmaster of St Elsewhere."""
    return make_account("Wendy", Role.WEBMASTER, places.hospital.organisation)


def test_a_webmaster_finds_the_head_from_their_websites(
    signed_in: SignIn, wendy: Account, settings: Settings
) -> None:
    tell()
    signing.sign_today(settings)
    head = signing.newest_head()
    assert head
    browser = signed_in(wendy)
    assert "/admin/ledger" in browser.open("/admin/websites").links
    page = browser.open("/admin/ledger")
    assert head.hash in page.text
    assert "On 23 November 2026 the last entry of the ledger was number 1." in page.text


def test_before_the_first_story_the_page_says_so(signed_in: SignIn, wendy: Account) -> None:
    assert "The ledger has no signed head yet." in signed_in(wendy).open("/admin/ledger").text


def test_a_webmaster_stops_the_letter_and_has_it_sent_again(signed_in: SignIn, wendy: Account) -> None:
    browser = signed_in(wendy)
    page = browser.open("/admin/ledger")
    page = browser.send(_stopping(page, "no"))
    assert "No more letters about the ledger come to you." in page.text
    assert not witnesses.wants_letters(Account.get_by_id(wendy.id))
    page = browser.send(_stopping(page, "yes"))
    assert "The letter comes each week." in page.text
    assert witnesses.wants_letters(Account.get_by_id(wendy.id))


def test_an_administrator_reads_that_witnesses_are_others(signed_in: SignIn, places: Places) -> None:
    page = signed_in(make_account("Ada", Role.ADMINISTRATOR)).open("/admin/ledger")
    assert "It goes to webmasters, since they are not part of this installation." in page.text
    assert [form for form in page.forms if form.action.endswith("/admin/ledger")] == []


def test_it_refuses_a_responder_and_a_stranger(signed_in: SignIn, stranger: Browser, ruth: Account) -> None:
    signed_in(ruth).open("/admin/ledger", 403)
    assert "Email address" in stranger.open("/admin/ledger").text


def _stopping(page: Page, letters: str) -> Form:
    """The form with its one button pressed."""
    form = page.form("/admin/ledger")
    assert form.buttons == [{"letters": letters}]
    form.values |= form.buttons[0]
    return form
