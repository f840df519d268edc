"""One's own alerts on screen: begun, looked at first, changed, paused and deleted, without a script."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.alerts import keeping
from tellback.alerts.keeping import Wish
from tellback.alerts.models import Alert, DigestChoice
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, make_account

# What these pages ask of a database is asked of both by the rules.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


def test_a_responder_looks_first_and_then_keeps_an_alert(
    signed_in: SignIn,
    ruth: Account,
    publish: Callable[..., Story],
) -> None:
    publish(service="RXH01-ward-5")
    publish(service="G81001")
    browser = signed_in(ruth)
    form = browser.open("/admin/alerts/new").form("/alerts/new")
    looked = browser.client.post(form.action, data={**form.values, "place": "RXH01", "look": "yes"})
    assert "One story of the last 30 days would have been told." in looked.text
    assert Alert.select().count() == 0
    page = browser.send(form, place="RXH01-ward-5", cadence="daily", quiet_from="20:00", quiet_until="07:00")
    assert "The alert is kept." in page.text
    assert "Stories of Ward 5" in page.text
    assert "Quiet from 20:00 to 07:00." in page.text
    assert "One story of the last 30 days would have been told." in page.text


def test_what_cannot_be_comes_back_as_it_was_typed(signed_in: SignIn, ruth: Account) -> None:
    browser = signed_in(ruth)
    form = browser.open("/admin/alerts/new").form("/alerts/new")
    page = browser.send(form, status=422, cadence="weekly", quiet_from="20:00")
    assert "Write both times like 22:00 and 07:00, or neither." in page.text
    again = page.form("/alerts/new").values
    assert (again["cadence"], again["quiet_from"]) == ("weekly", "20:00")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"place": "G81001"}, "You have no role at this organisation."),
        ({"place": "nowhere"}, "No service or organisation here has this code."),
        ({"topic": "nothing"}, "Choose a topic from the list."),
        ({"only": "flagged"}, "Choose what to hear from the list."),
        ({"only": ""}, "Choose what to hear from the list."),
        ({"criticality": "9"}, "Choose a level from the list."),
        ({"lang": "xx"}, "Choose a language from the list."),
        ({"cadence": "hourly"}, "Choose how soon from the list."),
    ],
)
def test_nothing_that_is_not_offered_can_be_sent(
    signed_in: SignIn,
    ruth: Account,
    typed: dict[str, str],
    says: str,
) -> None:
    browser = signed_in(ruth)
    form = browser.open("/admin/alerts/new").form("/alerts/new")
    assert says in browser.send(form, status=422, **typed).text
    assert Alert.select().count() == 0


def test_an_alert_is_changed_paused_resumed_and_deleted(signed_in: SignIn, ruth: Account) -> None:
    alert = keeping.add(ruth, Wish())
    browser = signed_in(ruth)
    form = browser.open(f"/admin/alerts/{alert.id}").form(f"/alerts/{alert.id}")
    page = browser.send(form, only="waiting", criticality="2")
    assert "Stories that wait for an answer of all that you may read at level 2 or more" in page.text
    page = browser.send(page.form("/pause"), status=422, until="2020-01-01")
    assert "Choose the day on which you are back, within a year." in page.text
    page = browser.send(page.form("/pause"), until="2026-12-24")
    assert "Paused until 24 December 2026" in page.text
    page = browser.send(page.form("/resume"))
    assert "Paused" not in page.text.replace("Pause", "")
    page = browser.send(page.form("/delete"))
    assert "You have no alert" in page.text


def test_another_persons_alert_is_nowhere(
    signed_in: SignIn,
    ruth: Account,
    places: Places,
) -> None:
    una = make_account("Una", Role.RESPONDER, places.hospital.organisation)
    theirs = keeping.add(una, Wish())
    signed_in(ruth).open(f"/admin/alerts/{theirs.id}", status=404)


def test_the_digest_is_chosen_and_seen(
    signed_in: SignIn,
    ruth: Account,
    publish: Callable[..., Story],
) -> None:
    publish()
    browser = signed_in(ruth)
    page = browser.open("/admin/alerts")
    form = page.form("/digest")
    assert form.values["letter"] == "true"
    del form.values["letter"]
    browser.send(form)
    assert DigestChoice.get(DigestChoice.account == ruth).wanted is False
    page = browser.open("/admin/digest")
    assert "The week from 16 November 2026 to 22 November 2026" in page.text
    assert 'role="img"' in page.html
