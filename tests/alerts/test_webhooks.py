"""Systems of an organisation hear what everyone can read: signed, of their own services, while they live."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.admin import hooking
from tellback.alerts import webhooks
from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.webhook_events import Kind
from tellback.alerts.webhooks import EndpointState
from tellback.authorship import own_edits, own_story
from tellback.config import Settings
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import (
    change_decisions,
    decisions,
    reply_decisions,
    reroute_decisions,
    taking_down,
)
from tellback.outbox.delivery import Lane, deliver_due
from tellback.outbox.models import OutboxMessage
from tellback.replies import changes, rerouting, responding
from tellback.stories.models import Story
from tests.outbox.receiver import Receiver, listening
from tests.people import Places, make_account

WRITTEN = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
DOCUMENTED = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
URL = "https://feedback.st-elsewhere.example/hook"
Publish = Callable[..., Story]


@pytest.fixture
def wes(places: Places) -> Account:
    """A webmaster of St Elsewhere."""
    return make_account("Wes", Role.WEBMASTER, places.hospital.organisation)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


def listen(wes: Account, kinds: tuple[str, ...] = tuple(Kind), service: str = "") -> tuple[str, str]:
    """Have a webhook at a server of the tests; its public id and its secret."""
    organisation = wes.memberships[0].organisation
    endpoint, secret = webhooks.add(organisation, URL, kinds, service, by=wes)
    # The tests' server speaks plain http; how TLS is checked is tested in the outbox.
    WebhookEndpoint.update(url=URL.replace("https", "http")).where(
        WebhookEndpoint.id == endpoint.id
    ).execute()
    return endpoint.public_id, secret


def send(settings: Settings, receiver: Receiver) -> list[dict[str, object]]:
    """The events that arrive now."""
    receiver.requests.clear()
    deliver_due(settings, webhooks.resolver(settings), lanes=(Lane.WEBHOOKS,), reach=receiver.reach())
    return [json.loads(request.body) for request in receiver.requests]


def test_a_system_hears_of_a_story_its_reply_its_change_and_its_end(
    wes: Account, ruth: Account, moira: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    listen(wes)
    story = publish(service="RXH01-ward-5", title="A calm night")
    publish(service="G81001")
    (event,) = send(settings, receiver)
    assert event["type"] == "story.published"
    assert event["data"] == {
        "story": {
            "id": story.public_id,
            "url": f"https://stories.example/stories/{story.public_id}",
            "api_url": f"https://stories.example/api/v1/stories/{story.public_id}",
            "state": "published",
            "title": "A calm night",
            "services": ["RXH01-ward-5"],
            "topics": [],
        }
    }
    reply = responding.reply(story, "RXH01-ward-5", WRITTEN, by=ruth)
    reply_decisions.publish(reply, moira)
    said = {"state": "made", "what": "Quieter doors.", "why": "", "on": "2026-11", "evidence": ""}
    claim = changes.record("RXH01-ward-5", [story.public_id], {**said, "lang": "en"}, by=ruth)
    change_decisions.publish(claim, moira)
    replied, changed = send(settings, receiver)
    assert (replied["type"], replied["data"]["reply"]) == (  # type: ignore[index]
        "reply.published",
        {"id": reply.public_id, "service": "RXH01-ward-5"},
    )
    assert changed["type"] == "change.published"
    assert changed["data"]["change"]["state"] == "made"  # type: ignore[index]
    own_story.withdraw(Story.get_by_id(story.id))
    (gone,) = send(settings, receiver)
    assert gone["type"] == "story.removed"
    assert gone["data"]["story"]["title"] is None  # type: ignore[index]


def test_what_was_taken_down_meanwhile_is_named_by_its_id_alone(
    wes: Account, moira: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    listen(wes)
    story = publish(title="A secret by mistake")
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
    assert "secret" not in json.dumps(send(settings, receiver))
    assert [json.loads(request.body)["type"] for request in receiver.requests] == [
        "story.published",
        "story.removed",
    ]
    assert all("secret" not in json.dumps(row.payload) for row in OutboxMessage.select())


def test_a_system_hears_of_an_edit_once_everyone_reads_it(
    wes: Account, moira: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    story = publish(title="A calm night")
    listen(wes)
    own_edits.edit(story, story.revision, {"title": "A calm night and day"})
    story = Story.get_by_id(story.id)
    assert send(settings, receiver) == [], "nobody reads it yet"
    decisions.publish(story, story.revision, moira)
    (event,) = send(settings, receiver)
    assert event["type"] == "story.edited"
    assert event["data"]["story"]["title"] == "A calm night and day"  # type: ignore[index]
    own_edits.edit(story, Story.get_by_id(story.id).revision, {"title": "Buy this"})
    story = Story.get_by_id(story.id)
    decisions.reject(story, story.revision, moira, reason="commercial", message="")
    assert send(settings, receiver) == [], "everyone goes on reading what they read"


def test_both_sides_hear_of_a_move_and_the_old_one_nothing_of_the_story_afterwards(
    wes: Account,
    ruth: Account,
    gita: Account,
    moira: Account,
    places: Places,
    publish: Publish,
    settings: Settings,
    receiver: Receiver,
) -> None:
    at_the_hospital, _secret = listen(wes)
    at_the_surgery = make_account("Wim", Role.WEBMASTER, places.surgery.organisation)
    surgery, _secret = listen(at_the_surgery)
    story = publish(title="A calm night")
    # What waits, and what is sent again, is for whoever hears of the story when it goes out.
    asked = rerouting.ask(story, "RXH01", "G81001", "We have no such clinic.", by=ruth)
    reroute_decisions.accept(asked, "G81001", moira)
    told_before, left, came = send(settings, receiver)
    bare = {
        "id": story.public_id,
        "url": f"https://stories.example/stories/{story.public_id}",
        "api_url": f"https://stories.example/api/v1/stories/{story.public_id}",
        "state": "moved",
        "title": None,
        "services": [],
        "topics": [],
    }
    assert (told_before["type"], told_before["data"]) == ("story.published", {"story": bare})
    moved = {"from": "RXH01", "to": None}
    assert (left["type"], left["data"]) == ("story.moved", {"story": bare, "moved": moved})
    whole = {**bare, "state": "published", "title": "A calm night", "services": ["G81001"]}
    moved = {"from": "RXH01", "to": "G81001"}
    assert (came["type"], came["data"]) == ("story.moved", {"story": whole, "moved": moved})
    reply = responding.reply(story, "G81001", WRITTEN, by=gita)
    reply_decisions.publish(reply, moira)
    own_story.withdraw(Story.get_by_id(story.id))
    assert [event["type"] for event in send(settings, receiver)] == ["reply.published", "story.removed"]
    sent_to = {
        endpoint: [row.kind for row in webhooks.deliveries(webhooks.get(keeper, endpoint))]
        for keeper, endpoint in ((wes, at_the_hospital), (at_the_surgery, surgery))
    }
    assert sent_to == {
        at_the_hospital: ["story.moved", "story.published"],
        surgery: ["story.removed", "reply.published", "story.moved"],
    }


def test_a_move_within_an_organisation_is_heard_once_with_all_of_it(
    wes: Account, ruth: Account, moira: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    story = publish(service="RXH01-ward-5")
    listen(wes)
    asked = rerouting.ask(story, "RXH01-ward-5", "RXH01", "It was not on our ward.", by=ruth)
    reroute_decisions.accept(asked, "RXH01", moira)
    (event,) = send(settings, receiver)
    assert event["data"]["moved"] == {"from": "RXH01-ward-5", "to": "RXH01"}  # type: ignore[index]
    assert event["data"]["story"]["services"] == ["RXH01"]  # type: ignore[index]


def test_a_system_hears_what_of_its_service_was_taken_down(
    wes: Account, ruth: Account, moira: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    story = publish()
    reply = responding.reply(story, "RXH01", WRITTEN, by=ruth)
    reply_decisions.publish(reply, moira)
    said = {"state": "made", "what": "Quieter doors.", "why": "", "on": "2026-11", "evidence": ""}
    claim = changes.record("RXH01", [story.public_id], {**said, "lang": "en"}, by=ruth)
    change_decisions.publish(claim, moira)
    asked = rerouting.ask(story, "RXH01", "G81001", "We have no such clinic.", by=ruth)
    reroute_decisions.accept(asked, "G81001", moira)
    listen(wes)
    taking_down.reply(reply, moira, reason="not_true")
    taking_down.change(claim.change, moira, reason="not_true")
    of_the_reply, of_the_change = send(settings, receiver)
    assert of_the_reply["type"] == "reply.removed"
    assert of_the_reply["data"]["reply"] == {"id": reply.public_id, "service": "RXH01"}  # type: ignore[index]
    # Their reply is theirs, though the story it stood under is another organisation's by now.
    assert of_the_reply["data"]["story"]["state"] == "moved"  # type: ignore[index]
    assert of_the_change["type"] == "change.removed"
    assert of_the_change["data"]["change"]["id"] == claim.change.public_id  # type: ignore[index]
    assert of_the_change["data"]["change"]["state"] == "removed"  # type: ignore[index]


def test_only_what_was_asked_for_is_sent(
    wes: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    listen(wes, (Kind.STORY_REMOVED,))
    listen(wes, service="RXH01-ward-5")
    publish(service="RXH01")
    assert send(settings, receiver) == []


def test_while_a_secret_is_rolled_the_old_one_is_good_for_a_day(
    wes: Account, settings: Settings, receiver: Receiver
) -> None:
    clock.pin(None)  # The receiver's library compares with its own clock.
    public_id, old = listen(wes)
    new = webhooks.roll(webhooks.get(wes, public_id), by=wes)
    webhooks.test(webhooks.get(wes, public_id))
    (event,) = send(settings, receiver)
    assert event["type"] == "webhook.test"
    (request,) = receiver.requests
    assert old != new
    for secret in (old, new):
        assert Webhook(secret).verify(request.body, request.headers)
    clock.pin(clock.now() + webhooks.BOTH_SECRETS)
    webhooks.test(webhooks.get(wes, public_id))
    send(settings, receiver)
    assert len(receiver.requests[0].headers["webhook-signature"].split()) == 1


def test_a_dead_endpoint_is_switched_off_with_a_letter_and_its_events_are_sent_again_by_hand(
    wes: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    public_id, _secret = listen(wes)
    receiver.answer = 500
    publish()
    while webhooks.get(wes, public_id).state == EndpointState.ACTIVE:
        send(settings, receiver)
        clock.pin(clock.now() + timedelta(hours=6))
    letters = [row for row in OutboxMessage.select() if row.kind == "webhook_given_up"]
    assert [(row.recipient_id, row.payload["server"]) for row in letters] == [
        (str(wes.id), "feedback.st-elsewhere.example")
    ]
    endpoint = webhooks.get(wes, public_id)
    (dead,) = webhooks.deliveries(endpoint)
    assert {attempt.status for attempt in dead.tries} == {500}
    with pytest.raises(Conflict):
        webhooks.replay(endpoint, dead.message_id)
    receiver.answer = 204
    webhooks.switch(endpoint, EndpointState.ACTIVE, by=wes)
    webhooks.replay(webhooks.get(wes, public_id), dead.message_id)
    assert len(send(settings, receiver)) == 1
    assert receiver.ids == [dead.message_id]


def test_one_event_that_is_refused_ends_nothing_while_others_arrive(
    wes: Account, publish: Publish, settings: Settings, receiver: Receiver
) -> None:
    public_id, _secret = listen(wes)
    publish()
    send(settings, receiver)
    endpoint = webhooks.get(wes, public_id)
    webhooks.give_up(str(endpoint.id), "Its server answered 500.")
    assert webhooks.get(wes, public_id).state == EndpointState.ACTIVE
    # But a server that says it wants no more is not asked again.
    receiver.answer = 410
    publish()
    webhooks_before = OutboxMessage.select().count()
    send(settings, receiver)
    assert webhooks.get(wes, public_id).state == EndpointState.GIVEN_UP
    assert OutboxMessage.select().count() == webhooks_before + 1


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_ticked_and_is_documented(kind: Kind) -> None:
    assert kind in hooking.KINDS
    assert f"\n| `{kind}` | " in DOCUMENTED


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://hooks.hospital.example/", "Write an address that begins with https://"),
        ("https://127.0.0.1/", "Write the server's name"),
        ("https://2130706433/", "Write the server's name"),
        ("https://localhost/", "Write the server's name"),
        ("https://a:b@hooks.hospital.example/", "Leave names, passwords"),
        (f"https://hooks.hospital.example/{'x' * 500}", "Keep the address to 500 characters."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_that_nothing_may_be_sent_to_is_refused_with_a_sentence(
    wes: Account, places: Places, url: str, says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        webhooks.add(places.hospital.organisation, url, list(Kind), "", by=wes)
    assert says in (refused.value.errors or {})["url"][0]


def test_nobody_keeps_another_organisations_webhooks(wes: Account, places: Places, ruth: Account) -> None:
    with pytest.raises(NotAllowed):
        webhooks.add(places.surgery.organisation, URL, list(Kind), "", by=wes)
    with pytest.raises(NotAllowed):
        webhooks.add(places.hospital.organisation, URL, list(Kind), "", by=ruth)
    with pytest.raises(InvalidInput):
        webhooks.add(places.hospital.organisation, URL, list(Kind), "G81001", by=wes)
    public_id, _secret = listen(wes)
    other = make_account("Wim", Role.WEBMASTER, places.surgery.organisation)
    with pytest.raises(NotFound):
        webhooks.get(other, public_id)
    assert webhooks.of_account(other) == []
