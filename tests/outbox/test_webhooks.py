"""Webhooks reach a service's own system: signed, at its public address alone, tried again for three days."""

import dataclasses
import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tellback import clock
from tellback.config import Settings
from tellback.outbox import delivery, messages
from tellback.outbox.delivery import Lane, deliver_due, on_given_up
from tellback.outbox.guard import Reach
from tellback.outbox.models import DeliveryAttempt, OutboxMessage
from tellback.outbox.webhooks import Endpoint
from tests.outbox.receiver import NAME, Receiver, certificate, drip, listening, ten_megabytes

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FACTS = {"story": "q7t3m8", "url": "https://stories.example/stories/q7t3m8"}


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def trusting(pem: Path) -> ssl.SSLContext:
    """What a client uses that trusts the receiver's certificate."""
    return ssl.create_default_context(cafile=str(pem))


@pytest.fixture
def receiver(pem: Path) -> Iterator[Receiver]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(str(pem))
    with listening(tls) as receiver:
        yield receiver


def _put(endpoint: str = "1") -> OutboxMessage:
    return messages.put("story.published", messages.WEBHOOK, endpoint, **FACTS)


def _deliver(settings: Settings, reach: Reach, url: str = f"https://{NAME}/hook?of=us") -> int:
    return deliver_due(settings, lambda _kind, _id: Endpoint(url, SECRET), reach=reach)


def _now(message: OutboxMessage) -> tuple[str, str | None]:
    kept = OutboxMessage.get_by_id(message.id)
    return kept.state, kept.last_error


def test_the_receivers_own_library_takes_what_we_sign_and_nothing_that_was_changed(
    database: str, settings: Settings, receiver: Receiver, trusting: ssl.SSLContext
) -> None:
    clock.pin(None)  # The library compares with its own clock.
    message = _put()
    assert _deliver(settings, receiver.reach(tls=lambda: trusting)) == 1
    (request,) = receiver.requests
    event = Webhook(SECRET).verify(request.body, request.headers)
    assert event == {
        "type": "story.published",
        "timestamp": message.created_at.isoformat(),
        "data": FACTS,
    }
    assert (request.path, request.headers["host"]) == ("/hook?of=us", NAME)
    assert request.headers["webhook-id"] == message.message_id
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.replace(b"q7", b"q8"), request.headers)
    attempt = DeliveryAttempt.get()
    assert (_now(message), attempt.outcome, attempt.status) == (("sent", None), "sent", 204)


def test_an_event_may_be_filled_in_as_it_is_sent(
    database: str, settings: Settings, receiver: Receiver
) -> None:
    _put()
    with listening() as plain:
        url = f"http://{NAME}/hook"
        endpoint = Endpoint(url, SECRET, lambda kind, facts: {"kind": kind, **facts, "more": 1})
        assert deliver_due(settings, lambda _kind, _id: endpoint, reach=plain.reach()) == 1
        data = json.loads(plain.requests[0].body)["data"]
    assert data == {"kind": "story.published", **FACTS, "more": 1}


