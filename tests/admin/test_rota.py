"""The rota's screen: administrators say who is on duty and when; those who moderate say their own part."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import targets
from tellback.rota import hours, languages, on_call
from tellback.rota.models import Duty
from tellback.stories.urgency import Urgency
from tests import people
from tests.admin.conftest import Browser

SignIn = Callable[[Account], Browser]


@pytest.fixture
def ada(database: str) -> Account:
    """An administrator."""
    return people.make_account("Ada", Role.ADMINISTRATOR)


def test_an_administrator_keeps_the_hours(signed_in: SignIn, ada: Account) -> None:
    browser = signed_in(ada)
    form = browser.open("/admin/rota").form("/hours")
    page = browser.send(form, opens_0="08:00", closes_0="12:30", closed="2026-12-25 Christmas Day\n")
    assert "The hours are kept." in page.text
    assert [str(time)[:5] for time in hours.current().week[0]] == ["08:00", "12:30"]
    assert [day.name for day in hours.closed_days()] == ["Christmas Day"]


def test_hours_that_cannot_be_come_back_as_they_were_typed(signed_in: SignIn, ada: Account) -> None:
    browser = signed_in(ada)
    form = browser.open("/admin/rota").form("/hours")
    page = browser.send(form, status=422, opens_0="18:00", closes_0="12:30", closed="Christmas")
    assert "Monday: it must close after it opens." in page.text
    assert page.form("/hours").values["opens_0"] == "18:00"
    assert page.form("/hours").values["closed"].strip() == "Christmas"


def test_an_administrator_says_who_is_on_call_and_by_when_stories_are_read(
    signed_in: SignIn, ada: Account, moira: Account
) -> None:
    browser = signed_in(ada)
    page = browser.open("/admin/rota")
    browser.send(page.form("/on-call"), on_call=str(moira.id))
    assert on_call.people() == [moira]
    page = browser.send(page.form("/targets"), amount_0="3")
    assert str(targets.current().by_urgency[Urgency.USUAL]) == "within 3 working days"
    page = browser.send(page.form("/targets"), status=422, amount_0="0")
    assert "Write a number from 1 to 60 for each." in page.text


def test_a_reader_is_named_for_a_language_and_forgotten_again(
    signed_in: SignIn, ada: Account, moira: Account
) -> None:
    browser = signed_in(ada)
    page = browser.send(browser.open("/admin/rota").form("/readers"), lang="pl", reader=str(moira.id))
    assert languages.named_reader("pl") == moira
    browser.send(page.form("/readers/pl/forget"))
    assert languages.named_reader("pl") is None


def test_a_moderator_reads_it_and_says_what_concerns_themself(signed_in: SignIn, moira: Account) -> None:
    browser = signed_in(moira)
    page = browser.open("/admin/rota")
    assert [form.action for form in page.forms if "/rota/" in form.action] == ["/admin/rota/own"]
    form = page.form("/own")
    del form.values["letter"]
    browser.send(form, languages="ur")
    duty = Duty.get(Duty.account == moira)
    assert duty.languages == ["ur"]
    assert duty.no_morning_letter_since is not None


def test_a_responder_does_not_see_it(signed_in: SignIn, ruth: Account) -> None:
    browser = signed_in(ruth)
    browser.open("/admin/rota", status=403)
    assert "Rota" not in browser.open("/admin/").text
