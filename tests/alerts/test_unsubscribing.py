"""Letters of an alert end by one press, from a person's page or a mail program, without any session."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.alerts import keeping
from tellback.alerts.keeping import Wish
from tellback.alerts.models import Alert, DigestChoice
from tellback.alerts.unsubscribing import Ends, address
from tellback.config import Settings
from tellback.stories.models import Story
from tests.admin.conftest import Page
from tests.alerts.conftest import Letters

# What these pages ask of a database is asked of both by the rules.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SITE = "https://stories.example"


def of(settings: Settings, what: Ends, which: int, whose: Account) -> str:
    return address("", what, which, whose.id, settings.secret_key)


def test_the_letter_says_where_to_press_and_a_mail_program_ends_it(
    client: FlaskClient, ruth: Account, publish: Callable[..., Story], letters: Letters
) -> None:
    keeping.add(ruth, Wish())
    other = keeping.add(ruth, Wish(place="RXH01-ward-5", cadence="daily"))
    publish()
    (letter,) = letters()
    url = letter["unsubscribe_url"].removeprefix(SITE)
    # As RFC 8058 has it sent; some programs send it as multipart/form-data.
    answer = client.post(url, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert list(Alert.select()) == [other]
    # Pressed again, and with the alert gone: the same answer.
    again = client.post(url, data={"List-Unsubscribe": "One-Click"})
    assert (again.status_code, again.text) == (200, answer.text)


def test_opening_the_page_ends_nothing_and_its_one_button_does(
    client: FlaskClient, ruth: Account, settings: Settings
) -> None:
    alert = keeping.add(ruth, Wish())
    page = Page(client.get(of(settings, Ends.ALERT, alert.id, ruth)).text)
    assert Alert.select().count() == 1
    (form,) = page.forms
    assert form.values == {}
    answer = client.post(form.action)
    assert "You get no more of these letters" in answer.text
    assert "no-referrer" in answer.headers["Referrer-Policy"]
    assert Alert.select().count() == 0


def test_the_weekly_digest_ends_the_same_way(client: FlaskClient, ruth: Account, settings: Settings) -> None:
    for _ in range(2):
        assert client.post(of(settings, Ends.DIGEST, ruth.id, ruth)).status_code == 200
    assert DigestChoice.get(DigestChoice.account == ruth).wanted is False
    assert client.post(of(settings, Ends.DIGEST, 999, ruth)).status_code == 200


@pytest.mark.parametrize("token", ["x", "WyJhbGVydCIsMV0.forged", "%C3%BC"])
def test_an_address_that_we_did_not_make_ends_nothing(client: FlaskClient, ruth: Account, token: str) -> None:
    keeping.add(ruth, Wish())
    assert client.post(f"/alerts/unsubscribe/{token}").status_code == 404
    assert Alert.select().count() == 1


def test_an_old_letter_ends_no_alert_that_somebody_else_began_since(
    client: FlaskClient, ruth: Account, gita: Account, settings: Settings
) -> None:
    first = keeping.add(ruth, Wish())
    url = of(settings, Ends.ALERT, first.id, ruth)
    keeping.delete(first)
    # SQLite gives the highest number again once it is free.
    second = keeping.add(gita, Wish())
    assert second.id == first.id
    assert client.post(url).status_code == 200
    assert list(Alert.select()) == [second]