@pytest.mark.parametrize("found", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_to_this_machine_is_never_called(
    found: str, database: str, settings: Settings, receiver: Receiver
) -> None:
    message = _put()
    reach = Reach(look_up=lambda _host, _port: [(found, receiver.port)])
    assert _deliver(settings, reach) == 0
    assert receiver.requests == []
    assert _now(message) == ("waiting", "The server's name stands for an address that is not public.")


def test_a_name_that_stands_for_another_address_at_the_next_try_is_looked_up_again(
    database: str, settings: Settings
) -> None:
    message = _put()
    asked: list[str] = []
    with listening() as receiver:
        receiver.answer = 503

        def look_up(host: str, _port: int) -> list[tuple[str, int]]:
            asked.append(host)
            return [("127.0.0.1" if len(asked) == 1 else "127.0.0.2", receiver.port)]

        for _ in range(2):
            _deliver(settings, receiver.reach(look_up=look_up), f"http://{NAME}/")
            clock.pin(clock.now() + timedelta(minutes=2))
        assert asked == [NAME, NAME], (
            "once for each try: the address that was checked is the one that is called"
        )
        assert len(receiver.requests) == 1
    assert [attempt.outcome for attempt in DeliveryAttempt.select()] == ["answered_wrong", "not_public"]
    assert _now(message)[0] == "waiting"


def test_a_certificate_of_another_name_is_not_spoken_to(
    database: str, settings: Settings, receiver: Receiver, trusting: ssl.SSLContext
) -> None:
    message = _put()
    _deliver(settings, receiver.reach(tls=lambda: trusting), "https://other.hospital.example/")
    assert receiver.requests == []
    assert _now(message)[1] == "Its server's certificate is not valid for its name."


def test_a_redirect_is_not_followed(database: str, settings: Settings) -> None:
    message = _put()
    with listening() as receiver:
        receiver.answer = 307
        _deliver(settings, receiver.reach(), f"http://{NAME}/")
        assert [request.path for request in receiver.requests] == ["/"]
    assert _now(message) == ("waiting", "Its server points elsewhere (307), where we do not follow.")


def test_an_answer_of_ten_megabytes_is_cut_off(database: str, settings: Settings) -> None:
    message = _put()
    with listening() as receiver:
        receiver.answer = ten_megabytes(receiver)
        assert _deliver(settings, receiver.reach(), f"http://{NAME}/") == 1
    assert receiver.written < 8_000_000, "what the line holds on its way, and no more"
    assert _now(message) == ("sent", None)


def test_a_server_that_drips_is_left_in_time(database: str, settings: Settings) -> None:
    message = _put()
    with listening() as receiver:
        receiver.answer = drip
        began = time.monotonic()
        _deliver(settings, receiver.reach(seconds=0.3), f"http://{NAME}/")
        assert time.monotonic() - began < 2
    assert _now(message) == ("waiting", "Its server did not answer within 0.3 seconds.")


def test_a_name_that_nobody_answers_for_is_left_in_time(database: str, settings: Settings) -> None:
    message = _put()
    reach = Reach(seconds=0.05, look_up=lambda _host, _port: threading.Event().wait(0.3) and [])
    _deliver(settings, reach)
    assert _now(message) == ("waiting", "Its server's name is not known.")


def test_it_is_tried_for_three_days_then_given_up_and_told_and_can_be_sent_again_under_its_id(
    database: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(delivery, "_given_up", {})
    on_given_up(messages.WEBHOOK, lambda *words: told.append(words))
    message, began = _put("7"), clock.now()
    with listening() as receiver:
        receiver.answer = 500
        while _now(message)[0] == "waiting":
            assert not told
            _deliver(settings, receiver.reach(), f"http://{NAME}/")
            last, due = clock.now(), OutboxMessage.get_by_id(message.id).due_at
            clock.pin(max(due, last))
        assert timedelta(days=2.6) < last - began < timedelta(days=3.6)
        assert told == [("7", "Its server answered 500.")]
        assert _now(message) == ("dead", "Its server answered 500.")
        receiver.answer = 200
        assert messages.again(OutboxMessage.get_by_id(message.id))
        assert _deliver(settings, receiver.reach(), f"http://{NAME}/") == 1
        assert set(receiver.ids) == {message.message_id}
    assert _now(message) == ("sent", None)
    assert DeliveryAttempt.select().count() == delivery.MOST_ATTEMPTS[Lane.WEBHOOKS] + 1


def test_one_that_wants_no_more_is_believed_at_once(database: str, settings: Settings) -> None:
    message = _put()
    with listening() as receiver:
        receiver.answer = 410
        _deliver(settings, receiver.reach(), f"http://{NAME}/")
    assert _now(message) == ("dead", "Its server says that it wants no more of them (410).")


def test_an_endpoint_that_fails_holds_up_no_other(database: str, settings: Settings) -> None:
    for endpoint in ("1", "1", "1", "2"):
        _put(endpoint)
    with listening() as receiver:
        resolve = {"1": Endpoint(f"http://closed.{NAME}/", SECRET), "2": Endpoint(f"http://{NAME}/", SECRET)}
        reach = receiver.reach(
            look_up=lambda host, _port: [("127.0.0.1", 1 if host.startswith("closed") else receiver.port)]
        )
        without_mail = dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:1")
        assert deliver_due(without_mail, lambda _kind, endpoint: resolve[endpoint], reach=reach) == 1
    states = [
        (row.recipient_id, row.state, row.attempts)
        for row in OutboxMessage.select().order_by(OutboxMessage.id)
    ]
    assert states == [("1", "waiting", 1), ("1", "waiting", 0), ("1", "waiting", 0), ("2", "sent", 1)]
