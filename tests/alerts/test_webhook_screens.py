"""Webhooks on screen: added with a secret that is shown once, tried, paused, sent again, deleted."""

from collections.abc import Callable

import pytest

from tellback import rounds
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.webhook_events import Kind
from tellback.config import Settings
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tests.admin.conftest import Browser
from tests.people import Places, make_account

# What these pages ask of a database is asked of both by the rules.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
URL = "https://feedback.st-elsewhere.example/hook"


def added(signed_in: SignIn, places: Places) -> Browser:
    """A webmaster's browser, as the secret of a new webhook is shown."""
    browser = signed_in(make_account("Wes", Role.WEBMASTER, places.hospital.organisation))
    form = browser.open("/admin/webhooks/new").form("/webhooks/new")
    browser.answer = browser.client.post(
        form.action, data={**form.values, "url": URL, "kinds": [kind.value for kind in Kind][:2]}
    )
    return browser


def test_a_webmaster_adds_one_and_sees_its_secret_once(signed_in: SignIn, places: Places) -> None:
    browser = added(signed_in, places)
    assert "whsec_" in browser.answer.text
    assert browser.answer.headers["Cache-Control"] == "no-store"
    endpoint = WebhookEndpoint.get()
    assert (endpoint.organisation, endpoint.kinds) == (
        places.hospital.organisation,
        ["story.published", "story.edited"],
    )
    page = browser.open(f"/admin/webhooks/{endpoint.public_id}")
    assert "whsec_" not in page.html
    assert URL in browser.open("/admin/webhooks").text


def test_what_cannot_be_comes_back_as_it_was_typed(signed_in: SignIn, places: Places) -> None:
    browser = signed_in(make_account("Wes", Role.WEBMASTER, places.hospital.organisation))
    form = browser.open("/admin/webhooks/new").form("/webhooks/new")
    page = browser.send(form, status=422, url="https://192.168.0.1/hook", service="RXH01")
    assert "Write the server’s name" in page.text.replace("'", "’")
    again = page.form("/webhooks/new").values
    assert (again["url"], again["service"]) == ("https://192.168.0.1/hook", "RXH01")


def test_it_is_tried_paused_switched_on_sent_again_and_deleted(
    signed_in: SignIn, places: Places, settings: Settings
) -> None:
    browser = added(signed_in, places)
    address = f"/admin/webhooks/{WebhookEndpoint.get().public_id}"
    page = browser.send(browser.open(address).form("/test"))
    assert "A test is on its way." in page.text
    OutboxMessage.update(state="dead", last_error="Its server answered 500.").execute()
    page = browser.open(address)
    assert "Its server answered 500." in page.text
    page = browser.send(page.form("/replay"))
    assert OutboxMessage.get().state == "waiting"
    page = browser.send(page.form("/state", state="paused"))
    assert "It is paused." in page.text
    rounds.call_webhooks(settings)
    assert "Not sent: it was off" in browser.open(address).text
    page = browser.send(page.form("/state", state="active"))
    page = browser.send(page.form("/secret"))
    assert "whsec_" in page.html
    assert "For 24 hours" in page.text
    page = browser.send(browser.open(address).form("/delete"))
    assert "You keep no webhook yet." in page.text
    assert OutboxMessage.select().count() == 0


def test_an_administrator_says_whose_it_is(signed_in: SignIn, places: Places) -> None:
    browser = signed_in(make_account("Ada", Role.ADMINISTRATOR))
    form = browser.open("/admin/webhooks/new").form("/webhooks/new")
    page = browser.send(form, status=422, url=URL, kinds="story.published")
    assert "Choose whose it is." in page.text
    browser.send(page.form("/webhooks/new"), url=URL, kinds="story.published", organisation="rxh")
    assert WebhookEndpoint.get().organisation == places.hospital.organisation


def test_who_answers_for_a_service_keeps_none(signed_in: SignIn, ruth: Account) -> None:
    signed_in(ruth).open("/admin/webhooks", status=403)


def test_what_only_a_newer_release_knows_is_shown_by_its_name(signed_in: SignIn, places: Places) -> None:
    browser = added(signed_in, places)
    endpoint = WebhookEndpoint.get()
    WebhookEndpoint.update(kinds=[*endpoint.kinds, "story.read_aloud"]).execute()
    messages.put("story.read_aloud", messages.WEBHOOK, str(endpoint.id))
    messages.put("story.moved", messages.WEBHOOK, str(endpoint.id))
    page = browser.open(f"/admin/webhooks/{endpoint.public_id}")
    assert "story.read_aloud" in page.text
    assert page.text.count("A published story moves to another service") == 2, "to be ticked, and sent"
